"""``python -m playground lessons``: JSON lines out, one sentence and exit code 2 for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.cli.main import main
from playground.lessons import bundled_lessons


def test_the_list_is_a_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["name"] for line in lines] == list(bundled_lessons())
    assert all(line.keys() == {"name", "title", "concept", "steps"} for line in lines)
    assert {line["name"]: line["steps"] for line in lines}["learning_rate"] == 4


def test_a_lesson_is_printed_and_passes_the_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["lessons", "learning_rate"]) == 0
    path = tmp_path / "lesson.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["lessons", "--check", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "learning_rate"
    assert main(["lessons", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Lesson"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["learning_rat"], "did you mean 'learning_rate'?"),
        (["--check", "nowhere.json"], "cannot read nowhere.json"),
        (["--check", "BROKEN"], "until of step 1: unknown quantity 'stepp'; did you mean 'step'?"),
    ],
)
def test_bad_input_gets_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lesson = bundled_lessons()["learning_rate"]
    path = tmp_path / "broken.json"
    step = {"title": "T", "words": "W", "until": "stepp > 1"}
    texts = {name: getattr(lesson, name) for name in ("name", "title", "concept", "summary", "conclusion")}
    path.write_text(json.dumps(texts | {"steps": [step]}), encoding="utf-8")
    assert main(["lessons", *(str(path) if word == "BROKEN" else word for word in arguments)]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.splitlines()) == 1
