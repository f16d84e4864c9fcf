"""Each formula that is shown, in TeX and in plain signs, is read as it stands, computed, and compared with the code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import expit, softmax

from playground.nn.activations import ACTIVATIONS
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import REGULARIZERS
from playground.symbols import SYMBOLS, symbols_in
from playground.web.field_help import entry_help, with_brief
from tests.objectives.written_formulas import after_assignments, tex_of_plain, value_of

KNOBS = {"focal_gamma": np.float32(1.7), "huber_delta": np.float32(0.8)}
SELU = {r"\lambda": 1.0507009873554805, r"\alpha": 1.6732632423543772}
Z = np.linspace(-7.3, 7.1, 37)
MOMENTS = r"m \leftarrow \beta_1 m + (1-\beta_1) g, \quad v \leftarrow \beta_2 v + (1-\beta_2) g^2"
BELIEF = r"m \leftarrow \beta_1 m + (1-\beta_1) g"
SQUARES = r"v \leftarrow \rho v + (1-\rho) g^2"
BEFORE = {
    "adamw": MOMENTS,
    "nadam": MOMENTS,
    "amsgrad": MOMENTS,
    "adabelief": BELIEF,
    "yogi": BELIEF,
    "adadelta": SQUARES,
}
"""What a formula takes as known."""
AT_THE_START = {"G": 0.1}
BY_WORDS = ("radam", "adafactor", "lamb", "lbfgs")
"""Formulas with words or norms in them: held by ``published_updates`` and their own tests alone."""
FORMS = ("formula", "brief")


def written(entry: Any, form: str) -> str:
    """TeX of the form that is shown."""
    text = getattr(entry, form)
    return tex_of_plain(text) if form == "brief" else text


def cases(entries: Iterable[Any]) -> pytest.MarkDecorator:
    """Every form in which an entry's formula is shown."""
    forms = [(entry, form) for entry in entries for form in FORMS if getattr(entry, form)]
    return pytest.mark.parametrize(("entry", "form"), [pytest.param(e, f, id=f"{e.name}-{f}") for e, f in forms])


@cases(ACTIVATIONS.values())
def test_an_activation(entry: Any, form: str) -> None:
    exact = value_of(written(entry, form), SELU | {"z": Z})
    np.testing.assert_allclose(np.asarray(entry.fn(jnp.asarray(Z, jnp.float32))), exact, rtol=2e-5, atol=2e-6)


@cases(LOSSES.values())
def test_a_loss(entry: Any, form: str) -> None:
    rng = np.random.default_rng(1)
    for task in entry.output_activations:
        if task == "multiclass" and not entry.logits:
            continue  # summed over the outputs, each as written
        outputs = entry.binary_outputs if task == "binary" else 4 if task == "multiclass" else 1
        for k in range(2):
            y = np.array([k if task != "regression" else 0.7 - k])
            target = np.asarray(entry.target(y, task, {"binary": 2, "multiclass": 4, "regression": 0}[task]))[0]
            o = rng.normal(scale=1.5, size=target.shape)
            assert o.shape == (outputs,)
            both = softmax(o) if len(o) > 1 else np.array([expit(-o[0]), expit(o[0])])
            known = {"o": o, "t": np.asarray(target, float), "p": both[k], "p_t": both[k]}
            known |= {r"\gamma": 1.7, r"\delta": 0.8}
            exact = np.sum(value_of(written(entry, form), known))
            code = entry.fn(jnp.asarray(o, jnp.float32), jnp.asarray(target, jnp.float32), KNOBS)
            assert float(code) == pytest.approx(float(exact), rel=1e-4, abs=1e-5)


@cases(entry for entry in OPTIMIZERS.values() if entry.name not in BY_WORDS)
def test_an_optimizer(entry: Any, form: str) -> None:
    """Seven steps of the update rule as it is written, one number at a time."""
    rng = np.random.default_rng(3)
    theta = rng.normal(size=5)
    params = jnp.asarray(theta, jnp.float32)
    knobs = dict(entry.defaults)
    if "momentum" in knobs:
        knobs["momentum"] = 0.8
    if "weight_decay" in knobs:
        knobs["weight_decay"] = 0.4
    rate = knobs["learning_rate"]
    transform = entry.transform(jnp.float32(rate), {name: jnp.float32(value) for name, value in knobs.items()})
    state = transform.init(params)
    names = {r"\mu": "momentum", r"\beta_1": "beta1", r"\beta_2": "beta2", r"\rho": "decay", r"\epsilon": "epsilon"}
    names[r"\lambda"] = "weight_decay"
    numbers = {symbol: knobs[name] for symbol, name in names.items() if name in knobs} | {r"\eta": rate}
    memory = {name: np.zeros(5) for name in ("m", "v", "u", "s", r"\barv")} | {"G": np.full(5, AT_THE_START["G"])}
    if entry.name == "yogi":
        memory |= {"m": np.full(5, 1e-6), "v": np.full(5, 1e-6)}  # where Optax begins
    values: dict[str, Any] = numbers | memory | {r"\theta": theta}
    tex = entry.formula.partition(r", \quad G_0")[0]
    if form == "brief":  # the whole formula with its last line as the brief one has it
        tex = tex[: tex.index(r"\theta \leftarrow")] + written(entry, form)
    before = BEFORE.get(entry.name, "")
    for step in range(1, 8):
        g = rng.normal(size=5)
        values |= {"g": g, "t": float(step)}
        values = corrected(after_assignments(before, values) if before else values, entry.name)
        for part in tex.split(r", \quad "):
            values = corrected(after_assignments(part, values), entry.name)
        updates, state = transform.update(jnp.asarray(g, jnp.float32), state, params)
        params = params + updates
    np.testing.assert_allclose(np.asarray(params), values[r"\theta"], rtol=2e-4, atol=2e-6)


def corrected(values: dict[str, Any], name: str) -> dict[str, Any]:
    """With hats: means corrected for their start at 0."""
    hats = {}
    for letter, beta in (("m", r"\beta_1"), ("v", r"\beta_2"), ("s", r"\beta_2")):
        if beta in values:
            hats[rf"\hat{letter}"] = values[letter] / (1 - values[beta] ** values["t"])
    return values | hats


@cases(entry for entry in REGULARIZERS.values() if entry.penalty)
def test_a_penalty(entry: Any, form: str) -> None:
    w = np.random.default_rng(2).normal(size=(3, 4))
    exact = value_of(written(entry, form), {r"\lambda": 0.3, "w": w})
    assert 0.3 * float(entry.penalty(jnp.asarray(w, jnp.float32))) == pytest.approx(float(exact), rel=1e-5)


def test_weight_decay_is_written_as_adamw_does_it() -> None:
    entry = REGULARIZERS["weight_decay"]
    for form in FORMS:
        values = after_assignments(written(entry, form), {r"\theta": 2.0, r"\eta": 0.1, r"\lambda": 0.3})
        knobs = {n: jnp.float32(v) for n, v in {**OPTIMIZERS["adamw"].defaults, "weight_decay": 0.3}.items()}
        transform = OPTIMIZERS["adamw"].transform(jnp.float32(0.1), knobs)
        update, _ = transform.update(jnp.zeros(1), transform.init(jnp.full(1, 2.0)), jnp.full(1, 2.0))
        assert values[r"\theta"] == pytest.approx(2.0 + float(np.asarray(update)[0]), rel=1e-5)


@pytest.mark.parametrize(
    "registry", [ACTIVATIONS, LOSSES, OPTIMIZERS, REGULARIZERS], ids=lambda registry: registry.noun
)
def test_every_letter_is_explained_beside_its_formula(registry: Any) -> None:
    for entry in registry.values():
        missing = [symbol for symbol in symbols_in(entry.formula) if symbol not in SYMBOLS[registry.noun]]
        assert not missing, f"{entry.name}: {missing}"
        words = entry_help(entry, registry.noun)
        assert all(SYMBOLS[registry.noun][symbol] in words for symbol in symbols_in(entry.formula))


def test_a_brief_formula_breaks_nowhere() -> None:
    assert with_brief("Loss", LOSSES["mse"]) == "Loss\u2002½\u00a0(o\u00a0−\u00a0t)²"
    assert with_brief("Loss", LOSSES["huber"]) == "Loss"
