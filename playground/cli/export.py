"""``python -m playground export``: an experiment as code, or as an equation."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playground.cli.own_table import own_table
from playground.cli.train import read_spec
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.export import EXPORTS, export_file
from playground.language import mark
from playground.training.weights import load


def export_to(arguments: argparse.Namespace) -> None:
    """Write the export that is asked for; raises ``PlaygroundError`` for bad input."""
    target = EXPORTS[arguments.to]
    data = read_spec(arguments.spec)
    table = own_table(arguments, data)
    weights = load(Path(arguments.weights)) if arguments.weights else None
    content = export_file(target.name, Experiment.from_dict(data, table), table, weights)
    if arguments.out in (None, "-"):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    try:
        Path(arguments.out).write_bytes(content)
    except OSError as error:
        raise PlaygroundError(
            mark("cannot write {file}: {reason}; choose another place.", file=arguments.out, reason=error.strerror)
        ) from None
