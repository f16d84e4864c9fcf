"""Where pages lie that others link to."""

PLAYGROUND = "pages/play/playground.py"
CLASS = "pages/class/class.py"
