"""The visitor's upload, kept while other pages are open: Streamlit drops the values of widgets that are not drawn."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from playground.web.kept_widgets import restore_widgets, widget_values
from playground.web.session import track_memory

KEY = "own_upload"
CHOICES = (
    "own_delimiter",
    "own_header",
    "own_decimal",
    "own_thousands",
    "own_encoding",
    "own_first_row",
    "own_marks",
    "own_kinds",
    "own_target_",
    "own_task",
    "own_missing",
    "own_columns_",
)
"""How the keys of the page's choices begin."""
MAX_CHOICES = 60


@dataclass
class Upload:
    """A file (``name``) or a paste (no name), compressed, and what was chosen for it, by the widgets' keys.

    It counts among what is held for the visitor, and gives way to what is looked at later.
    """

    name: str
    digest: bytes
    packed: bytes
    choices: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> bytes | str:
        """The bytes of a file, the text of a paste."""
        content = zlib.decompress(self.packed)
        return content if self.name else content.decode()

    def keep_choices(self) -> None:
        """Remember what the page's widgets say now; of those that are not drawn at the moment, what they said last."""
        self.choices = dict(list((self.choices | widget_values(CHOICES)).items())[-MAX_CHOICES:])


def keep_upload(name: str, content: bytes | str) -> Upload:
    """The visitor's upload with this content, remembered from now on with the choices that were made for it."""
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    digest = hashlib.sha256(name.encode("utf-8", "replace") + b"\0" + raw).digest()
    upload = kept_upload()
    if upload is None or upload.digest != digest:
        upload = st.session_state[KEY] = Upload(name, digest, zlib.compress(raw, 1))
        track_memory(upload, forget_upload)
    return upload


def kept_upload() -> Upload | None:
    """What was brought before, with its choices put back where their widgets are not drawn yet."""
    upload: Upload | None = st.session_state.get(KEY)
    if upload is None:
        return None
    track_memory(upload, forget_upload)
    restore_widgets(upload.choices)
    return upload


def forget_upload() -> None:
    """Keep nothing of it."""
    st.session_state.pop(KEY, None)
