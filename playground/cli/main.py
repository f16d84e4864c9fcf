"""``python -m playground``: train, many, depth, sharpness, link, presets, lessons, export, devices, spec."""

from __future__ import annotations

import argparse
import gettext
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NoReturn

from playground.cli.depth_options import add_depth_options
from playground.cli.json_lines import json_text
from playground.cli.own_table import add_reading_options
from playground.errors import PlaygroundError
from playground.language import SOURCE_LANGUAGE, current_language, mark, match_language, t, use_language
from playground.language.catalogue import DOMAIN, LOCALES


class Grammar(argparse.ArgumentParser):
    """What is not understood gets one sentence, as all bad input does."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to learn more; exit code 2."""
        text = t("error: {message}; {program} --help tells more.", message=message.rstrip("."), program=self.prog)
        self.exit(2, f"{text}\n")


ARGPARSE_TEXTS = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("the following arguments are required: %s"),
    mark("one of the arguments %s is required"),
    mark("unrecognized arguments: %s"),
    mark("not allowed with argument %s"),
    mark("expected one argument"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
    mark("ignored explicit argument %r"),
    mark("invalid %(type)s value: %(value)r"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What argparse says by itself: it asks gettext for it."""


@contextmanager
def argparse_language(language: str) -> Iterator[None]:
    """Within this block argparse's own words come from our catalogue of ``language``."""
    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(LOCALES))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = Grammar(prog="python -m playground", description=t("See a small neural network learn, without a browser."))
    commands = top.add_subparsers(dest="command", required=True)

    train = commands.add_parser("train", help=t("train an experiment and print its losses as JSON, one object a line"))
    train.add_argument(
        "--spec", metavar="FILE", help=t("the experiment as JSON, whole or in part; - reads standard input")
    )
    train.add_argument("--data", metavar="FILE", help=t("your own data: a table as text (CSV)"))
    train.add_argument("--weights", metavar="FILE", help=t("start from these weights (safetensors)"))
    length = train.add_mutually_exclusive_group()
    length.add_argument("--steps", type=int, metavar="N", help=t("optimizer steps to train (1000 unless told)"))
    length.add_argument("--epochs", type=int, metavar="N", help=t("epochs to train"))
    train.add_argument("--every", type=int, metavar="K", help=t("print a line every K steps, and the last"))
    train.add_argument("--device", default="automatic", metavar="NAME", help=t("on which device, such as cpu:0"))
    train.add_argument("--out", metavar="FILE", help=t("write the trained weights (safetensors)"))

    many = commands.add_parser("many", help=t("train one experiment from many starts and print how often it works"))
    many.add_argument("--spec", metavar="FILE", help=t("the experiment as JSON; - reads standard input"))
    many.add_argument("--data", metavar="FILE", help=t("your own data: a table as text (CSV)"))
    many.add_argument("--seeds", type=int, default=64, metavar="N", help=t("how many networks (64 unless told)"))
    many.add_argument("--steps", type=int, default=2000, metavar="N", help=t("optimizer steps each (2000 unless told)"))
    many.add_argument("--device", default="automatic", metavar="NAME", help=t("on which device, and all of its kind"))
    many.add_argument("--samples", action="store_true", help=t("vary the samples as well as the starts"))
    many.add_argument("--goal", type=float, metavar="G", help=t("the accuracy, or R^2, from which it counts as solved"))

    depth = commands.add_parser(
        "depth", help=t("train plain and residual networks of several depths, and tell what depth does to training")
    )
    add_depth_options(depth)

    sharpness = commands.add_parser(
        "sharpness", help=t("print the largest Hessian eigenvalue of the training loss, and the stable learning rate")
    )
    sharpness.add_argument("--spec", metavar="FILE", help=t("the experiment as JSON; - reads standard input"))
    sharpness.add_argument("--data", metavar="FILE", help=t("your own data: a table as text (CSV)"))
    sharpness.add_argument("--weights", metavar="FILE", help=t("at these weights (safetensors) instead of the start's"))

    link = commands.add_parser(
        "link", help=t("print the experiment of a link, ours or TensorFlow Playground's, as JSON")
    )
    link.add_argument("link", metavar="LINK", help=t("the whole address, in quotes"))
    export = commands.add_parser(
        "export",
        help=t(
            "write an experiment as code (jax, keras, torch), a model (onnx), a web page (html) or an equation (tex)"
        ),
    )
    export.add_argument("--spec", metavar="FILE", help=t("the experiment as JSON; - reads standard input"))
    export.add_argument("--data", metavar="FILE", help=t("your own data: a table as text (CSV)"))
    export.add_argument("--weights", metavar="FILE", help=t("these weights (safetensors) instead of the start's"))
    export.add_argument("--to", required=True, metavar="TARGET", help=t("jax, keras, torch, onnx, html or tex"))
    export.add_argument("--out", metavar="FILE", help=t("where to write it; standard output unless told"))
    for command in (train, many, sharpness, export):
        add_reading_options(command)
    presets = commands.add_parser("presets", help=t("list experiments worth a minute, or print one as JSON"))
    presets.add_argument("preset", nargs="?", metavar="NAME", help=t("the one to print"))
    lessons = commands.add_parser("lessons", help=t("list the lessons, one JSON object a line, or print one as JSON"))
    lessons.add_argument("lesson", nargs="?", metavar="NAME", help=t("the one to print"))
    lessons.add_argument("--check", metavar="FILE", help=t("check a lesson's file instead; - reads standard input"))
    lessons.add_argument("--schema", action="store_true", help=t("print the JSON schema of a lesson instead"))

    devices = commands.add_parser("devices", help=t("list the devices that JAX sees, and what runs on which"))
    devices.add_argument("--device", default="automatic", metavar="NAME", help=t("as if this one were chosen"))
    spec = commands.add_parser("spec", help=t("print the default experiment as JSON"))
    spec.add_argument("--schema", action="store_true", help=t("print the JSON schema of an experiment instead"))
    return top


def run(arguments: argparse.Namespace) -> None:
    """Do what the command line asks; raises ``PlaygroundError`` for bad input."""
    if arguments.command == "train":
        from playground.cli.train import train

        train(arguments)
    elif arguments.command == "many":
        from playground.cli.many import many

        many(arguments)
    elif arguments.command == "depth":
        from playground.cli.depth import depth

        depth(arguments)
    elif arguments.command == "sharpness":
        from playground.cli.sharpness import sharpness

        sharpness(arguments)
    elif arguments.command == "link":
        from playground.cli.link import link

        link(arguments.link)
    elif arguments.command == "export":
        from playground.cli.export import export_to

        export_to(arguments)
    elif arguments.command == "presets":
        from playground.cli.presets import presets

        presets(arguments.preset)
    elif arguments.command == "lessons":
        from playground.cli.lessons import lessons

        lessons(arguments)
    elif arguments.command == "devices":
        from playground.cli.devices import devices

        devices(arguments.device)
    else:
        from playground.experiment import Experiment, schema

        print(json_text(schema(), indent=2) if arguments.schema else Experiment().to_json())


def environment_language(environment: Mapping[str, str]) -> str:
    """The language that the shell asks for, by the variables that gettext reads, in its order; ``C`` is English."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    first = next((environment[name] for name in names if environment.get(name)), "")
    return match_language(first.split(":"))


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 with one sentence on standard error for bad input."""
    with use_language(environment_language(os.environ)):
        return _main(argv)


def _main(argv: Sequence[str] | None) -> int:
    if current_language() != SOURCE_LANGUAGE and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without the language's letters
    with argparse_language(current_language()):
        arguments = parser().parse_args(argv)
    try:
        run(arguments)
    except PlaygroundError as error:
        print(t("error: {sentence}", sentence=error.sentence), file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0
