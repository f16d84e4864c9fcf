"""Many networks at once, ours and others', CPU time side by side in one run.

    python -m benchmarks.many [--networks 1024] [--steps 2000]
    python -m benchmarks.many --devices [--host-devices 4]

Plain SGD on half squared error with tanh units, hidden 4,2, batches of 10 of 250 samples, on every side; one core each. The table shows
medians over the rounds in network-steps a CPU second. PyTorch maps one step over all networks (``torch.func``); scikit-learn makes one
``partial_fit`` a batch and network.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from statistics import median

import jax
import numpy as np

from benchmarks.engine import RATE, cpu, sklearn_engine
from benchmarks.rows import figures, record
from playground import Experiment, Trainer
from playground.analysis.many import Many
from playground.training import group
from playground.training.devices import devices_for

HIDDEN = [4, 2]


def ours(networks: int, steps: int, *, stacked: bool) -> float:
    """Network-steps a CPU second: networks on the last axis, or ``stacked`` on the first and mapped (``jax.vmap``)."""
    kept = group.FUSED_BELOW
    group.FUSED_BELOW = 0 if stacked else kept
    try:
        found = Many(Experiment.of(hidden=HIDDEN, learning_rate=RATE), networks=networks, steps=steps, points=1)
        list(found.work(picture=False))
        warm = found.outcome
        warm.cpu_seconds, warm.network_steps = 0.0, 0
        list(found.work(picture=False))
        return warm.network_steps / warm.cpu_seconds
    finally:
        group.FUSED_BELOW = kept


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
    """Network-steps a second of the clock, on one device and on more of them: with ``--host-devices`` these share the machine's cores."""
    cores = len(os.sched_getaffinity(0))
    there = devices_for("many")
    print(f"{len(there)} devices ({there[0].device_kind}) on {cores} cores\n")
    counts = [k for k in (1, 2, 4, 8) if k <= len(there)]
    runs = {
        k: Many(Experiment.of(hidden=HIDDEN, learning_rate=RATE), networks=networks, steps=steps, points=1)
        for k in counts
    }
    rates: dict[int, list[float]] = {k: [] for k in counts}
    for k, one in runs.items():
        one.use(there[:k])
        list(one.work(picture=False))
    for _ in range(rounds):
        for k, one in runs.items():
            one.outcome.network_steps, begun = 0, time.perf_counter()
            list(one.work(picture=False))
            rates[k].append(one.outcome.network_steps / (time.perf_counter() - begun))
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
    arguments = parser.parse_args()
    if arguments.host_devices > 1:  # read when the first device is asked for
        os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={arguments.host_devices}"
    if arguments.devices:
        return scaling(arguments.networks, arguments.steps, arguments.rounds)
    print(
        f"Python {platform.python_version()}, jax {jax.__version__}, {jax.devices()[0].device_kind}, {platform.machine()}"
    )
    print(f"{arguments.networks} networks, {arguments.steps} steps, {time.strftime('%Y-%m-%d')}\n")
    trainer = Trainer(Experiment.of(hidden=HIDDEN, batch_size=10, learning_rate=RATE))
    ways = {
        f"ours, {group.GROUP} networks on the last axis": lambda: ours(
            arguments.networks, arguments.steps, stacked=False
        ),
        "ours, stacked and mapped by jax.vmap": lambda: ours(
            arguments.networks, max(1, arguments.steps // 10), stacked=True
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
