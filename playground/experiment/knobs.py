"""The knobs of an experiment: numbers that can change while training goes on, without compiling."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from playground.experiment.fields import Number, check_fields, checked_field


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """Numbers that are traced arguments of the compiled programs: turning one neither restarts nor recompiles.

    Raises ``PlaygroundError`` when one is out of its range.
    """

    learning_rate: float = checked_field(
        0.03,
        Number(
            low=0,
            high=10,
            log=True,
            label="Learning rate",
            formula=r"\theta \leftarrow \theta - \eta\, g",
            help="How far each step goes.",
        ),
    )
    momentum: float = checked_field(
        0.0,
        Number(
            low=0,
            high=0.999,
            label="Momentum",
            formula=r"v \leftarrow \mu v + g",
            help="How much of the last step's direction is kept.",
        ),
    )
    beta1: float = checked_field(
        0.9,
        Number(
            low=0,
            high=0.9999,
            label="Beta 1",
            formula=r"m \leftarrow \beta_1 m + (1 - \beta_1) g",
            help="How slowly the mean of the gradients moves.",
        ),
    )
    beta2: float = checked_field(
        0.999,
        Number(
            low=0,
            high=0.99999,
            label="Beta 2",
            formula=r"v \leftarrow \beta_2 v + (1 - \beta_2) g^2",
            help="How slowly the mean of the squared gradients moves.",
        ),
    )
    decay: float = checked_field(
        0.9,
        Number(
            low=0,
            high=0.9999,
            label="Decay",
            formula=r"v \leftarrow \rho v + (1 - \rho) g^2",
            help="How slowly the mean of the squared gradients moves.",
        ),
    )
    epsilon: float = checked_field(
        1e-8,
        Number(
            low=0,
            high=1,
            log=True,
            label="Epsilon",
            formula=r"g / (\sqrt{v} + \epsilon)",
            help="Keeps the division from exploding where gradients are tiny.",
        ),
    )
    schedule_steps: float = checked_field(
        2000.0,
        Number(
            low=1,
            high=1e6,
            log=True,
            label="Schedule's length",
            help="Steps in which the schedule runs its course (for the step schedule: between two drops).",
        ),
    )
    decay_rate: float = checked_field(
        0.5,
        Number(
            low=0,
            high=1,
            label="Decay rate",
            help="What the learning rate is multiplied by at each drop, or over the schedule's length.",
        ),
    )
    warmup_steps: float = checked_field(
        100.0, Number(low=0, high=1e6, label="Warm-up", help="Steps in which the learning rate rises from 0.")
    )
    clip_norm: float = checked_field(
        0.0,
        Number(
            low=0,
            high=100,
            label="Clip gradient at",
            formula=r"g \leftarrow g \min(1, c / \lVert g \rVert)",
            help="The longest gradient that is let through; 0 lets all through.",
        ),
    )
    l1: float = checked_field(
        0.0,
        Number(
            low=0,
            high=10,
            log=True,
            label="L1",
            formula=r"\lambda \sum |w|",
            help="Pulls every weight towards 0 equally hard: many become exactly 0, and stay there while it is on, "
            "as in "
            "TensorFlow Playground.",
        ),
    )
    l2: float = checked_field(
        0.0,
        Number(
            low=0,
            high=10,
            log=True,
            label="L2",
            formula=r"\tfrac{\lambda}{2} \sum w^2",
            help="Pulls every weight towards 0 in proportion to its size.",
        ),
    )
    weight_decay: float = checked_field(
        0.0,
        Number(
            low=0,
            high=1,
            log=True,
            label="Weight decay",
            formula=r"\theta \leftarrow \theta - \eta \lambda \theta",
            help="Shrinks all parameters at each step, apart from the gradient.",
        ),
    )
    dropout: float = checked_field(
        0.0,
        Number(
            low=0,
            high=0.9,
            percent=True,
            label="Dropout",
            formula=r"h \leftarrow h \cdot m / (1 - p)",
            help="Share of hidden units that are switched off at random in each training step.",
        ),
    )
    label_smoothing: float = checked_field(
        0.0,
        Number(
            low=0,
            high=0.5,
            label="Label smoothing",
            formula=r"t (1 - s) + s / k",
            help="How much certainty is taken from the targets in training.",
        ),
    )
    focal_gamma: float = checked_field(
        2.0,
        Number(
            low=0,
            high=10,
            label="Focus",
            formula=r"(1 - p)^\gamma",
            help="How strongly the focal loss looks away from samples that are right already.",
        ),
    )
    huber_delta: float = checked_field(
        1.0,
        Number(
            low=0.001,
            high=100,
            log=True,
            label="Huber's delta",
            help="The error from which the loss grows linearly, not quadratically.",
        ),
    )
    patience: float = checked_field(
        0.0,
        Number(
            low=0,
            high=10000,
            label="Early stopping",
            help="Epochs without a better test loss after which training stops, looked at when it begins and at the "
            "end of each epoch; the weights stay those of the last step. 0 never stops.",
        ),
    )

    def __post_init__(self) -> None:
        check_fields(self)

    def as_dict(self) -> dict[str, float]:
        """Every knob by name."""
        return asdict(self)
