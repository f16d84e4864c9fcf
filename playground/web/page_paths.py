"""Where pages lie that others link to."""

PLAYGROUND = "pages/play/playground.py"
