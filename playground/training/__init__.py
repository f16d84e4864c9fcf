"""From an experiment to states: data, the compiled training step, and the cache of programs."""

from playground.training.train_loop import TrainState
from playground.training.trainer import Scores, Trainer

__all__ = ["Scores", "TrainState", "Trainer"]
