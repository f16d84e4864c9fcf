"""Many networks at once, ours and others', CPU time side by side in one run.

    python -m benchmarks.many [--networks 1024] [--steps 2000]
    python -m benchmarks.many --shapes
    python -m benchmarks.many --devices [--host-devices 4]

Plain SGD on half squared error with tanh units, hidden 4,2, batches of 10 of 250 samples, on every side; one core
each. The table shows medians over the rounds in network-steps a CPU second; ``--shapes``: of ours alone, for other
networks and batches. PyTorch maps one step over all networks (``torch.func``); scikit-learn makes one ``partial_fit``
a batch and network.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import jax
import numpy as np

from benchmarks.engine import RATE, cpu, sklearn_engine
from benchmarks.rows import figures, record
from playground import Experiment, Trainer
from playground.analysis.seeds.seed_ensemble import SeedEnsemble
from playground.programs.cache import PROGRAMS
from playground.programs.devices import devices_for
from playground.training import ensemble as group

HIDDEN = [4, 2]


WAYS = ("last axis", "mapped", "one by one")


def ours(networks: int, steps: int, way: str = "last axis", **given: Any) -> Callable[[], float]:
    """Network-steps a CPU second of training alone: networks on the last axis, on the first and ``mapped`` by
    ``jax.vmap``, or ``one by one`` by the general program. Compiles now, and measures when it is called."""
    usual = group.MAX_CHAINED_PARAMETERS
    group.MAX_CHAINED_PARAMETERS = 0 if way == "mapped" else usual
    try:
        experiment = Experiment.of(**({"hidden": HIDDEN, "learning_rate": RATE} | given))
        many = SeedEnsemble(experiment, networks=networks, steps=steps, points=1, grouped=way != "one by one")
        list(many.work(picture=False))
    finally:
        group.MAX_CHAINED_PARAMETERS = usual

    def measure() -> float:
        training = many.training
        training.cpu_seconds, training.network_steps = 0.0, 0
        list(many.work(picture=False))
        return training.network_steps / training.cpu_seconds

    return measure


SHAPES: tuple[dict[str, Any], ...] = (
    {},
    {"batch_size": 5},
    {"batch_size": 20},
    {"batch_size": 32},
    {"batch_size": 128},
    {"hidden": [8, 8]},
    {"hidden": [6] * 4},
    {"hidden": [16, 16]},
    {"hidden": [32, 32]},
    {"optimizer": "adam"},
    {"loss": "binary_cross_entropy"},
    {"l1": 0.01, "l2": 0.01, "weight_decay": 0.01, "dropout": 0.2, "clip_norm": 1.0, "schedule": "cosine"},
)


def shapes(rounds: int) -> None:
    """The three ways for other networks, batches and recipes than the usual."""
    PROGRAMS.capacity = 1000  # nothing is compiled twice
    runs = {}
    for given in SHAPES:
        weights = 30 * given.get("batch_size", 10) * sum(a * a for a in given.get("hidden", HIDDEN))
        steps = max(20, 10**7 // weights)
        for way in WAYS:
            networks = 2 if way == "one by one" else 64
            begun = time.process_time()
            measure = ours(networks, steps * (10 if way == "last axis" else 1), way, samples=500, **given)
            runs[str(given), way] = measure, time.process_time() - begun
    found: dict[tuple[str, str], list[float]] = {key: [] for key in runs}
    for _ in range(rounds):
        for key, (measure, _) in runs.items():
            found[key].append(measure())
    print(f"| experiment | {' | '.join(WAYS)} | seconds to compile |\n|{'---|' * 5}")
    for given in map(str, SHAPES):
        rates = " | ".join(f"{median(found[given, way]):,.0f}" for way in WAYS)
        print(f"| {given} | {rates} | {runs[given, WAYS[0]][1]:.1f} |")


def torch_func(networks: int, steps: int) -> float:
    """PyTorch: gradients of one network by ``torch.func.grad``, mapped over the networks by ``torch.vmap``."""
    import torch  # pyright: ignore[reportMissingImports]

    torch.set_num_threads(1)
    trainer = Trainer(Experiment.of(hidden=HIDDEN))
    widths = trainer.network.widths
    params = []
    for i in range(len(widths) - 1):
        params += [torch.randn(networks, widths[i], widths[i + 1]) / widths[i] ** 0.5]
        params += [torch.zeros(networks, widths[i + 1])]
    split = trainer.prepared.data.train
    n = int(split.n)
    x, y = torch.from_numpy(split.x[:n].copy()), torch.from_numpy(split.y[:n].copy())

    def loss(params: tuple, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        h = x
        for i in range(0, len(params), 2):
            h = torch.tanh(h @ params[i] + params[i + 1])
        return 0.5 * ((h - y) ** 2).mean()

    slope = torch.vmap(torch.func.grad(loss), in_dims=(0, None, None))

    def work() -> None:
        now, order, at = tuple(params), torch.randperm(n), 0
        for _ in range(steps):
            if at + 10 > n:
                order, at = torch.randperm(n), 0
            rows, at = order[at : at + 10], at + 10
            now = tuple(p - RATE * g for p, g in zip(now, slope(now, x[rows], y[rows]), strict=True))

    return networks * steps / cpu(work)


def scaling(networks: int, steps: int, rounds: int) -> None:
    """Network-steps a second of the clock, on one device and on more of them: with ``--host-devices`` these share the
    machine's cores."""
    cores = len(os.sched_getaffinity(0))
    there = devices_for("many")
    print(f"{len(there)} devices ({there[0].device_kind}) on {cores} cores\n")
    counts = [k for k in (1, 2, 4, 8) if k <= len(there)]
    runs = {
        k: SeedEnsemble(
            Experiment.of(hidden=HIDDEN, learning_rate=RATE), networks=networks, steps=steps, points=1, grouped=True
        )
        for k in counts
    }
    rates: dict[int, list[float]] = {k: [] for k in counts}
    for k, one in runs.items():
        one.use(there[:k])
        list(one.work(picture=False))
    for _ in range(rounds):
        for k, one in runs.items():
            one.training.network_steps, begun = 0, time.perf_counter()
            list(one.work(picture=False))
            rates[k].append(one.training.network_steps / (time.perf_counter() - begun))
    print("| devices | network-steps a second | against one |\n|---|---|---|")
    for k, found in rates.items():
        print(f"| {k} | {median(found):,.0f} | {median(found) / median(rates[1]):.2f}x |")
        record(f"network-steps a second on {k} devices, {cores} cores", *figures(found, digits=0))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, default=1024)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--devices", action="store_true", help="only how it scales over the devices there are")
    parser.add_argument("--host-devices", type=int, default=1, metavar="N", help="make the processor look like so many")
    parser.add_argument("--shapes", action="store_true", help="only ours, for other networks and batches")
    arguments = parser.parse_args()
    if arguments.host_devices > 1:  # read when the first device is asked for
        os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={arguments.host_devices}"
    if arguments.shapes:
        return shapes(arguments.rounds)
    if arguments.devices:
        return scaling(arguments.networks, arguments.steps, arguments.rounds)
    print(
        f"Python {platform.python_version()}, jax {jax.__version__}, {jax.devices()[0].device_kind}, "
        f"{platform.machine()}"
    )
    print(f"{arguments.networks} networks, {arguments.steps} steps, {time.strftime('%Y-%m-%d')}\n")
    trainer = Trainer(Experiment.of(hidden=HIDDEN, batch_size=10, learning_rate=RATE))
    ways = {
        f"ours, {group.INTERLEAVED_NETWORKS} networks on the last axis": ours(arguments.networks, arguments.steps),
        "ours, stacked and mapped by jax.vmap": ours(arguments.networks, max(1, arguments.steps // 10), "mapped"),
        "ours, one by one by the general program": ours(
            max(2, arguments.networks // 10), arguments.steps, "one by one"
        ),
        "torch.func": lambda: torch_func(arguments.networks, max(1, arguments.steps // 20)),
        "scikit-learn": lambda: 1 / sklearn_engine(trainer, max(50, arguments.steps // 4)),
    }
    found: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(arguments.rounds):
        for way, run in ways.items():
            try:
                found[way].append(run())
            except ImportError:
                found[way].append(float("nan"))
    best = median(found[next(iter(ways))])
    print("| way | network-steps a CPU second | ours is faster |\n|---|---|---|")
    for way, rates in found.items():
        rate = median(rates)
        known = np.isfinite(rate)
        ratio = f", ours is {best / rate:.1f} times as fast" if known and rate != best else ""
        record(
            f"network-steps a CPU second: {way}{ratio}", *(figures(rates, digits=0) if known else ("not installed", ""))
        )
        print(f"| {way} | {rate:,.0f} | {best / rate:.1f}x |" if np.isfinite(rate) else f"| {way} | not installed | |")


if __name__ == "__main__":
    main()
