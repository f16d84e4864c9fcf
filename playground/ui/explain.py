"""What the question mark beside a control says: words, formula, source."""

from __future__ import annotations

from playground.registry import Entry
from playground.spec import Choice, Number
from playground.spec.rules import Rule
from playground.ui.language import t


def entry_help(entry: Entry) -> str:
    """An entry in Markdown: label, sentence, formula, source."""
    return f"**{t(entry.label)}.** {t(entry.explanation)}\n\n${entry.formula}$\n\n*{t(entry.source)}*"


def rule_help(rule: Rule, value: object = None) -> str:
    """A field in Markdown: what it is, its formula, and the entry that is chosen."""
    parts = [t(rule.help)]
    if isinstance(rule, Number) and rule.formula:
        parts.append(f"${rule.formula}$")
    if isinstance(rule, Choice) and isinstance(value, str):
        entry = rule.entry(value)
        if entry is not None:
            parts.append(entry_help(entry))
    return "\n\n".join(parts)
