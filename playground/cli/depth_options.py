"""The options of ``python -m playground depth``: they are read before anything that trains is imported."""

from __future__ import annotations

import argparse

from playground.analysis.depth.settings import RULES
from playground.language import t

NUMBERS = {"networks": int, "steps": int, "learning_rate": float, "seed": int}


def add_depth_options(command: argparse.ArgumentParser) -> None:
    """The options of the command: a preset, and each setting by itself."""
    command.add_argument("--preset", metavar="NAME", help=t("begin with this study instead of the first one"))
    for name, rule in RULES.items():
        option, words = "--" + name.replace("_", "-"), t(rule.help)
        if name == "batch_norm":
            command.add_argument(option, action=argparse.BooleanOptionalAction, help=words)
        elif name in NUMBERS:
            command.add_argument(option, type=NUMBERS[name], metavar="N", help=words)
        else:
            command.add_argument(option, metavar="NAME" if name != "depths" else "2,4,8", help=words)
    command.add_argument(
        "--remove-layers", type=int, metavar="D", help=t("then take layers out of the networks of this depth")
    )
