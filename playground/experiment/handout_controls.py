"""Everything that a handout can hide or lock, by name, with its label."""

from __future__ import annotations

from playground.experiment.links.query import RULES
from playground.language import mark

STAGE_CONTROLS = {
    "play": mark("Play and pause"),
    "step": mark("Step one frame"),
    "step_one": mark("Step one optimizer step"),
    "reset": mark("Reset"),
    "undo": mark("Undo, redo and back to defaults"),
    "new_start": mark("New start"),
    "new_samples": mark("New samples"),
    "speed": mark("Speed"),
    "time_line": mark("Time line"),
    "branches": mark("Branches and moments"),
    "pictures": mark("Pictures and films"),
    "diagram": mark("Editing in the network's diagram"),
    "paint": mark("Painting points"),
    "curves": mark("Curves"),
    "gradients": mark("Gradients by layer"),
    "notices": mark("What to notice"),
    "test_points": mark("Test points"),
    "history": mark("History of the run"),
    "which_way": mark("Which way to turn a knob"),
    "pulls": mark("What a point would change"),
}
CONTROLS: dict[str, str] = {name: rule.label for name, rule in RULES.items()} | STAGE_CONTROLS
"""Everything that a handout can hide or lock, with its label: the experiment's fields, and the stage's controls."""
