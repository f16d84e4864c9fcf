"""The same network and recipe in PyTorch."""

from __future__ import annotations

from playground.export.recipe import (
    FOCAL_TEXT,
    STOPPED_TEXT,
    early_stopping,
    early_stopping_start,
    epoch_length,
    main_block,
    network_text,
    rate,
    sizes,
    start_block,
    stops_early,
    targets,
    usage,
)
from playground.export.source import (
    Subject,
    answers_block,
    comment,
    data_block,
    docstring,
    literal,
    read_weights_block,
    title,
    unpack_block,
)
from playground.export.update_rules import RULES, constants, rule_knobs, update_lines
from playground.language import mark, t
from playground.nn.normalization import EPSILON, RUNNING
from playground.objectives.optimizers import OPTIMIZERS
from playground.training.train_loop import LOSS_BOUND

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
    "hinge": "torch.maximum(1 - output * y, torch.zeros(())).sum(1)",
    "squared_hinge": "torch.maximum(1 - output * y, torch.zeros(())).square().sum(1)",
    "focal": "focal(output, y)",
    "huber": 'F.huber_loss(output, y, reduction="none", delta=HUBER_DELTA).sum(1)',
    "log_cosh": "((output - y).abs() + torch.log1p(torch.exp(-2 * (output - y).abs())) - math.log(2.0)).sum(1)",
}
FOCAL = """    if output.shape[1] == 1:
        output, y = torch.cat([torch.zeros_like(output), output], 1), torch.cat([1 - y, y], 1)
    log_p = F.log_softmax(output, 1)
    return -(y * (-torch.expm1(log_p)).clamp(min=1e-12) ** FOCAL_GAMMA * log_p).sum(1)
"""
SAME = {
    "sgd": "torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)",
    "nesterov": "torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, nesterov=True)",
    "adam": "torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, betas=(BETA1, BETA2), eps=EPSILON)",
    "adamw": (
        "torch.optim.AdamW(\n        model.parameters(), lr=LEARNING_RATE, betas=(BETA1, BETA2), eps=EPSILON, "
        "weight_decay=WEIGHT_DECAY\n    )"
    ),
    "adadelta": "torch.optim.Adadelta(model.parameters(), lr=LEARNING_RATE, rho=DECAY, eps=EPSILON)",
}
"""PyTorch's own optimizers, where they are the same functions as ours."""
OTHERWISE = {
    "nadam": mark("PyTorch's begins with half of beta 1, and lets it grow."),
    "amsgrad": mark("PyTorch's takes the largest mean square before the bias is corrected."),
    "radam": mark("PyTorch's adds epsilon before the bias is corrected."),
    "rmsprop": mark(
        "PyTorch's adds epsilon outside of the root, and its momentum does not hold the learning rates of past steps."
    ),
    "adagrad": mark("PyTorch's adds epsilon outside of the root."),
    "adafactor": mark("PyTorch's measures its steps in another way."),
}
"""What PyTorch's optimizers of the same names do otherwise."""


def to_torch(subject: Subject) -> str:
    """The script's text."""
    network, knobs = subject.trainer.network, subject.experiment.knobs
    name = subject.experiment.structure.optimizer
    answers = t("Answers for rows as they are in the data, by a model, or else with the weights above.")
    parts = [
        _head(subject),
        unpack_block(),
        comment(t("The samples as the network sees them, targets as the loss wants them."))
        + "\n"
        + data_block(subject),
        answers_block(subject),
        comment(t("The weights it starts from.")) + "\n" + start_block(subject),
        read_weights_block(),
        "\n".join(["class BatchNorm(nn.Module):", docstring(t(BATCH_NORM_TEXT)), BATCH_NORM])
        if network.normalization == "batch"
        else "",
        _network(subject),
        "\n".join(["def loaded(arrays):", docstring(t("The network with these weights.")), LOADED]),
        "\n".join(["def focal(output, y):", docstring(t(FOCAL_TEXT)), FOCAL])
        if subject.experiment.structure.loss == "focal"
        else "",
        _losses(subject),
        "" if OPTIMIZERS[name].line_search else _training(subject),
        "\n".join(["def predict(rows, model=None):", docstring(answers), PREDICT]),
        main_block(subject),
    ]
    names = set(subject.loss.knobs)
    if not OPTIMIZERS[name].line_search:
        names |= rule_knobs(name) | {knob for knob in ("l1", "l2", "clip_norm", "weight_decay") if getattr(knobs, knob)}
    parts[1:1] = [f"{sizes(subject)}\n" + constants(subject, names | {"learning_rate"})]
    text = "\n\n\n".join(part.strip("\n") for part in parts if part) + "\n"
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _head(subject: Subject) -> str:
    head = t("{title}: a Neural Playground run in PyTorch.", title=title(subject))
    text = f"{head}\n\n{usage(subject, 'PyTorch', t('It needs torch and numpy.'))}\n"
    return f"""{docstring(text, 0)}

import argparse
import base64
import copy
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn"""


def _network(subject: Subject) -> str:
    network, dropout = subject.trainer.network, subject.experiment.knobs.dropout
    norm = {
        "none": "",
        "batch": "BatchNorm(b) for a, b in pairs[:-1]",
        "layer": f"nn.LayerNorm(b, eps={EPSILON}) for a, b in pairs[:-1]",
    }[network.normalization]
    lines = [
        f"ACTIVATIONS = [{', '.join(ACTIVATIONS[name] for name in network.activations)}]",
        "",
        "",
        "class Network(nn.Module):",
        docstring(network_text(subject)),
        "",
        "    def __init__(self):",
        "        super().__init__()",
        f"        widths = {list(network.widths)}",
        "        pairs = list(zip(widths, widths[1:]))",
        "        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairs)",
        f"        self.norms = nn.ModuleList({norm})",
        "",
        "    def forward(self, h):",
        "        for i, layer in enumerate(self.layers):",
        "            new = layer(h)",
    ]
    if norm:
        lines += ["            if i < len(self.norms):", "                new = self.norms[i](new)"]
    lines += ["            new = ACTIVATIONS[i](new)"]
    if dropout:
        lines += [
            "            if i < len(self.layers) - 1:",
            f"                new = F.dropout(new, {dropout!r}, self.training)",
        ]
    lines += [
        "            h = h + new if i < len(self.layers) - 1 and h.shape == new.shape else new"
        if network.residual
        else "            h = new",
        "        return h",
    ]
    return "\n".join(lines)


def _losses(subject: Subject) -> str:
    return "\n".join(
        [
            "def losses(output, y):",
            docstring(t("The loss of each sample.")),
            f"    return {LOSSES[subject.experiment.structure.loss]}",
            "",
            "",
            "def mean_loss(model, x, y):",
            docstring(t("The mean loss over a whole set, nothing dropped.")),
            "    model.eval()",
            "    with torch.no_grad():",
            "        return float(losses(model(torch.tensor(x.copy())), torch.tensor(y.copy())).mean())",
        ]
    )


def _optimizer(subject: Subject) -> tuple[str, str]:
    """The optimizer as an expression, and the class that it needs, if any."""
    name, knobs = subject.experiment.structure.optimizer, subject.experiment.knobs
    if name in SAME and not (name == "nesterov" and not knobs.momentum):
        return SAME[name], ""
    if name == "nesterov":
        return SAME["sgd"], ""
    rule = RULES[name]
    state = [
        f'                {slot} = state.get("{slot}", torch.full_like(p, {first!r}))'
        for slot, first in rule.state.items()
    ]
    kept = ", ".join(f"{slot}={slot}" for slot in rule.state)
    label = OPTIMIZERS[name].label
    why = OTHERWISE.get(name, mark("{library} has no {optimizer}.", library="PyTorch", optimizer=label))
    lines = [
        "class Descent(torch.optim.Optimizer):",
        docstring(t("{optimizer}, written out: {reason}", optimizer=label, reason=why)),
        "",
        "    def __init__(self, parameters, lr):",
        '        super().__init__(parameters, {"lr": lr})',
        "",
        "    @torch.no_grad()",
        "    def step(self):",
        "        ops = torch",
        "        for group in self.param_groups:",
        '            rate = group["lr"]',
        '            for p in group["params"]:',
        "                g, state = p.grad, self.state[p]",
        '                t = state.get("t", torch.tensor(0.0)) + 1',
        *state,
        update_lines(name, 16),
        f"                state.update(t=t, {kept})",
        "                p.sub_(step)",
    ]
    return "Descent(model.parameters(), lr=LEARNING_RATE)", "\n".join(lines)


def _training(subject: Subject) -> str:
    structure, knobs = subject.experiment.structure, subject.experiment.knobs
    optimizer, written = _optimizer(subject)
    decays = knobs.weight_decay and "weight_decay" not in OPTIMIZERS[structure.optimizer].knobs
    stops = stops_early(subject)
    move = [
        "def move(optimizer, parameters, gradients):",
        docstring(t("Take a step of the optimizer along these gradients.")),
    ]
    if decays:
        move += ["    before = [p.detach().clone() for p in parameters]"]
    move += [
        "    for p, gradient in zip(parameters, gradients):",
        "        p.grad = gradient",
        "    optimizer.step()",
    ]
    if decays:
        move += [
            "    with torch.no_grad():",
            "        for p, old in zip(parameters, before):",
            '            p.sub_(optimizer.param_groups[0]["lr"] * WEIGHT_DECAY * old)',
        ]
    step = [
        "def take_step(model, optimizer, x, y, count):",
        docstring(t("Take one step on a batch, and give whether all that it made is finite.")),
        "    parameters, weights = list(model.parameters()), [layer.weight for layer in model.layers]",
        "    model.train()",
        f"    loss = losses(model(x), {targets(subject)}).mean()",
        "    optimizer.zero_grad()",
        "    loss.backward()",
        "    by_data = [p.grad for p in parameters]"
        if not knobs.l2
        else "    by_data = [p.grad + L2 * p.detach() if any(p is w for w in weights) else p.grad for p in parameters]",
        "    gradients = by_data"
        if not knobs.l1
        else "    gradients = [g + L1 * p.detach().sign() if any(p is w for w in weights) else g\n"
        "                 for p, g in zip(parameters, by_data)]",
        "    norm = torch.sqrt(sum(g.square().sum() for g in gradients))",
    ]
    if knobs.clip_norm:
        step += ["    shrink = CLIP_NORM / norm if norm > CLIP_NORM else 1.0"]
        step += [
            f"    {gradient} = [g * shrink for g in {gradient}]"
            for gradient in (("by_data", "gradients") if knobs.l1 else ("gradients",))
        ]
    if knobs.l1:
        step += [
            comment(
                t("L1 as in TensorFlow Playground: what it alone would carry over 0 becomes 0, and stays there."), 4
            ),
            "    start, state = [p.detach().clone() for p in parameters], copy.deepcopy(optimizer.state_dict())",
            "    sides = [w.detach().sign() for w in weights]",
            "    move(optimizer, parameters, by_data)",
            "    sides_by_data = [w.detach().sign() for w in weights]",
            "    with torch.no_grad():",
            "        for p, old in zip(parameters, start):",
            "            p.copy_(old)",
            "    optimizer.load_state_dict(state)",
        ]
    step += ["    move(optimizer, parameters, gradients)"]
    if knobs.l1:
        step += [
            "    with torch.no_grad():",
            "        for w, side, by_data in zip(weights, sides, sides_by_data):",
            "            carried_over = (side != 0) & (by_data == side) & (w.sign() == -side)",
            "            w[carried_over | ((side == 0) & (count > 0))] = 0.0",
        ]
    step += [
        "    finite = all(bool(torch.isfinite(value).all()) for value in model.state_dict().values())",
        f"    return finite and abs(float(loss.detach())) < {LOSS_BOUND:g} and bool(torch.isfinite(norm))",
    ]
    order = "torch.randperm(len(x))" if structure.shuffle else "torch.arange(len(x))"
    train = [
        "def train(model, steps, watch=None):",
        docstring(
            t("Take so many optimizer steps, and give the step it ends at; ``watch(count)`` is called after each.")
        ),
        f"    optimizer = {optimizer}",
        "    x, y = torch.tensor(TRAIN_X.copy()), torch.tensor(TRAIN_Y.copy())",
        *epoch_length(),
        *([early_stopping_start("model, TEST_X, TEST_Y")] if stops else []),
        "    while count < end:",
        f"        for rows in {order}.split(BATCH_SIZE)[count % each :]:",
        "            if count == end:",
        "                break",
        "            for group in optimizer.param_groups:",
        f'                group["lr"] = {rate(subject)}',
        "            before = copy.deepcopy(model.state_dict())",
        "            if not take_step(model, optimizer, x[rows], y[rows], count):",
        comment(t("A step whose numbers are not finite is not taken."), 16),
        "                model.load_state_dict(before)",
        f"                print(f{literal(t(STOPPED_TEXT))}, file=sys.stderr)",
        "                return count",
        "            count += 1",
        "            if watch:",
        "                watch(count)",
        *(early_stopping(subject, "model, TEST_X, TEST_Y") if stops else []),
        "    return count",
    ]
    return "\n\n\n".join(part for part in (written, "\n".join(move), "\n".join(step), "\n".join(train)) if part)


LOADED = """    model = Network()
    with torch.no_grad():
        for i, layer in enumerate(model.layers):
            layer.weight.copy_(torch.tensor(arrays[f"layers.{i}.w"].T.copy()))
            layer.bias.copy_(torch.tensor(arrays[f"layers.{i}.b"].copy()))
        for i, norm in enumerate(model.norms):
            norm.weight.copy_(torch.tensor(arrays[f"layers.{i}.scale"].copy()))
            norm.bias.copy_(torch.tensor(arrays[f"layers.{i}.offset"].copy()))
            if f"layers.{i}.mean" in arrays:
                norm.mean.copy_(torch.tensor(arrays[f"layers.{i}.mean"].copy()))
                norm.variance.copy_(torch.tensor(arrays[f"layers.{i}.variance"].copy()))
    return model
"""

BATCH_NORM_TEXT = mark(
    "Batch normalisation, written out: PyTorch's keeps the unbiased variance, and refuses a batch of one row."
)
BATCH_NORM = f"""
    def __init__(self, width):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("variance", torch.ones(width))

    def forward(self, z):
        mean, variance = self.mean, self.variance
        if self.training:
            mean, variance = z.mean(0), z.var(0, unbiased=False)
            self.mean = {RUNNING} * self.mean + {1 - RUNNING:.6g} * mean.detach()
            self.variance = {RUNNING} * self.variance + {1 - RUNNING:.6g} * variance.detach()
        return (z - mean) / torch.sqrt(variance + {EPSILON}) * self.weight + self.bias
"""

PREDICT = """    model = model or loaded(START)
    model.eval()
    with torch.no_grad():
        return answers(model(torch.tensor(inputs(rows))).numpy())
"""
