"""One training step of small networks, ours and others', CPU time side by side in one run.

    python -m benchmarks.engine [--crossover]

Plain SGD on half squared error with tanh units, 250 samples, on every side. Each round times every engine once; the
table shows medians over the rounds, and how many times the CPU of ours another takes."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import Any

import jax
import numpy as np

from benchmarks.rows import figures, record
from playground import Experiment, Trainer
from playground.live.frames.observer import Observer
from playground.programs.compiler import use_persistent_cache

CASES: dict[str, tuple[list[int], list[str], int, int]] = {
    "4,2 b10": ([4, 2], ["x1", "x2"], 10, 100_000),
    "8x6 b10": ([6] * 8, ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"], 10, 20_000),
    "64x3 b32": ([64] * 3, ["x1", "x2"], 32, 5_000),
}
RATE = 0.03
Clock = Callable[[], float]


def cpu(work: Callable[[], None]) -> float:
    """CPU seconds of all this process's threads while ``work`` runs."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def ours(trainer: Trainer, steps: int) -> float:
    """CPU seconds a step."""
    state = trainer.init()
    return cpu(lambda: jax.block_until_ready(trainer.advance(state, steps)) and None) / steps


def numpy_engine(trainer: Trainer, steps: int) -> float:
    """The same network and steps, backpropagation written out in float32 NumPy."""
    layers = [(np.array(layer["w"]), np.array(layer["b"])) for layer in trainer.init().params]
    split, batch = trainer.prepared.data.train, trainer.batch_size
    n, rng = int(split.n), np.random.default_rng(0)
    rate = np.float32(RATE)

    def work() -> None:
        order, at = rng.permutation(n), 0
        for _ in range(steps):
            if at + batch > n:
                order, at = rng.permutation(n), 0
            rows = order[at : at + batch]
            at += batch
            h = [split.x[rows]]
            for w, b in layers:
                h.append(np.tanh(h[-1] @ w + b))
            delta = (h[-1] - split.y[rows]) * (1 - h[-1] * h[-1]) / np.float32(batch)
            for i in range(len(layers) - 1, -1, -1):
                w, b = layers[i]
                gradient = h[i].T @ delta
                down = delta.sum(0)
                if i:
                    delta = (delta @ w.T) * (1 - h[i] * h[i])
                w -= rate * gradient
                b -= rate * down

    return cpu(work) / steps


def torch_engine(trainer: Trainer, steps: int) -> float:
    """The same in eager PyTorch, one thread."""
    import torch  # pyright: ignore[reportMissingImports]

    torch.set_num_threads(1)
    widths = trainer.network.widths
    modules: list[Any] = []
    for fan_in, fan_out in pairwise(widths):
        modules += [torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh()]
    model = torch.nn.Sequential(*modules)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    split, batch = trainer.prepared.data.train, trainer.batch_size
    n = int(split.n)
    x, y = torch.from_numpy(split.x[:n].copy()), torch.from_numpy(split.y[:n].copy())

    def work() -> None:
        order, at = torch.randperm(n), 0
        for _ in range(steps):
            if at + batch > n:
                order, at = torch.randperm(n), 0
            rows = order[at : at + batch]
            at += batch
            optimizer.zero_grad()
            loss = 0.5 * ((model(x[rows]) - y[rows]) ** 2).mean()
            loss.backward()
            optimizer.step()

    return cpu(work) / steps


def sklearn_engine(trainer: Trainer, steps: int) -> float:
    """scikit-learn's MLPRegressor, one ``partial_fit`` a batch."""
    from sklearn.neural_network import MLPRegressor

    hidden = trainer.network.widths[1:-1]
    model = MLPRegressor(
        hidden_layer_sizes=hidden, activation="tanh", solver="sgd", learning_rate_init=RATE, momentum=0, alpha=0
    )
    split, batch = trainer.prepared.data.train, trainer.batch_size
    n = int(split.n)
    x, y = split.x[:n], split.y[:n, 0]
    model.partial_fit(x[:batch], y[:batch])

    def work() -> None:
        for step in range(steps):
            at = step * batch % (n - batch)
            model.partial_fit(x[at : at + batch], y[at : at + batch])

    return cpu(work) / steps


def keras_engine(trainer: Trainer, steps: int) -> float:
    """The same in Keras, one ``train_on_batch`` a step, on JAX unless ``KERAS_BACKEND`` says otherwise."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras  # pyright: ignore[reportMissingImports]

    widths = trainer.network.widths
    layers = [keras.layers.Dense(units, activation="tanh") for units in widths[1:]]
    model = keras.Sequential([keras.Input((widths[0],)), *layers])
    model.compile(optimizer=keras.optimizers.SGD(RATE), loss="mse")
    split, batch = trainer.prepared.data.train, trainer.batch_size
    n = int(split.n)
    x, y = split.x[:n], split.y[:n]
    model.train_on_batch(x[:batch], y[:batch])

    def work() -> None:
        for step in range(steps):
            at = step * batch % (n - batch)
            model.train_on_batch(x[at : at + batch], y[at : at + batch])

    return cpu(work) / steps


PEERS = {
    "NumPy": (numpy_engine, 0.1),
    "scikit-learn": (sklearn_engine, 0.02),
    "PyTorch eager": (torch_engine, 0.02),
    "Keras": (keras_engine, 0.01),
}
"""Others' engines, and which share of the steps suffices for them."""


def compare(rounds: int) -> None:
    """Print one row a case."""
    print(f"| hidden, batch | ours, us CPU a step | {' | '.join(PEERS)} |\n|{'---|' * (2 + len(PEERS))}")
    for name, (hidden, features, batch, steps) in CASES.items():
        trainer = Trainer(Experiment.of(hidden=hidden, features=features, batch_size=batch, learning_rate=RATE))
        ours(trainer, 10)
        engines = {"ours": (ours, 1.0), **PEERS}
        times: dict[str, list[float]] = {engine: [] for engine in engines}
        for _ in range(rounds):
            for engine, (run, share) in engines.items():
                try:
                    times[engine].append(run(trainer, max(50, int(steps * share))) * 1e6)
                except ImportError:
                    pass
        own = times.pop("ours")
        mine = median(own)
        cells = [f"{median(us):.0f} ({median(us) / mine:.0f}x)" if us else "not installed" for us in times.values()]
        print(f"| {name} | {mine:.2f} | {' | '.join(cells)} |", flush=True)
        for engine, us in {"ours": own, **times}.items():
            ratio = f", {median(us) / mine:.0f} times ours" if us and engine != "ours" else ""
            record(
                f"a training step, {name}: {engine}{ratio}", *(figures(us, "us", 2) if us else ("not installed", ""))
            )


def instrumented(rounds: int) -> None:
    """Print what 15 observed frames a second add to the bare training of a second."""
    print("\n| hidden, batch | bare training, 1 s | with 15 frames observed | ratio |\n|---|---|---|---|")
    for name, (hidden, features, batch, _) in CASES.items():
        trainer = Trainer(Experiment.of(hidden=hidden, features=features, batch_size=batch))
        observer, state = Observer(trainer), trainer.init()
        steps = int(1 / ours(trainer, 2000) / 15)
        observer(state)

        def play(watched: bool, trainer: Trainer = trainer, observer: Observer = observer, steps: int = steps) -> None:
            state = trainer.init()
            for _ in range(15):
                state = trainer.advance(state, steps)
                if watched:
                    observer(state)
            jax.block_until_ready(state)

        pairs = [(cpu(lambda: play(False)), cpu(lambda: play(True))) for _ in range(rounds)]
        bare, watched = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        ratios = [pair[1] / pair[0] for pair in pairs]
        ratio = median(ratios)
        record(f"15 observed frames a second over bare training, {name}", *figures(ratios, "times", 2))
        print(f"| {name} | {bare:.2f} s CPU | {watched:.2f} s CPU | {ratio:.2f} |", flush=True)


def crossover(rounds: int) -> None:
    """Print both forms of a dense layer over sizes, in whole training steps."""
    from playground.nn import layers
    from playground.programs.cache import PROGRAMS

    print("| batch x in x out | sum of products, us | @, us |\n|---|---|---|")
    for width, batch in ((4, 10), (8, 10), (12, 10), (16, 10), (24, 10), (32, 10), (16, 32), (32, 32)):
        found = []
        for bound in (10**9, 0):
            layers.FUSED_BELOW = bound
            PROGRAMS.purge()
            trainer = Trainer(Experiment.of(hidden=[width, width], batch_size=batch))
            ours(trainer, 10)
            found.append(median(ours(trainer, 5000) for _ in range(rounds)))
        print(f"| {batch * width * width} | {found[0] * 1e6:.2f} | {found[1] * 1e6:.2f} |", flush=True)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--crossover", action="store_true", help="measure where the dense layer's two forms cross")
    arguments = parser.parse_args()
    use_persistent_cache()
    print(
        f"Python {platform.python_version()}, jax {jax.__version__}, {jax.devices()[0].device_kind}, "
        f"{platform.machine()}\n"
    )
    if arguments.crossover:
        crossover(arguments.rounds)
    else:
        compare(arguments.rounds)
        instrumented(arguments.rounds)


if __name__ == "__main__":
    main()
