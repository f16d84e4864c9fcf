"""Who plays where (``static/lib/mount.js``) in Node, with places and clocks of the test's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.stage.scripts import run_module

MOUNTING = Path(__file__).resolve().parents[2] / "static/lib/mount.js"

BEGIN = """
import { mounter } from "%s";
const timers = [];
globalThis.setTimeout = (act) => timers.push(act);
const pass = () => { for (const act of timers.splice(0)) act(); };
const log = [];
let made = 0;
const mount = mounter((place) => {
  const name = `player ${++made}`;
  log.push(`${name} at ${place.name}`);
  return {
    view: { move: (to) => log.push(`${name} to ${to.name}`) },
    use() {}, accept: (data) => log.push(`${name} plays ${data}`), destroy: () => log.push(`${name} gone`),
  };
});
const [left, right] = [{ name: "left" }, { name: "right" }];
let mounts = 0;
const show = (name, place, data) =>
  mount({ name, key: `another at each mount: ${++mounts}`, data, parentElement: place });
"""


def played(script: str) -> Any:
    """What the players of ``script`` did."""
    return run_module(BEGIN % MOUNTING.as_uri() + script + "\nconsole.log(JSON.stringify(log));")


def test_a_player_goes_on_in_its_component_s_next_place() -> None:
    assert played('const leave = show("race", left, 1); leave(); show("race", right, 2); pass();') == [
        "player 1 at left",
        "player 1 plays 1",
        "player 1 to right",
        "player 1 plays 2",
    ]


def test_another_page_does_not_begin_with_what_the_one_before_showed() -> None:
    assert played('const leave = show("flow", left, 1); leave(); show("race", right, 2); pass();') == [
        "player 1 at left",
        "player 1 plays 1",
        "player 2 at right",
        "player 2 plays 2",
        "player 1 gone",
    ]


def test_nor_where_it_gets_the_very_place() -> None:
    assert played('const leave = show("flow", left, 1); leave(); show("race", left, 2); pass();') == [
        "player 1 at left",
        "player 1 plays 1",
        "player 1 gone",
        "player 2 at left",
        "player 2 plays 2",
    ]


def test_who_comes_back_in_time_is_who_was_there() -> None:
    assert played(
        'let leave = show("flow", left, 1); leave(); leave = show("race", right, 2); leave(); show("flow", '
        "left, 3); pass();"
    ) == [
        "player 1 at left",
        "player 1 plays 1",
        "player 2 at right",
        "player 2 plays 2",
        "player 1 plays 3",
        "player 2 gone",
    ]
