"""Pieces that several exports are made of: numbers as text, the data, the source of our own functions."""

from __future__ import annotations

import ast
import base64
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from playground.datasets import DATASETS
from playground.experiment import Experiment
from playground.export.expressions import feature_expression, numpy_text
from playground.language import mark, t
from playground.nn import activations
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.training import Trainer, TrainState

WIDTH = 110


@dataclass(frozen=True)
class Subject:
    """What is exported: an experiment made ready, and the state it starts from."""

    trainer: Trainer
    state: TrainState

    @property
    def experiment(self) -> Experiment:
        """The experiment."""
        return self.trainer.experiment

    @cached_property
    def loss(self) -> Any:
        """Its loss."""
        return LOSSES[self.experiment.structure.loss]

    def rows(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        """Inputs (n, features) and targets (n, outputs) of ``"train"`` or ``"test"``, smoothed as training sees them
        not yet."""
        split = getattr(self.trainer.prepared.data, part)
        n = int(split.n)
        return np.asarray(split.x[:n]), np.asarray(split.y[:n])


def docstring(text: str, indent: int = 4) -> str:
    """``text`` as the docstring of a script's function, behind so many spaces."""
    safe = text.replace("\\", "\\\\").replace('"""', r"\"\"\"")
    safe = safe[:-1] + r"\"" if safe.endswith('"') else safe
    return " " * indent + f'"""{safe}"""'


def comment(text: str, indent: int = 0) -> str:
    """``text`` as a comment of a script, behind so many spaces."""
    return " " * indent + "# " + " ".join(text.splitlines())


def literal(text: str) -> str:
    """``text`` as a string of a script, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def help_literal(text: str) -> str:
    """``text`` as a string that argparse takes for help: it fills in what follows a ``%``."""
    return literal(text.replace("%", "%%"))


def join_sentences(*sentences: str) -> str:
    """Sentences of the current language, one after another."""
    first, *others = sentences
    for sentence in others:
        first = t("{first} {second}", first=first, second=sentence)
    return first


def array_literal(values: Any) -> str:
    """An array as a call ``array(text, shape)``: its float32 values in base64, in lines that fit."""
    numbers = np.asarray(values, "<f4")
    text = base64.b64encode(numbers.tobytes()).decode()
    lines = [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)] or [""]
    body = "\n".join(f'    "{line}"' for line in lines)
    return f"array(\n{body},\n    {numbers.shape},\n)"


def names_block(subject: Subject) -> str:
    """What inputs and targets are, by name, as assignments. Names may be anybody's: they stand as quoted text."""
    problem, prepared = subject.experiment.problem, subject.trainer.prepared
    lines = [f"FEATURES = {problem.features!r}"]
    if subject.experiment.task == "regression":
        name, mean, deviation = prepared.target
        lines += [
            f"TARGET, TARGET_MEAN, TARGET_DEVIATION = {name!r}, {mean!r}, {deviation!r}",
            comment(t("An output times TARGET_DEVIATION, plus TARGET_MEAN, is in the target's units.")),
        ]
    else:
        low = "0" if subject.loss.encoding == "probability" else "-1"
        single = subject.trainer.network.widths[-1] == 1
        meaning = (
            t("Targets are {low} for the first class, 1 for the second.", low=low)
            if single
            else t("Targets are 1 for a sample's class, {low} for others.", low=low)
        )
        lines += [f"CLASSES = {prepared.class_names!r}", comment(meaning)]
    return "\n".join(lines)


def answers_block(subject: Subject) -> str:
    """Functions ``inputs(rows)``, what the network sees of rows in the data's units, and ``answers(output)``, what its
    outputs say: numbers in the target's units, or names of classes."""
    problem, plane = subject.experiment.problem, subject.trainer.prepared.plane
    if problem.tabular:
        seen = t("What the network sees of rows: the columns FEATURES, in order, as they are in the data.")
        columns = ["    columns = np.asarray(rows, float).reshape(-1, len(FEATURES))"]
    else:
        seen = t("What the network sees of rows: the coordinates x1 and x2, as they are in the data.")
        columns = [
            "    x1, x2 = np.asarray(rows, float).reshape(-1, 2).T",
            "    columns = np.zeros((len(x1), len(FEATURES)))",
            *(
                f"    columns[:, {i}] = {numpy_text(feature_expression(name))}"
                for i, name in enumerate(problem.features)
            ),
        ]
    if subject.experiment.task == "regression":
        meaning = t("What outputs (n, outputs) say: each row's target, in its units.")
        decided = ["    return (TARGET_MEAN + TARGET_DEVIATION * np.asarray(output, float)[:, 0]).tolist()"]
    else:
        meaning = t("What outputs (n, outputs) say: the name of each row's class.")
        single = subject.trainer.network.widths[-1] == 1
        best = "(output[:, 0] > 0).astype(int)" if single else "output.argmax(1)"
        decided = [f"    return [CLASSES[k] for k in {best}]"]
    scale = [
        f"{name} = np.array({list(map(float, values))!r})"
        for name, values in (("INPUT_MEAN", plane.mean), ("INPUT_DEVIATION", plane.deviation))
    ]
    return "\n".join(
        [
            *scale,
            "",
            "",
            "def inputs(rows):",
            docstring(seen),
            *columns,
            "    return ((columns - INPUT_MEAN) / INPUT_DEVIATION).astype(np.float32)",
            "",
            "",
            "def answers(output):",
            docstring(meaning),
            *decided,
        ]
    )


def example_row(subject: Subject) -> list[float]:
    """A row that ``inputs`` of the script takes."""
    problem = subject.experiment.problem
    return [0.0] * (len(problem.features) if problem.tabular else 2)


def data_block(subject: Subject) -> str:
    """The samples as assignments, after what they are called."""
    parts = [names_block(subject)]
    for part in ("train", "test"):
        x, y = subject.rows(part)
        parts += [f"{part.upper()}_X = {array_literal(x)}", f"{part.upper()}_Y = {array_literal(y)}"]
    return "\n".join(parts)


UNPACK = """    return np.frombuffer(base64.b64decode(text), "<f4").reshape(shape)
"""

READ_WEIGHTS = """    with open(path, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    found = {}
    for name, about in header.items():
        begin, end = (8 + length + at for at in about["data_offsets"])
        found[name] = np.frombuffer(content[begin:end], "<f4").reshape(about["shape"])
    return found
"""


def unpack_block() -> str:
    """The function ``array(text, shape)``."""
    head = docstring(t("Float32 numbers that were written as base64 text."))
    return f"def array(text, shape):\n{head}\n{UNPACK}"


def read_weights_block() -> str:
    """The function ``read_weights(path)``."""
    head = docstring(t("Arrays by name from a safetensors file: a length, a header in JSON, then the numbers."))
    return f"def read_weights(path):\n{head}\n{READ_WEIGHTS}"


def title(subject: Subject) -> str:
    """The experiment in a line, in the words of the screen."""
    problem, structure = subject.experiment.problem, subject.experiment.structure
    data = DATASETS[problem.dataset].label if problem.dataset in DATASETS else mark("own data")
    widths = "-".join(map(str, subject.trainer.network.widths))
    return t(
        "{data}, {widths}, {loss}, {optimizer}",
        data=data,
        widths=widths,
        loss=subject.loss.label,
        optimizer=OPTIMIZERS[structure.optimizer].label,
    )


def source_of(function: Callable[..., Any]) -> str:
    """The source of one of our functions, without the types of its arguments, its docstring in the current
    language."""
    tree = ast.parse(inspect.getsource(function))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            translate_docstring(node)
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in (*node.args.args, *node.args.kwonlyargs):
                argument.annotation = None
    return ast.unparse(tree) + "\n"


def source_of_class(kind: type) -> str:
    """The source of one of our classes, its docstring in the current language."""
    source, text = inspect.getsource(kind), kind.__doc__ or ""
    translated = t(docstring_text(text))
    return source if translated == docstring_text(text) else source.replace(text, translated)


def translate_docstring(node: ast.FunctionDef | ast.ClassDef) -> None:
    """Put the docstring of ``node`` into the current language, where it has a translation."""
    if text := ast.get_docstring(node):
        translated = t(docstring_text(text))
        if translated != docstring_text(text):
            node.body[0] = ast.Expr(ast.Constant(translated))


def docstring_text(docstring: str) -> str:
    """A docstring as one line, as the catalogues have it."""
    return " ".join(docstring.split())


@cache
def _activation_sources() -> dict[str, str]:
    """The third argument of every call of ``_add`` where activations are registered, as source, by the first one."""
    text = inspect.getsource(activations)
    calls = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_add"
    ]
    return {
        call.args[0].value: ast.unparse(call.args[2])
        for call in calls
        if len(call.args) > 2 and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def activation_source(name: str) -> str:
    """The activation ``name`` as an expression of ``jax`` and ``jnp``."""
    return _activation_sources()[name]
