"""Weights as safetensors: nothing is ever unpickled. Tensors are named ``layers.{i}.w``, ``layers.{i}.b`` and so on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np

from playground.errors import PlaygroundError
from playground.language import mark
from playground.nn.network import Params, Stats
from playground.training.train_loop import TrainState

NAME = re.compile(r"layers\.(0|[1-9]\d?)\.(w|b|scale|offset|mean|variance)")
RUNNING = ("mean", "variance")
MAX_BYTES = 16 * 2**20
MAX_STEP = 10**9


def to_tensors(state: TrainState) -> dict[str, np.ndarray]:
    """Every parameter and running statistic of ``state`` by its name."""
    tensors = {
        f"layers.{i}.{name}": np.asarray(value) for i, layer in enumerate(state.params) for name, value in layer.items()
    }
    kept = {
        f"layers.{i}.{name}": np.asarray(value) for i, layer in enumerate(state.stats) for name, value in layer.items()
    }
    return tensors | kept


def to_bytes(state: TrainState) -> bytes:
    """The weights of ``state`` as the content of a safetensors file."""
    from safetensors.numpy import save as serialized

    return serialized(to_tensors(state), metadata={"step": str(int(state.step))})


def save(state: TrainState, path: Path) -> None:
    """Write the weights of ``state``; raises ``PlaygroundError`` when the place cannot be written."""
    try:
        path.write_bytes(to_bytes(state))
    except OSError as error:
        raise PlaygroundError(
            mark("cannot write {path}: {reason}; choose another place.", path=str(path), reason=error.strerror)
        ) from None


def load(path: Path) -> tuple[Params, Stats]:
    """Parameters and running statistics of a file, layer by layer; raises ``PlaygroundError`` when it holds something
    else."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PlaygroundError(mark("{name} is larger than 16 MB; no network here is.", name=str(path)))
        content = path.read_bytes()
    except OSError as error:
        raise PlaygroundError(mark("cannot read {path}: {reason}.", path=str(path), reason=error.strerror)) from None
    return from_bytes(content, str(path))


def from_bytes(content: bytes, name: str) -> tuple[Params, Stats]:
    """As ``load``, from the content of the file ``name``."""
    from safetensors import SafetensorError
    from safetensors.numpy import load as deserialized

    if len(content) > MAX_BYTES:
        raise PlaygroundError(mark("{name} is larger than 16 MB; no network here is.", name=name))
    try:
        tensors = deserialized(content)
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise PlaygroundError(
            mark("{name} is not a safetensors file; save weights with --out to get one.", name=name)
        ) from None
    return from_tensors(tensors)


def read_step(content: bytes) -> int:
    """The step at which the safetensors ``content`` was saved; 0 where it says none that makes sense."""
    length = int.from_bytes(content[:8], "little")
    try:
        step = json.loads(content[8 : 8 + length])["__metadata__"]["step"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0
    is_number = isinstance(step, str) and re.fullmatch(r"[0-9]{1,10}", step)
    return int(step) if is_number and int(step) <= MAX_STEP else 0


def from_tensors(tensors: dict[str, np.ndarray]) -> tuple[Params, Stats]:
    """Named tensors put into layers; raises ``PlaygroundError`` for a name that is none, a gap, or values that are not
    numbers."""
    params: dict[int, dict[str, np.ndarray]] = {}
    stats: dict[int, dict[str, np.ndarray]] = {}
    for name, tensor in tensors.items():
        match = NAME.fullmatch(name)
        if match is None:
            raise PlaygroundError(
                mark(
                    "the weights hold a tensor {name!r}; expected names like layers.0.w and layers.0.b.", name=name[:60]
                )
            )
        if tensor.dtype.kind != "f":
            raise PlaygroundError(
                mark(
                    "{name} holds {dtype} values; weights must be floating-point numbers.",
                    name=name,
                    dtype=str(tensor.dtype),
                )
            )
        part = stats if match[2] in RUNNING else params
        part.setdefault(int(match[1]), {})[match[2]] = tensor.astype(np.float32)
    if sorted(params) != list(range(len(params))) or not params:
        raise PlaygroundError(mark("the weights lack a layer; layers must be numbered from 0 without a gap."))
    layers = tuple(params[i] for i in range(len(params)))
    return layers, tuple(stats.get(i, {}) for i in range(len(params) - 1))  # pyright: ignore[reportReturnType]
