"""What a visitor sees until Streamlit's scripts have come and run, seconds on a slow line or of a server that has just
started: the page's frame, what its link chooses, and the network, which needs no weights.

It is written into the page itself, says only what holds, and cannot be pressed. The stage takes it away with its first
picture; on other pages, and without the stage's script, it goes once the page has content.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import parse_qsl

from playground.datasets import FEATURES
from playground.experiment import Experiment, Handout
from playground.experiment.links.parse import open_address
from playground.experiment.links.query import RULES
from playground.experiment.regularization import active_kinds
from playground.language import SOURCE_LANGUAGE, NumberText, mark, t, use_language
from playground.objectives.optimizers import OPTIMIZERS
from playground.palette import FRAME, GROUND, LOGO_MIDDLE, NEGATIVE, POSITIVE, SIDEBAR, TEXT, css_variables
from playground.web import sections
from playground.web.compat.stored_theme import STORED_THEME
from playground.web.fields import choice_label, field_text
from playground.web.summaries import (
    data_summary,
    experiment_summary,
    network_summary,
    regularization_summary,
    training_summary,
)


def colour_rules() -> str:
    """The page's colours as CSS: the system's theme holds, unless the visitor has chosen one."""
    logo = {"logo-start": NEGATIVE[False], "logo-middle": LOGO_MIDDLE, "logo-end": POSITIVE[False]}
    pairs = {"ground": GROUND, "side": SIDEBAR, "ink": TEXT, "line": FRAME, "accent": POSITIVE}
    light, dark = (css_variables({name: pair[is_dark] for name, pair in pairs.items()}) for is_dark in (False, True))
    return (
        f"#first-look {{ {light} {css_variables(logo)} }}\n"
        f'@media (prefers-color-scheme: dark) {{ #first-look:not([data-theme="Light"]) {{ {dark} }} }}\n'
        f'#first-look[data-theme="Dark"] {{ {dark} }}\n'
    )


STYLE = colour_rules() + (Path(__file__).parent / "first_look.css").read_text(encoding="utf-8")
SECTIONS = (
    (mark("Data"), data_summary),
    (mark("Network"), network_summary),
    (mark("Training"), training_summary),
    (mark("Regularization"), regularization_summary),
)
MAX_QUERY_CHARS = 4000
"""Of a link whose experiment is drawn; a longer one gets the frame alone."""
MAX_FEATURES = 12
MAX_LINKS = 600
"""A network of more is drawn without them: the page is to stay small."""
WIDTH, HEIGHT, LEFT, RIGHT = 670, 290, 91, 620
"""Of the network's drawing, in its own units: CSS pixels at 1280 x 720; and where its first and last nodes are."""
SCRIPT = """<script>{
const look = document.getElementById("first-look");
try {
  const theme = JSON.parse(STORED_THEME);
  if (theme === "Dark" || theme === "Light") look.dataset.theme = theme;
} catch {}
const observer = new MutationObserver(() => {
  const has = (part) => document.querySelector(part);
  const seconds = has(".stMain h1, [data-testid=stException]") ? 0 : has(".st-key-stage") ? 1.5 : null;
  if (seconds === null) return;
  observer.disconnect();
  setTimeout(() => look.remove(), 1000 * seconds);
});
observer.observe(document.body, { childList: true, subtree: true });
}</script>""".replace("STORED_THEME", STORED_THEME)
"""Whoever has chosen a theme in Streamlit's menu gets it; else the system's holds. Once the page has content, the
look goes for good."""


def first_look(query: str | None, language: str = SOURCE_LANGUAGE) -> str:
    """As HTML in ``language``, for the address of the Playground with its ``query``; for another page's where that is
    None."""
    with use_language(language):
        return _first_look(query)


def _first_look(query: str | None) -> str:
    if query is None:
        return document("frame", header() + f"<main>{escape(t('Loading…'))}</main>")
    pairs = parse_qsl(query, keep_blank_values=True)
    if any(name == "embed" for name, _ in pairs):
        return ""
    if len(query) > MAX_QUERY_CHARS:
        return document("stage", header() + "<aside></aside><main></main>")
    opened = open_address(pairs)
    experiment, handout = opened.experiment, opened.handout
    return document("stage", header() + sidebar(experiment, handout) + main(experiment, handout))


def document(kind: str, inside: str) -> str:
    """All of it, with its style; ``kind``: ``"stage"`` on the Playground, ``"frame"`` on another page."""
    return (
        f'<div id="first-look" class="{kind}" role="status" aria-label="{escape(t("Loading"))}">{inside}</div>'
        f"{SCRIPT}<style>{STYLE}</style>\n"
    )


def header() -> str:
    """The name and the menus."""
    menus = "".join(f"<span>{escape(t(menu))}</span>" for menu in sections.SECTIONS.values())
    return f'<header><b translate="no">Neural Playground</b><nav>{menus}</nav></header>'


def sidebar(experiment: Experiment, handout: Handout) -> str:
    """What its sections hold."""
    lines = "".join(
        f"<p><b>{escape(t(title))}</b>{escape(summary(experiment, handout.hide))}</p>" for title, summary in SECTIONS
    )
    return f"<aside>{lines}</aside>"


def main(experiment: Experiment, handout: Handout) -> str:
    """The choices, the network, and where the rest will be."""
    choices = "".join(
        f"<span><small>{escape(label)}</small><i>{escape(value)}</i></span>"
        for name, label, value in choice_row(experiment)
        if name not in handout.hide
    )
    line = escape(experiment_summary(experiment, handout.hide))
    return (
        f'<main><p class="line">{line}</p><div class="choices">{choices}</div><div class="transport"><u></u></div>'
        f'<div class="network"><b>{escape(t("Network"))}</b>{network(experiment)}</div>'
        f'<div class="output"><b>{escape(t("Output"))}</b><u></u></div></main>'
    )


def choice_row(experiment: Experiment) -> list[tuple[str, str, str]]:
    """The row above the stage: each choice's control, its label, and its value."""
    structure, knobs = experiment.structure, experiment.knobs
    optimizer, kinds = OPTIMIZERS[structure.optimizer], active_kinds(experiment)
    activations = list(dict.fromkeys(structure.activations)) or [structure.activation]
    values = {
        "dataset": choice_label("dataset", experiment.problem.dataset),
        "activation": field_text("activation", activations[0]) if len(activations) == 1 else t("by layer"),
        "loss": choice_label("loss", structure.loss),
        "optimizer": choice_label("optimizer", structure.optimizer),
        "learning_rate": t("by line search") if optimizer.line_search else t(NumberText(f"{knobs.learning_rate:g}")),
        "batch_size": t("all samples") if optimizer.full_batch else f"{structure.batch_size}",
    }
    row = [(name, t(RULES[name].label), value) for name, value in values.items()]
    kind = t("Regression") if experiment.task == "regression" else t("Classification")
    regularization = " + ".join(t(RULES[name].label) for name in kinds) or t("None")
    return [("dataset", t("Problem"), kind), *row[:-1], ("l2", t("Regularization"), regularization), row[-1]]


def network(experiment: Experiment) -> str:
    """Features, units and links as SVG: drawn at once, since it needs no weights."""
    own, hidden = experiment.problem.features, experiment.structure.hidden
    names = list(FEATURES) if set(own) <= set(FEATURES) else list(own)
    names = names[:MAX_FEATURES] if len(names) > MAX_FEATURES else names
    step = (RIGHT - LEFT) / (len(hidden) + 1)
    features = column(LEFT, len(names), 22.7, 18)
    layers = [column(LEFT + step * (i + 1), units, 65, 40) for i, units in enumerate([*hidden, experiment.outputs])]
    inputs = [node for name, node in zip(names, features, strict=True) if name in own]
    pairs = list(zip([inputs, *layers[:-1]], layers, strict=True))
    is_small = sum(len(before) * len(after) for before, after in pairs) <= MAX_LINKS
    links = "".join(
        link(start, other) for before, after in (pairs if is_small else ()) for start in before for other in after
    )
    nodes = "".join(
        f'<rect x="{x - size / 2:.1f}" y="{y - size / 2:.1f}" width="{size:.1f}" height="{size:.1f}" rx="5"/>'
        for x, y, size in [*inputs, *(node for layer in layers for node in layer)]
    )
    words = "".join(
        f'<text x="{x - 14:.1f}" '
        f'y="{y + 4:.1f}"{"" if name in own else " class=off"}>{escape(choice_label("features", name))}</text>'
        for name, (x, y, _) in zip(names, features, strict=True)
    )
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" translate="no"><g>{links}</g>{nodes}{words}</svg>'


def column(x: float, count: int, most: float, size: float) -> list[tuple[float, float, float]]:
    """``count`` nodes, one below the other: the middle of each, and its size, at most ``size``."""
    apart = min(most, 0.8 * HEIGHT / max(1, count))
    return [(x, HEIGHT * 0.59 + apart * (k - (count - 1) / 2), min(size, 0.8 * apart)) for k in range(count)]


def link(start: tuple[float, float, float], other: tuple[float, float, float]) -> str:
    """The curve from one node to another."""
    (x, y, size), (end, low, its) = start, other
    x, end = x + size / 2, end - its / 2
    middle = (x + end) / 2
    return f'<path d="M{x:.0f} {y:.0f}C{middle:.0f} {y:.0f} {middle:.0f} {low:.0f} {end:.0f} {low:.0f}"/>'
