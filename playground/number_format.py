"""Numbers as people read them: the same as ``static/lib/format.js`` writes them."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from playground.language import NumberText, Translatable, mark

SMALLEST, LARGEST = Decimal("0.001"), Decimal(10_000)
"""Below the first, and from the second on, a number is written with its power of ten."""
MINUS, MISSING = "\u2212", "\u2013"


def format_precise(number: Any, digits: int = 3) -> NumberText:
    """``number`` with so many digits that count; whole from ``digits`` places on; ``–`` for what is not finite.

    It is rounded before it is decided how to write it, so that neighbours are written alike.
    """
    if number is None or not math.isfinite(number):
        return NumberText(MISSING)
    exact = abs(Decimal(float(number)))
    if not exact:
        return NumberText("0")
    rounded = round_to(exact, digits)
    sign = MINUS if number < 0 else ""
    if rounded < SMALLEST or rounded >= LARGEST:
        power = rounded.adjusted()
        mantissa = rounded.scaleb(-power)
        return NumberText(f"{sign}{mantissa:.{digits - 1}f}e{MINUS if power < 0 else ''}{abs(power)}")
    places = digits - 1 - rounded.adjusted()
    if places <= 0:
        return NumberText(f"{sign}{exact.quantize(Decimal(1), ROUND_HALF_UP)}")
    return NumberText(f"{sign}{rounded:.{places}f}")


def format_signed(number: float, places: int) -> NumberText:
    """``number`` with its sign, and with so many places behind the point; a zero has no sign."""
    rounded = round(number, places) + 0.0
    sign = MINUS if rounded < 0 else "+" if rounded > 0 else ""
    return NumberText(f"{sign}{abs(rounded):.{places}f}")


def format_brief(number: float) -> NumberText:
    """``number`` as it was chosen, without zeros that say nothing: ``0.05``, ``1e−5``."""
    mantissa, _, power = f"{number:g}".replace("-", MINUS).partition("e")
    return NumberText(f"{mantissa}e{power[0].strip('+')}{power[1:].lstrip('0')}" if power else mantissa)


def format_percent(share: float, places: int = 0) -> Translatable:
    """``share`` (of 1) in hundredths, with so many places behind the point; what is not quite nothing is not called
    0."""
    least = 10.0**-places
    if 0 < share < least / 200:
        return mark("less than {number} %", number=NumberText(f"{least:.{places}f}"))
    return mark("{number} %", number=NumberText(f"{100 * share:.{places}f}"))


def round_to(exact: Decimal, digits: int) -> Decimal:
    """``exact`` (above 0) with so many digits, halves upwards, as ``Number.prototype.toPrecision`` has it."""
    return exact.quantize(Decimal((0, (1,), exact.adjusted() - digits + 1)), ROUND_HALF_UP)
