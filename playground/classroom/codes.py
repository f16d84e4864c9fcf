"""The code of a class, which students type, and tokens, which nobody guesses."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Container

from playground.errors import PlaygroundError
from playground.language import mark

ALPHABET = "BCDFGHJKMNPQRSTVWXZ"
"""No vowels, so that no code is a word; no L and no Y, which are taken for I and V."""
CODE_LETTERS = 6
KEY_BYTES, TOKEN_BYTES = 9, 16
"""Of the key in a class's link, and of what tells a teacher or a student from all others."""
REPLICA_VARIABLE = "PLAYGROUND_REPLICA"
"""The environment variable with this process's letter, where several share one address: its classes begin with it."""


def replica_letter() -> str:
    """The letter of this process, "" where it is alone. Raises ``ValueError`` for what is no letter."""
    letter = os.environ.get(REPLICA_VARIABLE, "").upper()
    if letter and not (len(letter) == 1 and "A" <= letter <= "Z"):
        raise ValueError(f"{REPLICA_VARIABLE} must be one letter, such as A")
    return letter


def new_code(taken: Container[str], replica: str = "") -> str:
    """A code that is not among ``taken``; ``replica``: its first letter, "" for any."""
    while True:
        rest = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS - len(replica)))
        if replica + rest not in taken:
            return replica + rest


def new_token(size: int = TOKEN_BYTES) -> str:
    """A random text for addresses and headers, of ``size`` bytes."""
    return secrets.token_urlsafe(size)


def is_same(first: str, second: str) -> bool:
    """Whether two tokens are the same, in a time that says nothing of where they differ."""
    return hmac.compare_digest(first.encode(), second.encode())


def parse_code(text: str) -> tuple[str, str]:
    """The code in what somebody typed or followed, in capitals without spaces and dashes, and the key after its point,
    "" for none. Raises ``PlaygroundError`` for what is no code."""
    typed, _, key = text.strip()[:80].partition(".")
    code = "".join(letter for letter in typed.upper() if letter not in " -_\u00a0")
    if len(code) != CODE_LETTERS or not (code.isascii() and code.isalpha()):
        raise PlaygroundError(
            mark("a code has {count} letters; type those that your teacher shows.", count=CODE_LETTERS)
        )
    return code, key[:40]
