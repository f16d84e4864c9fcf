"""A standalone JAX and Optax script that makes the same run to float precision."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from playground.export.recipe import (
    STOPPED_TEXT,
    early_stopping,
    early_stopping_start,
    epoch_length,
    memory,
    sizes,
    stops_early,
)
from playground.export.source import (
    Subject,
    activation_source,
    answers_block,
    array_literal,
    comment,
    data_block,
    docstring,
    docstring_text,
    example_row,
    help_literal,
    join_sentences,
    literal,
    source_of,
    source_of_class,
    title,
    unpack_block,
)
from playground.language import mark, t
from playground.nn.layers import FUSED_BELOW, dropout_factors, dropout_mask, hash_bits
from playground.nn.normalization import EPSILON, RUNNING
from playground.objectives import schedules
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS, textbook_adam
from playground.objectives.regularizers import stay_at_zero
from playground.objectives.schedules import SCHEDULES
from playground.training.shuffle import ROUNDS, shuffle_index
from playground.training.train_loop import LOSS_BOUND

TRANSFORMS = {
    "sgd": "optax.trace(MOMENTUM), optax.scale(-rate)",
    "nesterov": "optax.trace(MOMENTUM, nesterov=True), optax.scale(-rate)",
    "adam": "optax.scale_by_adam(BETA1, BETA2, EPSILON), optax.scale(-rate)",
    "adamw": "optax.scale_by_adam(BETA1, BETA2, EPSILON), optax.add_decayed_weights(WEIGHT_DECAY), optax.scale(-rate)",
    "textbook_adam": "scale_by_textbook_adam(BETA1, BETA2, EPSILON), optax.scale(-rate)",
    "nadam": "optax.scale_by_adam(BETA1, BETA2, EPSILON, nesterov=True), optax.scale(-rate)",
    "amsgrad": "optax.scale_by_amsgrad(BETA1, BETA2, EPSILON), optax.scale(-rate)",
    "adabelief": "optax.scale_by_belief(BETA1, BETA2, EPSILON), optax.scale(-rate)",
    "radam": "optax.scale_by_radam(BETA1, BETA2, EPSILON), optax.scale(-rate)",
    "yogi": "optax.scale_by_yogi(BETA1, BETA2, EPSILON), optax.scale(-rate)",
    "lion": "optax.scale_by_lion(BETA1, BETA2), optax.add_decayed_weights(WEIGHT_DECAY), optax.scale(-rate)",
    "lamb": (
        "optax.scale_by_adam(BETA1, BETA2, EPSILON), optax.add_decayed_weights(WEIGHT_DECAY), "
        "optax.scale_by_trust_ratio(), optax.scale(-rate)"
    ),
    "rmsprop": "optax.scale_by_rms(DECAY, EPSILON), optax.scale(-rate), optax.trace(MOMENTUM)",
    "adagrad": "optax.scale_by_rss(initial_accumulator_value=0.1, eps=EPSILON), optax.scale(-rate)",
    "adadelta": "optax.scale_by_adadelta(DECAY, EPSILON), optax.scale(-rate)",
    "adafactor": (
        "optax.scale_by_factored_rms(), optax.clip_by_block_rms(1.0), optax.scale_by_param_block_rms(), "
        "optax.scale(-rate)"
    ),
    "lbfgs": (
        "optax.lbfgs(learning_rate=None, memory_size=10, linesearch=optax.scale_by_zoom_linesearch("
        'max_linesearch_steps=20, initial_guess_strategy="one"))'
    ),
}
"""Each optimizer as Optax writes it; ``rate`` is the learning rate of the step."""


def exported_docstrings() -> Iterator[str]:
    """Docstrings of our own functions that a script may hold, each as one line: texts that no call marks."""
    functions = [hash_bits, shuffle_index, dropout_mask, dropout_factors, stay_at_zero, schedules.progress]
    functions += [textbook_adam.scale_by_textbook_adam, textbook_adam.Moments]
    functions += [schedule.factor for schedule in SCHEDULES.values()] + [loss.fn for loss in LOSSES.values()]
    for function in functions:
        if text := inspect.getdoc(function):
            yield docstring_text(text)


def to_jax(subject: Subject) -> str:
    """The script's text: it holds the data and the start, and only the code that this experiment needs."""
    parts = [
        _head(subject),
        unpack_block(),
        _constants(subject),
        comment(t("The samples as the network sees them, targets as the loss wants them."))
        + "\n"
        + data_block(subject),
        answers_block(subject),
        _start(subject),
        _forward(subject),
        _loss(subject),
        _order(subject),
        _step(subject),
        _train(subject),
    ]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts if part)


def _head(subject: Subject) -> str:
    answered = t("answers in the data's units")
    text = "\n".join(
        [
            t("{title}: a run of Neural Playground, made again with JAX and Optax alone.", title=title(subject)),
            "",
            f"    python script.py --steps 1000     {t('train, and print the loss over the train set')}",
            f"    python script.py --predict '{[example_row(subject)]}'     {answered}",
            "",
            join_sentences(*memory(subject), t("It needs jax, optax and numpy.")),
            "",
        ]
    )
    return f"""{docstring(text, 0)}

import argparse
import base64
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax

f32 = jnp.float32
"""


def _constants(subject: Subject) -> str:
    structure, knobs = subject.experiment.structure, subject.experiment.knobs
    names = {"learning_rate", *OPTIMIZERS[structure.optimizer].knobs, *SCHEDULES[structure.schedule].knobs}
    names |= set(subject.loss.knobs)
    names |= {name for name in ("l1", "l2", "weight_decay", "dropout", "clip_norm") if getattr(knobs, name)}
    lines = [f"{name.upper()} = f32({getattr(knobs, name)!r})" for name in sorted(names)]
    return "\n".join([sizes(subject), f"SEED = {subject.experiment.problem.seed}", *lines])


def _start(subject: Subject) -> str:
    layers = []
    for layer in subject.state.params:
        inner = ",\n".join(f'    "{name}": {array_literal(value)}' for name, value in layer.items())
        layers.append("{\n" + inner + ",\n}")
    text = comment(t("The weights it starts from, layer by layer.")) + "\nSTART = (\n" + ",\n".join(layers) + ",\n)"
    if _batch_norm(subject):
        stats = [
            "{" + ", ".join(f'"{name}": {array_literal(value)}' for name, value in layer.items()) + "}"
            for layer in subject.state.stats
        ]
        text += (
            "\n"
            + comment(t("Running mean and variance of each hidden layer."))
            + "\nSTATS = (\n"
            + ",\n".join(stats)
            + ",\n)"
        )
    return text


def _batch_norm(subject: Subject) -> bool:
    return subject.trainer.network.normalization == "batch" and subject.trainer.network.depth > 1


def _forward(subject: Subject) -> str:
    network = subject.trainer.network
    names = [activation_source(name) for name in network.activations]
    sizes = [subject.trainer.batch_size * a * b for a, b in zip(network.widths, network.widths[1:], strict=False)]
    fused = [size < FUSED_BELOW for size in sizes]
    dropout, batch = subject.experiment.knobs.dropout > 0, _batch_norm(subject)
    normalized = network.normalization != "none" and network.depth > 1
    lines = [
        "ACTIVATIONS = (" + ", ".join(names) + ",)",
        comment(t("Small products are faster as sums; both forms differ by rounding alone.")),
        f"AS_SUM = {tuple(fused)!r}",
        "",
        "",
        "def forward(params, stats, x, training=False, masks=None):",
        docstring(t("The network's outputs for a batch x, and the running statistics after it.")),
        "    h, new_stats = x, []",
        "    for i, layer in enumerate(params):",
        "        as_sum = training and AS_SUM[i]",
        '        z = ((h[:, :, None] * layer["w"][None]).sum(axis=1) if as_sum else h @ layer["w"]) + layer["b"][None]',
    ]
    if normalized:
        lines += ['        if "scale" in layer:']
        if batch:
            lines += [
                comment(
                    t("Batch normalisation: the batch's own moments in training, the running ones afterwards."), 12
                ),
                "            if training:",
                "                mean, variance = z.mean(axis=0, keepdims=True), z.var(axis=0, keepdims=True)",
                f'                kept = {{"mean": {RUNNING} * stats[i]["mean"] + (1 - {RUNNING}) * mean[0],',
                '                        "variance": '
                f'{RUNNING} * stats[i]["variance"] + (1 - {RUNNING}) * variance[0]}}',
                "                new_stats.append(kept)",
                "            else:",
                '                mean, variance = stats[i]["mean"][None], stats[i]["variance"][None]',
            ]
        else:
            lines += [
                comment(t("Layer normalisation: each sample's own moments over the layer."), 12),
                "            mean, variance = z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True)",
            ]
        lines += [
            f"            z = (z - mean) / jnp.sqrt(variance + {EPSILON})",
            '            z = z * layer["scale"][None] + layer["offset"][None]',
        ]
    lines += ["        new = ACTIVATIONS[i](z)"]
    if dropout:
        lines += ["        if masks is not None and i < len(masks):", "            new = new * masks[i]"]
    if network.residual:
        lines += [
            comment(t("Residual: a hidden layer as wide as its input adds to it."), 8),
            "        h = h + new if i < len(params) - 1 and h.shape == new.shape else new",
        ]
    else:
        lines += ["        h = new"]
    lines += ["    return h, tuple(new_stats) if new_stats else stats"]
    return "\n".join(lines)


def _loss(subject: Subject) -> str:
    loss, knobs = subject.loss, subject.experiment.knobs
    source = source_of(loss.fn)
    smoothing, task = knobs.label_smoothing, subject.experiment.task
    named = ", ".join(f'"{name}": {name.upper()}' for name in loss.knobs)
    lines = [source, ""]
    targets = "y"
    if smoothing and task != "regression":
        classes = max(2, subject.trainer.network.widths[-1])
        share = "" if loss.encoding == "sign" else f" + f32({smoothing!r}) / {classes}"
        lines += [
            "def smoothed(y):",
            docstring(t("Targets with some certainty taken from them, for training alone.")),
            f"    return y * (1 - f32({smoothing!r})){share}",
            "",
            "",
        ]
        targets = "smoothed(y)"
    lines += [
        "def losses(output, y):",
        docstring(t("The loss of each sample.")),
        f"    return jax.vmap(lambda o, t: {loss.fn.__name__}(o, t, {{{named}}}))(output, y)",
        "",
        "",
        "def objective(params, stats, x, y, masks=None):",
        docstring(t("The batch's mean loss in training, and the new running statistics.")),
        "    output, stats = forward(params, stats, x, True, masks)",
        f"    return losses(output, {targets}).mean(), stats",
    ]
    return "\n".join(lines)


def _order(subject: Subject) -> str:
    structure, dropout = subject.experiment.structure, subject.experiment.knobs.dropout > 0
    parts = [source_of(hash_bits), f"ROUNDS = {ROUNDS}\n\n\n" + source_of(shuffle_index) if structure.shuffle else ""]
    parts += [source_of(dropout_mask), source_of(dropout_factors)] if dropout else []
    lines = [
        "def batches(epoch, first):",
        docstring(t("The batches of an epoch from the first on: they depend on SEED and on the epoch alone.")),
        "    n = len(TRAIN_X)",
        "    seed = hash_bits(jnp.uint32(SEED) ^ hash_bits(jnp.uint32(epoch)))",
        "    order = np.asarray(shuffle_index(n, jnp.int32(n), seed))"
        if structure.shuffle
        else "    order = np.arange(n)",
    ]
    if dropout:
        lines += [
            '    units = [layer["b"].shape[0] for layer in START[:-1]]',
            "    seeds = [hash_bits(seed + jnp.uint32(i + 1)) for i in range(len(units))]",
            "    masks = [dropout_mask((n, many), DROPOUT, own) for many, own in zip(units, seeds)]",
        ]
    rest = ", tuple(mask[at : at + BATCH_SIZE] for mask in masks)" if dropout else ", None"
    lines += [
        "    for at in range(first * BATCH_SIZE, n, BATCH_SIZE):",
        "        rows = order[at : at + BATCH_SIZE]",
        f"        yield TRAIN_X[rows], TRAIN_Y[rows]{rest}",
    ]
    return "\n\n".join(part.strip("\n") + "\n" for part in (*parts, "\n".join(lines)) if part)


def _step(subject: Subject) -> str:
    structure, knobs = subject.experiment.structure, subject.experiment.knobs
    optimizer, schedule = OPTIMIZERS[structure.optimizer], SCHEDULES[structure.schedule]
    parts = []
    if structure.optimizer == "textbook_adam":
        adam = source_of(textbook_adam.scale_by_textbook_adam)
        parts.append(
            "from typing import NamedTuple, Any\n\n\n" + source_of_class(textbook_adam.Moments) + "\n\n" + adam
        )
    if knobs.l1 and not optimizer.line_search:
        parts.append(source_of(stay_at_zero))
    if structure.schedule != "constant":
        constants = f"RISE, FLOOR, END = {schedules.RISE!r}, {schedules.FLOOR!r}, {schedules.END!r}\n"
        parts.append((constants if structure.schedule == "one_cycle" else "") + "\n\n" + source_of(schedules.progress))
        parts.append(source_of(schedule.factor))
    named = ", ".join(f'"{name}": {name.upper()}' for name in schedule.knobs)
    rate = "LEARNING_RATE" + (f" * {schedule.factor.__name__}(count, {{{named}}})" if named else "")
    lines = [
        "def optimizer(rate):",
        docstring(t("{optimizer}.", optimizer=optimizer.label)),
        f"    return optax.with_extra_args_support(optax.chain({TRANSFORMS[structure.optimizer]}))",
        "",
        "",
    ]
    penalty = [
        f"{'L1 * jnp.abs(w).sum()' if name == 'l1' else '0.5 * L2 * jnp.square(w).sum()'}"
        for name in ("l1", "l2")
        if getattr(knobs, name)
    ]
    if penalty and optimizer.line_search:
        lines += [
            "def penalty(params):",
            docstring(t("What regularization adds to the loss.")),
            f'    return sum({" + ".join(penalty)} for w in (layer["w"] for layer in params))',
            "",
            "",
        ]
    lines += [
        "def is_finite(*trees):",
        docstring(t("Whether all numbers are finite.")),
        "    return jnp.isfinite(sum(leaf.sum() for leaf in jax.tree.leaves(trees)))",
        "",
        "",
        "@jax.jit",
        "def step(params, stats, state, count, x, y, masks):",
        docstring(t("Whether one step of the optimizer can be taken, and what it makes.")),
        "    (value, new_stats), gradient = jax.value_and_grad(objective, has_aux=True)(params, stats, x, y, masks)",
    ]
    sparse = knobs.l1 > 0 and not optimizer.line_search
    for name, term in (("l2", "L2 * value"), ("l1", "L1 * jnp.sign(value)")):
        if name == "l1" and sparse:
            lines += ["    by_data = gradient"]
        if getattr(knobs, name):
            lines += [
                comment(t("{knob} pulls at the weights, not at biases.", knob=name.upper()), 4),
                f'    pull = tuple({{name: {term} if name == "w" else jnp.zeros_like(value)',
                "                  for name, value in layer.items()} for layer in params)",
                "    gradient = jax.tree.map(jnp.add, gradient, pull)",
            ]
    if knobs.clip_norm:
        lines += [
            "    norm = optax.tree.norm(gradient)",
            "    shrink = jnp.where(norm > CLIP_NORM, CLIP_NORM / norm, 1.0)",
            "    gradient = jax.tree.map(lambda g: g * shrink, gradient)",
        ]
        lines += ["    by_data = jax.tree.map(lambda g: g * shrink, by_data)"] if sparse else []
    lines += [f"    rate = {rate}"]
    if optimizer.line_search:
        extra = " + penalty(p)" if penalty else ""
        plus = " + penalty(params)" if penalty else ""
        lines += [
            f"    whole = lambda p: objective(p, stats, x, y, masks)[0]{extra}",
            f"    extra = {{'value': value{plus}, 'grad': gradient, 'value_fn': whole}}",
            "    update, state = optimizer(rate).update(gradient, state, params, **extra)",
        ]
    else:
        lines += ["    by_data, _ = optimizer(rate).update(by_data, state, params)"] if sparse else []
        lines += ["    update, state = optimizer(rate).update(gradient, state, params)"]
    if knobs.weight_decay and "weight_decay" not in optimizer.knobs:
        for name in ("update", "by_data") if sparse else ("update",):
            lines += [f"    {name} = jax.tree.map(lambda u, p: u - rate * WEIGHT_DECAY * p, {name}, params)"]
    if sparse:
        lines += [
            comment(t("What L1 alone would carry over 0 becomes 0, and stays there."), 4),
            '    update = tuple({name: stay_at_zero(w[name], d[name], u[name], count) if name == "w" else u[name]',
            "                    for name in w} for w, d, u in zip(params, by_data, update))",
        ]
    lines += [
        "    new = jax.tree.map(jnp.add, params, update)",
        f"    good = (jnp.abs(value) < {LOSS_BOUND:g}) & is_finite(optax.tree.norm(gradient), new, new_stats)",
        "    return good, (new, new_stats, state)",
    ]
    return "\n\n".join(part.strip("\n") + "\n" for part in (*parts, "\n".join(lines)))


def _train(subject: Subject) -> str:
    stats = "STATS" if _batch_norm(subject) else "()"
    ends = mark("Parameters and running statistics after so many steps, and the step it ends at.")
    watched = mark("After each step ``watch(count, params, stats)`` is called, where there is one.")
    steps = t("optimizer steps (1000, or none where it predicts)")
    rows = t("print the answers for rows of numbers, as JSON")
    lines = [
        "@jax.jit",
        "def mean_loss(params, stats, x, y):",
        docstring(t("The mean loss over a whole set, nothing dropped.")),
        "    return losses(forward(params, stats, x)[0], y).mean()",
        "",
        "",
        "def train(steps, watch=None):",
        docstring("\n".join([t(ends), "", "    " + t(watched), "    "])),
        f"    params, stats = jax.tree.map(jnp.asarray, (START, {stats}))",
        "    state = optimizer(LEARNING_RATE).init(params)",
        *epoch_length(),
    ]
    if stops_early(subject):
        lines += [early_stopping_start("params, stats, TEST_X, TEST_Y")]
    lines += [
        "    while count < end:",
        "        for x, y, masks in batches(count // each, count % each):",
        "            if count == end:",
        "                break",
        "            good, made = step(params, stats, state, jnp.int32(count), x, y, masks)",
        "            if not good:",
        comment(t("A step whose numbers are not finite is not taken."), 16),
        f"                print(f{literal(t(STOPPED_TEXT))}, file=sys.stderr)",
        "                return params, stats, count",
        "            params, stats, state = made",
        "            count += 1",
        "            if watch:",
        "                watch(count, params, stats)",
    ]
    if stops_early(subject):
        lines += early_stopping(subject, "params, stats, TEST_X, TEST_Y")
    lines += [
        "    return params, stats, count",
        "",
        "",
        f"def predict(rows, params=START, stats={stats}):",
        docstring(
            t("Answers for rows as they are in the data, with these parameters, or else with the weights above.")
        ),
        "    params, stats = jax.tree.map(jnp.asarray, (params, stats))",
        "    return answers(np.asarray(forward(params, stats, jnp.asarray(inputs(rows)))[0]))",
        "",
        "",
        'if __name__ == "__main__":',
        f"    parser = argparse.ArgumentParser(description={help_literal(t('Train, and predict.'))})",
        f'    parser.add_argument("--steps", type=int, help={help_literal(steps)})',
        f'    parser.add_argument("--predict", metavar="ROWS", help={help_literal(rows)})',
        "    arguments = parser.parse_args()",
        f"    params, stats = START, {stats}",
        "    if arguments.steps is not None or not arguments.predict:",
        "        params, stats, count = train(1000 if arguments.steps is None else arguments.steps)",
        '        print(json.dumps({"step": count, "train_loss": float(mean_loss(params, stats, TRAIN_X, TRAIN_Y))}))',
        "    if arguments.predict:",
        "        print(json.dumps(predict(json.loads(arguments.predict), params, stats)))",
    ]
    return "\n".join(lines)
