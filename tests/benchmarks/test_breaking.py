"""The pure parts of the faults: what a tab has painted, what is dealt out, and a network that can be cut."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from benchmarks.crowd.breaking import FAULTS
from benchmarks.crowd.breaking.fault import SHORT, Fault, same_steps
from benchmarks.crowd.breaking.sockets import AT_ONCE, shares
from benchmarks.crowd.relay import Relay
from benchmarks.crowd.tabs import backwards, returns
from benchmarks.faults import leaves

PAINTED = [("a", 10.0), ("a", 20.0), ("b", 20.0), ("b", 15.0)]


def test_what_a_tab_painted_tells_where_it_went_back_and_where_another_run_came() -> None:
    assert backwards(PAINTED) == [(20, 15)]
    assert returns(PAINTED) == [(20, 20)]
    assert backwards(PAINTED[:3]) == returns(PAINTED[:2]) == []


@pytest.mark.parametrize("times", [0, 1, 6, 12, 100])
def test_all_that_is_to_be_broken_is_dealt_out(times: int) -> None:
    found = shares(times)
    assert sum(found) == times
    assert len(found) <= AT_ONCE
    assert all(found)


def test_a_row_tells_what_did_not_hold_or_that_it_was_not_tried() -> None:
    fault = Fault("", SHORT)
    assert fault.row("it") == "| it | 0 | not tried |"
    fault.times = 1
    same_steps(fault, [(20, 20)])
    assert fault.row("it") == "| it | 1 | as it should; the same step again, up to step 20 |"
    same_steps(fault, [(20, 10)])
    assert "another step" in fault.row("it")
    assert "as it should" not in fault.row("it")


def test_every_fault_says_in_one_line_what_it_is() -> None:
    assert all((fault.__doc__ or "").splitlines()[0] for fault in FAULTS.values())


def test_all_errors_of_a_group_are_told() -> None:
    one, two = ValueError("1"), KeyError("2")
    assert leaves(ExceptionGroup("", [one, ExceptionGroup("", [two])])) == [one, two]


def test_a_relay_passes_on_until_it_is_cut_and_afterwards_again() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(100):
            writer.write(piece)
        writer.close()

    async def talk() -> None:
        async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
            to = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with Relay(to) as relay:
                port = int(relay.url.rpartition(":")[2])
                for _ in range(2):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(b"hello")
                    assert await reader.readexactly(5) == b"hello"
                    assert relay.cut() == 1
                    with suppress(ConnectionResetError):
                        assert await reader.read(5) == b""
                    writer.close()

    asyncio.run(talk())
