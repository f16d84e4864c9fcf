"""Codes, keys, nicknames, and how often one may guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classroom.attempts import MAX_VISITOR_FAILURES, PERIOD_SECONDS, Attempts
from playground.classroom.codes import ALPHABET, CODE_LETTERS, is_same, new_code, parse_code, replica_letter
from playground.classroom.nicknames import (
    ANIMALS,
    MAX_NICKNAME_CHARS,
    choose_animal,
    clean_nickname,
    unique_nickname,
)
from playground.errors import PlaygroundError


def test_a_code_is_six_letters_that_are_no_word_and_not_mistaken() -> None:
    codes = {new_code(()) for _ in range(500)}
    assert len(codes) > 495
    for code in codes:
        assert len(code) == CODE_LETTERS
        assert set(code) <= set(ALPHABET)
        assert not set(code) & set("AEIOULY01")


def test_a_replicas_codes_begin_with_its_letter_and_none_is_given_twice() -> None:
    code = new_code((), "A")
    assert code[0] == "A"
    assert len(code) == CODE_LETTERS

    class AllButOne:
        """Every code is taken the first time that it is drawn."""

        def __init__(self) -> None:
            self.drawn: list[object] = []

        def __contains__(self, code: object) -> bool:
            self.drawn.append(code)
            return len(self.drawn) < 4

    taken = AllButOne()
    assert new_code(taken) == taken.drawn[3]


@pytest.mark.parametrize(("value", "letter"), [("", ""), ("b", "B"), ("Z", "Z")])
def test_the_replicas_letter_is_of_the_environment(monkeypatch: pytest.MonkeyPatch, value: str, letter: str) -> None:
    monkeypatch.setenv("PLAYGROUND_REPLICA", value)
    assert replica_letter() == letter


@pytest.mark.parametrize("value", ["AB", "1", "é"])
def test_a_wrong_letter_is_said_at_once(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PLAYGROUND_REPLICA", value)
    with pytest.raises(ValueError, match="PLAYGROUND_REPLICA"):
        replica_letter()


@pytest.mark.parametrize("typed", ["bcdfgh", " BCD FGH ", "bcd-fgh", "BCDFGH.", "b c d f g h"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert parse_code(typed) == ("BCDFGH", "")


def test_a_link_has_a_key_behind_the_code() -> None:
    assert parse_code("BCDFGH.a-Key_9") == ("BCDFGH", "a-Key_9")


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_code_or_one_sentence(typed: str) -> None:
    try:
        code, key = parse_code(typed)
    except PlaygroundError:
        return
    assert len(code) == CODE_LETTERS
    assert code.isascii()
    assert code.isupper()
    assert len(key) <= 40


def test_what_is_no_code_is_said_in_a_sentence() -> None:
    with pytest.raises(PlaygroundError, match="a code has 6 letters"):
        parse_code("BCDFG1")


@given(st.text(max_size=20), st.text(max_size=20))
def test_tokens_are_compared_as_texts_are(first: str, second: str) -> None:
    assert is_same(first, second) == (first == second)


@given(st.text(max_size=400))
def test_a_nickname_is_one_short_line_that_is_seen(text: str) -> None:
    nickname = clean_nickname(text)
    assert len(nickname) <= MAX_NICKNAME_CHARS
    assert nickname == nickname.strip()
    assert nickname.isprintable()


@pytest.mark.parametrize(
    ("text", "nickname"),
    [
        ("  Ann\n  Lee ", "Ann Lee"),
        ("\u202eevil\u2066", "evil"),
        ("\u200b\u00ad", ""),
        ("<b>Bo</b>", "<b>Bo</b>"),
        ("小明", "小明"),
        ("x" * 99, "x" * MAX_NICKNAME_CHARS),
    ],
)
def test_what_is_left_of_a_nickname(text: str, nickname: str) -> None:
    assert clean_nickname(text) == nickname


def test_no_two_are_called_the_same_whatever_their_case() -> None:
    assert unique_nickname("Anna", []) == "Anna"
    assert unique_nickname("anna", ["Anna"]) == "anna 2"
    assert unique_nickname("Anna", ["Anna", "ANNA 2"]) == "Anna 3"
    long = unique_nickname("x" * MAX_NICKNAME_CHARS, ["x" * MAX_NICKNAME_CHARS])
    assert long != "x" * MAX_NICKNAME_CHARS
    assert len(long) <= MAX_NICKNAME_CHARS


def test_an_animal_that_nobody_is_called_by_while_there_is_one() -> None:
    assert len({name.casefold() for name in ANIMALS}) == len(ANIMALS)
    assert choose_animal(ANIMALS[1:]) == ANIMALS[0]
    assert choose_animal([name.upper() for name in ANIMALS]) in ANIMALS


def test_who_guesses_has_to_wait_and_may_then_try_again() -> None:
    now = [100.0]
    attempts = Attempts(MAX_VISITOR_FAILURES, lambda: now[0])
    for _ in range(MAX_VISITOR_FAILURES):
        attempts.check()
        attempts.record_failure()
        now[0] += 1
    with pytest.raises(PlaygroundError, match=r"try again in 54 s"):
        attempts.check()
    now[0] = 100.0 + PERIOD_SECONDS
    attempts.check()
    attempts.record_failure()
    with pytest.raises(PlaygroundError):
        attempts.check()
