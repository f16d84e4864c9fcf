"""What students are called: a nickname of their own, or an animal's name; no two in a class are the same."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection

from playground.language import mark

MAX_NICKNAME_CHARS = 24
ANIMALS = (
    *(mark("Otter"), mark("Heron"), mark("Badger"), mark("Lynx"), mark("Puffin"), mark("Gecko"), mark("Ibex")),
    *(mark("Beaver"), mark("Falcon"), mark("Hedgehog"), mark("Koala"), mark("Lemur"), mark("Marmot"), mark("Newt")),
    *(mark("Owl"), mark("Panda"), mark("Quokka"), mark("Raven"), mark("Seal"), mark("Tapir"), mark("Walrus")),
    *(mark("Wombat"), mark("Yak"), mark("Zebra"), mark("Alpaca"), mark("Bison"), mark("Cheetah"), mark("Dolphin")),
    *(mark("Egret"), mark("Fox"), mark("Giraffe"), mark("Hare"), mark("Jaguar"), mark("Kiwi"), mark("Llama")),
    *(mark("Moose"), mark("Narwhal"), mark("Ocelot"), mark("Pelican"), mark("Robin"), mark("Squirrel"), mark("Toucan")),
    *(mark("Turtle"), mark("Viper"), mark("Weasel"), mark("Axolotl"), mark("Camel"), mark("Dormouse"), mark("Finch")),
    *(mark("Gazelle"), mark("Hamster"), mark("Impala"), mark("Jackdaw"), mark("Kestrel"), mark("Mole"), mark("Orca")),
    *(mark("Penguin"), mark("Salmon"), mark("Swan"), mark("Tiger")),
)


def clean_nickname(text: str) -> str:
    """``text`` as a nickname: one line of at most ``MAX_NICKNAME_CHARS`` characters that are seen, "" for none of
    them."""
    shown = (sign for sign in unicodedata.normalize("NFKC", text[:200]) if unicodedata.category(sign)[0] != "C")
    words = "".join(sign if unicodedata.category(sign)[0] != "Z" else " " for sign in shown).split()
    nickname = " ".join(words)[:MAX_NICKNAME_CHARS].rstrip()
    is_seen = any(unicodedata.category(sign)[0] in "LNPS" for sign in nickname)
    return nickname if is_seen else ""


def choose_animal(taken: Collection[str]) -> str:
    """The name of an animal that is not among ``taken``, where there is one left."""
    known = {name.casefold() for name in taken}
    return secrets.choice([name for name in ANIMALS if name.casefold() not in known] or ANIMALS)


def unique_nickname(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, with the first number behind it that makes it another than those ``taken``, whatever their case."""
    known = {name.casefold() for name in taken}
    nickname, number = wanted, 1
    while nickname.casefold() in known:
        number += 1
        nickname = f"{wanted[: MAX_NICKNAME_CHARS - 4].rstrip()} {number}"
    return nickname
