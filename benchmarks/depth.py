"""How long a study of depth takes: 80 networks of 500 steps with its looks, and its programs to compile.

``python -m benchmarks.depth [--rounds N]``. CPU seconds; nothing comes from disk.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Iterable

from benchmarks.rows import figures, record
from playground.analysis.depth.presets import DEPTH_PRESETS
from playground.analysis.depth.study import DepthStudy
from playground.analysis.depth.surgery import LayerSurgery
from playground.programs.cache import PROGRAMS


def all_of(work: Iterable[object]) -> float:
    """CPU seconds of all of a work."""
    begun = time.process_time()
    for _ in work:
        pass
    return time.process_time() - begun


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"Python {platform.python_version()}, {platform.machine()}, {time.strftime('%Y-%m-%d')}\n")
    print("| study | programs compiled, s | training alone, s | with 26 looks, s | 32 layers taken apart, s |")
    print("|---|---|---|---|---|")
    for name in ("spiral", "digits"):
        settings = DEPTH_PRESETS[name].settings
        seconds: dict[str, list[float]] = {"compiled": [], "trained": [], "looked": [], "apart": []}
        for _ in range(rounds):
            PROGRAMS.purge()
            study = DepthStudy(settings)
            begun = time.process_time()
            for recipe in study.programs.recipes:
                recipe.program()
            seconds["compiled"].append(time.process_time() - begun)
            begun = time.process_time()
            for depth in settings.depths:
                float(study.programs.train(study.programs.begin(depth), depth, settings.steps).step)
            seconds["trained"].append(time.process_time() - begun)
            seconds["looked"].append(all_of(study.work()))
            seconds["apart"].append(all_of(LayerSurgery(study, 32).work()))
        count = 2 * settings.networks * len(settings.depths)
        steps = f"{count} networks of {settings.steps} steps, {name}"
        record(f"CPU s of depth: {steps}", *figures(seconds["trained"], "s", 2))
        record(f"CPU s of depth: {steps}, with its looks", *figures(seconds["looked"], "s", 2))
        record(f"CPU s of depth: all programs compiled, {name}", *figures(seconds["compiled"], "s", 2))
        record(f"CPU s of depth: 32 layers taken apart, {name}", *figures(seconds["apart"], "s", 2))
        print(f"| {name} | " + " | ".join(figures(values, "", 2)[0] for values in seconds.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
