"""Each command is done once, in order, whatever is said again, lost or cut short."""

from __future__ import annotations

from playground.live.protocol.command_log import MAX_EARLIER, MAX_TALKS, CommandLog


def said(nonce: int, *earlier: int, talk: str = "a") -> dict[str, object]:
    return {"talk": talk, "nonce": nonce, "earlier": [{"nonce": one} for one in earlier]}


def done(talk: CommandLog, data: object) -> list[int]:
    return [one["nonce"] for one in talk.new_commands(data)]


def test_what_is_said_again_is_done_once_and_in_order() -> None:
    talk = CommandLog()
    assert done(talk, said(1)) == [1]
    assert done(talk, said(3, 1, 2)) == [2, 3]
    assert done(talk, said(3, 1, 2)) == []
    assert talk.acknowledged == ["a", 3]


def test_each_is_confirmed_as_it_is_taken() -> None:
    talk = CommandLog()
    heard = [talk.acknowledged[1] for _ in talk.new_commands(said(3, 1, 2))]
    assert heard == [1, 2, 3]


def test_another_stage_counts_from_the_beginning_and_who_does_not_count_is_heard_always() -> None:
    talk = CommandLog()
    assert done(talk, said(9)) == [9]
    assert done(talk, said(1, talk="b")) == [1]
    assert list(talk.new_commands({"name": "play"})) == list(talk.new_commands({"name": "play"})) == [{"name": "play"}]
    assert talk.acknowledged == ["b", 1]
    assert list(talk.new_commands(None)) == [None]


def test_a_stage_that_lost_its_place_and_the_next_one_are_counted_apart() -> None:
    talk = CommandLog()
    assert done(talk, said(2, 1)) == [1, 2]
    assert done(talk, said(1, talk="b")) == [1]
    assert done(talk, said(3, 1, 2)) == [3]
    assert done(talk, said(2, 1, talk="b")) == [2]
    for i in range(100):
        done(talk, said(1, talk=f"c{i}"))
    assert len(talk._done) <= MAX_TALKS


def test_no_more_is_taken_than_a_stage_says_again() -> None:
    assert len(done(CommandLog(), said(100, *range(1, 60)))) == MAX_EARLIER + 1
    assert done(CommandLog(), {"talk": "a", "nonce": 1, "earlier": [1, None, "x"]}) == [1]
