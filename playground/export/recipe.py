"""What training scripts of several libraries share: the learning rate of a step, early stopping, the start, the command
line."""

from __future__ import annotations

from playground.export.source import (
    Subject,
    array_literal,
    comment,
    example_row,
    help_literal,
    join_sentences,
)
from playground.language import mark, t
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import END, FLOOR, RISE


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
    return (
        "START = {\n" + ",\n".join(f'    "{name}": {array_literal(value)}' for name, value in tensors.items()) + ",\n}"
    )


def rate(subject: Subject) -> str:
    """The learning rate after ``count`` steps as a Python expression."""
    factor = schedule(subject)
    return "LEARNING_RATE" if factor == "1.0" else f"LEARNING_RATE * ({factor})"


def stops_early(subject: Subject) -> bool:
    """Whether training may end before the steps that are asked for."""
    return subject.experiment.knobs.patience > 0 and len(subject.rows("test")[0]) > 0


def sizes(subject: Subject) -> str:
    """The size of a batch, and the step of the run that the script starts at, as assignments."""
    return f"BATCH_SIZE = {subject.trainer.batch_size}\nFIRST_STEP = {int(subject.state.step):_}"


def epoch_length() -> list[str]:
    """The lines where the training of a script begins and ends."""
    return [
        "    each = -(-len(TRAIN_X) // BATCH_SIZE)  " + comment(t("steps of an epoch")),
        "    count, end = FIRST_STEP, FIRST_STEP + steps",
    ]


def early_stopping_start(test: str) -> str:
    """The line before training, for a function ``mean_loss`` of the arguments ``test``."""
    return f"    best, best_step = mean_loss({test}), count"


def early_stopping(subject: Subject, test: str) -> list[str]:
    """The lines at the end of an epoch, for a function ``mean_loss`` of the arguments ``test``."""
    return [
        comment(t("Early stopping: no better test loss for so many epochs."), 8),
        f"        tested = mean_loss({test})",
        "        if tested < best:",
        "            best, best_step = tested, count",
        f"        elif np.isfinite(best) and count - best_step >= {subject.experiment.knobs.patience!r} * each:",
        "            break",
    ]


def memory(subject: Subject) -> list[str]:
    """A sentence of a run that was exported after some steps, if it was."""
    step = int(subject.state.step)
    if not step:
        return []
    return [
        t("It starts from the weights after {step:,} steps; the optimizer remembers no gradients of before.", step=step)
    ]


def usage(subject: Subject, library: str, needs: str) -> str:
    """How the script is called, what it makes, and in a sentence what it ``needs``."""
    structure, knobs = subject.experiment.structure, subject.experiment.knobs
    command = f"python script.py --weights weights.safetensors --predict '{[example_row(subject)]}'"
    predict = f"    {command}     " + t("answers in the data's units")
    if OPTIMIZERS[structure.optimizer].line_search:
        label = OPTIMIZERS[structure.optimizer].label
        reason = t(
            "It does not train: {library} has no {optimizer} that takes the same steps; the JAX script does.",
            library=library,
            optimizer=label,
        )
        return f"{predict}\n\n{join_sentences(reason, needs)}"
    if structure.shuffle and knobs.dropout:
        kept = t(
            "The order of the samples and dropout's masks are {library}'s own: the same recipe, not the same numbers.",
            library=library,
        )
    elif structure.shuffle:
        kept = t("The order of the samples is {library}'s own: the same recipe, not the same numbers.", library=library)
    elif knobs.dropout:
        kept = t("Dropout's masks are {library}'s own: the same recipe, not the same numbers.", library=library)
    else:
        kept = t("It makes the same run, to float precision.")
    train = f"    python script.py --steps 1000     {t('train, and print the loss over the train set')}"
    return f"{train}\n{predict}\n\n{join_sentences(kept, *memory(subject), needs)}"


def network_text(subject: Subject) -> str:
    """What the network is, in a sentence."""
    network = subject.trainer.network
    if network.normalization == "none":
        return t("Dense layers, with residual connections.") if network.residual else t("Dense layers.")
    if network.residual:
        return t("Dense layers, normalised, with residual connections.")
    return t("Dense layers, normalised.")


STOPPED_TEXT = mark("Stopped at step {count}: the next would not be finite.")
"""What a script says of a step that it does not take: ``{count}`` is a name of the script's."""
FOCAL_TEXT = mark("Cross-entropy that looks away from samples which are already right.")


def main_block(subject: Subject) -> str:
    """The script's command line."""
    trains = not OPTIMIZERS[subject.experiment.structure.optimizer].line_search
    description = t("Train, and predict.") if trains else t("Predict.")
    steps = t("optimizer steps (1000, or none where it predicts)")
    rows = t("print the answers for rows of numbers, as JSON")
    lines = [
        'if __name__ == "__main__":',
        f"    parser = argparse.ArgumentParser(description={help_literal(description)})",
        f'    parser.add_argument("--weights", help={help_literal(t("start from these weights (safetensors)"))})',
    ]
    if trains:
        lines += [
            f'    parser.add_argument("--steps", type=int, help={help_literal(steps)})',
        ]
    lines += [
        f'    parser.add_argument("--predict", metavar="ROWS", help={help_literal(rows)})',
        "    arguments = parser.parse_args()",
        "    model = loaded(read_weights(arguments.weights) if arguments.weights else START)",
    ]
    if trains:
        lines += [
            "    if arguments.steps is not None or not arguments.predict:",
            "        taken = train(model, 1000 if arguments.steps is None else arguments.steps)",
            '        print(json.dumps({"step": taken, "train_loss": mean_loss(model, TRAIN_X, TRAIN_Y)}))',
        ]
    lines += [
        "    if arguments.predict:",
        "        print(json.dumps(predict(json.loads(arguments.predict), model)))",
    ]
    return "\n".join(lines)
