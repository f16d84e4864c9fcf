"""Why the numbers broke, in a sentence."""

from __future__ import annotations

from playground.spec import Experiment


def divergence_sentence(experiment: Experiment, step: int) -> str:
    """What most likely made the loss grow beyond all bounds at ``step``, and what cures it."""
    knobs, structure = experiment.knobs, experiment.structure
    what = f"Diverged at step {step:,}: the numbers grew beyond what can be computed."
    if knobs.learning_rate * max(knobs.l1, knobs.l2) > 1:
        return f"{what} The regularization throws the weights further than they are long: turn L1 or L2 down, then go back in time or start again."
    if structure.optimizer == "lbfgs":
        return f"{what} The line search found no step that helps: try Adam, or another start."
    if (
        "relu" in structure.activations
        or "identity" in structure.activations
        or structure.output_activation == "identity"
    ):
        return f"{what} The learning rate {knobs.learning_rate:g} is above what this landscape allows: turn it down or clip the gradient, then go back in time or start again."
    return f"{what} The learning rate {knobs.learning_rate:g} is too high for this network: turn it down, then go back in time or start again."
