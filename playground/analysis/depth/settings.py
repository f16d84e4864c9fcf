"""What is asked of depth: the data, how networks begin, how many there are and how long they learn."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from playground.errors import PlaygroundError
from playground.experiment.fields import (
    Choice,
    Flag,
    Integer,
    Number,
    Rule,
    Several,
    check_fields,
    checked_field,
    get_rule,
)
from playground.experiment.links.values import read_value
from playground.language import mark
from playground.registry import Entry, Registry

MAX_DEPTH = 32
"""Hidden layers of a network, the first one included."""
DATA = ("spiral", "circle", "xor", "gauss", "digits")
"""The app's own points, and scikit-learn's digits."""
ACTIVATIONS = ("tanh", "relu", "sigmoid", "gelu", "leaky_relu", "silu")
INITIALIZERS = ("lecun_normal", "he_normal", "glorot_normal", "orthogonal")
DEPTHS = (2, 4, 8, 16, 32)
MAX_DEPTHS = 6
MAX_LAYERS = 1000
"""Hidden layers of all networks of one kind together: 16 networks of 2, 4, 8, 16 and 32 layers have 992."""
LINK_NAME = "depth"
"""Of the setting in the address bar that holds all of a study's settings."""
MAX_LINK_CHARS = 400


@dataclass(frozen=True, kw_only=True)
class BranchStart(Entry):
    """How large the branch of a residual layer is at first; ``power``: its matrix is drawn as the initializer has it,
    times depth to that power; None: it is zero."""

    power: float | None

    def factor(self, depth: int) -> float:
        """What the drawn matrices are multiplied by, in a network of ``depth`` layers."""
        return 0.0 if self.power is None else float(depth) ** self.power


BRANCH_STARTS: Registry[BranchStart] = Registry("branch start")
BRANCH_STARTS.register(
    BranchStart(
        name="full",
        label="Full",
        explanation="Branches begin as the layers of a plain network do: all of them add up, and the signal grows with "
        "depth.",
        formula=r"h_{l+1} = h_l + W_l a_l",
        source="He et al. 2016",
        power=0.0,
    )
)
BRANCH_STARTS.register(
    BranchStart(
        name="scaled",
        label="Scaled by 1/√depth",
        explanation="Branches begin smaller the more there are of them, so that their sum is of one size at every "
        "depth.",
        formula=r"W_l \leftarrow \tfrac{1}{\sqrt{d}}\, W_l",
        source="Hanin & Rolnick 2018; Zhang, Dauphin & Ma 2019",
        power=-0.5,
    )
)
BRANCH_STARTS.register(
    BranchStart(
        name="zero",
        label="Zero",
        explanation="The last matrix of each branch begins at zero: every layer is the identity at first, and the "
        "network as easy to train as one without hidden layers.",
        formula=r"W_l = 0",
        source="Goyal et al. 2017; Zhang, Dauphin & Ma 2019 (Fixup)",
        power=None,
    )
)


@dataclass(frozen=True)
class DepthSettings:
    """A study: at each of ``depths``, ``networks`` plain networks and as many with skip connections.

    Raises ``PlaygroundError`` for a value that is out of its range.
    """

    dataset: str = checked_field(
        "spiral",
        Choice(choices=DATA, label="Data", help="What the networks learn: points in the plane, or images of digits."),
    )
    activation: str = checked_field(
        "tanh", Choice(choices=ACTIVATIONS, label="Activation", help="What every hidden unit does with its sum.")
    )
    initializer: str = checked_field(
        "lecun_normal",
        Choice(choices=INITIALIZERS, label="First weights", help="How the first weights of all networks are drawn."),
    )
    branches: str = checked_field(
        "full",
        Choice(
            choices=BRANCH_STARTS,
            label="Branches begin",
            help="How large a residual layer's own contribution is at first; plain networks begin as drawn.",
        ),
    )
    batch_norm: bool = checked_field(
        False, Flag(label="Batch norm", help="Normalise what each activation receives over the batch, in all networks.")
    )
    networks: int = checked_field(
        8,
        Integer(
            low=2,
            high=16,
            label="Starts",
            help="How many networks of each kind and depth, each from first weights of its own.",
        ),
    )
    steps: int = checked_field(
        500, Integer(low=20, high=5000, label="Steps", help="How long each network is trained, by Adam, in steps.")
    )
    learning_rate: float = checked_field(
        0.002, Number(low=1e-5, high=1.0, log=True, label="Learning rate", help="Of Adam, the same for all networks.")
    )
    depths: tuple[int, ...] = checked_field(
        DEPTHS,
        Several(
            each=Integer(low=2, high=MAX_DEPTH, label="Hidden layers", help="Of one network."),
            min_count=1,
            max_count=MAX_DEPTHS,
            distinct=True,
            label="Hidden layers",
            help="The depths that are compared.",
        ),
    )
    seed: int = checked_field(
        0, Integer(low=0, high=2**31 - 1, label="Seed", help="Of the first network; the next ones count on from it.")
    )

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "depths", tuple(sorted(self.depths)))
        if (layers := self.networks * sum(self.depths)) > MAX_LAYERS:
            raise PlaygroundError(
                mark(
                    "{networks} networks of each depth have {layers:,} hidden layers together, at most {limit:,} are "
                    "possible; choose fewer starts or shallower networks.",
                    networks=self.networks,
                    layers=layers,
                    limit=MAX_LAYERS,
                ),
                field="networks",
            )

    @property
    def seeds(self) -> tuple[int, ...]:
        """Of the networks of one kind and depth."""
        return tuple((self.seed + k) % 2**31 for k in range(self.networks))


RULES: dict[str, Rule[Any]] = {field.name: get_rule(field) for field in fields(DepthSettings)}


def settings_text(settings: DepthSettings) -> str:
    """What differs from the defaults, as a link holds it: ``dataset:digits;steps:1000``; "" where nothing does."""
    default = DepthSettings()
    parts = []
    for name in RULES:
        value = getattr(settings, name)
        if value != getattr(default, name):
            parts.append(f"{name}:{value_text(value)}")
    return ";".join(parts)


def value_text(value: Any) -> str:
    """A setting's value as a link and the command line have it."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def read_settings(text: str) -> tuple[DepthSettings, list[str]]:
    """The settings of a link, and a sentence for each thing in it that was put right or left out."""
    settings, notes = DepthSettings(), []
    values: dict[str, Any] = {}
    if len(text) > MAX_LINK_CHARS:
        sentence = mark(
            "{name} in the link is {chars:,} characters long; at most {limit:,} make sense.",
            name=LINK_NAME,
            chars=len(text),
            limit=MAX_LINK_CHARS,
        )
        return settings, [sentence]
    for part in filter(None, text.split(";")):
        name, _, value = part.partition(":")
        if name not in RULES:
            notes.append(mark("{name} in the link is no setting of this page, and is left out.", name=repr(name[:40])))
            continue
        try:
            values[name], repairs = read_value(name, RULES[name], value)
        except PlaygroundError as error:
            notes.append(mark("{name} is left out: {why}", name=name, why=error.sentence))
        else:
            notes += repairs
    try:
        return replace(settings, **values), notes
    except PlaygroundError as error:  # too many layers: neither their starts nor their depths are taken
        kept = {name: value for name, value in values.items() if name not in ("networks", "depths")}
        return replace(settings, **kept), [*notes, error.sentence]
