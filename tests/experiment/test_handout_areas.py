"""The areas of the page that a handout decides about, and sets of rules over them."""

from __future__ import annotations

import pytest

from playground.experiment import CONTROLS, Handout, handout_of, handout_query
from playground.experiment.handout_areas import AREAS, ELSEWHERE, NEXT, RULE_SETS, controls_of, state_of, with_state


def test_every_control_stands_in_one_of_at_most_ten_areas() -> None:
    listed = [control for area in AREAS.values() for control in area.controls]
    assert sorted(listed) == sorted(CONTROLS)
    assert len(AREAS) <= 10
    assert all(area.controls for area in AREAS.values())
    assert {control for controls in ELSEWHERE.values() for control in controls} <= set(CONTROLS)


@pytest.mark.parametrize("name", AREAS)
def test_a_press_goes_round_and_leaves_the_other_areas(name: str) -> None:
    area, other = AREAS[name], AREAS["play" if name != "play" else "data"]
    hide, lock = with_state(other, "lock", (), ())
    start = (hide, lock)
    for expected in ("lock", "hide", "free"):
        hide, lock = with_state(area, NEXT[state_of(area, hide, lock)], hide, lock)
        assert state_of(area, hide, lock) == expected
        assert state_of(other, hide, lock) == "lock"
        assert not set(hide) & set(lock)
    assert (hide, lock) == start
    assert state_of(area, area.controls[:1], ()) == ("mixed" if len(area.controls) > 1 else "hide")


@pytest.mark.parametrize("name", RULE_SETS)
def test_a_set_of_rules_does_what_it_says_and_survives_the_link(name: str) -> None:
    rules = RULE_SETS[name]
    hide, lock = controls_of(rules)
    for area in AREAS.values():
        assert state_of(area, hide, lock) == rules.states.get(area.name, "free")
    handout = Handout(hide=hide, lock=lock)
    assert handout_of(handout_query(handout)) == (handout, [])
    assert not handout.is_locked("play")
    assert handout.is_locked("learning_rate") == (name not in ("free", "rate", "least"))


def test_an_unknown_area_in_a_link_is_said() -> None:
    handout, complaints = handout_of({"lock": "~data,~nonsense"})
    assert handout.lock == tuple(one for one in CONTROLS if one in AREAS["data"].controls)
    assert len(complaints) == 1
