"""The same network and recipe in Keras 3."""

from __future__ import annotations

from playground.export.source import READ_WEIGHTS, UNPACK, Subject, data_block, differences, title
from playground.export.torch_script import schedule, start_block
from playground.nn.normalization import EPSILON, RUNNING
from playground.objectives.optimizers import OPTIMIZERS

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
    "binary_cross_entropy": "ops.sum(ops.maximum(output, 0) - output * y + ops.log1p(ops.exp(-ops.abs(output))), 1)",
    "softmax_cross_entropy": "-ops.sum(y * ops.log_softmax(output, 1), 1)",
    "hinge": "ops.sum(ops.relu(1 - output * y), 1)",
    "squared_hinge": "ops.sum(ops.square(ops.relu(1 - output * y)), 1)",
    "focal": "focal(output, y)",
    "huber": "ops.sum(huber(ops.abs(output - y)), 1)",
    "log_cosh": "ops.sum(ops.abs(output - y) + ops.log1p(ops.exp(-2 * ops.abs(output - y))) - math.log(2.0), 1)",
}
EXTRA = {
    "focal": '''def focal(output, y):
    """Cross-entropy that looks away from samples which are already right."""
    if output.shape[1] == 1:
        output, y = ops.concatenate([ops.zeros_like(output), output], 1), ops.concatenate([1 - y, y], 1)
    log_p = ops.log_softmax(output, 1)
    return -ops.sum(y * ops.maximum(1 - ops.exp(log_p), 1e-12) ** {focal_gamma} * log_p, 1)


''',
    "huber": '''def huber(error):
    """Quadratic for small errors, linear for large ones."""
    near = ops.minimum(error, {huber_delta})
    return 0.5 * ops.square(near) + {huber_delta} * (error - near)


''',
}
ADAM = "beta_1={beta1}, beta_2={beta2}, epsilon={epsilon}"
OPTIMIZERS_THERE = {
    "sgd": "keras.optimizers.SGD(RATE, momentum={momentum}{more})",
    "nesterov": "keras.optimizers.SGD(RATE, momentum={momentum}, nesterov=True{more})",
    "adam": f"keras.optimizers.Adam(RATE, {ADAM}{{more}})",
    "adamw": f"keras.optimizers.AdamW(RATE, {ADAM}, weight_decay={{weight_decay}}{{more}})",
    "nadam": f"keras.optimizers.Nadam(RATE, {ADAM}{{more}})",
    "amsgrad": f"keras.optimizers.Adam(RATE, {ADAM}, amsgrad=True{{more}})",
    "rmsprop": "keras.optimizers.RMSprop(RATE, rho={decay}, momentum={momentum}, epsilon={epsilon}{more})",
    "adagrad": "keras.optimizers.Adagrad(RATE, initial_accumulator_value=0.1, epsilon={epsilon}{more})",
    "adadelta": "keras.optimizers.Adadelta(RATE, rho={decay}, epsilon={epsilon}{more})",
    "adafactor": "keras.optimizers.Adafactor(RATE{more})",
    "lion": "keras.optimizers.Lion(RATE, beta_1={beta1}, beta_2={beta2}, weight_decay={weight_decay}{more})",
    "lamb": f"keras.optimizers.Lamb(RATE, {ADAM}, weight_decay={{weight_decay}}{{more}})",
}
NEAREST = {"textbook_adam": "adam", "adabelief": "adam", "radam": "adam", "yogi": "adam", "lbfgs": "adam"}
"""What stands in for optimizers that Keras does not have; the script says so."""


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
    structure, knobs = subject.experiment.structure, subject.experiment.knobs
    network = subject.trainer.network
    ours = structure.optimizer
    theirs = NEAREST.get(ours, ours)
    values = {name: repr(getattr(knobs, name)) for name in knobs.__dataclass_fields__}
    more = f", global_clipnorm={knobs.clip_norm!r}" if knobs.clip_norm else ""
    if knobs.weight_decay and "weight_decay" not in OPTIMIZERS[ours].knobs:
        more += f", weight_decay={knobs.weight_decay!r}"
    optimizer = OPTIMIZERS_THERE[theirs].format(more=more, **values)
    stands_in = (
        f"# Keras has no {OPTIMIZERS[ours].label}: the nearest stands in for it.\n    " if theirs != ours else ""
    )
    smoothing = knobs.label_smoothing if subject.experiment.task != "regression" else 0.0
    share = "" if subject.loss.encoding == "sign" else f" + {smoothing / max(2, network.widths[-1])!r}"
    smoothed = f"TRAIN_Y * np.float32({1 - smoothing!r}){share}" if smoothing else "TRAIN_Y"
    regularizer = f"keras.regularizers.L1L2({knobs.l1!r}, {knobs.l2 / 2!r})" if knobs.l1 or knobs.l2 else ""
    build = layers(subject)
    if regularizer:
        build = [
            line.replace("name=f'dense{i}'", f"name=f'dense{{i}}', kernel_regularizer={regularizer}") for line in build
        ]
    body = f'''"""{title(subject)}: the network and the recipe of a Neural Playground run, in Keras 3.

    python script.py --weights weights.safetensors --predict     outputs for the test samples, as JSON
    python script.py --steps 1000                                train, and print the loss over the train set

{differences(subject, "Keras")}
It needs keras, a backend and numpy.
"""

import argparse
import base64
import json
import math

import keras
import numpy as np
from keras import ops

RATE, BATCH_SIZE = {knobs.learning_rate!r}, {subject.trainer.batch_size}
WIDTHS = {list(network.widths)}
ACTIVATIONS = [{", ".join(activation(name) for name in network.activations)}]


{UNPACK}

# The samples as the network sees them, targets as the loss wants them.
{data_block(subject)}

# The weights it starts from unless told.
{start_block(subject)}


{READ_WEIGHTS}

def network():
    """Dense layers{", normalised" if network.normalization != "none" else ""}{", with residual connections" if network.residual else ""}."""
{chr(10).join(build)}


def loaded(arrays):
    """The network with these weights."""
    model = network()
    for i in range(len(WIDTHS) - 1):
        model.get_layer(f"dense{{i}}").set_weights([arrays[f"layers.{{i}}.w"], arrays[f"layers.{{i}}.b"]])
        if f"layers.{{i}}.scale" in arrays:
            names = [name for name in ("scale", "offset", "mean", "variance") if f"layers.{{i}}.{{name}}" in arrays]
            model.get_layer(f"norm{{i}}").set_weights([arrays[f"layers.{{i}}.{{name}}"] for name in names])
    return model


{EXTRA[structure.loss].format(**values) if structure.loss in EXTRA else ""}def losses(y, output):
    """The loss of each sample."""
    return {LOSSES[structure.loss]}


def factor(count):
    """What multiplies the learning rate after so many steps."""
    return {schedule(subject)}


class Schedule(keras.callbacks.Callback):
    """Sets the learning rate before each step, and stops after so many."""

    def __init__(self, steps):
        super().__init__()
        self.steps, self.count = steps, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = RATE * factor(self.count)

    def on_train_batch_end(self, batch, logs=None):
        self.count += 1
        if self.count >= self.steps:
            self.model.stop_training = True


def train(model, steps):
    """So many optimizer steps, and the loss over the train set after them."""
    {stands_in}optimizer = {optimizer}
    model.compile(optimizer=optimizer, loss=losses)
    each = -(-len(TRAIN_X) // BATCH_SIZE)
    whole, rest = divmod(steps, each)
    schedule = Schedule(steps)
    y = {smoothed}
    if whole:
        model.fit(TRAIN_X, y, batch_size=BATCH_SIZE, epochs=whole, shuffle={structure.shuffle}, verbose=0, callbacks=[schedule])
    if rest:
        some = np.random.default_rng(whole).permutation(len(TRAIN_X))[: rest * BATCH_SIZE]
        model.fit(TRAIN_X[some], y[some], batch_size=BATCH_SIZE, epochs=1, verbose=0, callbacks=[schedule])
    return float(ops.mean(losses(TRAIN_Y, model(TRAIN_X))))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train, or predict.")
    parser.add_argument("--weights", help="start from these weights (safetensors)")
    parser.add_argument("--steps", type=int, default=1000, help="optimizer steps (1000 unless told)")
    parser.add_argument("--predict", action="store_true", help="print the outputs for the test samples instead")
    arguments = parser.parse_args()
    model = loaded(read_weights(arguments.weights) if arguments.weights else START)
    if arguments.predict:
        print(json.dumps(np.asarray(model(TEST_X)).tolist()))
    else:
        print(json.dumps({{"step": arguments.steps, "train_loss": train(model, arguments.steps)}}))
'''
    return "\n".join(line.rstrip() for line in body.split("\n"))
