"""What an experiment can be exported to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playground.datasets import Table
from playground.experiment import Experiment
from playground.export.equation import to_tex
from playground.export.jax_script import to_jax
from playground.export.keras_script import to_keras
from playground.export.onnx_model import to_onnx
from playground.export.source import Subject
from playground.export.torch_script import to_torch
from playground.export.web_page import to_web_page
from playground.nn.network import Params, Stats
from playground.registry import Entry, Registry
from playground.training import Trainer


@dataclass(frozen=True, kw_only=True)
class Export(Entry):
    """A target of an export; ``fn`` gives its text, or its bytes, and ``ending`` is that of its file."""

    fn: Callable[[Subject], str | bytes]
    ending: str
    binary: bool = False


EXPORTS: Registry[Export] = Registry("export")
for _name, _label, _fn, _ending, _words in (
    (
        "jax",
        "JAX and Optax",
        to_jax,
        "py",
        "A script that makes the same run, to float precision, without this project.",
    ),
    (
        "keras",
        "Keras 3",
        to_keras,
        "py",
        "A script that takes the same steps in Keras, and answers rows in the data's units; "
        "order and dropout are Keras's own.",
    ),
    (
        "torch",
        "PyTorch",
        to_torch,
        "py",
        "A script that takes the same steps in PyTorch, and answers rows in the data's units; "
        "order and dropout are its own.",
    ),
    (
        "onnx",
        "ONNX",
        to_onnx,
        "onnx",
        "A model for other programs: rows of the data in, answers in the data's units out.",
    ),
    (
        "html",
        "Web page (HTML)",
        to_web_page,
        "html",
        "One file that works offline: the network with its weights, rows to ask, and what it answers over two columns.",
    ),
    ("tex", "Equation (TeX)", to_tex, "tex", "A small network written out as an equation, with its numbers."),
):
    EXPORTS.register(
        Export(
            name=_name,
            label=_label,
            fn=_fn,
            ending=_ending,
            explanation=_words,
            formula="",
            source="this project",
            binary=_ending == "onnx",
        )
    )


def export(
    name: str,
    experiment: Experiment,
    table: Table | None = None,
    weights: tuple[Params, Stats] | None = None,
    step: int = 0,
) -> str:
    """The text of the export ``name`` of ``experiment``, from the ``weights`` that a training had after ``step`` steps,
    or else from its own start.

    Raises ``PlaygroundError`` for an unknown name, for weights of another network, and for what the target cannot hold.
    """
    return export_file(name, experiment, table, weights, step).decode()


def export_file(
    name: str,
    experiment: Experiment,
    table: Table | None = None,
    weights: tuple[Params, Stats] | None = None,
    step: int = 0,
) -> bytes:
    """As ``export``, the file's content: text in UTF-8, or a ``binary`` target's bytes."""
    target = EXPORTS[name]
    trainer = Trainer(experiment, table)
    state = trainer.begin_with(*weights, step) if weights is not None else trainer.init()
    content = target.fn(Subject(trainer, state))
    return content if isinstance(content, bytes) else content.encode()
