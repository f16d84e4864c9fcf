"""Cells to numbers: signs, thousands, per cent and currencies as people and their programs write them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(inf|infinity)", re.ASCII | re.IGNORECASE)
"""A number as programs write it."""
_MARKS = (
    "? na n/a n.a. n.a #n/a #na <na> nan -nan nat null none nil - -- --- . .. ... \u2026 * k.a. n.d. nd n/d missing "
    "\\n #div/0! #value! #wert! #ref! #name? #num! #null! #nv 1.#qnan -1.#ind"
)
MARKS_OF_NUMBERS = frozenset(_MARKS.split())
"""What stands for a missing number, in lower case; in a column of texts it is a text."""
MAX_EXACT = 2**53
"""Whole numbers beyond it become equal to their neighbours as floats."""
PHONE_DIGITS = 8
MAX_CHARACTERS = 400

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_MINUSES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u207b\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u2018\u2019\u02bc\u2032\u00b4\u0060\uff07"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u061c\ufeff"
_SIGNS = (
    dict.fromkeys(map(ord, _SPACES), " ")
    | dict.fromkeys(map(ord, _MINUSES), "-")
    | dict.fromkeys(map(ord, _APOSTROPHES), "'")
    | dict.fromkeys(map(ord, _INVISIBLE), None)
    | {
        0x066A: "%",
        0x066B: ".",
        0x066C: "'",
        0xFF05: "%",
        0xFF0B: "+",
        0xFF0C: ",",
        0xFF0E: ".",
        0xFF08: "(",
        0xFF09: ")",
    }
    | {ord("×"): "x"}
)
_CURRENCIES = (
    "US$ NT$ HK$ A$ C$ R$ S$ EUR USD CHF GBP JPY CNY RMB INR PLN SEK NOK DKK ISK CZK HUF RON BGN RUB UAH BRL CAD AUD "
    "NZD MXN "
    "ZAR KRW TWD HKD SGD THB TRY ILS SFr. SFr Fr. Fr Rs. Rs kr. kr zł Kč Ft лв руб. руб р. "
    "元 円 圓 圆 원 € £ ¥ ￥ ₹ ₽ $"
)
_CURRENCY = "|".join(map(re.escape, sorted(_CURRENCIES.split(), key=len, reverse=True))) + "|[¢-¥֏؋৳฿₠-⃏﷼﹩＄￠￡￦]"
_AFFIXES = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[+-]?)\s*(?P<front>{_CURRENCY}|%)?\s*(?P<inner>[+-]?)\s*"
    r"(?P<core>[\d.,'][\d.,' ]*?)\s*(?P<exponent>(?:e|\s?x\s?10\^)[+-]?\d+)?(?P<even>(?<=[.,])-{1,2})?"
    rf"\s*(?P<back>{_CURRENCY}|[%‰])?\s*(?P<behind>-?)\s*(?P<close>\))?",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_PLAIN = {
    ".": re.compile(r"[+-]?\d+\.\d*(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE),
    ",": re.compile(r"[+-]?\d+,\d*(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE),
}
_COUNT = re.compile(r"-?(?:[1-9]\d{0,14}|0)(?:[.,]\d*)?", re.ASCII)
_CODE = re.compile(r"\d+E\d+", re.ASCII)
_DATES = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:\d{4}|\d{2})|\d{4}年\d{1,2}月(?:\d{1,2}日)?"
    r"|\d{1,2}[-. ]{1,2}[^\W\d_]{3,10}\.?[-. ]\d{2,4}|[^\W\d_]{3,10}\.? \d{1,2}, \d{4}|\d{4}-\d{2}"
    r"|\d{4}-W\d{2}(?:-\d)?)"
    r"(?:(?:[T ]|, )\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[ap]\.?m\.?)?(?:\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
    r"|\d{1,3}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?P<sign>[+-]?)(?P<core>[\d.,]*\d[\d.,]*)(?:e(?P<exponent>[+-]?\d+))?", re.ASCII | re.IGNORECASE)
_DIGIT = re.compile(r"\d", re.ASCII)
_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_NO_SEPARATORS = str.maketrans("", "", " ',.")


class Numeral(NamedTuple):
    """A cell that may be a number, in ASCII: ``core`` digits and separators, ``exponent`` as a power of ten, per cent
    counted in; ``affix`` is the currency or ``%`` that stood beside it, ``bracketed`` whether brackets made it
    negative."""

    negative: bool
    core: str
    exponent: int
    affix: str
    bracketed: bool


def simplify(cell: str) -> str:
    """A cell with digits, spaces, minus signs and apostrophes of every kind as those of ASCII."""
    cell = cell.strip()
    if cell.isascii():
        return cell
    cell = cell.translate(_SIGNS).strip()
    return cell if cell.isascii() else "".join(map(_digit, cell))


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def numeral_of(cell: str) -> Numeral | None:
    """The parts of a cell that is a number in some format; None for text."""
    text = simplify(cell)
    if not text or len(text) > MAX_CHARACTERS:
        return None
    match = _AFFIXES.fullmatch(text) if _DIGIT.search(text) else None
    if match is None or not any(map(str.isdecimal, match["core"])):
        return None
    signs = [sign for sign in (match["sign"], match["inner"], match["behind"]) if sign]
    affixes = [affix for affix in (match["front"], match["back"]) if affix]
    if len(signs) > 1 or len(affixes) > 1 or (match["open"] is None) != (match["close"] is None):
        return None
    if match["open"] and signs:
        return None
    power = re.search(r"[+-]?\d+$", match["exponent"] or "0")
    exponent = int(power[0][:9]) if power else 0
    affix = affixes[0] if affixes else ""
    exponent -= {"%": 2, "‰": 3}.get(affix, 0)
    return Numeral("-" in signs or bool(match["open"]), match["core"], exponent, affix, bool(match["open"]))


@lru_cache(maxsize=64)
def _form(decimal: str, thousands: str | None) -> re.Pattern[str]:
    """What digits and separators may look like where ``decimal`` is the decimal sign."""
    separators = (",.".replace(decimal, ""), " ", "'") if thousands is None else tuple(thousands)
    groups = [rf"[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+" for sign in separators if sign != decimal]
    if "," in separators and decimal != ",":
        groups.append(r"[1-9]\d?(?:,\d{2})*,\d{3}")
    whole = "|".join([*groups, r"\d+"])
    point = re.escape(decimal)
    return re.compile(rf"(?P<whole>{whole})(?:{point}(?P<part>\d*))?|{point}(?P<bare>\d+)", re.ASCII)


def parse_number(cell: str, decimal: str, thousands: str | None = None) -> float | None:
    """The number that a cell holds under this format, infinite when it is too large; None for text.

    ``thousands``: the sign between groups, "" for none, None for whatever cannot be the decimal sign.
    """
    if len(cell) > MAX_CHARACTERS:
        return None
    if _WHOLE.fullmatch(cell):
        return float(cell)
    if _PLAIN[decimal].fullmatch(cell):
        return float(cell.replace(",", "."))
    return _value(_parts(cell), cell, decimal, thousands)


def readings(cell: str, thousands: str | None = None) -> tuple[float | None, float | None]:
    """The number in a cell with a decimal point, and with a decimal comma."""
    if len(cell) > MAX_CHARACTERS:
        return None, None
    if _WHOLE.fullmatch(cell):
        return float(cell), float(cell)
    if not _GROUP.fullmatch(cell):
        if _PLAIN["."].fullmatch(cell):
            return float(cell), None
        if _PLAIN[","].fullmatch(cell):
            return None, float(cell.replace(",", "."))
    parts = _parts(cell)
    return _value(parts, cell, ".", thousands), _value(parts, cell, ",", thousands)


def _parts(cell: str) -> Numeral | None:
    """``numeral_of``, at once for what consists of digits and separators."""
    match = _BARE.fullmatch(cell)
    if match is None:
        return numeral_of(cell)
    exponent = int(match["exponent"][:9]) if match["exponent"] else 0
    return Numeral(match["sign"] == "-", match["core"], exponent, "", False)


def _value(numeral: Numeral | None, cell: str, decimal: str, thousands: str | None) -> float | None:
    """The value of a numeral under this format; of none, that of a word for infinity."""
    if numeral is None:
        return float(simplify(cell)) if len(cell) < 20 and NUMBER.fullmatch(simplify(cell)) else None
    match = _form(decimal, thousands).fullmatch(numeral.core)
    if match is None:
        return None
    whole = (match["whole"] or "0").translate(_NO_SEPARATORS)
    value = float(f"{whole}.{match['part'] or match['bare'] or '0'}e{numeral.exponent}")
    return -value if numeral.negative else value


def is_number(cell: str) -> bool:
    """Whether a cell is a number in some format, and no identifier."""
    return any(value is not None for value in readings(cell))


def is_identifier(cell: str) -> bool:
    """Whether a numeral names something rather than counts it: leading zeros, a plus and many digits, beyond 2^53."""
    if _COUNT.fullmatch(cell):
        return False
    text = simplify(cell).replace("'", "").replace(" ", "")
    if not text.lstrip("+-")[:1].isdecimal():
        return False
    digits = text.lstrip("+-")
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdecimal():
        return True
    if not digits.isdecimal():
        return bool(_CODE.fullmatch(text)) and len(text.partition("E")[2]) > 3
    return len(digits) > 300 or int(digits) > MAX_EXACT or (text[0] == "+" and len(digits) >= PHONE_DIGITS)


def is_code(cell: str) -> bool:
    """Whether a cell is like ``12E4``: an article's number as well as a power of ten."""
    return bool(_CODE.fullmatch(cell))


def is_date(cell: str) -> bool:
    """Whether a cell is a date, a time, or both."""
    return len(cell) < 50 and bool(_DATES.fullmatch(simplify(cell)))


def is_mark(cell: str) -> bool:
    """Whether a cell, in a column of numbers, says that there is none."""
    if cell[:1].isdecimal() and cell[:3] != "1.#":
        return False
    text = cell.strip()
    return len(text) < 10 and (simplify(text).lower() in MARKS_OF_NUMBERS or text.lower() in MARKS_OF_NUMBERS)
