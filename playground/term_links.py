"""Words of the glossary within other texts: where they stand, and as links to their terms."""

from __future__ import annotations

import re
from functools import lru_cache

from playground.glossary import ANCHOR, GLOSSARY, LETTER, MIN_SPACELESS_CHARS, split_variants
from playground.language import current_language, translate


@lru_cache(maxsize=8)
def _forms(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    names = {
        form.lower(): term.name
        for term in GLOSSARY.values()
        for form in (translate(term.label, language), *split_variants(translate(term.variants, language)))
        if re.match(LETTER, form) or len(form) >= MIN_SPACELESS_CHARS
    }
    longest_first = sorted(names, key=len, reverse=True)
    spaced = [form for form in longest_first if re.match(LETTER, form)]
    spaceless = [form for form in longest_first if form not in spaced]
    alternatives = [rf"(?<!{LETTER})(?<![#-])(?:{'|'.join(map(re.escape, spaced))})(?!{LETTER}|-)"] if spaced else []
    alternatives += map(re.escape, spaceless)
    return re.compile("|".join(alternatives), re.IGNORECASE), names


def term_names() -> dict[str, str]:
    """Every way to write a term in the current language, in small letters, to its term's name."""
    return dict(_forms(current_language())[1])


def terms_in(text: str) -> dict[str, str]:
    """The words of ``text``, in the current language, that are explained, each term once, where it stands first: as it
    is written to its term's name."""
    pattern, names = _forms(current_language())
    first: dict[str, str] = {}
    for match in pattern.finditer(translate(text)):
        first.setdefault(names[match[0].lower()], match[0])
    return {written: name for name, written in first.items()}


PROTECTED = re.compile(r"(\$[^$]*\$|`[^`]*`|\*\*[^*]*\*\*|\[[^\]]*\]\([^)]*\))")
"""Formulas, code, what is bold and links: no link is put into those."""


def with_links(text: str, but: tuple[str, ...] = ()) -> str:
    """``text``, Markdown of our own in the current language, whose first mention of each term is a link to it; ``but``
    those named."""
    pattern, names = _forms(current_language())
    seen = set(but)

    def link(match: re.Match[str]) -> str:
        name = names[match[0].lower()]
        if name in seen:
            return match[0]
        seen.add(name)
        return f"[{match[0]}](#{ANCHOR}{name})"

    parts = PROTECTED.split(translate(text))
    return "".join(part if i % 2 else pattern.sub(link, part) for i, part in enumerate(parts))
