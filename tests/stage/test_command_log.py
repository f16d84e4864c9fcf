"""Commands until they are acknowledged (``static/live/connection.js``), in Node, under a clock that is set by hand."""

from __future__ import annotations

from typing import Any

from tests.stage.scripts import address, run_module

BEGIN = f"""
import {{ Connection }} from "{address("live/connection.js")}";
let now = 0;
globalThis.performance = {{ now: () => now }};
const sent = [];
const connection = new Connection();
connection.component = {{ setTriggerValue: (name, value) => sent.push(value) }};
const log = (value) => [value.name, value.earlier.map(({{ name }}) => name)];
const results = [];
"""


def run(script: str) -> Any:
    """What ``script`` pushes to ``results``."""
    return run_module(BEGIN + script + "\nconsole.log(JSON.stringify(results));")


def test_each_command_carries_those_before_it_that_were_not_acknowledged() -> None:
    assert run("""
        connection.acknowledge([connection.logId, 0]);
        for (const name of ["a", "b", "c"]) connection.command(name, { of: name });
        results.push(...sent.map(log), sent[2].earlier[1].of);
        connection.acknowledge([connection.logId, sent[1].nonce]);
        connection.command("d");
        results.push(log(sent.at(-1)));
    """) == [["a", []], ["b", ["a"]], ["c", ["a", "b"]], "b", ["d", ["c"]]]


def test_ids_rise_over_questions_and_commands_so_that_none_is_another_s() -> None:
    assert run("""
        connection.request({});
        connection.command("a");
        connection.request({});
        connection.command("b");
        results.push(...sent.map(({ nonce }) => nonce));
    """) == [1, 2, 3, 4]


def test_an_acknowledgement_out_of_order_or_of_another_log_changes_nothing() -> None:
    assert run("""
        connection.acknowledge([connection.logId, 0]);
        for (const name of ["a", "b", "c"]) connection.command(name);
        connection.acknowledge(["another", 99]);
        results.push(connection.unacknowledged.length);
        connection.acknowledge([connection.logId, 2]);
        connection.acknowledge([connection.logId, 1]);
        connection.acknowledge(undefined);
        results.push(connection.unacknowledged.map(({ name }) => name));
    """) == [3, ["c"]]


def test_what_was_lost_is_sent_again_until_it_is_acknowledged() -> None:
    assert run("""
        connection.acknowledge([connection.logId, 0]);
        now = 1000;
        connection.command("a");
        for (now of [2200, 2201, 2300, 3401, 3402]) { connection.resend(now); results.push(sent.length); }
        connection.acknowledge([connection.logId, 1]);
        now = 99999;
        connection.resend(now);
        results.push(sent.length);
    """) == [1, 2, 2, 2, 3, 3]


def test_a_server_that_acknowledges_nothing_gets_each_command_once_and_alone() -> None:
    assert run("""
        for (const name of ["a", "b"]) connection.command(name);
        now = 99999;
        connection.resend(now);
        results.push(...sent.map(log));
    """) == [["a", []], ["b", []]]


def test_no_more_than_sixteen_wait() -> None:
    assert run("""
        connection.acknowledge([connection.logId, 0]);
        for (let i = 0; i < 40; i++) connection.command(String(i));
        results.push(connection.unacknowledged.length, ...log(sent.at(-1)));
    """) == [16, "39", [str(i) for i in range(24, 39)]]


def test_a_command_before_the_component_is_there_is_sent_with_the_next() -> None:
    assert run("""
        const { component } = connection;
        connection.acknowledge([connection.logId, 0]);
        connection.component = null;
        connection.command("a");
        connection.component = component;
        connection.command("b");
        results.push(sent.map(log));
    """) == [[["b", ["a"]]]]
