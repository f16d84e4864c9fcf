"""A job: the initial gradient flow of each variant, and which remedies cure what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playground.analysis.gradient_flow.initial_signal import InitialSignal, measure_initial_signal
from playground.analysis.gradient_flow.layer_flow import LayerFlowAnalysis
from playground.analysis.gradient_flow.variants import Variant, Verdict, change_variant, cures, verdict
from playground.datasets import Table
from playground.experiment import Experiment
from playground.language import mark
from playground.live.diagnostics.remedies import Remedy
from playground.nn import network as nn
from playground.programs.cache import ProgramSpec
from playground.training.trainer import Trainer

CURE_DRAWS = 5
"""Of the first weights, the experiment's own first, that a cure is tried on."""


def is_symptom(verdict: Verdict | None) -> bool:
    """Whether something is wrong, so that a change can be measured by whether it goes."""
    return verdict is not None and verdict.kind not in ("healthy", "shallow")


def is_cured(verdict: Verdict | None, kind: str) -> bool:
    """Whether the trouble of ``verdict`` is gone where a network's kind is ``kind``: gradients that pass a layer with
    dead units are well, unless those were the symptom."""
    return kind == "healthy" or (kind == "dead" and verdict is not None and verdict.kind != "dead")


@dataclass(frozen=True)
class MeasuredCure:
    """A ``remedy``, and in how many of ``CURE_DRAWS`` it takes the symptom away; None: nothing was wrong."""

    remedy: Remedy
    cured: int | None = None

    @property
    def is_offered(self) -> bool:
        """Whether it is worth a press: it helps most of them, or nothing was wrong."""
        return self.cured is None or 2 * self.cured > CURE_DRAWS

    @property
    def words(self) -> str:
        """What it is called, and what came of it."""
        if self.cured is None:
            return self.remedy.label
        return mark("{remedy}: {cured} of {tried}", remedy=self.remedy.label, cured=self.cured, tried=CURE_DRAWS)


class InitialSignalJob:
    """The ``signals`` of each of ``variants`` of ``own`` so far, and the ``cures`` that were tried and help; raises
    ``PlaygroundError`` when one cannot be made."""

    def __init__(self, variants: Sequence[Variant], own: Experiment, table: Table | None = None) -> None:
        self.variants = tuple(variants)
        self.experiments = tuple(variant.of(own, table) for variant in variants)
        self.flows = tuple(LayerFlowAnalysis(Trainer(experiment, table)) for experiment in self.experiments)
        self.signals: list[InitialSignal | None] = [None] * len(self.variants)
        self.verdicts: list[Verdict | None] = [None] * len(self.variants)
        self.cures: list[list[MeasuredCure]] = [[] for _ in self.variants]
        self._own, self._table = own, table

    def work(self) -> Iterator[float | ProgramSpec]:
        """One after another, each as soon as its program is compiled."""
        for flow in self.flows:
            flow.recipe.prefetch()
        for k, flow in enumerate(self.flows):
            yield flow.recipe
            start = measure_initial_signal(flow)
            self.verdicts[k] = verdict(start.layers)
            self.signals[k] = start
            yield 0.7 * (k + 1) / len(self.flows)
        for k, verdict_of_it in enumerate(self.verdicts):
            for cure in cures(verdict_of_it.kind, self.experiments[k]) if verdict_of_it else ():
                flow = self._flow_with(k, cure)
                if is_symptom(verdict_of_it):
                    yield flow.recipe
                    tried = self._measure_cure(k, cure, flow)
                else:
                    tried = MeasuredCure(cure)
                if tried.is_offered:
                    # Those that are there keep their places: somebody may be about to press.
                    self.cures[k].append(tried)
                yield 0.7 + 0.3 * k / len(self.flows)
        yield 1.0

    def _flow_with(self, k: int, cure: Remedy) -> LayerFlowAnalysis:
        """What gets through the layers of variant ``k`` with ``cure``."""
        experiment = change_variant(self.variants[k], self._own, cure.changes, self._table).of(self._own, self._table)
        return LayerFlowAnalysis(Trainer(experiment, self._table))

    def _measure_cure(self, k: int, cure: Remedy, flow: LayerFlowAnalysis) -> MeasuredCure:
        """What ``cure``, of which ``flow`` is, makes of several draws of variant ``k``'s first weights."""
        first = self.experiments[k].problem.init_seed
        drawn = [
            flow.measure_params(nn.draw_params(flow.trainer.network, (first + i) % 2**31)) for i in range(CURE_DRAWS)
        ]
        return MeasuredCure(cure, sum(is_cured(self.verdicts[k], layers.kind) for layers in drawn))
