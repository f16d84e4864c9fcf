"""Everything that a handout can hide or lock, by name, with its label."""

from __future__ import annotations

from playground.experiment.links.query import RULES

STAGE_CONTROLS = {
    "play": "Play and pause",
    "step": "Step one frame",
    "step_one": "Step one optimizer step",
    "reset": "Reset",
    "undo": "Undo, redo and back to defaults",
    "new_start": "New start",
    "new_samples": "New samples",
    "speed": "Speed",
    "time_line": "Time line",
    "branches": "Branches and moments",
    "pictures": "Pictures and films",
    "diagram": "Editing in the network's diagram",
    "paint": "Painting points",
    "curves": "Curves",
    "gradients": "Gradients by layer",
    "notices": "What to notice",
    "test_points": "Test points",
    "history": "History of the run",
    "which_way": "Which way to turn a knob",
    "pulls": "What a point would change",
}
CONTROLS: dict[str, str] = {name: rule.label for name, rule in RULES.items()} | STAGE_CONTROLS
"""Everything that a handout can hide or lock, with its label: the experiment's fields, and the stage's controls."""
