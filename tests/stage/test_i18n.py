"""Words of the scripts in another language (``static/lib/i18n.js``, ``format.js``), in Node with a page of the test's
own; and every text in ``static/`` is found by the extraction."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file

from tests.stage.scripts import STATIC, address, run_module

UNITS = ["{count} jednostka", "{count} jednostki", "{count} jednostek"]
POLISH: dict[str, Any] = {
    "step {step}": "krok {step}",
    "Play": "Graj",
    "{count} unit": UNITS,
    "{count} more": UNITS,
    "{number} %": "{number}%",
    "1,234.5": "1\u00a0234,5",
    "{first}, {rest}": "{first}; {rest}",
}
PAGE = """
const page = { lang: "%s" };
const observers = [];
globalThis.document = { documentElement: page, createElement: () => element() };
globalThis.MutationObserver = class {
  constructor(follow) { observers.push(follow); }
  observe(root, { attributeFilter }) { if (root !== page || attributeFilter[0] !== "lang") throw new Error("other"); }
};
const element = () => ({
  attributes: {}, setAttribute(name, value) { this.attributes[name] = value; },
  firstChild: null, lastChild: null, textContent: "",
});
const asked = [];
const tables = { "pl.json": %s };
globalThis.fetch = async (url) => {
  const name = url.pathname.split("/").pop();
  asked.push(name);
  const table = tables[name];
  return { ok: !!table, json: async () => { if (!table) throw new Error("not JSON"); return table; } };
};
globalThis.Node = { TEXT_NODE: 3 };
const speak = async (lang) => { page.lang = lang; for (const follow of observers) await follow(); };
const { joinItems, Words } = await import("%s");
const { count, fixed, logLabel, percent, precise, short } = await import("%s");
const words = new Words();
const shown = [];
"""


def told(script: str, lang: str = "en") -> Any:
    """What ``script`` has put into ``shown`` on a page in ``lang``."""
    page = PAGE % (lang, json.dumps(POLISH), address("lib/i18n.js"), address("lib/format.js"))
    return run_module(page + script + "\nconsole.log(JSON.stringify(shown));")


def test_english_needs_no_table() -> None:
    shown = told("""
    await words.ready;
    shown.push(words.t("step {step}", { step: count(1234) }), words.t("Play"), asked.length);
    for (const many of [0, 1, 2]) shown.push(words.n("{count} unit", "{count} units", many));
    shown.push(percent(words.t, 0.9716, 1), joinItems(words.t, ["a", "b", "c"]), joinItems(words.t, []));
    """)
    assert shown == ["step 1,234", "Play", 0, "0 units", "1 unit", "2 units", "97.2 %", "a, b, c", ""]


def test_a_language_has_its_own_plural_forms() -> None:
    """By the Unicode rules of Polish: 1; 2 to 4, 22 to 24; all others."""
    shown = told(
        """
        await words.ready;
        for (const many of [0, 1, 2, 5, 12, 22, 25]) shown.push(words.n("{count} unit", "{count} units", many));
        shown.push(words.n("{count} more", "{count} more", 3));
        """,
        "pl",
    )
    assert shown == [
        "0 jednostek",
        "1 jednostka",
        "2 jednostki",
        "5 jednostek",
        "12 jednostek",
        "22 jednostki",
        "25 jednostek",
        "3 jednostki",
    ]


def test_what_a_value_holds_is_no_template() -> None:
    assert told("""
    shown.push(words.t("{a} and {b}", { a: "{b}", b: "$&" }), words.t("{a} and {other}", { a: 1 }), words.t("{a}"));
    """) == ["{b} and $&", "1 and {other}", "{a}"]


def test_a_text_without_a_translation_stays_english() -> None:
    assert told(
        'await words.ready; shown.push(words.t("Pause"), words.n("{count} row", "{count} rows", 2));', "pl"
    ) == ["Pause", "2 rows"]


def test_without_its_table_the_page_is_in_english_until_the_table_is_there() -> None:
    shown = told(
        """
        await words.ready;
        shown.push(words.t("Play"), precise(1234.5, 5));
        tables["fr.json"] = { "Play": "Lecture", "1,234.5": "1 234,5" };
        await speak("fr");
        shown.push(words.t("Play"), precise(1234.5, 5), asked);
        """,
        "fr",
    )
    assert shown == ["Play", "1234.5", "Lecture", "1234,5", ["fr.json", "fr.json"]]


def test_a_switch_of_the_language_rewrites_the_words_that_are_shown_and_tells_who_draws_them() -> None:
    shown = told("""
    const [title, named] = [element(), element()];
    words.write(title, "step {step}", { step: 3 });
    words.label(named, "Play", true);
    let drawn = 0;
    words.onChange(() => drawn++);
    const see = () => shown.push([title.textContent, named.attributes, drawn].flatMap((part) => part.title ?? part));
    see();
    await speak("pl");
    see();
    await speak("pl");
    new Words();
    await Promise.resolve();
    see();
    await speak("en");
    see();
    """)
    polish = ["krok 3", "Graj", 1]
    assert shown == [["step 3", "Play", 0], polish, polish, ["step 3", "Play", 2]]


def test_of_two_switches_the_last_one_holds_however_late_a_table_comes() -> None:
    assert told("""
    let deliver;
    const ask = globalThis.fetch;
    globalThis.fetch = async (url) => (await new Promise((resolve) => (deliver = resolve)), ask(url));
    const late = speak("pl");
    await speak("en");
    deliver();
    await late;
    shown.push(words.t("Play"), words.language);
    """) == ["Play", "en"]


def test_numbers_have_the_signs_of_the_language() -> None:
    write = """
    shown.push([
      count(1234567), precise(0.01234), precise(-12345.6), short(1234567), short(-0.5), fixed(2.25, 1), logLabel(0.02),
      percent(words.t, 0.9716, 1), percent(words.t, 1), joinItems(words.t, [precise(0.5), precise(1.5)]),
    ]);
    """
    english, polish = told(write + 'await speak("pl");' + write)
    assert english == [
        "1,234,567",
        "0.0123",
        "−1.23e4",
        "1.23M",
        "−0.5",
        "2.3",
        "0.02",
        "97.2 %",
        "100 %",
        "0.500, 1.50",
    ]
    assert polish == [
        "1\u00a0234\u00a0567",
        "0,0123",
        "−1,23e4",
        "1,23M",
        "−0,5",
        "2,3",
        "0,02",
        "97,2%",
        "100%",
        "0,500; 1,50",
    ]


def test_elements_that_are_gone_are_forgotten() -> None:
    (kept,) = told("""
    const { setFlagsFromString } = await import("node:v8");
    const { runInNewContext } = await import("node:vm");
    setFlagsFromString("--expose_gc");
    const stays = words.write(element(), "Play");
    for (let i = 0; i < 2000; i++) words.write(element(), "Play");
    await new Promise((resolve) => setTimeout(resolve, 0));
    runInNewContext("gc")();
    await new Promise((resolve) => setTimeout(resolve, 0));
    words.use({ Play: "Graj" }, "pl");
    shown.push([words.writers.length, stays.textContent]);
    """)
    assert kept == [1, "Graj"]


CALLS = re.compile(r"(?<![\w.`])(?:(?:this\.)?(?:\w+\.)*)?\b(t|n|mark)\(\s*(\"(?:[^\"\\]|\\.)*\"|[^\s)])")
"""A call of a function that takes a text, and the beginning of its first argument."""
BEFORE = re.compile(r"^\s*(?:/?\*|//)")


def sources() -> list[Path]:
    return sorted(STATIC.rglob("*.js"))


def literal(text: str) -> str:
    return json.loads(text)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(STATIC)))
def test_each_text_that_is_translated_is_found_by_the_extraction(path: Path) -> None:
    """One in a template literal, behind a ``?`` or within another call would be missed."""
    keywords = {"t": None, "mark": None, "n": (1, 2)}
    extracted: list[str] = []
    for _, text, _, _ in extract_from_file("javascript", path, keywords):
        extracted += [text] if isinstance(text, str) else text
    code = "\n".join(line for line in path.read_text().splitlines() if not BEFORE.match(line))
    for match in CALLS.finditer(code):
        if match[2].startswith('"'):
            text = literal(match[2])
            assert any(found.startswith(text) for found in extracted), f"{text!r} is not extracted"
        else:
            assert match[2] != "`", f"{match[0]}: a text with values is a literal with {{names}}"
            argument = re.split(r"[,)\n]", code[match.end(2) - 1 :], maxsplit=1)[0]
            assert "?" not in argument or "?." in argument or "??" in argument or match[1] == "mark", (
                f"{match[0]}{argument[1:]}: of two texts in one call only the last is found"
            )
