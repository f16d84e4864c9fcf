"""Variants of one experiment trained side by side: the layer statistics of each, frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from playground.analysis.gradient_flow.layer_flow import LEVELS, LayerFlow, LayerFlowAnalysis
from playground.language import mark
from playground.live.diagnostics.layer_health import KINDS
from playground.live.diagnostics.slope import slope
from playground.live.frames.layer_statistics import BINS
from playground.live.frames.observer import Block, Frame
from playground.live.protocol.reply import Stop
from playground.programs.cache import ProgramSpec
from playground.training.train_loop import TrainState

MAX_STEPS = 20_000
"""Steps after which there is nothing more to see."""
VARIANT_GAP = 2
"""Empty columns between the two halves of a picture."""
MEASURES = ("loss", "first", "last", "moved", "dead", "saturated", "slope", "kind")
"""Train loss; gradient norm of the first and of the output layer; the first layer's last update over its weights' size;
share of dead units and of saturated outputs in hidden layers; decades a layer on the way back; place in ``KINDS``."""


class FlowSimulationState(NamedTuple):
    """Where each variant is after ``step`` steps; one that diverged stays where it was."""

    step: np.ndarray
    states: tuple[TrainState, ...]


class FlowSimulation:
    """A course (see ``live/comparison.py``) of some variants, each trained by itself on the same samples in the same
    order."""

    def __init__(self, flows: Sequence[LayerFlowAnalysis]) -> None:
        self.flows = tuple(flows)
        self.deepest = max(flow.trainer.network.depth for flow in flows)
        self.columns = BINS + VARIANT_GAP + LEVELS
        self.blocks = (
            Block("scalars", "f32", (2,)),
            Block("series", "f32", (len(flows) * len(MEASURES),)),
            Block("map", "u8", (len(flows), self.deepest, self.columns)),
        )

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled: each variant's training, and its layers."""
        return tuple(recipe for flow in self.flows for recipe in (flow.recipe, flow.trainer.recipe()))

    def first_state(self) -> FlowSimulationState:
        """All before their first step."""
        return FlowSimulationState(np.array(0), tuple(flow.trainer.init() for flow in self.flows))

    def advance(self, state: FlowSimulationState, steps: int) -> FlowSimulationState:
        """All so many steps further, but for those that diverged or were stopped early, and no further than
        ``MAX_STEPS``."""
        steps = min(steps, MAX_STEPS - int(state.step))
        going = [not ended for ended in self.ended_variants(state)]
        if steps <= 0 or not any(going):
            return state
        states = tuple(
            flow.trainer.advance(training, steps) if goes else training
            for flow, training, goes in zip(self.flows, state.states, going, strict=True)
        )
        return FlowSimulationState(state.step + steps, states)

    def ended_variants(self, state: FlowSimulationState) -> list[bool]:
        """Which variants diverged or were stopped early."""
        pairs = zip(self.flows, state.states, strict=True)
        return [int(training.bad_step) >= 0 or flow.trainer.has_stopped(training) for flow, training in pairs]

    def layers(self, state: FlowSimulationState) -> list[LayerFlow]:
        """The layers of each variant."""
        return [flow(training) for flow, training in zip(self.flows, state.states, strict=True)]

    def frame(self, state: FlowSimulationState) -> Frame:
        """What is seen of a state: gradients at the left of each picture, outputs at the right; the numbers of who
        diverged are NaN."""
        shades = np.zeros(self.blocks[2].shape, np.uint8)
        numbers = []
        for k, (layers, training) in enumerate(zip(self.layers(state), state.states, strict=True)):
            both = np.concatenate(
                [layers.gradients, np.zeros((len(layers.numbers), VARIANT_GAP)), layers.outputs], axis=1
            )
            shades[k, : len(both)] = np.minimum(2 * both, 255)  # half of a layer's numbers in one bin is much already
            numbers.append(measure_variant(layers, diverged=int(training.bad_step) >= 0))
        head = [float(state.step), int(state.step) / self.flows[0].trainer.steps_per_epoch]
        return Frame(int(state.step), -1, np.concatenate([head, *numbers]).astype(np.float32), shades.ravel())

    def stop_reason(self, state: FlowSimulationState) -> Stop | None:
        """Over when all have diverged, or after so many steps."""
        if all(int(training.bad_step) >= 0 for training in state.states):
            return "diverged", mark(
                "All variants have diverged: take a lower learning rate in the Playground, or a cure."
            )
        if all(self.ended_variants(state)):
            return "stopped", mark("All variants have been stopped early, or have diverged.")
        if state.step >= MAX_STEPS:
            return "stopped", mark("That is enough after {steps:,} steps.", steps=MAX_STEPS)
        return None


def measure_variant(layers: LayerFlow, diverged: bool = False) -> np.ndarray:
    """The ``MEASURES`` of one variant."""
    norms = layers.of("gradient_norm")
    hidden = slice(0, max(len(norms) - 1, 1))
    if diverged:
        return np.array([np.nan] * (len(MEASURES) - 1) + [KINDS.index("broken")])
    shares = [layers.of(name)[hidden].mean() if len(norms) > 1 else 0.0 for name in ("dead", "saturated")]
    moved = layers.of("update_ratio")[0]
    return np.array([layers.loss, norms[0], norms[-1], moved, *shares, slope(norms), KINDS.index(layers.kind)])
