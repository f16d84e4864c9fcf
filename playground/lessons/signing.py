"""The key with which this server signs progress and completion codes."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from playground.programs.compiler import cache_folder

KEY_VARIABLE = "PLAYGROUND_LESSON_KEY"
"""Environment variable that holds the key: any text; replicas, and servers that shall check each other's codes, share
it."""
KEY_FILE = "lesson-key"
KEY_BYTES = 32


def sign(purpose: str, *parts: str, key: bytes) -> bytes:
    """The signature (32 bytes) of ``parts`` for a ``purpose``: HMAC-SHA256 (RFC 2104)."""
    message = "\0".join((purpose, *(f"{len(part)}:{part}" for part in parts)))
    return hmac.new(key, message.encode(), sha256).digest()


def signing_key() -> bytes:
    """The key of the environment variable ``PLAYGROUND_LESSON_KEY``, else a random one that is kept in the cache
    folder, so that it outlives a restart; where that cannot be written, one that lasts as long as the process."""
    if text := os.environ.get(KEY_VARIABLE, ""):
        return sha256(text.encode()).digest()
    return stored_key(cache_folder() / KEY_FILE)


@cache
def stored_key(path: Path) -> bytes:
    """The key in the file ``path``, which is made where there is none, for its owner's eyes only."""
    fresh = secrets.token_bytes(KEY_BYTES)
    with suppress(OSError):
        if not has_key(path):
            write_key(path, fresh)
        return path.read_bytes()
    return fresh


def write_key(path: Path, key: bytes) -> None:
    """Write ``key`` to ``path`` as a whole: of two processes that begin at once, one key stands; raises
    ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    try:
        os.link(aside, path)
    except FileExistsError:
        if not has_key(path):  # cut off
            os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def has_key(path: Path) -> bool:
    """Whether ``path`` holds a key."""
    return path.is_file() and path.stat().st_size == KEY_BYTES
