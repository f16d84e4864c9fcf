"""Cells to numbers, held to ``decimal`` and to what people write."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.datasets.tabular.numerals import is_date, is_identifier, is_mark, parse_number, readings

SPACES = ["\u00a0", "\u202f", "\u2009", "\u2007", " "]
MINUSES = ["-", "\u2212", "\u2013", "\uff0d", "\ufe63"]
GROUPS = [("", 3), *((space, 3) for space in SPACES), ("'", 3), ("\u2019", 3), ("other", 3), ("other", 2)]


def grouped(digits: str, sign: str, size: int) -> str:
    """Digits with a sign before the last three, and before every ``size`` in front of them."""
    head, tail = digits[:-3], digits[-3:]
    parts = [tail]
    while head:
        parts.insert(0, head[-size:])
        head = head[:-size]
    return sign.join(parts)


@given(
    value=st.decimals(-(10**9), 10**9, places=3),
    decimal=st.sampled_from(".,"),
    groups=st.sampled_from(GROUPS),
    minus=st.sampled_from(MINUSES),
    affix=st.sampled_from(["{}", "{} €", "$ {}", "CHF {}", "{}%", "{} %", "kr {}", " {} ", "₹{}", "{} zł", "\u200e{}"]),
    places=st.integers(0, 3),
)
def test_a_number_is_what_decimal_says(
    value: Decimal, decimal: str, groups: tuple[str, int], minus: str, affix: str, places: int
) -> None:
    value = round(value, places)
    sign, size = groups
    sign = {".": ",", ",": "."}[decimal] if sign == "other" else sign
    size = size if decimal == "." and sign == "," else 3
    whole, _, part = f"{abs(value):f}".partition(".")
    text = grouped(whole, sign, size) + (decimal + part if part else "")
    written = affix.format((minus if value < 0 else "") + text)
    expected = float(value / 100) if "%" in affix else float(value)
    assert parse_number(written, decimal) == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["{!r}", "{:e}", "{:E}", "{:.3f}", "{:+}"]))
def test_what_python_writes_is_read_back(value: float, form: str) -> None:
    text = form.format(value)
    assert len(text) > 400 or parse_number(text, ".") == float(text)
    assert len(text) > 400 or parse_number(text.replace(".", ","), ",") == float(text)


@given(st.text(max_size=12) | st.text("0123456789.,-+e%€ '()", max_size=12))
def test_no_cell_is_an_error(cell: str) -> None:
    for value in readings(cell):
        assert value is None or isinstance(value, float)
    assert {is_identifier(cell), is_date(cell), is_mark(cell)} <= {True, False}


@pytest.mark.parametrize(
    ("cell", "point", "comma"),
    [
        ("1.234", 1.234, 1234),
        ("1,234", 1234, 1.234),
        ("0.125", 0.125, None),
        ("0,125", None, 0.125),
        ("1234.567", 1234.567, None),
        ("1,234,567", 1234567, None),
        ("12,34,567.5", 1234567.5, None),
        ("1.234.567,5", None, 1234567.5),
        ("1,23", None, 1.23),
        ("1,234 ", 1234, 1.234),
        ("(1,234.50)", -1234.5, None),
        ("5-", -5, -5),
        ("12.-", 12, None),
        ("12,–", None, 12),
        ("CHF 1’200.–", 1200, None),
        ("10 %", 0.1, 0.1),
        ("%5", 0.05, 0.05),
        ("12,3 %", None, 0.123),
        ("5 ‰", 0.005, 0.005),
        ("1e-3", 0.001, 0.001),
        ("1e−3", 0.001, 0.001),
        ("1,5E3", None, 1500),
        ("1.5×10^3", 1500, None),
        ("-$5", -5, -5),
        ("$-5", -5, -5),
        ("R$ 1.234,50", None, 1234.5),
        ("１２．５", 12.5, None),
        ("٣", 3, 3),
        (".5", 0.5, None),
        ("5.", 5, None),
        *(
            (cell, None, None)
            for cell in ["", "x", "1_000", "--1", "+", "0x10", "1.2.3", "1 2", "1\t200", "12 kg", "e5", "-"]
        ),
        *(
            (cell, None, None)
            for cell in ["(5", "5)", "(-5)", "$5€", "+-5", "1 23", "01 234", "9" * 401, "1e", "1,2,3"]
        ),
    ],
)
def test_a_cell_has_the_readings_that_it_can_have(cell: str, point: float | None, comma: float | None) -> None:
    assert readings(cell) == (point, comma)


def test_a_chosen_sign_for_thousands_is_the_only_one() -> None:
    assert parse_number("1 234", ".", "'") is None
    assert parse_number("1'234", ".", "'") == 1234
    assert parse_number("1,234", ".", "") is None


@pytest.mark.parametrize(
    "cell",
    [
        "007",
        "0047583311587E590003",
        "9007199254740993",
        "-9007199254740993",
        "+4915112345678",
        "+49 151 1234567",
        "030 1234567",
        "1234567E590003",
        "00.5",
        "01.02",
        "123 456 789 012 345 678",
    ],
)
def test_numerals_that_name_things(cell: str) -> None:
    assert is_identifier(cell)


@pytest.mark.parametrize("cell", ["0", "0.5", "-0", "0,5", "10", "9007199254740992", "+5", "1e300", "1e400", "x7", ""])
def test_numbers_that_count(cell: str) -> None:
    assert not is_identifier(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2020-01-31",
        "31.01.2020",
        "31.1.20",
        "1/31/2020",
        "2020/1/31",
        "2020年1月31日",
        "31-Jan-2020",
        "31. März 2020",
        "Jan 31, 2020",
        "2020-01-31T12:30:00Z",
        "2020-01-31 12:30",
        "31.01.2020 12:30:15",
        "12:30",
        "7:05:09",
        "1:30 PM",
    ],
)
def test_dates_and_times(cell: str) -> None:
    assert is_date(cell)
    assert readings(cell) == (None, None)


@pytest.mark.parametrize("cell", ["1.5", "2020", "x", "1:2:3:4", "12-34", "Model 3 2020 12:99:99x", "a-b-c"])
def test_what_is_no_date(cell: str) -> None:
    assert not is_date(cell)
