"""Exports in another language: comments, docstrings, help and the web page's words are translated, code stays code."""

from __future__ import annotations

import ast
import gettext
import io
import json
import re
import tokenize
from collections.abc import Iterator

import pytest

from playground import Experiment
from playground.export import export
from playground.export.web_page import WORDS, template
from playground.language import catalogue, translatable, translate, use_language

LANGUAGE = "en_XA"
BASE = {"samples": 60, "hidden": [3, 3], "noise": 0.1, "l1": 0.01, "patience": 3.0, "residual": True}


class Bracketed(gettext.NullTranslations):
    """Every text in brackets, with signs that would end a string, a comment, or a help text's place."""

    def gettext(self, message: str) -> str:
        return f'⟦"%{message}\\"⟧' if message != catalogue.SAMPLE_NUMBER else message


@pytest.fixture(autouse=True)
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (catalogue, translatable, __import__("playground.language.translate", fromlist=["translate"])):
        monkeypatch.setattr(module, "load_catalogue", lambda _: Bracketed())
    catalogue.number_signs.cache_clear()
    with use_language(LANGUAGE):
        yield
    catalogue.number_signs.cache_clear()


def written_texts(script: str) -> Iterator[str]:
    """A script's comments, docstrings and words of its command line."""
    for token in tokenize.generate_tokens(io.StringIO(script).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(script)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and (text := ast.get_docstring(node)):
            yield text
        if isinstance(node, ast.keyword) and node.arg in ("help", "description"):
            assert isinstance(node.value, ast.Constant)
            yield str(node.value.value)
        if isinstance(node, ast.JoinedStr) and "finite" in ast.unparse(node):
            yield ast.unparse(node)


@pytest.mark.parametrize("target", ["jax", "torch", "keras"])
@pytest.mark.parametrize("optimizer", ["sgd", "textbook_adam", "lamb"])
def test_all_that_a_script_says_is_translated_and_it_is_python(target: str, optimizer: str) -> None:
    for more in ({"normalization": "batch", "dropout": 0.1, "dataset": "blobs", "loss": "focal"}, {"dataset": "plane"}):
        script = export(target, Experiment.of(**BASE, optimizer=optimizer, **more))
        texts = list(written_texts(script))
        assert len(texts) > 15
        assert [text for text in texts if "⟦" not in text] == []


def test_help_of_a_translated_script_is_printed() -> None:
    script = export("torch", Experiment.of(**BASE))
    for node in ast.walk(ast.parse(script)):
        if isinstance(node, ast.keyword) and node.arg == "help":
            assert isinstance(node.value, ast.Constant)
            assert str(node.value.value) % {} == str(node.value.value).replace("%%", "%")


def test_the_web_page_asks_for_the_words_that_it_is_given() -> None:
    text = template()
    asked = re.findall(r'say\("([^"]+)"', text) + re.findall(r"data-words>([^<]+)<", text)
    assert set(asked) == {str(word) for word in WORDS}
    page = export("html", Experiment.of(**BASE))
    assert '<html lang="en-XA">' in page
    (model,) = re.findall(r'<script id="model"[^>]*>(.*?)</script>', page, re.S)
    assert json.loads(model)["words"] == {str(word): translate(word) for word in WORDS}


def test_an_equation_has_its_words_in_the_language_and_its_symbols_as_they_are() -> None:
    equation = export("tex", Experiment.of(samples=60, hidden=[2], dataset="circle", loss="hinge"))
    last = equation.splitlines()[-2]
    assert r"\text{⟦\"class\"⟧}".replace(r"\"", '"') in last
    assert last.index(r"\text{ if } y > 0\text{, else }") > last.index("⟦")
