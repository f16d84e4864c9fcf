"""The same network and recipe in Keras 3."""

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
    "identity": '"linear"',
    "soft_sign": '"softsign"',
    "hard_tanh": '"hard_tanh"',
    "leaky_relu": "lambda z: ops.leaky_relu(z, 0.01)",
    "gelu": "lambda z: ops.gelu(z, approximate=False)",
    "sine": "ops.sin",
    "gaussian": "lambda z: ops.exp(-z * z)",
    "squareplus": "lambda z: 0.5 * (z + ops.sqrt(z * z + 4))",
}
"""Where Keras has another name, or none, for one of our activations."""
LOSSES = {
    "mse": "0.5 * ops.sum(ops.square(output - y), 1)",
    "binary_cross_entropy": "ops.sum(ops.softplus(output) - output * y, 1)",
    "softmax_cross_entropy": "-ops.sum(y * ops.log_softmax(output, 1), 1)",
    "hinge": "ops.sum(ops.maximum(1 - output * y, 0), 1)",
    "squared_hinge": "ops.sum(ops.square(ops.maximum(1 - output * y, 0)), 1)",
    "focal": "focal(output, y)",
    "huber": "ops.sum(huber(ops.abs(output - y)), 1)",
    "log_cosh": "ops.sum(ops.abs(output - y) + ops.log1p(ops.exp(-2 * ops.abs(output - y))) - math.log(2.0), 1)",
}
EXTRA_HEADS = {
    "focal": ("def focal(output, y):", FOCAL_TEXT),
    "huber": ("def huber(error):", mark("Quadratic for small errors, linear for large ones.")),
}
EXTRA = {
    "focal": """    if output.shape[1] == 1:
        output, y = ops.concatenate([ops.zeros_like(output), output], 1), ops.concatenate([1 - y, y], 1)
    log_p = ops.log_softmax(output, 1)
    return -ops.sum(y * ops.maximum(-ops.expm1(log_p), 1e-12) ** FOCAL_GAMMA * log_p, 1)


""",
    "huber": """    near = ops.minimum(error, HUBER_DELTA)
    return 0.5 * ops.square(near) + HUBER_DELTA * (error - near)


""",
}
SAME = {
    "sgd": "SGD(LEARNING_RATE, momentum=MOMENTUM",
    "nesterov": "SGD(LEARNING_RATE, momentum=MOMENTUM, nesterov=MOMENTUM > 0",
    "rmsprop": "RMSprop(LEARNING_RATE, rho=DECAY, momentum=MOMENTUM, epsilon=EPSILON",
    "adagrad": "Adagrad(LEARNING_RATE, initial_accumulator_value=0.1, epsilon=EPSILON",
    "adadelta": "Adadelta(LEARNING_RATE, rho=DECAY, epsilon=EPSILON",
    "lion": "Lion(LEARNING_RATE, beta_1=BETA1, beta_2=BETA2, weight_decay=WEIGHT_DECAY",
    "lamb": "Lamb(LEARNING_RATE, beta_1=BETA1, beta_2=BETA2, epsilon=EPSILON",
}
"""Keras's own optimizers, where they are the same functions as ours: momentum without a schedule, LAMB without
decay."""
EPSILON_FIRST = mark("Keras's adds epsilon before the bias is corrected.")
OTHERWISE = {
    "sgd": mark("Keras's velocity holds the learning rates of past steps, which a schedule changes."),
    "nesterov": mark("Keras's velocity holds the learning rates of past steps, which a schedule changes."),
    "adam": EPSILON_FIRST,
    "adamw": EPSILON_FIRST,
    "nadam": mark("Keras's begins with half of beta 1, and lets it grow."),
    "amsgrad": mark("Keras's takes the largest mean square before the bias is corrected."),
    "adafactor": mark("Keras's measures its steps in another way."),
    "lamb": mark("Keras's decays the weights apart from the step's length."),
}
"""What Keras's optimizers of the same names do otherwise."""


def activation(name: str) -> str:
    """The activation as Keras takes it."""
    return ACTIVATIONS.get(name, f'"{name}"')


def layers(subject: Subject) -> list[str]:
    """The lines that build the functional model."""
    network, dropout = subject.trainer.network, subject.experiment.knobs.dropout
    norm = {
        "batch": f"keras.layers.BatchNormalization(epsilon={EPSILON}, momentum={RUNNING}, name=f'norm{{i}}')",
        "layer": f"keras.layers.LayerNormalization(epsilon={EPSILON}, name=f'norm{{i}}')",
    }
    lines = [
        "    x = h = keras.Input((WIDTHS[0],))",
        "    for i, width in enumerate(WIDTHS[1:]):",
        "        last = i == len(WIDTHS) - 2",
        "        new = keras.layers.Dense(width, name=f'dense{i}')(h)",
    ]
    if network.normalization != "none":
        lines += ["        if not last:", f"            new = {norm[network.normalization]}(new)"]
    lines += ["        new = keras.layers.Activation(ACTIVATIONS[i])(new)"]
    if dropout:
        lines += ["        if not last:", f"            new = keras.layers.Dropout({dropout!r})(new)"]
    skip = "keras.layers.add([h, new]) if not last and h.shape == new.shape else new" if network.residual else "new"
    return [*lines, f"        h = {skip}", "    return keras.Model(x, h)"]


def to_keras(subject: Subject) -> str:
    """The script's text."""
    network, knobs = subject.trainer.network, subject.experiment.knobs
    loss, name = subject.experiment.structure.loss, subject.experiment.structure.optimizer
    names = {"learning_rate", *subject.loss.knobs}
    if not OPTIMIZERS[name].line_search:
        names |= rule_knobs(name) | {knob for knob in ("l1", "l2", "clip_norm", "weight_decay") if getattr(knobs, knob)}
    elif knobs.l2:
        names |= {"l2"}
    answers = t("Answers for rows as they are in the data, by a model, or else with the weights above.")
    parts = [
        _head(subject),
        f"{sizes(subject)}\n" + constants(subject, names),
        f"WIDTHS = {list(network.widths)}\nACTIVATIONS = "
        f"[{', '.join(activation(hidden_activation) for hidden_activation in network.activations)}]",
        unpack_block(),
        comment(t("The samples as the network sees them, targets as the loss wants them."))
        + "\n"
        + data_block(subject),
        answers_block(subject),
        comment(t("The weights it starts from.")) + "\n" + start_block(subject),
        read_weights_block(),
        _network(subject),
        "\n".join(["def loaded(arrays):", docstring(t("The network with these weights.")), LOADED]),
        _extra(loss),
        _losses(subject),
        "" if OPTIMIZERS[name].line_search else _training(subject),
        "\n".join(["def predict(rows, model=None):", docstring(answers), PREDICT]),
        main_block(subject),
    ]
    text = "\n\n\n".join(part.strip("\n") for part in parts if part) + "\n"
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _head(subject: Subject) -> str:
    head = t("{title}: a Neural Playground run in Keras 3.", title=title(subject))
    text = f"{head}\n\n{usage(subject, 'Keras', t('It needs keras, a backend and numpy.'))}\n"
    return f"""{docstring(text, 0)}

import argparse
import base64
import json
import math
import sys

import keras
import numpy as np
from keras import ops"""


def _network(subject: Subject) -> str:
    build = layers(subject)
    if subject.experiment.knobs.l2:
        build = [
            line.replace("name=f'dense{i}'", "name=f'dense{i}', kernel_regularizer=keras.regularizers.L2(L2 / 2)")
            for line in build
        ]
    return "\n".join(["def network():", docstring(network_text(subject)), *build])


def _extra(loss: str) -> str:
    """The function that a loss needs, if any."""
    if loss not in EXTRA:
        return ""
    head, text = EXTRA_HEADS[loss]
    return "\n".join([head, docstring(t(text)), EXTRA[loss]])


def _losses(subject: Subject) -> str:
    return "\n".join(
        [
            "def losses(y, output):",
            docstring(t("The loss of each sample.")),
            f"    return {LOSSES[subject.experiment.structure.loss]}",
            "",
            "",
            "def mean_loss(model, x, y):",
            docstring(t("The mean loss over a whole set, nothing dropped.")),
            "    return float(ops.mean(losses(ops.convert_to_tensor(y), model(x, training=False))))",
        ]
    )


def _is_same(subject: Subject) -> bool:
    """Whether Keras's own optimizer is the same function as ours."""
    structure, knobs = subject.experiment.structure, subject.experiment.knobs
    if structure.optimizer in ("sgd", "nesterov"):
        return knobs.momentum == 0 or structure.schedule == "constant"
    if structure.optimizer == "lamb":
        return knobs.weight_decay == 0
    return structure.optimizer in SAME


def _optimizer(subject: Subject) -> tuple[str, str]:
    """The optimizer as an expression, and the class that it needs, if any."""
    name, knobs = subject.experiment.structure.optimizer, subject.experiment.knobs
    same = _is_same(subject)
    more_lines = ""
    if knobs.clip_norm and not knobs.l1:
        more_lines += ", global_clipnorm=CLIP_NORM"
    decays = bool(knobs.weight_decay) and "weight_decay" not in OPTIMIZERS[name].knobs
    if same and decays:
        more_lines += ", weight_decay=WEIGHT_DECAY"
    if same and not knobs.l1:
        return f"keras.optimizers.{SAME[name]}{more_lines})", ""
    kind, _, arguments = (SAME[name] if same else "Optimizer(learning_rate=LEARNING_RATE, name='descent'").partition(
        "("
    )
    label = OPTIMIZERS[name].label
    why = OTHERWISE.get(name, mark("{library} has no {optimizer}.", library="Keras", optimizer=label))
    described = (
        t("{optimizer}, and L1.", optimizer=label)
        if same
        else t("{optimizer}, written out: {reason}", optimizer=label, reason=why)
    )
    lines = [f"class Descent(keras.optimizers.{kind}):", docstring(described)]
    if not same:
        lines += _custom_optimizer(name, decays)
    if knobs.l1:
        sparse = t("L1 as in TensorFlow Playground: what it alone would carry over 0 becomes 0, and stays there.")
        apply = "    def apply(self, grads, trainable_variables=None):"
        lines += ["", apply, docstring(sparse, 8), SPARSE]
        lines += [CLIPPED] if knobs.clip_norm else []
        lines += [TWO_MOVES]
    return f"Descent({arguments}{more_lines})", "\n".join(lines)


def _custom_optimizer(name: str, decays: bool) -> list[str]:
    rule = RULES[name]
    build = [
        f'        self.{slot} = [self.add_variable_from_reference(v, "{slot}", {_initializer(first)}) for v '
        "in variables]"
        for slot, first in rule.state.items()
    ]
    return [
        "",
        "    def build(self, variables):",
        "        if self.built:",
        "            return",
        "        super().build(variables)",
        *build,
        "",
        "    def update_step(self, g, p, rate):",
        "        i, t = self._get_variable_index(p), ops.cast(self.iterations + 1, p.dtype)",
        "        " + ", ".join(rule.state) + " = " + ", ".join(f"self.{slot}[i]" for slot in rule.state),
        update_lines(name, 8),
        *(["        step = step + rate * WEIGHT_DECAY * p"] if decays else []),
        *(f"        self.assign(self.{slot}[i], {slot})" for slot in rule.state),
        "        self.assign_sub(p, step)",
    ]


def _initializer(first: float) -> str:
    return '"zeros"' if not first else f"keras.initializers.Constant({first!r})"


SPARSE = """        variables = list(trainable_variables or self._trainable_variables)
        weights = [v for v in variables if v.name == "kernel"]
        by_data = list(grads)
        grads = [g + L1 * ops.sign(v) if v.name == "kernel" else g for g, v in zip(by_data, variables)]"""
CLIPPED = """        norm = ops.sqrt(sum(ops.sum(ops.square(g)) for g in grads))
        shrink = ops.where(norm > CLIP_NORM, CLIP_NORM / norm, 1.0)
        by_data, grads = [g * shrink for g in by_data], [g * shrink for g in grads]"""
TWO_MOVES = """        started = self.iterations + FIRST_STEP
        before = [(v, ops.copy(v)) for v in [*variables, *self.variables]]
        super().apply(by_data, variables)
        sides_by_data = [ops.sign(w) for w in weights]
        for v, value in before:
            v.assign(value)
        sides = [ops.sign(w) for w in weights]
        super().apply(grads, variables)
        for w, side, by_data_side in zip(weights, sides, sides_by_data):
            carried_over = (side != 0) & (by_data_side == side) & (ops.sign(w) == -side)
            w.assign(ops.where(carried_over | ((side == 0) & (started > 0)), 0.0, ops.convert_to_tensor(w)))"""


def _training(subject: Subject) -> str:
    structure = subject.experiment.structure
    optimizer, written = _optimizer(subject)
    stops = stops_early(subject)
    order = "np.random.permutation(len(TRAIN_X))" if structure.shuffle else "np.arange(len(TRAIN_X))"
    lines = [
        "def train(model, steps, watch=None):",
        docstring(
            t("Take so many optimizer steps, and give the step it ends at; ``watch(count)`` is called after each.")
        ),
        f"    optimizer = {optimizer}",
        "    model.compile(optimizer=optimizer, loss=losses)",
        f"    x, y = TRAIN_X, {targets(subject).replace('y', 'TRAIN_Y', 1)}",
        *epoch_length(),
        *([early_stopping_start("model, TEST_X, TEST_Y")] if stops else []),
        "    while count < end:",
        f"        order = {order}",
        "        for at in range(count % each * BATCH_SIZE, len(order), BATCH_SIZE):",
        "            if count == end:",
        "                break",
        "            rows, before = order[at : at + BATCH_SIZE], model.get_weights()",
        f"            optimizer.learning_rate = {rate(subject)}",
        "            loss = float(model.train_on_batch(x[rows], y[rows]))",
        f"            if not (abs(loss) < {LOSS_BOUND:g} and all(np.isfinite(w).all() for w in model.get_weights())):",
        comment(t("A step whose numbers are not finite is not taken."), 16),
        "                model.set_weights(before)",
        f"                print(f{literal(t(STOPPED_TEXT))}, file=sys.stderr)",
        "                return count",
        "            count += 1",
        "            if watch:",
        "                watch(count)",
        *(early_stopping(subject, "model, TEST_X, TEST_Y") if stops else []),
        "    return count",
    ]
    return "\n\n\n".join(part for part in (written, "\n".join(lines)) if part)


LOADED = """    model = network()
    for i in range(len(WIDTHS) - 1):
        model.get_layer(f"dense{i}").set_weights([arrays[f"layers.{i}.w"], arrays[f"layers.{i}.b"]])
        if f"layers.{i}.scale" in arrays:
            names = [name for name in ("scale", "offset", "mean", "variance") if f"layers.{i}.{name}" in arrays]
            model.get_layer(f"norm{i}").set_weights([arrays[f"layers.{i}.{name}"] for name in names])
    return model
"""

PREDICT = """    model = model or loaded(START)
    return answers(ops.convert_to_numpy(model(inputs(rows), training=False)))
"""
