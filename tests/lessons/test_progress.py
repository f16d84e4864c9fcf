"""Progress: only what was shown counts, what is done stays done, and nothing is done by skipping."""

from __future__ import annotations

import pytest

from playground.errors import PlaygroundError
from playground.lessons import Progress, decode_lesson, decode_progress, encode_lesson, encode_progress, parse_lesson
from playground.lessons.progress import read_number
from playground.lessons.transfer import MAX_LINK_CHARS
from tests.lessons.observations import moment, unmeasured
from tests.lessons.robot import Robot
from tests.lessons.test_lesson import DATA, edited

KEY = b"a key for tests, 32 bytes long.."
LESSON = parse_lesson(DATA)


def finished() -> Progress:
    """All of ``LESSON`` done, on observations made by hand."""
    progress = Progress.start(LESSON).observe(moment(10)).advance()
    progress, _ = progress.answer("0", moment(10))
    deep = moment(10, hidden=[2, 2])
    progress, _ = progress.advance().observe(deep).answer("15", deep)
    return progress.advance()


def test_it_goes_from_step_to_step() -> None:
    progress = Progress.start(LESSON)
    assert not progress.observe(moment(5)).is_met
    with pytest.raises(PlaygroundError, match="not done yet"):
        progress.observe(moment(5)).advance()
    met = progress.observe(moment(10))
    assert met.is_done
    assert met.observe(moment(5)) == met
    asked = met.advance()
    assert asked.is_asking
    wrong, verdict = asked.answer("1", moment())
    assert (verdict.is_right, verdict.reply, wrong.wrong_answers) == (False, "No.", 1)
    right, verdict = wrong.answer("0", moment())
    assert verdict.is_right
    last = right.advance()
    assert not last.is_asking
    with pytest.raises(PlaygroundError, match="nothing is asked"):
        last.answer("15", moment())
    assert finished().is_complete


def test_skipping_is_remembered() -> None:
    progress = Progress.start(LESSON).skip()
    assert progress.skipped == (0,)
    done = progress.answer("0", moment())[0].skip()
    assert done.skipped == (0,), "a step that was done is not skipped"
    assert done.skip().is_finished
    assert not done.skip().is_complete


@pytest.mark.parametrize("text", ["2", "-1", "x", "", "0" * 41])
def test_what_is_no_answer_gets_a_sentence(text: str) -> None:
    progress = Progress.start(LESSON).observe(moment(10)).advance()
    with pytest.raises(PlaygroundError, match=r"choose one|at most 40"):
        progress.answer(text, moment())


@pytest.mark.parametrize(
    ("text", "is_share", "number"),
    [
        ("0.25", False, 0.25),
        ("0,25", False, 0.25),
        ("91 %", True, 0.91),
        ("91", True, 0.91),
        ("0.91", True, 0.91),
        ("1", True, 1.0),
        ("91", False, 91.0),
        ("\u22122.5", False, -2.5),
        ("1e-3", False, 0.001),
        (" +4. ", False, 4.0),
    ],
)
def test_numbers_are_read_as_they_are_typed(text: str, is_share: bool, number: float) -> None:
    assert read_number(text, is_share=is_share) == pytest.approx(number)


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "nan", "inf", "1e999", "--3", "1 2"])
def test_what_is_no_number_gets_a_sentence(text: str) -> None:
    with pytest.raises(PlaygroundError, match="type a number as the screen shows it"):
        read_number(text)


def number_question(answer: str, tolerance: float) -> Progress:
    question = {"ask": "How much?", "answer": answer, "tolerance": tolerance}
    data = edited("steps", 2, "question", value=question)
    return Progress.start(parse_lesson(data)).skip().skip().observe(moment(hidden=[2, 2]))


def test_a_number_is_right_within_its_tolerance() -> None:
    progress = number_question("test_accuracy", 0.1)
    assert progress.answer("88 %", moment())[1].is_right
    assert progress.answer("72.1", moment())[1].is_right
    assert not progress.answer("89", moment())[1].is_right
    with pytest.raises(PlaygroundError, match="train a few steps first"):
        progress.answer("80", unmeasured())


@pytest.mark.parametrize("progress", [Progress.start(LESSON), Progress.start(LESSON).skip(), finished()])
def test_progress_comes_back_from_the_browser(progress: Progress) -> None:
    assert decode_progress(encode_progress(progress, key=KEY), LESSON, key=KEY) == progress


def test_memory_comes_back_too() -> None:
    text = 'then(step < 10, step > 20) and different(init_seed, step > 1) > 1 and stays(step > 1, 50) and ' \
        'lowest(step, optimizer == "adam") < 3'  # fmt: skip
    lesson = parse_lesson(edited("steps", 0, "until", value=text))
    progress = Progress.start(lesson).observe(moment(5)).observe(moment(6, optimizer="adam"))
    returned = decode_progress(encode_progress(progress, key=KEY), lesson, key=KEY)
    assert returned == progress
    assert returned.memory == (1, [0.0], ["a", 5], 6.0)


def test_progress_that_somebody_else_wrote_is_not_taken() -> None:
    text = encode_progress(finished(), key=KEY)
    other = parse_lesson(edited("title", value="Three layers"))
    for broken, lesson, key in [
        (text, LESSON, b"another key"),
        (text, other, KEY),
        (text[:-1], LESSON, KEY),
        ("A" + text[1:], LESSON, KEY),
        ("", LESSON, KEY),
        ("é." * 20, LESSON, KEY),
        ("x" * 10_000, LESSON, KEY),
        (text.partition(".")[0], LESSON, KEY),
    ]:
        with pytest.raises(PlaygroundError, match="begins anew"):
            decode_progress(broken, lesson, key=key)


def test_a_lesson_comes_back_from_a_link() -> None:
    assert decode_lesson(encode_lesson(LESSON)) == LESSON


@pytest.mark.parametrize("text", ["", "x", "AAAA", "é", "x" * (MAX_LINK_CHARS + 1), encode_lesson(LESSON)[:-5]])
def test_a_damaged_link_gets_a_sentence(text: str) -> None:
    with pytest.raises(PlaygroundError, match="ask for the link again"):
        decode_lesson(text)


def test_a_bomb_in_a_link_is_not_unpacked() -> None:
    from playground.lessons.transfer import pack

    bomb = pack({"name": "x" * 3_000_000})
    assert len(bomb) < MAX_LINK_CHARS
    with pytest.raises(PlaygroundError, match="ask for the link again"):
        decode_lesson(bomb)


def robot(until: str) -> Robot:
    """At a step with this condition, the whole lesson being that step."""
    step = {"title": "Do", "words": "Do it.", "until": until}
    experiment = {"problem": {"samples": 100}, "structure": {"hidden": [3]}}
    return Robot(parse_lesson(DATA | {"lock": [], "steps": [step | {"experiment": experiment}]}))


def test_a_tick_carries_the_frame_at_which_it_became_true() -> None:
    player = robot("step >= 40")
    player.train(100, pace=10)
    assert player.tracker.tick == 4
    assert player.progress.is_met


def ahead(player: Robot, frames: int) -> None:
    """Train so many frames of 10 steps ahead of what is shown."""
    from playground.live import FrameRequest

    start = player.run.last + 1
    while (missing := start + frames - 1 - player.run.last) > 0:
        begin = player.run.last + 1
        player.run.answer(FrameRequest(player.run.name, player.run.epoch, begin, 10, start - 1, missing))
        player.tracker.observe(player.run, begin)


def test_what_is_trained_ahead_counts_once_it_is_shown() -> None:
    player = robot("once(step == 30)")
    ahead(player, 8)
    assert player.tracker.tick == 3
    assert not player.progress.is_met
    player.tracker.mark_shown(2)
    assert not player.progress.is_met
    player.tracker.mark_shown(3)
    assert player.progress.is_met
    assert player.tracker.tick == 3


def test_frames_that_were_never_shown_were_never_seen() -> None:
    player = robot("once(step == 50) and step >= 60")
    ahead(player, 5)
    assert player.tracker.progress.memory == (True,)
    player.go_back(2)
    assert player.tracker.progress.memory == (None,)
    assert player.tracker.tick is None
    player.train(13, pace=13)
    player.train(27, pace=9)
    assert player.run.past.steps[player.run.last] == 60
    assert not player.progress.is_met, "step 50 was not passed at a frame this time"


def test_frames_that_a_turned_knob_made_void_were_never_seen() -> None:
    player = robot("once(learning_rate == 0.03 and step == 50)")
    ahead(player, 6)
    assert player.tracker.tick == 5
    from playground.experiment import replace_field

    player.experiment = replace_field(player.experiment, "learning_rate", 0.1)
    player.run.update_knobs(player.experiment)
    player.tracker.observe_present(player.run, 2)
    assert player.tracker.tick is None
    from playground.live import FrameRequest

    player.run.answer(FrameRequest(player.run.name, player.run.epoch, 3, 10, 2, 8))
    player.tracker.observe(player.run, 3)
    assert player.run.past.steps[player.run.last] >= 50
    assert player.tracker.tick is None


def test_a_change_of_the_experiment_alone_ticks_at_once() -> None:
    player = robot("learning_rate == 0.1")
    player.change(learning_rate=0.1)
    assert player.tracker.tick == -1
    assert player.progress.is_met


def test_what_was_measured_before_a_knob_was_turned_says_nothing_of_it() -> None:
    player = robot("learning_rate == 0.1 and step >= 20")
    player.train(30)
    player.change(learning_rate=0.1)
    assert not player.progress.is_met
    player.train(5)
    assert player.progress.is_met


def test_another_run_begins_anew_and_is_followed() -> None:
    player = robot("different(init_seed, step >= 20) == 2")
    player.train(30)
    player.change(init_seed=1)
    assert not player.progress.is_met
    player.train(20)
    assert player.progress.is_met


def test_what_is_shown_as_a_step_begins_counts_unless_it_brings_another_experiment() -> None:
    step = {"title": "Do", "words": "Do it.", "until": "step >= 20"}
    second = step | {"until": "different(init_seed, step >= 20) == 2"}
    third = step | {"until": "step >= 5", "change": {"init_seed": 7}}
    experiment = {"problem": {"samples": 100}, "structure": {"hidden": [3]}}
    player = Robot(parse_lesson(DATA | {"lock": [], "steps": [step | {"experiment": experiment}, second, third]}))
    player.train(20)
    player.advance()
    player.change(init_seed=1)
    player.train(20)
    assert player.progress.is_met, "the start of the step before is the first of the two"
    player.advance()
    assert not player.progress.is_met, "what was trained before is another experiment's"
