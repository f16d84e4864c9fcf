"""What is asked of a trainer's states and answered by one compiled program: the general one of a bucket, or one of the
network's own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import jax
import numpy as np

from playground.nn import network as nn
from playground.nn.masks import Masks, full_masks
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile
from playground.training.general import Bucket
from playground.training.trainer import Trainer, where_of


class CompiledAnalysis(ABC):
    """One program over the states of one trainer; a subclass states its functions, and what it makes of their results.

    Where the network fits a bucket, ``general(bucket)`` is compiled: ``function(params, plan, data, knobs, *extra)``,
    all padded, with ``params (n,)``. Any other network has a program of its own, of ``make_function()``.

    ``key``: what the network's own program depends on (``Trainer.key`` by default); equal keys share a program, so that
    ``make_function`` may use nothing else of the trainer. ``train_only``: that program takes the train ``Split`` where
    it otherwise takes ``Data``. ``device``: where the program runs, if it is another device than the trainer's.
    """

    def __init__(
        self,
        trainer: Trainer,
        name: str,
        general: Callable[[Bucket], Callable[..., Any]],
        key: tuple[Any, ...] | None = None,
        train_only: bool = False,
        device: Any = None,
    ) -> None:
        self.trainer = trainer
        self._name, self._general, self._key = name, general, key
        self._train_only, self._device = train_only, device

    @abstractmethod
    def make_function(self) -> Callable[..., Any]:
        """``function(params, stats, data, knobs, masks, *extra)`` of a network that fits no bucket, to be compiled."""

    def example_weights(self) -> tuple[Any, Any]:
        """Examples of the ``params`` and ``stats`` that ``make_function`` takes: the network's, unless it takes
        others."""
        network = self.trainer.network
        params = nn.draw_params(network, self.trainer.experiment.problem.init_seed)
        return jax.device_put(params, self.trainer.device), nn.init_stats(network)

    def extra_arguments(self) -> tuple[Any, ...]:
        """What the program takes beside, padded where the network fits a bucket; or examples of it, where every call
        has its own."""
        return ()

    @property
    def recipe(self) -> ProgramSpec:
        """How the program is compiled."""
        if self.trainer.padded:
            return self.trainer.bucket_recipe(self._name, self._general, *self.extra_arguments(), device=self._device)
        key = self.trainer.key if self._key is None else self._key
        return ProgramSpec((self._name, *key, *where_of(self._device)), self._compile)

    def run_program(self, params: Any, stats: Any, knobs: np.ndarray | None, masks: Masks | None, *extra: Any) -> Any:
        """What the program returns, padding included.

        ``params``, ``stats``: of a state, or as ``example_weights``; a bucket's network has no ``stats``. ``knobs``:
        their vector, the experiment's own by default; ``masks`` None: nothing is off. Raises ``PlaygroundError`` where
        the program cannot be compiled.
        """
        return self.bind_program(params, stats, knobs, masks)(*self._to_device(extra))

    def bind_program(
        self, params: Any, stats: Any, knobs: np.ndarray | None, masks: Masks | None
    ) -> Callable[..., Any]:
        """As ``run_program``, for many calls that differ in ``extra`` alone."""
        return partial(self.recipe.program(), *self._arguments(params, stats, knobs, masks))

    def _arguments(self, params: Any, stats: Any, knobs: np.ndarray | None, masks: Masks | None) -> tuple[Any, ...]:
        trainer = self.trainer
        vector = trainer.knobs() if knobs is None else knobs
        if trainer.padded:
            return self._to_device(trainer.padded_arguments(params, vector, masks))
        data = trainer.data.train if self._train_only else trainer.data
        return self._to_device((params, stats, data, vector, masks or self._all_on))

    @cached_property
    def _all_on(self) -> Masks:
        return jax.device_put(full_masks(self.trainer.network), self.trainer.device)

    def _to_device(self, tree: Any) -> Any:
        return tree if self._device is None else jax.device_put(tree, self._device)

    def _compile(self) -> Program:
        arguments = self._arguments(*self.example_weights(), None, None)
        return aot_compile(self.make_function(), *arguments, *self.extra_arguments())
