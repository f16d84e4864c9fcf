"""One's own file on the command line: the same choices as on the page, and what was understood as notes."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground.datasets import Table
from playground.datasets.tabular.choices import (
    DECIMALS,
    DELIMITERS,
    MISSING_RULES,
    RARE_DELIMITERS,
    THOUSANDS,
    ReadingChoices,
    options_of,
    sign_named,
)
from playground.datasets.tabular.detection import Reading, read_table
from playground.datasets.tabular.notes import Note
from playground.errors import PlaygroundError
from playground.language import SOURCE_LANGUAGE, current_language, join_items, mark, t, translate_tree


def add_reading_options(command: argparse.ArgumentParser) -> None:
    """Give a command the options that say how ``--data`` is to be read."""
    group = command.add_argument_group(t("how --data is read (found out from the file unless told)"))
    group.add_argument("--encoding", metavar="NAME", help=t("utf-8, cp1252, shift_jis ..."))
    group.add_argument(
        "--delimiter",
        metavar="SIGN",
        help=t("{names}, or the sign itself", names=join_items(DELIMITERS | RARE_DELIMITERS)),
    )
    group.add_argument("--decimal", metavar="SIGN", help=t("point or comma"))
    group.add_argument("--thousands", metavar="SIGN", help=t(join_items(THOUSANDS)))
    group.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        default=None,
        help=t("whether the first row names the columns"),
    )
    group.add_argument("--first-row", type=int, metavar="N", help=t("the row in which the table begins"))
    group.add_argument("--target", metavar="COLUMN", help=t("what to learn (the last column unless told)"))
    group.add_argument("--columns", metavar="A,B", help=t("what to learn from; names with a comma in quotes"))
    group.add_argument(
        "--kind", action="append", default=[], metavar="COLUMN=KIND", help=t("read a column as number or category")
    )
    group.add_argument(
        "--missing",
        default="drop",
        metavar="RULE",
        help=t("missing values: {rules}", rules=join_items(MISSING_RULES, "or")),
    )
    group.add_argument(
        "--missing-mark",
        action="append",
        default=[],
        metavar="TEXT",
        help=t("a text that counts as missing everywhere"),
    )
    group.add_argument("--task", metavar="TASK", help=t("classification or regression"))


def choices_of(arguments: argparse.Namespace) -> ReadingChoices:
    """The choices that the options make; raises ``PlaygroundError``."""
    kinds = []
    for pair in arguments.kind:
        name, sign, kind = pair.rpartition("=")
        if not sign:
            raise PlaygroundError(
                mark("--kind {pair} names no kind; write it as COLUMN=number or COLUMN=category.", pair=repr(pair))
            )
        kinds.append((name, kind))
    return ReadingChoices(
        encoding=arguments.encoding,
        delimiter=_sign(arguments.delimiter, DELIMITERS | RARE_DELIMITERS),
        decimal=_sign(arguments.decimal, DECIMALS),
        thousands=_sign(arguments.thousands, THOUSANDS),
        header=arguments.header,
        first_row=arguments.first_row,
        target=arguments.target,
        columns=None if arguments.columns is None else tuple(next(csv.reader([arguments.columns]), [])),
        kinds=tuple(kinds),
        missing=arguments.missing,
        missing_marks=tuple(arguments.missing_mark),
        task=arguments.task,
    )


def _sign(name: str | None, signs: Mapping[str, str]) -> str | None:
    return None if name is None else sign_named(name, signs)


def own_table(arguments: argparse.Namespace, spec: Mapping[str, Any]) -> Table | None:
    """The rows of ``--data``, with what was understood as notes on standard error; None without it.

    ``spec``: the experiment's parts, whose task and columns hold where no option says otherwise. Raises
    ``PlaygroundError``.
    """
    if not arguments.data:
        return None
    choices = choices_of(arguments)
    problem = spec.get("problem") or {}
    if choices.task is None and problem.get("task") not in (None, "automatic"):
        choices = replace(choices, task=problem["task"])
    reading = read_table(Path(arguments.data), choices)
    named = problem.get("features")
    if choices.columns is None and named and set(named) <= set(reading.names):
        reading = read_table(Path(arguments.data), replace(choices, columns=tuple(named)))
    table = reading.table()
    for line in note_lines(reading, table):
        print(t("note: {note}", note=line), file=sys.stderr)
    return table


def note_lines(reading: Reading, table: Table) -> list[str]:
    """What is said about a file, each sentence with the options that would read it otherwise."""
    return [*map(note_line, reading.notes), *translate_tree(list(table.notes))]


def note_line(note: Note) -> str:
    """A sentence, and the options of its other readings."""
    others = "; ".join(f"{options_of(other.choices)}: {_label(other.label)}" for other in note.alternatives)
    text = translate_tree(note.text)
    return t("{note} ({others})", note=text, others=others) if others else text


def _label(label: str) -> str:
    """``label`` within a sentence: in English without its capital."""
    return label[0].lower() + label[1:] if current_language() == SOURCE_LANGUAGE else translate_tree(label)
