"""Controls of the list of variants: kept in the session, replaced by a preset, changed field by field, cured by a
remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from playground.analysis.gradient_flow.variants import (
    DEFAULT_DEPTH,
    MAX_VARIANTS,
    Variant,
    change_variant,
    layers,
    presets,
)
from playground.datasets import Table
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.language import mark, t
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.nn.normalization import NORMALIZATIONS
from playground.web.fields import initial_value
from playground.web.session import Session
from playground.web.widget_state import skip_outdated

VARIANTS_KEY = "flow"
PRESET = "flow_preset"


@dataclass
class VariantList:
    """The ``variants`` that are shown, the ``note`` about what could not be done last, and which of them were ``cured``
    by what.

    ``edition`` grows whenever something other than a chooser changed them: the choosers then begin anew with what holds
    now.
    """

    variants: tuple[Variant, ...]
    note: str = ""
    cured: dict[int, str] = field(default_factory=dict)
    edition: int = 0


def get_variants(own: Experiment, table: Table | None) -> VariantList:
    """The session's, or the first preset's where there are none yet, or where one of them cannot be made of ``own``."""
    current: VariantList | None = st.session_state.get(VARIANTS_KEY)
    if current is not None:
        try:
            for variant in current.variants:
                variant.of(own, table)
            return current
        except PlaygroundError as error:
            note = error.sentence
    else:
        note = ""
    current = st.session_state[VARIANTS_KEY] = VariantList(next(iter(presets(own).values())), note)
    return current


def preset_chooser(own: Experiment, variant_list: VariantList) -> None:
    """One click away: comparisons worth a minute."""
    every = presets(own)
    shown = next((name for name, variants in every.items() if variants == variant_list.variants), None)

    def use_preset() -> None:
        name = st.session_state[PRESET] or shown
        if name in every:
            replace_all(every[name])

    st.pills(
        t("Compare"),
        list(every),
        format_func=t,
        required=True,
        on_change=skip_outdated(PRESET, use_preset),
        **initial_value(PRESET, shown, at="default"),
        help=t("A set of variants to begin with."),
    )


def change_fields(current: Session, k: int, changes: Mapping[str, Any], cured: str = "") -> None:
    """Set fields of variant ``k``; what is not possible becomes a note and changes nothing."""
    variant_list: VariantList = st.session_state[VARIANTS_KEY]
    try:
        changed = change_variant(variant_list.variants[k], current.experiment, changes, current.table_used)
    except PlaygroundError as error:
        variant_list.note = error.sentence
        variant_list.edition += 1
        return
    variants = tuple(changed if i == k else variant for i, variant in enumerate(variant_list.variants))
    st.session_state[VARIANTS_KEY] = VariantList(
        variants, "", variant_list.cured | {k: cured}, variant_list.edition + bool(cured)
    )


def replace_all(variants: Sequence[Variant]) -> None:
    """Compare these from now on."""
    st.session_state[VARIANTS_KEY] = VariantList(tuple(variants), edition=st.session_state[VARIANTS_KEY].edition + 1)


def edition() -> int:
    """Which list of variants is shown: a part of widgets' keys, so that a press that was on its way while the list
    changed does not act on another variant than its label named."""
    return st.session_state[VARIANTS_KEY].edition


def choosers(current: Session, k: int, experiment: Experiment, variants: Sequence[Variant]) -> None:
    """What variant ``k`` can differ in."""
    structure = experiment.structure
    hidden = structure.hidden
    mixed = structure.activation if isinstance(structure.activation, str) else None

    def take_change(name: str, key: str) -> None:
        value = st.session_state[key]
        if name == "hidden":
            width = hidden[0] if hidden and len(set(hidden)) == 1 else 0
            value = layers(current.experiment, value, width)
        if value is not None:
            change_fields(current, k, {name: value})

    def widget(name: str) -> dict[str, Any]:
        key = f"flow_{name}_{k}_{edition()}"
        return {"key": key, "on_change": take_change, "args": (name, key)}

    st.select_slider(
        t("Hidden layers"),
        list(range(DEFAULT_DEPTH + 1)),
        len(hidden),
        **widget("hidden"),
        help=t("How many hidden layers this variant has."),
    )
    for name, label, registry, value in (
        ("activation", mark("Activation"), ACTIVATIONS, mixed),
        ("initializer", mark("Initialisation"), INITIALIZERS, structure.initializer),
        ("normalization", mark("Normalisation"), NORMALIZATIONS, structure.normalization),
    ):
        labels = {entry: registry[entry].label for entry in registry}
        st.selectbox(
            t(label),
            list(labels),
            index=None if value is None else list(labels).index(value),
            format_func=lambda option, labels=labels: t(labels[option]),
            placeholder=t("one a layer"),
            **widget(name),
            help=t("This variant's own; all else is as in your experiment."),
        )
    st.toggle(
        t("Residual connections"),
        structure.residual,
        **widget("residual"),
        help=t("Add a layer's input to its output where both are equally wide."),
    )
    left, right = st.columns(2)
    if len(variants) < MAX_VARIANTS:
        left.button(
            t("One more like it"),
            key=f"flow_more_{k}_{edition()}",
            on_click=replace_all,
            args=((*variants, variants[k]),),
            width="stretch",
        )
    if len(variants) > 1:
        rest = [variant for i, variant in enumerate(variants) if i != k]
        right.button(t("Remove"), key=f"flow_less_{k}_{edition()}", on_click=replace_all, args=(rest,), width="stretch")
