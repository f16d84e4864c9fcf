"""How long each answer of the pages takes, from the question to all of it: of the first network of its size, for which
the programs are compiled, and of networks never seen.

``python -m benchmarks.understand [--rounds N]``. Nothing comes from disk. Every network is another one, trained for 500
steps before anything is asked; seconds of the clock.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np

from benchmarks.rows import figures, record
from playground import Experiment, Trainer
from playground.analysis.gradient_flow.layer_flow import LayerFlowAnalysis
from playground.analysis.hypergradient.hypergradient import Hypergradient
from playground.analysis.landscape.jobs import InterpolationJob, PlaneJob, SharpnessJob
from playground.analysis.landscape.weight_path import WeightPath
from playground.analysis.race.simulation import Contestant, RaceSimulation
from playground.analysis.seeds.seed_ensemble import SeedEnsemble
from playground.analysis.step import StepExplainer
from playground.experiment import replace_field
from playground.live import Run
from playground.live.inspection.ablation import Ablation
from playground.live.inspection.per_example_gradients import PerExampleGradients
from playground.live.inspection.sample_losses import SampleLosses
from playground.live.protocol.request import FrameRequest
from playground.training.train_loop import TrainState

STEPS = 500
ACTIVATIONS = ("tanh", "relu", "sigmoid", "gelu", "elu", "silu")
RACERS = ("sgd", "nesterov", "adam", "rmsprop")


class Asked:
    """A network that has been trained in the Playground, about which something is asked."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.run = Run("benchmark", experiment)
        self.run.mount()
        for index in range(0, STEPS // 10, 10):
            self.run.answer(FrameRequest("benchmark", self.run.epoch, index + 1, 10, index, 10))
        self.trainer: Trainer = self.run.trainer
        self.state: TrainState = self.run.state(self.run.last)
        self.descent = WeightPath(self.run, self.run.last)
        while not self.descent.complete:
            for _ in self.descent.fetch_all():
                pass


def race(asked: Asked) -> None:
    """A race's start, 1,000 steps and its last frame."""
    racers = RaceSimulation([Contestant(name, replace_field(asked.experiment, "optimizer", name)) for name in RACERS])
    racers.frame(racers.advance(racers.first_state(), 1000))


def many(asked: Asked) -> None:
    """A hundred starts, 300 steps each, with their mean picture."""
    all_of(SeedEnsemble(asked.experiment, networks=100, steps=300).work())


def all_of(work: Iterator[object]) -> None:
    """Do all of a work."""
    for _ in work:
        pass


QUESTIONS: dict[str, Callable[[Asked], object]] = {
    "importance of units": lambda asked: Ablation(asked.trainer)(asked.state),
    "losses of samples": lambda asked: SampleLosses(asked.trainer)(asked.state),
    "who pulls": lambda asked: PerExampleGradients(asked.trainer)(asked.state, point=3),
    "step by step": lambda asked: StepExplainer(asked.trainer)(asked.state),
    "gradient flow": lambda asked: LayerFlowAnalysis(asked.trainer)(asked.state),
    "race of four, 1,000 steps": race,
    "landscape, random directions": lambda asked: all_of(PlaneJob(asked.descent, "random").work()),
    "landscape, sharpest directions": lambda asked: all_of(PlaneJob(asked.descent, "hessian").work()),
    "sharpness on the way": lambda asked: all_of(SharpnessJob(asked.descent).work()),
    "line to another start": lambda asked: all_of(InterpolationJob(asked.descent, 7).work()),
    "which way": lambda asked: all_of(Hypergradient(asked.trainer).work(asked.state, asked.trainer.knobs())),
    "luck, 100 starts, 300 steps": many,
}


def networks(seed: int) -> Iterator[Experiment]:
    """Networks of one to four hidden layers of one to eight units, each another one."""
    rng, seen = np.random.default_rng(seed), set()
    while True:
        hidden = tuple(int(width) for width in rng.integers(2, 9, rng.integers(1, 5)))
        if hidden not in seen:
            seen.add(hidden)
            yield Experiment.of(hidden=list(hidden), activation=str(rng.choice(ACTIVATIONS)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="networks never seen for each question")
    rounds = parser.parse_args().rounds
    print(f"Python {platform.python_version()}, {platform.machine()}, {time.strftime('%Y-%m-%d')}\n")
    print("| asked | first of its size, s | never seen, s | slowest, s |\n|---|---|---|---|")
    never_seen = networks(0)
    for name, question in QUESTIONS.items():
        seconds = []
        for _ in range(rounds + 1):
            asked = Asked(next(never_seen))
            begun = time.perf_counter()
            question(asked)
            seconds.append(time.perf_counter() - begun)
        first, *others = seconds
        record(f"seconds to an answer, a network never seen: {name}", *figures(others, "s", 2))
        print(f"| {name} | {first:.2f} | {median(others):.2f} | {max(others):.2f} |", flush=True)


if __name__ == "__main__":
    main()
