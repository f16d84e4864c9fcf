"""The command line speaks the shell's language: help, argparse's own words, notes, errors and sentences in JSON."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from playground.cli import main as command_line
from playground.cli.main import ARGPARSE_TEXTS, argparse_language, main, parser
from playground.language import LANGUAGES, catalogue, use_language

COMMANDS = ("train", "many", "sharpness", "link", "export", "presets", "lessons", "devices", "spec")
WORDS = {
    **{str(text): f"⟦{text}⟧" for text in ARGPARSE_TEXTS},
    "error: {sentence}": "Fehler: {sentence}",
    "error: {message}; {program} --help tells more.": "Fehler: {message}; {program}",
    "--{name} must be {least} or more, not {value}.": "--{name} ist {value}, also unter {least}.",
    "See a small neural network learn, without a browser.": "Ein kleines Netz lernt.",
    "Diverged at step {step:,}: the numbers grew beyond what can be computed.": "Divergiert: {step:,} Schritte.",
}


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A shell that asks for German, and a catalogue with a few texts of it."""
    words = Catalog(locale="de", fuzzy=False)
    for text, translation in WORDS.items():
        words.add(text, translation)
    path = tmp_path / "de" / "LC_MESSAGES" / "playground.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, words)
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    monkeypatch.setattr(command_line, "LOCALES", tmp_path)
    monkeypatch.setattr(catalogue, "LANGUAGES", ("en", "de"))
    monkeypatch.setenv("LANGUAGE", "de_AT:de")
    catalogue.load_catalogue.cache_clear()
    yield
    catalogue.load_catalogue.cache_clear()


@pytest.mark.usefixtures("german")
def test_help_and_errors_are_in_the_shells_language(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert text.startswith("⟦usage: ⟧")
    assert "⟦options⟧:" in text
    assert "Ein kleines Netz lernt." in text
    with pytest.raises(SystemExit):
        main(["train", "--steps", "many"])
    assert capsys.readouterr().err.startswith(
        "Fehler: ⟦argument --steps: ⟦invalid int value: 'many'⟧⟧; python -m playground train"
    )
    assert main(["train", "--steps", "-1"]) == 2
    assert capsys.readouterr().err == "Fehler: --steps ist -1, also unter 0.\n"
    assert os.environ["LANGUAGE"] == "de_AT:de"


@pytest.mark.usefixtures("german")
def test_a_sentence_in_json_is_translated_and_names_are_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    problem = {"dataset": "plane"}
    bad = {"problem": problem, "structure": {"activation": "relu", "hidden": [8]}, "knobs": {"learning_rate": 10}}
    (tmp_path / "s.json").write_text(json.dumps(bad))
    assert main(["train", "--spec", str(tmp_path / "s.json"), "--steps", "100"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["diverged"].startswith("Divergiert: ")
    assert last["target"] == "target"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_text_can_be_printed_in_every_language(
    language: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """argparse fills in what follows a ``%``: a translation that holds one would be an error."""
    with use_language(language), argparse_language(language), pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    assert f"playground {command}" in capsys.readouterr().out


def test_what_argparse_says_is_what_it_asks_for() -> None:
    import argparse
    import inspect

    source = inspect.getsource(argparse)
    for text in ARGPARSE_TEXTS:
        assert re.search(rf"_\(\s*'{re.escape(text)}'", source), text


def test_a_terminal_without_the_letters_of_the_language_gets_no_traceback() -> None:
    environment = {"PATH": os.environ["PATH"], "LANGUAGE": "zh_CN", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "playground", "--help"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
