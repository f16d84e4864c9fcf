"""A completion code holds for one lesson, one name, one server; a typing error is told from a wrong name."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from playground.errors import PlaygroundError
from playground.lessons import Progress, certificate_line, check_code, completion_code, parse_lesson
from playground.lessons.completion import FIRST_DAY, LETTERS
from playground.lessons.signing import KEY_VARIABLE, signing_key, stored_key
from tests.lessons.test_lesson import DATA, edited
from tests.lessons.test_progress import KEY, LESSON, finished

DAY = date(2026, 11, 27)
OTHER = parse_lesson(edited("title", value="Three layers"))
CODE = completion_code(finished(), "Ada Lovelace", day=DAY, key=KEY)


def test_a_code_says_which_lesson_and_when() -> None:
    assert check_code(CODE, "Ada Lovelace", [OTHER, LESSON], key=KEY).lesson is LESSON
    assert check_code(CODE, "Ada Lovelace", [LESSON], key=KEY).day == DAY
    assert len(CODE) == 14
    assert not set("01ILO") & set(CODE)


@pytest.mark.parametrize("name", ["ada lovelace", " Ada  Lovelace ", "ADA LOVELACE"])
def test_blanks_and_capitals_of_a_name_do_not_matter(name: str) -> None:
    assert check_code(CODE, name, [LESSON], key=KEY).day == DAY


@pytest.mark.parametrize("code", [CODE.lower(), CODE.replace("-", ""), f" {CODE.replace('-', ' ')} "])
def test_a_code_is_read_however_it_is_grouped(code: str) -> None:
    assert check_code(code, "Ada Lovelace", [LESSON], key=KEY).day == DAY


def test_another_name_lesson_server_or_content_is_refused() -> None:
    for name, lessons, key in [
        ("Ada Byron", [LESSON], KEY),
        ("Ada Lovelace", [OTHER], KEY),
        ("Ada Lovelace", [], KEY),
        ("Ada Lovelace", [LESSON], b"another key"),
    ]:
        with pytest.raises(PlaygroundError, match="no code of that name"):
            check_code(CODE, name, lessons, key=key)


def test_every_single_typing_error_is_told() -> None:
    letters = CODE.replace("-", "")
    for place, letter in enumerate(letters):
        for wrong in LETTERS.replace(letter, ""):
            with pytest.raises(PlaygroundError, match="letter by letter"):
                check_code(letters[:place] + wrong + letters[place + 1 :], "Ada Lovelace", [LESSON], key=KEY)
    for place, (left, right) in enumerate(pairwise(letters)):
        if left != right:
            with pytest.raises(PlaygroundError, match="letter by letter"):
                check_code(letters[:place] + right + left + letters[place + 2 :], "Ada Lovelace", [LESSON], key=KEY)


@pytest.mark.parametrize("code", ["", "ABC", CODE + "A", "0" * 12, "É" * 12, "-" * 40])
def test_what_is_no_code_gets_a_sentence(code: str) -> None:
    with pytest.raises(PlaygroundError, match=r"a code has 12|no code holds"):
        check_code(code, "Ada Lovelace", [LESSON], key=KEY)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u200b"])
def test_a_name_is_needed(name: str) -> None:
    with pytest.raises(PlaygroundError, match="type a name of 1 to 60"):
        completion_code(finished(), name, key=KEY)


def test_there_is_no_code_before_the_end_nor_after_a_skip() -> None:
    with pytest.raises(PlaygroundError, match="not finished"):
        completion_code(Progress.start(LESSON), "Ada", key=KEY)
    with pytest.raises(PlaygroundError, match=r"a step was skipped \(1, 2, 3\)"):
        completion_code(Progress.start(LESSON).skip().skip().skip(), "Ada", key=KEY)


def test_a_day_has_another_code_and_the_last_letter_of_days_is_far() -> None:
    assert completion_code(finished(), "Ada", day=FIRST_DAY, key=KEY)[:3] == "222"
    codes = {completion_code(finished(), "Ada", day=date(2026, 1, day), key=KEY) for day in range(1, 29)}
    assert len(codes) == 28


def test_the_certificate_is_one_line() -> None:
    line = certificate_line(finished(), "Ada  Lovelace", day=DAY, key=KEY)
    assert line == f"Ada Lovelace · {DATA['title']} · 2026-11-27 · {CODE}"


def test_the_key_outlives_the_process_and_is_its_owners(tmp_path: Path) -> None:
    script = "from playground.lessons.signing import signing_key; print(signing_key().hex())"
    environment = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
    keys = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True,
            env=environment | {"PLAYGROUND_CACHE_DIR": str(tmp_path / "cache")},
        ).stdout
        for _ in range(2)
    }  # fmt: skip
    assert len(keys) == 1
    assert stat.S_IMODE((tmp_path / "cache" / "lesson-key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["lesson-key"]


def test_a_key_that_was_cut_off_is_made_anew_and_one_that_cannot_be_kept_lasts(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"abc")
    key = stored_key(tmp_path / "short")
    assert len(key) == 32
    assert (tmp_path / "short").read_bytes() == key
    (tmp_path / "file").write_text("")
    assert stored_key(tmp_path / "file" / "key") == stored_key(tmp_path / "file" / "key")


def test_the_environment_gives_replicas_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "a secret")
    first = signing_key()
    monkeypatch.setenv(KEY_VARIABLE, "another")
    assert signing_key() != first
    assert completion_code(finished(), "Ada", day=DAY) == completion_code(finished(), "Ada", day=DAY, key=signing_key())
