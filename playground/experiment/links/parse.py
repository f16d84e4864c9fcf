"""Parsing of any link that can be opened: our own and TensorFlow Playground's, also damaged ones."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from playground.errors import PlaygroundError
from playground.experiment.experiment import Experiment
from playground.experiment.handout import HANDOUT_RULES, read_handout
from playground.experiment.links.query import RULES, read_query
from playground.experiment.links.short_link import NAME as SHORT_LINK
from playground.experiment.links.short_link import unpack_query
from playground.experiment.links.tensorflow_playground import HIDES, KEYS, Opened, from_values
from playground.experiment.links.unwrapping import UNDOINGS, without_invisible
from playground.language import join_items, mark

MAX_LINK_CHARS = 20_000
MAX_CANDIDATES = 120
"""Texts that a link may have been, of which the one that says most is opened."""
MAX_CHARS_TRIED = 300_000
"""Characters of all these texts together."""
MAX_UNDOINGS = 6
"""Ways in which one link is damaged at most."""
OWN_NAMES = {*RULES, *HANDOUT_RULES, SHORT_LINK}
PEER_ONLY = {*KEYS} - OWN_NAMES
PAST_NAME = "past"
"""What was done in a run on the way to its step; it is no part of an experiment (``live/replay/log_text.py``)."""
PAST_FORM = re.compile(r"\d[\w.,:;+-]*;\d+", re.ASCII)
PAST_LEFT_OUT = mark(
    "past is left out: what was done on the way to its step cannot be read, and the run starts at its first step."
)
KNOWN = {*OWN_NAMES, *KEYS, PAST_NAME}
PEER_SITE = "playground.tensorflow.org"
OTHERS = ("embed", "embed_options", "lang", "lesson", "lesson_data", "lesson_progress", "class", "teacher", "depth")
"""Names in a link that are no settings: Streamlit's own, the language, a lesson, a class and its teacher, and what the
page of depth holds."""
TRACKERS = {
    *("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "li_fat_id", "igshid"),
    *("igsh", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "ref", "ref_src", "si", "sa", "usg", "ved", "ust"),
    *("opi", "reserved", "sdata", "_ga", "_gl", "spm"),
}
"""What others hang on a link to see who follows it; no setting, and not worth a word."""
TRACKER_BEGINNINGS = ("utm_", "_x_tr_", "hsa_", "pk_", "mtm_")
SHORTENERS = {
    *("t.co", "bit.ly", "tinyurl.com", "goo.gl", "is.gd", "ow.ly", "buff.ly", "lnkd.in", "rb.gy", "cutt.ly", "t.ly"),
    *("shorturl.at", "rebrand.ly", "dub.sh", "aka.ms", "g.co", "v.gd", "kutt.it", "short.gy", "urlz.fr", "bl.ink"),
}
MAX_BARE_PATH = 60
"""Characters of the path of an address without settings; what is longer holds something that nobody can read here."""


@dataclass(frozen=True)
class Candidate:
    """A text that a link may have been; ``undone``: what was undone to come to it."""

    text: str
    undone: tuple[str, ...] = ()


def open_link(text: str) -> Opened:
    """What the link ``text`` holds: a whole address, or only what stands behind its ``?`` or ``#``, also when it comes
    wrapped in another link, encoded, broken over lines, or amid a sentence.

    Raises ``PlaygroundError`` when it is no link to a playground.
    """
    if len(text.strip()) > MAX_LINK_CHARS:
        raise PlaygroundError(
            mark(
                "the link is {chars:,} characters long; no playground's link is longer than {limit:,}.",
                chars=len(text.strip()),
                limit=MAX_LINK_CHARS,
            )
        )
    opened = best_reading(text)
    if opened is None:
        raise PlaygroundError(
            mark(
                "this is not a link to a playground; copy the whole address, such as "
                "https://playground.tensorflow.org/#dataset=circle or one of ours with ?dataset=circle."
            )
        )
    return opened


def open_address(pairs: Sequence[tuple[str, str]]) -> Opened:
    """What the names and values of this page's own address hold; never raises: what makes no sense is said."""
    if not pairs:
        return Opened(Experiment())
    if sum(len(value) for _, value in pairs) <= MAX_LINK_CHARS:
        try:
            opened = best_reading("http://localhost/?" + urlencode(pairs))
        except PlaygroundError:  # a broken short link, of which the other settings count
            opened = None
        if opened is not None and opened.understood:
            return opened
    return read_settings(dict(pairs), repetition_sentences(pairs))


def best_reading(text: str) -> Opened | None:
    """The reading of ``text``, or of what it may have been, that understands most and leaves out least; None where
    nothing in it is a setting and it is no playground's bare address.

    Raises ``PlaygroundError`` for a link that can be named but not read.
    """
    first = Candidate(without_invisible(text))
    waiting, seen, chars = deque([first]), {first.text}, len(first.text)
    best: tuple[tuple[int, int, int], Opened] | None = None
    while waiting:
        candidate = waiting.popleft()
        opened = read_text(candidate.text)
        if opened is not None and opened.understood:
            rank = (opened.left_out - opened.understood, len(opened.notes), len(candidate.undone))
            if best is None or rank < best[0]:
                best = rank, with_damage(opened, candidate.undone)
            if candidate is first and not opened.notes:
                break
        for undoing in UNDOINGS if len(candidate.undone) < MAX_UNDOINGS else ():
            for offer in undoing.texts(candidate.text):
                chars += len(offer)
                if offer not in seen and len(seen) < MAX_CANDIDATES and chars <= MAX_CHARS_TRIED:
                    seen.add(offer)
                    waiting.append(Candidate(offer, (*candidate.undone, undoing.what)))
    return best[1] if best else read_bare(first.text)


def with_damage(opened: Opened, undone: Iterable[str]) -> Opened:
    """``opened``, with a sentence on what was undone to read it."""
    ways = list(dict.fromkeys(undone))
    if not ways:
        return opened
    note = mark("the link came {damage}; it is read as it was before.", damage=join_items(ways, "and"))
    return replace(opened, notes=(note, *opened.notes))


def read_text(text: str) -> Opened | None:
    """What the settings in ``text`` say, exactly as they stand; None where there are none."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_bare = "=" in text and not parts.query and not parts.fragment and "/" not in text
    pairs = settings_of(text if is_bare else parts.query)
    behind = settings_of(parts.fragment.lstrip("?!/#&"), plus=PEER_SITE not in parts.netloc)
    is_peer = PEER_SITE in (parts.netloc + parts.path).lower()
    if is_peer or not names_in(pairs) & KNOWN:
        pairs = behind if names_in(behind) & KNOWN else pairs
    if not pairs:
        return None
    query = dict(pairs)
    if is_peer or is_peers(query):
        peer = from_values({name: value for name, value in query.items() if not is_passed_over(name)})
        return replace(peer, notes=(*peer.notes, *repetition_sentences(pairs)))
    return read_settings(query, repetition_sentences(pairs))


def settings_of(text: str, *, plus: bool = True) -> list[tuple[str, str]]:
    """Names and values of a query, names without blanks around them; ``plus``: a plus sign is a space."""
    text = text.removeprefix("?")
    try:
        pairs = parse_qsl(text if plus else text.replace("+", "%2B"), keep_blank_values=True)
    except ValueError:
        return []
    return [(name.strip(), value) for name, value in pairs]


def names_in(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Their names, of keys that hide a control the control's."""
    return {name.removesuffix(HIDES) for name, _ in pairs}


def repetition_sentences(pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """A sentence for each of the first settings that stand in a link more than once with different values."""
    last = dict(pairs)
    names = dict.fromkeys(name for name, value in pairs if value != last[name] and name in KNOWN)
    return tuple(mark("{name} stands in the link more than once; the last is taken.", name=name) for name in names)


def is_peers(query: Mapping[str, str]) -> bool:
    """Whether these are settings of TensorFlow Playground rather than ours: some names are in both."""
    names = names_in(query.items())
    return len(names & PEER_ONLY) > len(names & (OWN_NAMES - {*KEYS}))


def read_settings(query: Mapping[str, str], repetitions: tuple[str, ...] = ()) -> Opened:
    """The experiment and the handout in the names and values of one of our own links."""
    unreadable: list[str] = []
    try:
        unpacked = unpack_query(query)
    except PlaygroundError as error:
        unreadable = [error.sentence]
        unpacked = {name: value for name, value in query.items() if name != SHORT_LINK}
    told_past = unpacked.pop(PAST_NAME, "").strip()
    past = told_past if PAST_FORM.fullmatch(told_past) else ""
    unreadable += [PAST_LEFT_OUT] if told_past and not past else []
    handout = read_handout(unpacked)
    reading = read_query(
        {name: value for name, value in unpacked.items() if name not in HANDOUT_RULES and not is_passed_over(name)}
    )
    left_out = (*reading.left_out, *handout.left_out, *unreadable)
    return Opened(
        reading.experiment,
        handout.handout,
        tuple(dict.fromkeys((*reading.repairs, *handout.repairs, *repetitions, *left_out))),
        reading.understood + handout.understood + bool(past),
        len(left_out),
        past,
    )


def is_passed_over(name: str) -> bool:
    """Whether ``name`` is no setting, and no damage either."""
    return name in OTHERS or name.lower() in TRACKERS or name.lower().startswith(TRACKER_BEGINNINGS)


def read_bare(text: str) -> Opened | None:
    """A playground's address without any setting; None where it may be another's.

    Raises ``PlaygroundError`` for one that has to be followed to see what it holds, and a short link that is broken.
    """
    try:
        parts = urlsplit(text)
        query = dict(settings_of(parts.query))
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if host in SHORTENERS:
        raise PlaygroundError(
            mark("{host} only forwards to the link; open it in the browser and copy the address from there.", host=host)
        )
    unpack_query(query)
    if (
        parts.scheme not in ("http", "https")
        or not host
        or parts.fragment
        or any(not is_passed_over(name) for name in query)
    ):
        return None
    if host == PEER_SITE:
        return from_values({})
    return Opened(Experiment()) if len(parts.path) <= MAX_BARE_PATH else None
