"""Depth on the command line: a JSON line a look, the answer at last, one sentence for bad input."""

from __future__ import annotations

import json

import pytest

from playground.cli.main import main

SMALL = ("depth", "--networks", "2", "--steps", "40", "--depths", "4,2", "--learning-rate", "0.003")


def test_each_look_is_a_line_and_the_last_one_is_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--remove-layers", "4", "--batch-norm", "--branches", "zero"]) == 0
    *looks, surgery, answer = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(looks) >= 10
    assert [line["step"] for line in looks] == sorted({line["step"] for line in looks})
    assert looks[-1]["step"] == 40
    assert looks[-1]["depths"] == [2, 4]
    assert looks[-1]["train_loss"]["residual"][1] < looks[0]["train_loss"]["residual"][1]
    assert surgery["layers_removed_from"] == 4
    assert len(surgery["plain"]["train_loss_without"]) == 3
    assert surgery["plain"]["train_loss"] == pytest.approx(looks[-1]["train_loss"]["plain"][1], abs=1e-5)
    assert answer["final"] is True
    assert answer["verdict"] == "unclear"
    assert answer["cure"]["starts"] == 2
    assert "More starts would tell" in answer["meaning"][0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "digit"], "did you mean 'digits'"),
        (["--depths", "2,99"], "from 2 to 32, not 99"),
        (["--depths", "2,a"], "must be a whole number from 2 to 32, not 'a'"),
        (["--networks", "1"], "networks must be from 2 to 16, not 1"),
        (["--activation", "rel"], "did you mean 'relu'"),
        (["--remove-layers", "5"], "there are no networks of 5 layers"),
    ],
)
def test_bad_input_gets_a_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert main(["depth", *arguments]) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert not captured.out
