"""The language of conditions: what is true of observations made by hand, what is refused, and with which sentence."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.errors import PlaygroundError
from playground.language import translate
from playground.lessons import QUANTITIES, Observation, parse_condition, parse_number
from playground.lessons.condition import FUNCTIONS, MAX_CONDITION_CHARS, MAX_TEMPORAL
from tests.lessons.observations import moment, unmeasured


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("test_accuracy >= 0.8", True),
        ("test_accuracy >= 80 %", True),
        ("test_accuracy ≥ 80.1%", False),
        ("test_accuracy > 0.8", False),
        ("test_accuracy == 0.8", True),
        ("test_accuracy != 0.8", False),
        ("0.7 < test_accuracy and test_accuracy <= 0.9", True),
        ("train_loss < 0.1 or hidden_layers == 1", True),
        ("train_loss < 0.1 or hidden_layers == 1 and step > 1000", False),
        ("(train_loss < 0.1 or hidden_layers == 1) and step > 1000", False),
        ("not diverged and not stopped", True),
        ("not (step > 10 and step < 400)", False),
        ("test_loss - train_loss > 0.5", True),
        ("test_loss - train_loss - 0.1 > 0.45", True),
        ("test_loss / train_loss == 3", True),
        ("train_loss + 2 * test_loss == 2.1", True),
        ("-test_loss < -0.8", True),
        ("abs(train_loss - test_loss) == 0.6", True),
        ("gradient_norm(output) > 1000 * gradient_norm(1)", True),
        ("gradient_norm(2) == gradient_norm(output)", True),
        ("dead_share(1) == 25 % and saturated_share(1) == 0.5", True),
        ('optimizer == "sgd"', True),
        ("optimizer != 'adam'", True),
        ('activation == "tanh" and layer_activation(1) == activation', True),
        ('feature("x1") and not feature("x1^2")', True),
        ("weight(1, 1, 2) == -2 and weight(1, 2, 1) == 0 and bias(1, 1) == 0.5", True),
        ("weight(output, 1, 1) == 3 and bias(output, 1) == -1.5", True),
        ("weight_gradient(1, 2, 2) == 0.4 and bias_gradient(1, 2) == 0.02", True),
        ("unit_mean(1, 1) == -1 and unit_deviation(output, 1) == 0.9", True),
        ("zero_weights == 2 and largest_weight == 4", True),
        ("different_units(1) == 2 and different_units(output) == 1", True),
        ("different_units(3) == 1", None),
        ("output(-1, 2) == 19", True),
        ("units_off == 1 and edits == 2", True),
        ("units(1) == 2 and units(output) == 1 and parameters == 9", True),
        ("first_train_loss == 1 and best_train_loss == 0.2 and best_test_loss == 0.4", True),
        ("best_test_accuracy == 90 % and first_test_loss == 1.1", True),
        ("learning_rate == 0.03 and samples == 500 and not residual", True),
        ("painted_points == 0 and feature_count == 2", True),
    ],
)  # fmt: skip
def test_a_condition_is_what_it_says(text: str, expected: bool) -> None:
    assert parse_condition(text).value(moment()) is expected


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("test_loss > 0", {"scalars": {"test_loss": math.nan}}),
        ("not test_loss > 0", {"scalars": {"test_loss": math.nan}}),
        ("train_loss / penalty > 0", {}),
        ("gradient_norm(3) >= 0", {}),
        ("dead_share(output) >= 0", {}),
        ("weight(1, 1, 3) >= 0 or weight(1, 1, 3) < 0", {}),
        ("train_accuracy >= 0", {"dataset": "plane"}),
        ("train_r2 <= 1", {}),
    ],
)
def test_what_is_not_known_is_neither_true_nor_false(text: str, fields: dict[str, Any]) -> None:
    assert parse_condition(text).value(moment(**fields)) is None


def test_kleenes_logic() -> None:
    values = {"step > 100": True, "step < 100": False, "gradient_norm(9) > 0": None}
    for left, a in values.items():
        assert parse_condition(f"not {left}").value(moment()) is (None if a is None else not a)
        for right, b in values.items():
            both = False if False in (a, b) else None if None in (a, b) else True
            either = True if True in (a, b) else None if None in (a, b) else False
            assert parse_condition(f"{left} and {right}").value(moment()) is both
            assert parse_condition(f"{left} or {right}").value(moment()) is either


def test_before_the_first_frame_only_the_experiment_is_known() -> None:
    for entry in QUANTITIES.values():
        arguments = {"layer": "1", "index": "1", "coordinate": "0", "text": '"x1"'}
        inside = ", ".join(arguments[argument.kind] for argument in entry.arguments)
        source = f"{entry.name}({inside})" if inside else entry.name
        text = {"truth": source, "number": f"{source} > 0", "name": f'{source} == "{(*entry.choices, "")[0]}"'}[
            entry.kind
        ]
        condition = parse_condition(text)
        assert condition.of_run is entry.of_run
        assert (condition.value(unmeasured()) is None) is entry.of_run, entry.name


def follow(text: str, *moments: Observation) -> list[object]:
    """The values of a condition at these moments, one after another."""
    condition = parse_condition(text)
    memory, values = condition.start(), []
    for observation in moments:
        value, memory = condition.observe(observation, memory)
        values.append(value)
    return values


@pytest.mark.parametrize(
    ("text", "moments", "expected"),
    [
        ("once(step == 20)", [moment(10), moment(20), moment(30)], [False, True, True]),
        (
            "then(diverged, step >= 200 and not diverged)",
            [moment(300), moment(310, stop="diverged"), moment(100, run="b"), moment(200, run="b"), moment(0, run="c")],
            [False, False, False, True, True],
        ),
        ("then(step > 10, step > 10)", [moment(20), moment(30)], [False, True]),
        ("then(step == 30, step == 20)", [moment(20), moment(30)], [False, False]),
        ("stays(train_loss < 0.5, 20)", [moment(0), moment(10), moment(20)], [False, False, True]),
        (
            "stays(train_loss < 0.5, 20)",
            [moment(0), moment(10, scalars={"train_loss": 1.0}), moment(20), moment(30), moment(40)],
            [False, False, False, False, True],
        ),
        ("stays(step >= 0, 20)", [moment(0), moment(10), moment(20, run="b"), moment(30, run="b")], [False] * 4),
        (
            "different(init_seed, step >= 100) >= 2",
            [moment(50), moment(100), moment(110), moment(50, init_seed=1), moment(100, init_seed=1)],
            [False, False, False, False, True],
        ),
        (
            'lowest(step, optimizer == "adam") < lowest(step, optimizer == "sgd")',
            [moment(200), moment(300), moment(250, optimizer="adam"), moment(100, optimizer="adam")],
            [None, None, False, True],
        ),
        ("highest(step, not diverged) == 30", [moment(10), moment(30), moment(20)], [False, True, True]),
    ],
)
def test_what_looks_back_remembers_since_the_step_began(
    text: str, moments: list[Observation], expected: list[object]
) -> None:
    assert follow(text, *moments) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the condition is empty"),
        ("test_acuracy > 0.9", "did you mean 'test_accuracy'?"),
        ("test_accuracy", "is a number, where true or false is needed; compare it"),
        ('optimizer == "adm"', "did you mean 'adam'?"),
        ("optimizer == adam", "write it in quotation marks"),
        ('optimizer < "adam"', "names are compared by == and !="),
        ("optimizer == 3", "is a number, where a name is needed"),
        ("diverged == 1", "write it alone, or not diverged"),
        ("step = 3", "write == to compare"),
        ("step > 3 & diverged", "write and"),
        ("1 < step < 3", "write a < b and b < c"),
        ("step > 1 diverged", "join conditions by and, or"),
        ("(step > 1", "')' is missing before the end"),
        ("step >", "a quantity or a number is missing before the end"),
        ("gradient_norm > 1", "write gradient_norm(layer), with parentheses"),
        ("gradient_norm(0) > 1", "layer in gradient_norm(layer) is a layer: 1, 2, ... or output"),
        ("gradient_norm(step) > 1", "is a layer: 1, 2, ... or output, not 'step' at character 15"),
        ("weight(1, 1) > 1", "write weight(layer, source, unit)"),
        ("step(1) > 1", "step takes nothing in parentheses"),
        ("then(diverged)", "then takes 2 to 6 truths"),
        ("stays(diverged, step)", "the steps of stays(truth, steps) are a number"),
        ("different(step, diverged) > 1", "a field of the experiment, such as init_seed"),
        ("lowest(step) > 1", "write lowest(number, truth): it takes 2 in parentheses, not 1"),
        ('feature("x1', "close the quotation marks"),
        ("step > 1e99", "use one up to 1e12"),
        ("(" * 20 + "diverged" + ")" * 20, "nested more than 12 deep"),
        ("not " * 20 + "diverged", "nested more than 12 deep"),
        (" or ".join(["once(diverged)"] * (MAX_TEMPORAL + 1)), "looks back 9 times; 8 are allowed"),
        ("diverged" + " " * MAX_CONDITION_CHARS, "400 are allowed"),
        ("__import__('os') == 1", "unknown quantity '__import__'"),
        ("step.real > 1", "'.' at character 5 makes no sense there"),
    ],
)
def test_what_is_wrong_is_said_with_its_cure(text: str, sentence: str) -> None:
    with pytest.raises(PlaygroundError) as error:
        parse_condition(text)
    assert sentence in str(error.value)
    assert str(error.value)[-1] in ".?"


WORDS = [
    *QUANTITIES,
    *FUNCTIONS,
    "and",
    "or",
    "not",
    "output",
    "adam",
    '"adam"',
    '"x1"',
    *"()<>+-*/,=!%",
    "<=",
    "==",
    "1",
]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=500), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)))
def test_any_text_is_a_condition_or_a_sentence(text: str) -> None:
    for parse in (parse_condition, parse_number):
        try:
            expression = parse(text)
        except PlaygroundError:
            continue
        value, memory = expression.observe(moment(), expression.start())
        assert value is None or isinstance(value, bool | float)
        assert len(memory) == expression.slots


def test_readings_say_how_far_it_is() -> None:
    condition = parse_condition("95 % <= test_accuracy and hidden_layers == 1 and not diverged")
    accuracy, layers, diverged = condition.readings(moment(), condition.start())
    assert (accuracy.label, accuracy.value, accuracy.sign, accuracy.target) == (
        "test accuracy",
        "80.0 %",
        "≥",
        "95.0 %",
    )
    assert not accuracy.is_met
    assert (layers.value, layers.sign, layers.target, layers.is_met) == ("1", "=", "1", True)
    assert (diverged.label, diverged.sign, diverged.is_met) == ("not diverged", "", True)


def test_readings_call_choices_as_the_screen_does() -> None:
    condition = parse_condition("loss == 'mse' and 'relu' == activation")
    loss, activation = condition.readings(moment(), condition.start())
    assert (loss.value, loss.target, loss.is_met) == ("Half squared error", "Half squared error", True)
    assert (activation.value, activation.target, activation.is_met) == ("Tanh", "ReLU", False)
    assert translate(loss.target, "zh_CN") == "半平方误差"


def test_readings_of_what_comes_in_order() -> None:
    condition = parse_condition("then(diverged, step >= 200 and not diverged)")
    _, memory = condition.observe(moment(stop="diverged"), condition.start())
    first, second, third = condition.readings(moment(100), memory)
    assert (first.label, first.is_met) == ("diverged", True)
    assert (second.label, second.value, second.target, second.is_met) == ("step", "100", "200", False)
    assert third.is_met


def test_a_knob_that_passed_through_float32_is_equal_to_itself() -> None:
    assert parse_condition("learning_rate == 0.1").value(moment(learning_rate=0.1 + 1e-9)) is True
    assert parse_condition("learning_rate == 0.1").value(moment(learning_rate=0.1001)) is False
