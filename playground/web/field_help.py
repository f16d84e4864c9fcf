"""What the question mark beside a control says: words, formula, source."""

from __future__ import annotations

from playground.experiment import Choice, Number
from playground.experiment.fields import OneOrEach, Rule
from playground.language import t
from playground.registry import Entry, Registry
from playground.symbols import legend
from playground.term_links import with_links

NO_BREAK = "\u00a0"


def entry_help(entry: Entry, noun: str = "") -> str:
    """An entry in Markdown: label, sentence, formula, source; ``noun``: of which registry, to say what the letters
    are."""
    letters = t(legend(noun, entry.formula))
    parts = (
        t("**{name}.** {words}", name=t(entry.label), words=with_links(t(entry.explanation), but=(entry.name,))),
        f"${entry.formula}$",
        letters,
        f"*{t(entry.source)}*",
    )
    return "\n\n".join(part for part in parts if part)


def with_brief(label: str, entry: Entry | None) -> str:
    """A control's label, and beside it the formula of the ``entry`` that is chosen, where it is short.

    No space of the formula breaks a line: where there is no room for all of it, the style shows none of it.
    """
    return f"{label}\u2002{t(entry.brief).replace(' ', NO_BREAK)}" if entry is not None and entry.brief else label


def rule_help(rule: Rule, value: object = None) -> str:
    """A field in Markdown: what it is, its formula, and the entry that is chosen."""
    parts = [with_links(t(rule.help))]
    if isinstance(rule, Number) and rule.formula:
        parts.append(f"${rule.formula}$")
    entry = chosen_entry(rule, value)
    if entry is not None:
        parts.append(entry_help(entry, registry_noun(rule)))
    return "\n\n".join(parts)


def chosen_entry(rule: Rule, value: object) -> Entry | None:
    """The entry of the registry that ``value`` names, where the field chooses from one."""
    choice = _choice_of(rule)
    return choice.entry(value) if choice is not None and isinstance(value, str) else None


def registry_noun(rule: Rule) -> str:
    """Of which registry the field chooses; empty where it is none."""
    choice = _choice_of(rule)
    return choice.choices.noun if choice is not None and isinstance(choice.choices, Registry) else ""


def _choice_of(rule: Rule) -> Choice | None:
    inner = rule.each if isinstance(rule, OneOrEach) else rule
    return inner if isinstance(inner, Choice) else None
