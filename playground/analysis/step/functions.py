"""Activations and losses of NumPy arrays in float64: the app's own functions, compiled once for all networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.nn.activations import ACTIVATIONS
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import LIGHT, Program, aot_compile
from playground.training.general.bucket import smallest
from playground.training.general.loss_switch import loss_and_slope, loss_number, row_losses
from playground.training.general.train_loop import value_and_slope
from playground.training.knobs import KNOB_NAMES, knob_dict

BLOCK = 8192
"""How many numbers one call of the activations takes."""
LOSS_ROWS = (2048, 8192)
LOSS_UNITS = 16


class Functions:
    """Activations, and losses of at most ``rows`` rows of ``outputs``."""

    def __init__(self, rows: int, outputs: int) -> None:
        self._rows = smallest(rows, LOSS_ROWS) or rows
        self._units = max(outputs, LOSS_UNITS)

    @property
    def recipes(self) -> tuple[ProgramSpec, ProgramSpec]:
        """How its programs are compiled."""
        return (
            ProgramSpec(("activations in float64",), self._compile_activations, shared=True),
            ProgramSpec(("losses in float64", self._rows, self._units), self._compile_losses, shared=True),
        )

    def activate(self, name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The activation ``name`` of ``z``, and its derivative there."""
        program, choice = self.recipes[0].program(), np.int32(list(ACTIVATIONS).index(name))
        blocks = []
        for start in range(0, z.size, BLOCK):
            block = z.ravel()[start : start + BLOCK]
            outputs = program(np.pad(block, (0, BLOCK - block.size)), choice)
            blocks.append(np.stack([np.asarray(part)[: block.size] for part in outputs]))
        value, slope = np.concatenate(blocks, axis=1)
        return value.reshape(z.shape), slope.reshape(z.shape)

    def loss(
        self, name: str, output: np.ndarray, target: np.ndarray, vector: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The loss ``name`` of each row of ``output (..., rows, outputs)``, and its derivatives by the output;
        ``target (rows, outputs)``, ``vector``: of knobs."""
        rows, outputs = output.size // output.shape[-1], output.shape[-1]
        wide = np.zeros((2, self._rows, self._units))
        wide[0, :rows, :outputs] = output.reshape(rows, outputs)
        wide[1, :rows, :outputs] = np.broadcast_to(target, output.shape).reshape(rows, outputs)
        real = (np.arange(self._units) < outputs).astype(float)
        choice = np.int32(loss_number(name, outputs))
        losses, slopes = self.recipes[1].program()(*wide, choice, real, vector.astype(float))
        each = np.asarray(losses)[:rows].reshape(output.shape[:-1])
        return each, np.asarray(slopes)[:rows, :outputs].reshape(output.shape)

    def _compile_activations(self) -> Program:
        return compile_float64(value_and_slope, np.zeros(BLOCK), np.int32(0))

    def _compile_losses(self) -> Program:
        def losses(output: Array, target: Array, choice: Array, real: Array, vector: Array) -> tuple[Array, Array]:
            knobs, ones = knob_dict(vector), jnp.ones(len(output))
            _, slopes = loss_and_slope(choice, output, target, ones, real, knobs)
            return row_losses(choice, output, target, real, knobs), slopes

        wide = np.zeros((self._rows, self._units))
        return compile_float64(losses, wide, wide, np.int32(0), np.ones(self._units), np.zeros(len(KNOB_NAMES)))


def smooth_targets(name: str, target: np.ndarray, amount: float, task: NetworkTask) -> np.ndarray:
    """Targets of the loss ``name`` under label smoothing."""
    return np.asarray(LOSSES[name].smooth(target, amount, task))  # pyright: ignore[reportArgumentType]


def compile_float64(function: Callable[..., Any], *examples: Any) -> Program:
    """``function`` compiled for float64; to be called with NumPy arrays, from anywhere."""
    with jax.enable_x64(True):
        program = aot_compile(function, *examples, options=LIGHT)

    def call(*arguments: Any) -> Any:
        with jax.enable_x64(True):
            return program(*arguments)

    return call
