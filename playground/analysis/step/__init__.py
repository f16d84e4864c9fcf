"""One training step, spelled out: forward, backward, the optimizer's state and update, and checks of all of it."""

from playground.analysis.step.explanation import Explanation, StepExplainer

__all__ = ["Explanation", "StepExplainer"]
