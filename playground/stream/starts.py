"""The starts of some variants, one after another: what their first weights let through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playground.analysis.flow import Flow
from playground.analysis.signal import Start, start_of
from playground.datasets import Table
from playground.spec import Experiment
from playground.stream.variants import Variant, Verdict, verdict
from playground.training.programs import Recipe
from playground.training.trainer import Trainer


class Starts:
    """What is ``found`` of each of ``variants`` of ``own`` so far; raises ``PlaygroundError`` when one cannot be made."""

    def __init__(self, variants: Sequence[Variant], own: Experiment, table: Table | None = None) -> None:
        self.variants = tuple(variants)
        self.experiments = tuple(one.of(own, table) for one in variants)
        self.flows = tuple(Flow(Trainer(one, table)) for one in self.experiments)
        self.found: list[Start | None] = [None] * len(self.variants)
        self.verdicts: list[Verdict | None] = [None] * len(self.variants)

    def work(self) -> Iterator[float | Recipe]:
        """One after another, each as soon as its program is compiled."""
        for flow in self.flows:
            flow.recipe.prepare_program()
        for k, flow in enumerate(self.flows):
            yield flow.recipe
            start = start_of(flow)
            self.verdicts[k] = verdict(start.layers.of("gradient_norm"), start.layers.signal)
            self.found[k] = start
            yield (k + 1) / len(self.flows)
