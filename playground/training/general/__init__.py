"""One compiled training loop for every small network: its layers, activations, loss, optimizer and schedule are
arguments.

All layers have one shape, inputs and output included, and the network is a loop over them whose end is an argument; the
backward loop is written by hand. A network of two layers pays for two, and another network needs no compiler.
"""

from playground.training.general.bucket import BUCKETS_AHEAD, Bucket, bucket_of
from playground.training.general.objective import objective, objective_gradient
from playground.training.general.padded import (
    PaddedNetwork,
    PaddedState,
    Plan,
    example_plan,
    example_split,
    example_state,
)
from playground.training.general.passes import ForwardPass, backward_pass, forward_pass
from playground.training.general.train_loop import make_train_loop, outputs_of

__all__ = [
    "BUCKETS_AHEAD",
    "Bucket",
    "ForwardPass",
    "PaddedNetwork",
    "PaddedState",
    "Plan",
    "backward_pass",
    "bucket_of",
    "example_plan",
    "example_split",
    "example_state",
    "forward_pass",
    "make_train_loop",
    "objective",
    "objective_gradient",
    "outputs_of",
]
