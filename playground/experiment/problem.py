"""The problem of an experiment: dataset, split, features, seeds."""

from __future__ import annotations

from dataclasses import dataclass

from playground.datasets import DATASETS, FEATURES, feature_of
from playground.datasets.formula import is_formula
from playground.errors import PlaygroundError, unknown_choice
from playground.experiment.fields import (
    Choice,
    Flag,
    Integer,
    Name,
    Number,
    Places,
    Several,
    check_fields,
    checked_field,
    first_sentence,
)
from playground.language import mark

OWN_DATA = "table"
"""The dataset's name when the rows come from the user's own file."""

TASKS = ("automatic", "classification", "regression")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What to learn: dataset, samples, noise, split, features, seeds. Changing it restarts the run.

    Raises ``PlaygroundError`` when a value is out of its range or contradicts the dataset.
    """

    dataset: str = checked_field(
        "circle",
        Choice(choices=(*DATASETS, OWN_DATA), label="Dataset", help="Where the samples come from."),
    )
    samples: int = checked_field(
        500,
        Integer(
            low=50,
            high=5000,
            label="Samples",
            help="How many samples are drawn, train and test together. TensorFlow Playground draws 500 too, and 1,200 "
            "for a regression.",
        ),
    )
    noise: float = checked_field(
        0.0,
        Number(
            low=0,
            high=0.5,
            percent=True,
            label="Noise",
            help="How far the samples are moved at random, as a share of the picture's scale.",
        ),
    )
    classes: int = checked_field(
        2, Integer(low=1, high=20, label="Classes", help="How many classes there are to tell apart.")
    )
    train_fraction: float = checked_field(
        0.5,
        Number(
            low=0.1,
            high=1,
            percent=True,
            label="Train share",
            help="Share of the samples that training sees; the others are the test set.",
        ),
    )
    features: tuple[str, ...] = checked_field(
        ("x1", "x2"),
        Several(
            each=Name(label=mark("Feature"), help=mark("An input of the network.")),
            min_count=1,
            max_count=64,
            distinct=True,
            label="Features",
            help="What the network sees of each sample: named features, or formulas of x1 and x2 such as x1**3-x2.",
        ),
    )
    axes: tuple[str, ...] = checked_field(
        (),
        Several(
            each=Name(label=mark("Axis"), help=mark("A column.")),
            min_count=0,
            max_count=2,
            distinct=True,
            label="Picture's axes",
            help="The two columns that the picture shows; none: the first two principal components where there are "
            "more.",
        ),
    )
    standardize: bool = checked_field(
        False,
        Flag(
            label="Standardise",
            help="Shift and scale each input (and a regression's target) to mean 0 and standard deviation 1 on the "
            "train set.",
        ),
    )
    seed: int = checked_field(
        0,
        Integer(
            low=0,
            high=2**31 - 1,
            label="Data seed",
            help="Which samples are drawn, and how they are split and shuffled.",
        ),
    )
    init_seed: int = checked_field(
        0, Integer(low=0, high=2**31 - 1, label="Start", help="Which initial weights are drawn.")
    )
    painted: tuple[tuple[float, float, float], ...] = checked_field(
        (),
        Places(
            max_count=300,
            reach=100.0,
            label="Painted points",
            help="Points that were added by hand, as x1, x2 and class (or value); all of them are trained on.",
        ),
    )
    only_painted: bool = checked_field(
        False,
        Flag(label="Only painted points", help="Leave out the dataset's own samples: train on the painted ones alone."),
    )
    task: str = checked_field(
        "automatic",
        Choice(choices=TASKS, label="Task", help="Classes or a number; automatic: told from the target."),
    )

    def __post_init__(self) -> None:
        check_fields(self)
        if len(self.axes) == 1:
            raise PlaygroundError(mark("axes must name two columns, or none."), field="axes")
        if self.dataset == OWN_DATA:
            self._check_painted()
            return
        dataset = DATASETS[self.dataset]
        if self.task not in ("automatic", dataset.task):
            raise PlaygroundError(
                mark(
                    "task is {task}, but {dataset} is a {kind} dataset; leave task at automatic.",
                    task=self.task,
                    dataset=self.dataset,
                    kind=dataset.task,
                ),
                field="task",
                nearest="automatic",
            )
        _, least, most = dataset.classes
        if not least <= self.classes <= most:
            words = {"least": least, "most": most, "dataset": self.dataset, "classes": self.classes}
            raise PlaygroundError(
                mark("classes must be {least} to {most} for {dataset}, not {classes}.", **words)
                if most > least
                else mark("classes must be {least} for {dataset}, not {classes}.", **words),
                field="classes",
                nearest=min(max(self.classes, least), most),
            )
        self._check_features()
        self._check_painted()
        for axis in self.axes:
            if axis not in self.features or not self.tabular:
                raise unknown_choice(
                    mark("axis of {dataset}", dataset=self.dataset),
                    axis,
                    self.features if self.tabular else (),
                    field="axes",
                )

    def _check_features(self) -> None:
        """Keep each as it is written after parsing, so that equal formulas are equal texts; the error of unknown ones
        is about the first, and has the others that are known as the nearest."""
        known: list[str] = []
        errors: list[PlaygroundError] = []
        for feature in self.features:
            try:
                known.append(self._canonical_feature(feature))
            except PlaygroundError as error:
                errors.append(error)
        if errors:
            raise PlaygroundError(first_sentence(errors), field="features", nearest=tuple(known) or None)
        object.__setattr__(self, "features", tuple(dict.fromkeys(known)))

    def _canonical_feature(self, feature: str) -> str:
        """``feature`` as it is written everywhere."""
        if feature not in self.choices and (self.tabular or not is_formula(feature)):
            raise unknown_choice(mark("feature of {dataset}", dataset=self.dataset), feature, self.choices)
        return feature if self.tabular else feature_of(feature).name

    def _check_painted(self) -> None:
        if not self.painted and not self.only_painted:
            return
        if self.painted and self.tabular:
            raise PlaygroundError(
                mark("your own table has no plane to paint on; clear the painted points.")
                if self.dataset == OWN_DATA
                else mark("{dataset} has no plane to paint on; clear the painted points.", dataset=self.dataset),
                field="painted",
            )
        if self.only_painted and not self.painted:
            raise PlaygroundError(
                mark("there are no painted points yet; paint some before you leave the samples out."),
                field="only_painted",
            )
        if DATASETS[self.dataset].task == "regression":
            return
        fitting = tuple(point for point in self.painted if point[2] in range(self.classes))
        for _, _, target in self.painted if len(fitting) < len(self.painted) else ():
            if target not in range(self.classes):
                raise PlaygroundError(
                    mark(
                        "a painted point is of class {target:g}, but there are classes 0 to {last} only.",
                        target=target,
                        last=self.classes - 1,
                    ),
                    field="painted",
                    nearest=fitting,
                )

    @property
    def tabular(self) -> bool:
        """Whether the inputs are columns of a table rather than functions of two coordinates."""
        return self.dataset == OWN_DATA or DATASETS[self.dataset].domain is None

    @property
    def choices(self) -> tuple[str, ...]:
        """Names of the features that this dataset offers (none are known here for own data)."""
        if self.dataset == OWN_DATA:
            return ()
        return DATASETS[self.dataset].columns if self.tabular else tuple(FEATURES)
