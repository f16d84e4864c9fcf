"""``python -m playground train``: an experiment's losses, one JSON object a line."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playground.cli.json_lines import print_json
from playground.cli.own_table import own_table
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.experiment.experiment import MAX_JSON, check_parts
from playground.language import mark
from playground.live.diagnostics.divergence import trainer_divergence
from playground.live.inspection.metrics import rmse_of
from playground.programs.compiler import use_persistent_cache
from playground.programs.devices import configure_devices
from playground.training.trainer import Scores, Trainer
from playground.training.weights import load, save

DEFAULT_STEPS = 1000


def train(arguments: argparse.Namespace) -> None:
    """Train as told and print a line every so often; raises ``PlaygroundError`` for bad input."""
    for name in ("steps", "epochs"):
        if getattr(arguments, name) is not None and getattr(arguments, name) < 0:
            raise PlaygroundError(
                mark(
                    "--{name} must be {least} or more, not {value}.", name=name, least=0, value=getattr(arguments, name)
                )
            )
    if arguments.every is not None and arguments.every < 1:
        raise PlaygroundError(
            mark("--{name} must be {least} or more, not {value}.", name="every", least=1, value=arguments.every)
        )
    if arguments.out and not Path(arguments.out).absolute().parent.is_dir():
        raise PlaygroundError(
            mark("the folder of {file} does not exist; make it first, or choose another place.", file=arguments.out)
        )
    configure_devices()
    use_persistent_cache()
    data = read_spec(arguments.spec)
    table = own_table(arguments, data)
    trainer = Trainer(Experiment.from_dict(data, table), table, arguments.device)
    state = trainer.begin_with(*load(Path(arguments.weights))) if arguments.weights else trainer.init()

    if arguments.epochs is not None:
        steps = arguments.epochs * trainer.steps_per_epoch
    else:
        steps = DEFAULT_STEPS if arguments.steps is None else arguments.steps
    every = arguments.every or max(steps, 1)
    scores = trainer.scores(state)
    for goal in goals(steps, every):
        state = trainer.advance(state, goal - int(state.step))
        if arguments.every:
            print_json(line(scores, trainer))
        scores = trainer.scores(state)
        if int(state.bad_step) >= 0 or trainer.has_stopped(state):
            break
    last: dict[str, Any] = line(scores, trainer)
    if int(state.bad_step) >= 0:
        last["diverged"] = trainer_divergence(trainer, state).text
    if trainer.has_stopped(state):
        last["stopped"] = trainer.stop_sentence(state)
    if arguments.out:
        save(state, Path(arguments.out))
    print_json(last | {"final": True} | target_summary(trainer))


def goals(steps: int, every: int) -> Iterator[int]:
    """The steps at which training pauses to be looked at: every so often, and at the end."""
    yield from range(every, steps, every)
    if steps:
        yield steps


def line(scores: Scores, trainer: Trainer) -> dict[str, Any]:
    """One line of output; None stands for what does not exist, such as the loss of an empty test set."""
    regression = trainer.experiment.task == "regression"
    name = "r2" if regression else "accuracy"
    metrics = {f"train_{name}": scores.train_metric, f"test_{name}": scores.test_metric}
    if regression:
        spread = trainer.prepared.target_deviation
        errors = [rmse_of(*pair) for pair in zip((scores.train_metric, scores.test_metric), spread, strict=True)]
        metrics |= dict(zip(("train_rmse", "test_rmse"), errors, strict=True))
    return {
        "step": scores.step,
        "epoch": round(scores.epoch, 6),
        "train_loss": finite(scores.train_loss),
        "test_loss": finite(scores.test_loss),
        "metrics": {measure: finite(value) for measure, value in metrics.items()},
        "penalty": finite(scores.penalty),
    }


def target_summary(trainer: Trainer) -> dict[str, Any]:
    """What was learned, by name: the target, and the classes in their order."""
    prepared = trainer.prepared
    classes = {"classes": list(map(str, prepared.class_names))} if prepared.class_names else {}
    return {"target": str(prepared.target.name)} | classes


def finite(number: float) -> float | None:
    """``number``, or None when it is not finite."""
    return number if math.isfinite(number) else None


def read_spec(path: str | None) -> dict[str, Any]:
    """The parts of the experiment in a file, in standard input (``-``), or none; raises ``PlaygroundError``."""
    if path is None:
        return {}
    try:
        content = sys.stdin.buffer.read(MAX_JSON + 1) if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise PlaygroundError(mark("cannot read {file}: {reason}.", file=path, reason=error.strerror)) from None
    return check_parts(Experiment.parse(content))
