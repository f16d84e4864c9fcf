"""The completion code: twelve letters that say that a lesson was played to its end on this server, under a name, on a
day.

It is no proof of who played. It holds for the lesson as it was: one whose file was changed has other codes.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from playground.errors import PlaygroundError
from playground.language import mark
from playground.lessons.lesson import Lesson
from playground.lessons.progress import Progress
from playground.lessons.signing import sign, signing_key

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O, which are taken for each other; a prime number of them, 31, for the check letter."""
DAY_LETTERS, SIGNATURE_LETTERS = 3, 8
CODE_LETTERS = DAY_LETTERS + SIGNATURE_LETTERS + 1
GROUP = 4
FIRST_DAY = date(2024, 1, 1)
MAX_NAME_CHARS = 60
MAX_CODE_CHARS = 60
"""Of what is typed, blanks and dashes among it."""


@dataclass(frozen=True)
class Completion:
    """What a code says: which ``lesson`` was played to its end, by whom, and on which ``day`` (UTC)."""

    lesson: Lesson
    name: str
    day: date


def completion_code(progress: Progress, name: str, *, day: date | None = None, key: bytes | None = None) -> str:
    """The code of a lesson that was played to its end: ``day`` (today, UTC, unless given) in 3 letters, 8 of a
    signature, a check letter. Raises ``PlaygroundError`` where a step is missing, or ``name`` is empty or too long."""
    if not progress.is_finished:
        raise PlaygroundError(mark("the lesson is not finished yet; the code comes at its end."))
    if progress.skipped:
        steps = ", ".join(str(step + 1) for step in progress.skipped)
        raise PlaygroundError(
            mark("there is no code, since a step was skipped ({steps}); begin anew and do each.", steps=steps)
        )
    return join_code(progress.lesson, clean_name(name), day or datetime.now(UTC).date(), key or signing_key())


def check_code(code: str, name: str, lessons: Iterable[Lesson], *, key: bytes | None = None) -> Completion:
    """What ``code`` says of ``name``, if it is of one of ``lessons``; raises ``PlaygroundError`` for a typing error,
    another name, another lesson, or another server's code."""
    letters, name, key = read_code(code), clean_name(name), key or signing_key()
    day = FIRST_DAY + timedelta(days=from_letters(letters[:DAY_LETTERS]))
    for lesson in lessons:
        if hmac.compare_digest(join_code(lesson, name, day, key).replace("-", ""), letters):
            return Completion(lesson, name, day)
    raise PlaygroundError(
        mark(
            "this is no code of that name: compare the spelling of the name, and whether the lesson was played on this "
            "server and has not been changed since."
        )
    )


def certificate_line(progress: Progress, name: str, *, day: date | None = None, key: bytes | None = None) -> str:
    """The line to copy: who, which lesson, when, and the code."""
    day = day or datetime.now(UTC).date()
    code = completion_code(progress, name, day=day, key=key)
    return f"{clean_name(name)} · {progress.lesson.title} · {day.isoformat()} · {code}"


def clean_name(name: str) -> str:
    """``name`` with single blanks, composed letters and no control signs; raises ``PlaygroundError`` where it is empty
    or too long."""
    text = unicodedata.normalize("NFC", " ".join(str(name)[: 4 * MAX_NAME_CHARS].split()))
    text = "".join(character for character in text if character.isprintable())
    if not 1 <= len(text) <= MAX_NAME_CHARS:
        raise PlaygroundError(
            mark("type a name of 1 to {limit} characters; the code is made for it.", limit=MAX_NAME_CHARS)
        )
    return text


def join_code(lesson: Lesson, name: str, day: date, key: bytes) -> str:
    """The code in groups of four; upper and lower case of the name are alike."""
    number = (day - FIRST_DAY).days
    if not 0 <= number < len(LETTERS) ** DAY_LETTERS:
        raise PlaygroundError(mark("the server's clock is wrong; set its date, and try again."))
    signature = sign("completion", lesson.name, lesson.digest, name.casefold(), day.isoformat(), key=key)
    proof = int.from_bytes(signature, "big") % len(LETTERS) ** SIGNATURE_LETTERS
    letters = to_letters(number, DAY_LETTERS) + to_letters(proof, SIGNATURE_LETTERS)
    letters += check_letter(letters)
    return "-".join(letters[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))


def read_code(code: str) -> str:
    """The letters of a code as somebody typed it; raises ``PlaygroundError`` where a letter is wrong."""
    letters = "".join(character for character in str(code)[:MAX_CODE_CHARS].upper() if character.isalnum())
    if len(letters) != CODE_LETTERS:
        raise PlaygroundError(
            mark(
                "a code has {limit} letters and digits, not {count}; type it again.",
                limit=CODE_LETTERS,
                count=len(letters),
            )
        )
    if stray := next((letter for letter in letters if letter not in LETTERS), ""):
        raise PlaygroundError(mark("no code holds {stray}; compare it letter by letter.", stray=repr(stray)))
    if check_letter(letters[:-1]) != letters[-1]:
        raise PlaygroundError(mark("a letter of the code is wrong, or two are exchanged; compare it letter by letter."))
    return letters


def check_letter(letters: str) -> str:
    """The letter that makes the weighted sum of all a multiple of 31: any one wrong letter, and any two that are
    exchanged, change it (as in ISBN-10, ISO 2108)."""
    total = sum(LETTERS.index(letter) * weight for weight, letter in enumerate(letters, 2))
    return LETTERS[-total % len(LETTERS)]


def to_letters(number: int, count: int) -> str:
    """``number`` in so many letters, the most significant first."""
    letters = ""
    for _ in range(count):
        number, digit = divmod(number, len(LETTERS))
        letters = LETTERS[digit] + letters
    return letters


def from_letters(letters: str) -> int:
    """The number that ``to_letters`` wrote."""
    number = 0
    for letter in letters:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return number
