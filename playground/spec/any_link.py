"""Any link that can be opened: our own, and those of TensorFlow Playground."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from playground.errors import PlaygroundError
from playground.spec.lesson import LESSON_RULES, lesson_of
from playground.spec.link import RULES, from_query
from playground.spec.short_link import unpack_query
from playground.spec.tensorflow_playground import FEATURES, NO_COUNTERPART, Opened, from_tensorflow_playground

LONGEST = 20_000
PEER_KEYS = {*FEATURES, *NO_COUNTERPART, "networkShape", "regDataset", "percTrainData", "batchSize", "learningRate"}
OTHERS = ("embed", "embed_options")
"""Names in a link that are Streamlit's own."""


def open_link(text: str) -> Opened:
    """What the link ``text`` holds: a whole address, or only what stands behind its ``?`` or ``#``.

    Raises ``PlaygroundError`` when it is no link to a playground.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise PlaygroundError(
            f"the link is {len(text):,} characters long; no playground's link is longer than {LONGEST:,}."
        )
    try:
        parts = urlsplit(text)
        fragment_keys = {name for name, _ in parse_qsl(parts.fragment, keep_blank_values=True)}
        query = dict(
            parse_qsl(parts.query or (text if "=" in text and "/" not in text else ""), keep_blank_values=True)
        )
    except ValueError as error:
        raise PlaygroundError(f"this is not a link ({error}); copy the whole address from the browser.") from None
    query = unpack_query(query)
    peer = "playground.tensorflow.org" in parts.netloc
    if peer or fragment_keys & PEER_KEYS or (set(query) & PEER_KEYS and not set(query) & set(RULES)):
        return from_tensorflow_playground(text)
    whole = parts.scheme in ("http", "https") and parts.netloc != ""
    if not set(query) & {*RULES, *LESSON_RULES} and (query or not whole):
        raise PlaygroundError(
            "this is not a link to a playground; copy the whole address, such as "
            "https://playground.tensorflow.org/#dataset=circle or one of ours with ?dataset=circle."
        )
    lesson, odd = lesson_of(query)
    experiment, complaints = from_query(
        {name: value for name, value in query.items() if name not in LESSON_RULES and name not in OTHERS}
    )
    return Opened(experiment, lesson, (*complaints, *odd))
