"""The pure parts of the load test: percentiles, what /proc says, what a stage holds and says."""

from __future__ import annotations

import math
import os
import socket
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from streamlit import config
from streamlit.error_util import _log_uncaught_app_exception
from streamlit.logger import get_logger
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.crowd.page import Page
from benchmarks.crowd.playback import Playback
from benchmarks.crowd.player import COMPILING_PAUSE, Player
from benchmarks.crowd.server import TICKS, Server, parse_rss, parse_stat, parse_tracebacks, reserved_port, sample
from benchmarks.crowd.tally import Tally, percentile, spread
from playground import Experiment
from playground.live import Run, parse_request
from playground.web.components import encode


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (0.9, 9), (0.1, 1), (0.0, 1), (1.0, 10)])
def test_percentile_is_the_nearest_rank(share: float, expected: float) -> None:
    assert percentile([3, 1, 2, 10, 9, 8, 4, 5, 6, 7], share) == expected


def test_percentile_of_nothing_is_not_a_number() -> None:
    assert math.isnan(percentile([], 0.5))
    assert spread([]) == "–"


def test_spread_scales_and_rounds() -> None:
    assert spread([0.001, 0.002, 0.003], 1000) == "2 / 3 / 3"


def test_stat_is_read_past_a_name_with_brackets() -> None:
    after = ["S", *["0"] * 10, str(3 * TICKS), str(2 * TICKS), "0", "0", "20", "0", "17", "0"]
    assert parse_stat(f"4242 (a ) (b) {' '.join(after)}") == (5.0, 17)


def test_rss_is_in_megabytes() -> None:
    assert parse_rss("Name:\tpython\nVmHWM:\t  999999 kB\nVmRSS:\t  262144 kB\nThreads:\t4\n") == 256


def test_a_traceback_is_told_by_its_last_line() -> None:
    log = 'up\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    f()\nValueError: no\nafterwards\n'
    assert parse_tracebacks(log * 2) == ["ValueError: no"] * 2
    assert parse_tracebacks("all is well\n") == []


def worn() -> ValueError:
    """An exception with a past of its own: raised while another was handled."""
    try:
        try:
            raise KeyError("first")
        except KeyError:
            raise ValueError("no [such] thing")  # noqa: B904
    except ValueError as error:
        return error


@pytest.mark.parametrize("rich", [True, False], ids=["framed", "plain"])
def test_complaints_are_what_streamlit_logs_of_a_page(
    rich: bool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = config.get_option("logger.enableRich")
    handler = cast("Any", get_logger("streamlit.error_util")).streamlit_console_handler
    stream = handler.setStream(sys.stderr)  # the one that is captured
    log = tmp_path / "log"
    server = Server(cast("Any", None), "", log)
    try:
        config.set_option("logger.enableRich", rich)
        log.write_text("up\n")
        assert server.complaints() == []
        for _ in range(2):
            _log_uncaught_app_exception(worn())
            said, words = capfd.readouterr()
            assert ("\x1b[" in said) == rich
            with open(log, "a") as more:
                more.write(said + words + "afterwards\n")
            assert server.complaints() == ["KeyError: 'first'", "ValueError: no [such] thing"]
            assert server.complaints() == [], "each is told once"
    finally:
        config.set_option("logger.enableRich", before)
        handler.setStream(stream or sys.__stderr__)


def test_a_traceback_in_a_box_is_told_too() -> None:
    boxed = "╭─── Traceback (most recent call last) ───╮\n│ a.py:1 in f │\n│ ❱ 1 f() │\n╰────╯\nOSError: full\n"
    assert parse_tracebacks("up\n" + boxed) == ["OSError: full"]
    assert parse_tracebacks(boxed.partition("OSError")[0]) == ["cut off"]


def test_a_sample_of_this_process_makes_sense() -> None:
    found = sample(os.getpid())
    assert found.rss > 10
    assert found.threads >= 1
    assert found.maps > 10


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a port cannot be held")
def test_servers_listen_one_after_another_on_a_reserved_port_that_nobody_else_gets() -> None:
    with reserved_port() as port:
        address = ("127.0.0.1", port)
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(address)
        for _ in range(2):
            with socket.socket() as server:
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Streamlit does
                server.bind(address)
                server.listen()
                with socket.create_connection(address):
                    server.accept()[0].close()


def test_frames_are_shown_no_faster_than_a_screen_does() -> None:
    playback = Playback(now=0.0)
    playback.arrived(90)
    playback.pass_to(1.0)
    assert (playback.shown, playback.ahead) == (60, 30)
    playback.pass_to(2.0)
    assert (playback.shown, playback.ahead) == (90, 0)


def test_more_is_asked_for_when_two_answers_are_in_hand() -> None:
    playback = Playback(now=0.0, size=10, ahead=50)
    assert playback.wait == pytest.approx(0.5)
    playback.dropped()
    assert playback.wait == 0


@pytest.fixture
def run() -> Run:
    made = Run("r", Experiment.of(hidden=[2], samples=50))
    made.compile()
    return made


def message(run: Run, chunk, **more) -> bytes:
    return encode(chunk, ({"scene": {}} if chunk.scene else {}) | more)


def test_the_player_talks_with_a_run_as_the_stage_does(run: Run) -> None:
    tally = Tally()
    player = Player(tally)
    said, _ = player.wish(1.0)
    assert said is not None
    assert said[1]["mount"] is True
    player.accept(message(run, run.mount()), 1.1)
    assert (player.run, player.last, player.step) == ("r", 0, 0)
    player.play(1.2)
    told, _ = player.wish(1.2)
    assert told is not None
    assert (told[0], told[1]["name"]) == ("command", "play")
    asked, _ = player.wish(1.3)
    assert asked is not None
    want = parse_request(asked[1])
    assert want is not None
    assert (want.start, want.pace) == (1, 10)
    chunk = run.answer(want)
    player.accept(message(run, chunk, heard=[told[1]["talk"], told[1]["nonce"]]), 1.4)
    assert player.last == len(chunk.frames) > 0
    assert player.step == 10 * player.last
    player.accept(message(run, chunk), 1.5)
    assert player.last == len(chunk.frames), "the same answer twice adds nothing"
    assert player.errors == []
    assert [round(trip, 1) for trip in tally.trips] == [0.1, 0.1]


def test_a_turned_knob_drops_what_was_not_shown(run: Run) -> None:
    player = Player(Tally())
    player.accept(message(run, run.mount()), 0.0)
    player.play(0.0)
    shown = player.last
    player.last, player.playback.ahead = shown + 10, 10
    run.update_knobs(Experiment.of(hidden=[2], samples=50, learning_rate=0.3))
    player.accept(message(run, run.empty_reply()), 0.0)
    assert (player.last, player.playback.ahead, player.epoch) == (shown, 0, run.epoch)


def test_steps_that_run_backwards_are_an_error(run: Run) -> None:
    player = Player(Tally())
    player.run, player.epoch = "r", run.epoch
    player._add(0, np.array([0.0, 10.0]), 0.0)
    player._add(2, np.array([5.0]), 0.0)
    assert len(player.errors) == 1


def test_a_server_that_compiles_is_asked_again_in_a_moment(run: Run) -> None:
    player = Player(Tally())
    player.accept(message(run, run.mount()), 0.0)
    player.play(0.0)
    player._unheard.clear()
    player.wish(1.0)
    compiling = run._reply(player.last + 1, (), state="compiling")
    player.accept(message(run, compiling), 1.0)
    assert player.wish(1.0) == (None, pytest.approx(COMPILING_PAUSE))
    assert player.wish(1.0 + 2 * COMPILING_PAUSE)[0] is not None


def test_from_a_knob_to_the_first_frame_under_it_is_counted_once(run: Run) -> None:
    tally = Tally()
    player = Player(tally)
    player.accept(message(run, run.mount()), 0.0)
    player.knob = 1.0
    run.update_knobs(run.experiment)
    player.accept(message(run, run.empty_reply()), 1.2)
    assert tally.effects == []
    run.compile()
    for now in (1.5, 1.7):
        want = parse_request({"run": run.name, "epoch": run.epoch, "from": player.last + 1, "frames": 1})
        assert want is not None
        player.accept(message(run, run.answer(want)), now)
    assert tally.effects == [pytest.approx(0.5)]


def test_a_page_names_itself_as_the_navigation_does() -> None:
    page = Page()
    first, found = ForwardMsg(), ForwardMsg()
    first.new_session.page_script_hash = "of the main script"
    found.navigation.page_script_hash = "of the page"
    page.accept(first)
    page.accept(found)
    assert page.client("http://localhost/").page_script_hash == "of the page"
    assert page.client("http://localhost/", script="of another").page_script_hash == "of another"


def test_it_rests_after_an_answer_as_the_server_says(run: Run) -> None:
    player = Player(Tally())
    player.accept(message(run, run.mount()), 0.0)
    player.play(0.0)
    player._unheard.clear()
    assert player.wish(1.0)[0] is not None
    run.compile()
    want = parse_request({"run": run.name, "epoch": run.epoch, "from": player.last + 1, "frames": 2})
    assert want is not None
    player.accept(message(run, run.answer(want), calm={"rest": 2.0}), 1.3)
    player.playback.dropped()
    assert player.wish(1.8) == (None, pytest.approx(0.1))
    assert player.wish(1.95)[0] is not None


def test_an_unanswered_question_is_asked_again_ever_later(run: Run) -> None:
    tally = Tally()
    player = Player(tally)
    player.accept(message(run, run.mount()), 0.0)
    player.play(0.0)
    player._unheard.clear()
    assert player.wish(1.0)[0] is not None
    assert player.wish(2.0)[0] is None
    assert player.wish(2.3)[0] is not None
    assert player.wish(4.0)[0] is None
    assert player.wish(4.2)[0] is not None
    assert tally.asked_again == 2


def test_it_is_counted_when_the_stage_is_told_of_a_crowd(run: Run) -> None:
    tally = Tally()
    notice = {"name": "crowd", "sentence": "many are here", "remedies": []}
    Player(tally).accept(message(run, run.mount(), notices=[{"frame": 0, "notices": [notice]}]), 0.0)
    assert tally.states["that it is crowded"] == 1
    assert tally.words == {"many are here"}


def test_a_run_that_the_server_lost_is_asked_for_with_its_story(run: Run) -> None:
    player = Player(Tally())
    story = {"of": "x", "whole": True, "turns": [[0, {}]]}
    player.accept(message(run, run.mount(), story=story, opened=False), 0.0)
    player.step = 480.0
    other = Run("other", run.experiment)
    other.compile()
    player.accept(message(other, other.mount(), story=story, opened=True), 1.0)
    assert player.run == "r", "the picture stays until the run is there again"
    said, _ = player.wish(1.0)
    assert said is not None
    assert (said[1]["mount"], said[1]["story"], said[1]["step"]) == (True, story, 480.0)
    player.accept(message(other, other.mount(), story=story, opened=False), 1.1)
    assert player.run == "other"
    assert player.returned == [(480.0, 0.0)]
