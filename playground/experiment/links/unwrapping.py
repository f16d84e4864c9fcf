"""Undoing what mail programs, chats and people do to links: each kind of damage by itself, from a text to candidate
texts.

A rule is sure of nothing: it offers what the link may have been, and whoever reads them all keeps the one that says
most (``any_link.open_link``). So no rule needs to know the others, and a link that was damaged in three ways is three
rules.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from playground.experiment.links.values import WIDE
from playground.language import mark

ADDRESS = re.compile(
    r"h(?:tt|xx)ps?(?::/{1,2}|%3A%2F%2F|%253A%252F%252F)|(?<=[/=])playground\.tensorflow\.org", re.IGNORECASE
)
"""Where an address begins, encoded or not."""
ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8}\d?);", re.IGNORECASE)
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
QUOTED_PRINTABLE = re.compile(r"=(?:\r?\n|[0-9A-F]{2})")
LINE_BREAK = re.compile(r"\r?\n[\s>|]*")
ENDS = re.compile(r"[\s<>\"`|«»“”„‹›\[\]]|\\(?=\s)")
"""Signs that no address holds."""
PUNCTUATION = re.compile(r"[.,;:!?)\]}>'\"*_~’”»›|\\/。，、）】」》]")
OPENING = "<([{\"'`*_~‘“„«‹（【「《 "
INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
)
TYPOGRAPHIC = {ord("–"): "-", ord("—"): "--", ord("−"): "-", ord("‑"): "-", ord("‐"): "-", ord("×"): "x"}
BROKEN_ENTITY = {"®": "&reg"}
"""What a browser makes of ``&regDataset`` and ``&regularization`` in a page's text."""
MAX_TRIMMED = 6
MAX_ADDRESSES = 6
RUN_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""URL Defense, version 3: the letter at place n stands for n + 2 signs."""


@dataclass(frozen=True)
class Undoing:
    """One way in which a link is damaged or wrapped: ``texts`` offers what it may have been, ``what`` names the damage
    in a few words."""

    what: str
    texts: Callable[[str], Iterator[str]]


def without_invisible(text: str) -> str:
    """``text`` without signs of no width and without blanks around it."""
    return text.translate(INVISIBLE).strip()


def from_wrapper(text: str) -> Iterator[str]:
    """The links in the values of another one: redirects of mail programs, chats and searches, sharing buttons."""
    try:
        parts = urlsplit(text)
        pairs = [*parse_qsl(parts.query), *parse_qsl(parts.fragment)]
    except ValueError:
        return
    for _, value in pairs:
        if value.startswith("aHR0c"):  # "http" in base64
            yield from _from_base64(value.replace(" ", "+"))
        elif ADDRESS.search(value) or ("=" in value and PERCENT.search(value) is None):
            yield value


def _from_base64(value: str) -> Iterator[str]:
    try:
        yield base64.urlsafe_b64decode(
            value.replace("+", "-").replace("/", "_").rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)
        ).decode()
    except (binascii.Error, ValueError):
        return


def from_url_defense(text: str) -> Iterator[str]:
    """The link in one of Proofpoint's URL Defense, versions 2 and 3 (version 1 is any wrapper)."""
    _, is_second, query = text.partition("/v2/url?")
    if is_second and (address := dict(parse_qsl(query)).get("u")):
        yield unquote(address.replace("-", "%").replace("_", "/"))
    starred, _, behind = text.partition("/v3/__")[2].partition("__;")
    if behind:
        encoded = behind.partition("!")[0]
        try:
            signs = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        except (binascii.Error, ValueError):
            return
        rest = iter(signs)

        def restore_mark(token: re.Match[str]) -> str:
            count = RUN_LENGTHS.index(token[1]) + 2 if token[1] else 1
            return "".join(next(rest, "") for _ in range(count))

        link = re.sub(r"\*(?:\*([\w-]))?", restore_mark, starred, flags=re.ASCII)
        yield re.sub(r"^([a-z][a-z0-9+.-]*:/)(?=[^/])", r"\1/", link)


def from_address_within(text: str) -> Iterator[str]:
    """What begins with an address behind other text, to its end and to where an address ends."""
    starts = [match.start() for match in ADDRESS.finditer(text)][:MAX_ADDRESSES]
    for start in starts:
        rest = text[start:]
        if start:
            yield rest
        if end := ENDS.search(rest):
            yield rest[: end.start()]
        if PERCENT.match(rest, 5) or PERCENT.match(rest, 4):  # encoded: what is not encoded is no part of it
            yield re.split(r"[/&?#\s\"'<>]", rest, maxsplit=1)[0]
    if not starts and (end := ENDS.search(text)):
        yield text[: end.start()]


def restore_plain_marks(text: str) -> Iterator[str]:
    """``text`` of which the signs before and between its settings alone were encoded."""
    if "?" not in text and "#" not in text and (match := re.search("%3F|%23", text, re.IGNORECASE)):
        yield text[: match.start()] + unquote(match[0]) + text[match.end() :]
    if "=" not in text.partition("?")[2] or "&" not in text:
        yield re.sub("%26|%3D", lambda match: unquote(match[0]), text, flags=re.IGNORECASE)


def decode_percent(text: str) -> Iterator[str]:
    """``text`` with its per cent signs decoded, once."""
    if PERCENT.search(text):
        yield unquote(text)


def unescape(text: str) -> Iterator[str]:
    """``text`` without HTML's entities, JSON's and Markdown's backslashes."""
    if ENTITY.search(text):
        yield ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "\\" in text:
        plain = re.sub(r"\\u00([0-7][0-9a-fA-F])", lambda match: chr(int(match[1], 16)), text)
        yield re.sub(r"\\([^\w\s])|\\(?=_)", r"\1", plain)


def restore_entity(text: str) -> Iterator[str]:
    """``text`` with names that a browser took for an entity."""
    restored = text
    for sign, name in BROKEN_ENTITY.items():
        restored = restored.replace(sign, name)
    if restored != text:
        yield restored


def from_quoted_printable(text: str) -> Iterator[str]:
    """A mail's source, in which ``=3D`` is an equals sign."""
    if "=3D" in text:
        yield QUOTED_PRINTABLE.sub(lambda match: chr(int(match[0][1:], 16)) if match[0][1:].isalnum() else "", text)


def join_lines(text: str) -> Iterator[str]:
    """``text`` without line breaks, and without any blanks."""
    if LINE_BREAK.search(text):
        yield LINE_BREAK.sub("", text)
    if re.search(r"\s", text):
        yield re.sub(r"\s+", "", text)


def trim_punctuation(text: str) -> Iterator[str]:
    """``text`` without the punctuation behind it, a sign at a time, and without what opens before it."""
    if text[:1] in OPENING:
        yield text.lstrip(OPENING)
    end = len(text)
    while end and len(text) - end < MAX_TRIMMED and PUNCTUATION.match(text, end - 1):
        end -= 1
        yield text[:end]


def without_cut_setting(text: str) -> Iterator[str]:
    """``text`` that was cut off at its end, where an ellipsis stands, without the setting that nobody knows the end
    of."""
    whole, cut, behind = text.partition("…")
    if cut and not behind.strip() and "&" in whole:
        yield whole.rpartition("&")[0]


def plain_signs(text: str) -> Iterator[str]:
    """``text`` with plain signs in the place of wide and typographic ones."""
    plain = text.translate(TYPOGRAPHIC | WIDE)
    if plain != text:
        yield plain


def with_question_mark(text: str) -> Iterator[str]:
    """An address that lost the ``?`` or ``#`` before its settings, or has ``;`` or ``?`` between them."""
    if "?" not in text and "#" not in text and "=" in text:
        before, slash, behind = text.rpartition("/")
        if slash and "=" not in before:
            yield f"{before}/?{behind}"
    if "&" not in text and ";" in text:
        yield text.replace(";", "&")
    address, _, behind = text.partition("?")
    if "?" in behind:
        yield f"{address}?{behind.replace('?', '&')}"


UNDOINGS: tuple[Undoing, ...] = (
    Undoing(mark("wrapped in another link"), from_wrapper),
    Undoing(mark("wrapped in another link"), from_url_defense),
    Undoing(mark("with signs of HTML in it"), unescape),
    Undoing(mark("with signs of HTML in it"), restore_entity),
    Undoing(mark("encoded once too often"), restore_plain_marks),
    Undoing(mark("encoded once too often"), decode_percent),
    Undoing(mark("with signs of a mail's source in it"), from_quoted_printable),
    Undoing(mark("broken over lines"), join_lines),
    Undoing(mark("with other text around it"), from_address_within),
    Undoing(mark("with punctuation around it"), trim_punctuation),
    Undoing(mark("cut off at its end (the last setting is left out)"), without_cut_setting),
    Undoing(mark("with typographic signs in it"), plain_signs),
    Undoing(mark("with another sign before or between its settings"), with_question_mark),
)
"""In the order in which they are tried."""
