"""Neural Playground: see a small neural network learn, and why.

``playground/DESIGN.md`` lists the layers, each of which imports only those before it; ``tests/test_house.py`` holds
their order.

``from playground import Experiment, Trainer`` is the headless API: neither Streamlit nor Plotly is loaded by it.
"""

import playground.programs.compiler_flags  # noqa: F401  # first: JAX reads them when it starts
from playground.errors import PlaygroundError
from playground.experiment import Experiment, Knobs, Problem, Structure
from playground.training import Trainer, TrainState

__all__ = ["Experiment", "Knobs", "PlaygroundError", "Problem", "Structure", "TrainState", "Trainer"]
