"""Lessons and progress as short texts: for a link, and for the browser to keep.

Progress is signed, since a completion code follows from it: what somebody else wrote is not taken.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import zlib
from typing import Any

from playground.errors import PlaygroundError
from playground.language import mark
from playground.lessons.lesson import MAX_LESSON_BYTES, Lesson, lesson_data, lesson_from_json
from playground.lessons.progress import Progress
from playground.lessons.signing import sign, signing_key

MAX_LINK_CHARS = 8000
"""Of a lesson in a link: browsers and mail programs take such."""
MAX_PROGRESS_CHARS = 6000
MAX_PROGRESS_BYTES = 16_000
VERSION = "1"
"""Of how progress is written: another one is not read."""
SIGNATURE_BYTES = 12
BROKEN_LINK = mark("the lesson in this link is damaged; ask for the link again, or for the lesson as a file.")
STRANGE_PROGRESS = mark("this progress is not of this lesson on this server, or was changed; the lesson begins anew.")


def encode_lesson(lesson: Lesson) -> str:
    """``lesson`` as letters of a link; raises ``PlaygroundError`` for one that is too long for it."""
    text = pack(lesson_data(lesson))
    if len(text) > MAX_LINK_CHARS:
        raise PlaygroundError(
            mark(
                "the lesson takes {count:,} characters of a link, and {limit:,} fit; hand out its file.",
                count=len(text),
                limit=MAX_LINK_CHARS,
            )
        )
    return text


def decode_lesson(text: str) -> Lesson:
    """The lesson that ``encode_lesson`` wrote; raises ``PlaygroundError``."""
    if len(text) > MAX_LINK_CHARS:
        raise PlaygroundError(BROKEN_LINK)
    return lesson_from_json(unpack(text, MAX_LESSON_BYTES, BROKEN_LINK))


def encode_progress(progress: Progress, *, key: bytes | None = None) -> str:
    """``progress`` as letters, signed; "" for one that has seen too much to be kept."""
    state = {
        "step": progress.step,
        "memory": progress.memory,
        "is_met": progress.is_met,
        "is_answered": progress.is_answered,
        "skipped": progress.skipped,
        "wrong_answers": progress.wrong_answers,
    }
    payload = pack(state)
    text = f"{payload}.{progress_signature(progress.lesson, payload, key)}"
    return text if len(text) <= MAX_PROGRESS_CHARS else ""


def decode_progress(text: str, lesson: Lesson, *, key: bytes | None = None) -> Progress:
    """The progress in ``lesson`` that this server wrote; raises ``PlaygroundError`` for any other."""
    payload, _, signature = text.partition(".") if len(text) <= MAX_PROGRESS_CHARS else ("", "", "")
    if not hmac.compare_digest(signature.encode(), progress_signature(lesson, payload, key).encode()):
        raise PlaygroundError(STRANGE_PROGRESS)
    state = json.loads(unpack(payload, MAX_PROGRESS_BYTES, STRANGE_PROGRESS))
    state["memory"], state["skipped"] = tuple(state["memory"]), tuple(state["skipped"])
    return Progress(lesson=lesson, **state)


def progress_signature(lesson: Lesson, payload: str, key: bytes | None) -> str:
    """The signature of progress in ``lesson``."""
    signature = sign("progress", VERSION, lesson.name, lesson.digest, payload, key=key or signing_key())
    return to_base64(signature[:SIGNATURE_BYTES])


def pack(data: Any) -> str:
    """Plain JSON values, compressed, in letters that links hold."""
    return to_base64(zlib.compress(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode(), 9))


def unpack(text: str, most: int, sentence: str) -> bytes:
    """The JSON text that ``pack`` wrote, of at most ``most`` bytes; raises ``PlaygroundError`` with ``sentence``."""
    try:
        decompressor = zlib.decompressobj()
        content = decompressor.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), most + 1)
    except (ValueError, binascii.Error, zlib.error):
        raise PlaygroundError(sentence) from None
    if len(content) > most or not decompressor.eof:
        raise PlaygroundError(sentence)
    return content


def to_base64(content: bytes) -> str:
    """``content`` in letters that links hold."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
