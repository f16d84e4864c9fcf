"""The same network and recipe in PyTorch."""

from __future__ import annotations

from playground.errors import PlaygroundError
from playground.export.source import READ_WEIGHTS, UNPACK, Subject, data_block, differences, packed, title
from playground.nn.normalization import EPSILON, RUNNING
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import END, FLOOR, RISE

ACTIVATIONS = {
    "relu": "torch.relu",
    "tanh": "torch.tanh",
    "sigmoid": "torch.sigmoid",
    "identity": "lambda z: z",
    "gelu": "F.gelu",
    "leaky_relu": "F.leaky_relu",
    "elu": "F.elu",
    "selu": "F.selu",
    "celu": "F.celu",
    "silu": "F.silu",
    "mish": "F.mish",
    "softplus": "F.softplus",
    "soft_sign": "F.softsign",
    "hard_tanh": "F.hardtanh",
    "hard_sigmoid": "F.hardsigmoid",
    "hard_silu": "F.hardswish",
    "relu6": "F.relu6",
    "squareplus": "lambda z: 0.5 * (z + torch.sqrt(z * z + 4))",
    "log_sigmoid": "F.logsigmoid",
    "sine": "torch.sin",
    "gaussian": "lambda z: torch.exp(-z * z)",
}
LOSSES = {
    "mse": "0.5 * (output - y).square().sum(1)",
    "binary_cross_entropy": 'F.binary_cross_entropy_with_logits(output, y, reduction="none").sum(1)',
    "softmax_cross_entropy": "-(y * F.log_softmax(output, 1)).sum(1)",
    "hinge": "torch.relu(1 - output * y).sum(1)",
    "squared_hinge": "torch.relu(1 - output * y).square().sum(1)",
    "focal": "focal(output, y)",
    "huber": 'F.huber_loss(output, y, reduction="none", delta={huber_delta}).sum(1)',
    "log_cosh": "(output - y).cosh().log().sum(1)",
}
FOCAL = '''def focal(output, y):
    """Cross-entropy that looks away from samples which are already right."""
    if output.shape[1] == 1:
        output, y = torch.cat([torch.zeros_like(output), output], 1), torch.cat([1 - y, y], 1)
    log_p = F.log_softmax(output, 1)
    return -(y * (1 - log_p.exp()).clamp(min=1e-12) ** {focal_gamma} * log_p).sum(1)
'''
OPTIMIZERS_THERE = {
    "sgd": "torch.optim.SGD(model.parameters(), lr=RATE, momentum={momentum})",
    "nesterov": "torch.optim.SGD(model.parameters(), lr=RATE, momentum={momentum}, nesterov=True)",
    "adam": "torch.optim.Adam(model.parameters(), lr=RATE, betas=({beta1}, {beta2}), eps={epsilon})",
    "adamw": "torch.optim.AdamW(model.parameters(), lr=RATE, betas=({beta1}, {beta2}), eps={epsilon}, weight_decay={weight_decay})",
    "nadam": "torch.optim.NAdam(model.parameters(), lr=RATE, betas=({beta1}, {beta2}), eps={epsilon}, momentum_decay=0)",
    "amsgrad": "torch.optim.Adam(model.parameters(), lr=RATE, betas=({beta1}, {beta2}), eps={epsilon}, amsgrad=True)",
    "radam": "torch.optim.RAdam(model.parameters(), lr=RATE, betas=({beta1}, {beta2}), eps={epsilon})",
    "rmsprop": "torch.optim.RMSprop(model.parameters(), lr=RATE, alpha={decay}, eps={epsilon}, momentum={momentum})",
    "adagrad": "torch.optim.Adagrad(model.parameters(), lr=RATE, eps={epsilon}, initial_accumulator_value=0.1)",
    "adadelta": "torch.optim.Adadelta(model.parameters(), lr=RATE, rho={decay}, eps={epsilon})",
    "adafactor": "torch.optim.Adafactor(model.parameters(), lr=RATE)",
    "lbfgs": 'torch.optim.LBFGS(model.parameters(), lr=1, max_iter=1, history_size=10, line_search_fn="strong_wolfe")',
}
NEAREST = {"textbook_adam": "adam", "adabelief": "adam", "yogi": "adam", "lion": "adamw", "lamb": "adamw"}
"""What stands in for optimizers that PyTorch does not have; the script says so."""


def schedule(subject: Subject) -> str:
    """The factor of the learning rate at ``count`` steps as a Python expression."""
    knobs = subject.experiment.knobs
    length, rate, warm = knobs.schedule_steps, knobs.decay_rate, knobs.warmup_steps
    at = f"min(count / {length!r}, 1.0)"
    return {
        "constant": "1.0",
        "step": f"{rate!r} ** math.floor(count / {length!r})",
        "exponential": f"{rate!r} ** (count / {length!r})",
        "cosine": f"0.5 * (1 + math.cos(math.pi * {at}))",
        "one_cycle": (
            f"({FLOOR!r} + {1 - FLOOR!r} * 0.5 * (1 - math.cos(math.pi * {at} / {RISE!r})) if {at} < {RISE!r} else "
            f"{END!r} + {1 - END!r} * 0.5 * (1 + math.cos(math.pi * ({at} - {RISE!r}) / {1 - RISE!r})))"
        ),
        "warmup_cosine": (
            f"(count / {max(warm, 1.0)!r} if count < {warm!r} else 0.5 * (1 + math.cos(math.pi * "
            f"min((count - {warm!r}) / {max(length - warm, 1.0)!r}, 1.0))))"
        ),
    }[subject.experiment.structure.schedule]


def targets(subject: Subject) -> str:
    """The targets in training as an expression: smoothed where that is asked for."""
    smoothing = subject.experiment.knobs.label_smoothing
    if not smoothing or subject.experiment.task == "regression":
        return "y"
    share = "" if subject.loss.encoding == "sign" else f" + {smoothing / max(2, subject.trainer.network.widths[-1])!r}"
    return f"y * {1 - smoothing!r}{share}"


def start_block(subject: Subject) -> str:
    """The start's arrays by name."""
    tensors = {
        f"layers.{i}.{name}": value for i, layer in enumerate(subject.state.params) for name, value in layer.items()
    }
    tensors |= {
        f"layers.{i}.{name}": value for i, layer in enumerate(subject.state.stats) for name, value in layer.items()
    }
    return "START = {\n" + ",\n".join(f'    "{name}": {packed(value)}' for name, value in tensors.items()) + ",\n}"


def to_torch(subject: Subject) -> str:
    """The script's text; raises ``PlaygroundError`` for an activation that it does not know."""
    structure, knobs = subject.experiment.structure, subject.experiment.knobs
    network = subject.trainer.network
    missing = [name for name in network.activations if name not in ACTIVATIONS]
    if missing:
        raise PlaygroundError(f"PyTorch has no activation {missing[0]}; choose another, or export to jax.")
    ours = structure.optimizer
    theirs = NEAREST.get(ours, ours)
    values = {name: repr(getattr(knobs, name)) for name in knobs.__dataclass_fields__}
    optimizer = OPTIMIZERS_THERE[theirs].format(**values)
    stands_in = (
        f"# PyTorch has no {OPTIMIZERS[ours].label}: the nearest stands in for it.\n    " if theirs != ours else ""
    )
    normalized = network.normalization != "none"
    norm = {
        "batch": f"nn.BatchNorm1d(b, eps={EPSILON}, momentum={1 - RUNNING:.6g})",
        "layer": f"nn.LayerNorm(b, eps={EPSILON})",
    }
    widths = list(network.widths)
    penalty = " + ".join(
        term
        for term, on in (
            (f"{knobs.l1!r} * w.abs().sum()", knobs.l1),
            (f"{knobs.l2 / 2!r} * w.square().sum()", knobs.l2),
        )
        if on
    )
    decays = knobs.weight_decay and "weight_decay" not in OPTIMIZERS[ours].knobs
    forward = [
        "        for i, layer in enumerate(self.layers):",
        "            new = layer(h)",
        *(["            if i < len(self.norms):", "                new = self.norms[i](new)"] if normalized else []),
        "            new = ACTIVATIONS[i](new)",
        *(
            [
                "            if i < len(self.layers) - 1:",
                f"                new = F.dropout(new, {knobs.dropout!r}, self.training)",
            ]
            if knobs.dropout
            else []
        ),
        (
            "            h = h + new if i < len(self.layers) - 1 and h.shape == new.shape else new"
            if network.residual
            else "            h = new"
        ),
        "        return h",
    ]
    clip = [f"        nn.utils.clip_grad_norm_(model.parameters(), {knobs.clip_norm!r})"] if knobs.clip_norm else []
    order = "torch.randperm(n)" if structure.shuffle else "torch.arange(n)"
    body = f'''"""{title(subject)}: the network and the recipe of a Neural Playground run, in PyTorch.

    python script.py --weights weights.safetensors --predict     outputs for the test samples, as JSON
    python script.py --steps 1000                                train, and print the loss over the train set

{differences(subject, "PyTorch")}
It needs torch and numpy.
"""

import argparse
import base64
import json
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

RATE, BATCH_SIZE = {knobs.learning_rate!r}, {subject.trainer.batch_size}


{UNPACK}

# The samples as the network sees them, targets as the loss wants them.
{data_block(subject)}

# The weights it starts from unless told.
{start_block(subject)}


{READ_WEIGHTS}

ACTIVATIONS = [{", ".join(ACTIVATIONS[name] for name in network.activations)}]


class Network(nn.Module):
    """Dense layers{", normalised" if normalized else ""}{", with residual connections" if network.residual else ""}."""

    def __init__(self):
        super().__init__()
        widths = {widths}
        pairs = list(zip(widths, widths[1:]))
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairs)
{f"        self.norms = nn.ModuleList({norm[network.normalization]} for a, b in pairs[:-1])" if normalized else "        self.norms = nn.ModuleList()"}

    def forward(self, h):
{chr(10).join(forward)}


def loaded(arrays):
    """The network with these weights."""
    model = Network()
    with torch.no_grad():
        for i, layer in enumerate(model.layers):
            layer.weight.copy_(torch.tensor(arrays[f"layers.{{i}}.w"].T.copy()))
            layer.bias.copy_(torch.tensor(arrays[f"layers.{{i}}.b"].copy()))
        for i, norm in enumerate(model.norms):
            norm.weight.copy_(torch.tensor(arrays[f"layers.{{i}}.scale"].copy()))
            norm.bias.copy_(torch.tensor(arrays[f"layers.{{i}}.offset"].copy()))
            if f"layers.{{i}}.mean" in arrays:
                norm.running_mean.copy_(torch.tensor(arrays[f"layers.{{i}}.mean"].copy()))
                norm.running_var.copy_(torch.tensor(arrays[f"layers.{{i}}.variance"].copy()))
    return model


{FOCAL.format(**values) + chr(10) + chr(10) if structure.loss == "focal" else ""}def losses(output, y):
    """The loss of each sample."""
    return {LOSSES[structure.loss].format(**values)}


def train(model, steps):
    """So many optimizer steps."""
    {stands_in}optimizer = {optimizer}
    x, y = torch.tensor(TRAIN_X.copy()), torch.tensor(TRAIN_Y.copy())
    n, count = len(x), 0
    model.train()
    order, at = {order}, 0
    while count < steps:
        if at >= n:
            order, at = {order}, 0
        rows = order[at : at + BATCH_SIZE]
        at += BATCH_SIZE
        for group in optimizer.param_groups:
            group["lr"] = {"1.0" if structure.optimizer == "lbfgs" else f"RATE * ({schedule(subject)})"}

        def closure():
            optimizer.zero_grad()
            loss = losses(model(x[rows]), {targets(subject).replace("y", "y[rows]", 1)}).mean()
{f"            loss = loss + sum({penalty} for w in (layer.weight for layer in model.layers))" if penalty else ""}
            loss.backward()
            return loss

{chr(10).join(["        optimizer.step(closure)"] if structure.optimizer == "lbfgs" else ["        closure()", *clip, *decay_lines(decays, knobs.weight_decay), "        optimizer.step()"])}
        count += 1
    model.eval()
    with torch.no_grad():
        return float(losses(model(x), y).mean())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train, or predict.")
    parser.add_argument("--weights", help="start from these weights (safetensors)")
    parser.add_argument("--steps", type=int, default=1000, help="optimizer steps (1000 unless told)")
    parser.add_argument("--predict", action="store_true", help="print the outputs for the test samples instead")
    arguments = parser.parse_args()
    model = loaded(read_weights(arguments.weights) if arguments.weights else START)
    if arguments.predict:
        model.eval()
        with torch.no_grad():
            print(json.dumps(model(torch.tensor(TEST_X.copy())).tolist()))
    else:
        print(json.dumps({{"step": arguments.steps, "train_loss": train(model, arguments.steps)}}))
'''
    return "\n".join(line.rstrip() for line in body.split("\n"))


def decay_lines(decays: bool | float, amount: float) -> list[str]:
    """Decoupled weight decay before the step, which leaves the optimizer's own step as it is."""
    if not decays:
        return []
    return [
        "        with torch.no_grad():",
        "            for parameter in model.parameters():",
        f'                parameter.mul_(1 - optimizer.param_groups[0]["lr"] * {amount!r})',
    ]
