"""A server alone with its first visitor: what it does beforehand, and what it never loads."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.crowd.phases import counted
from benchmarks.crowd.server import Server, served
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Visitor

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
PATIENCE = 120.0


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder for compiled programs."""
    return tmp_path_factory.mktemp("programs")


@pytest.fixture(scope="module")
def server(cache: Path) -> Iterator[Server]:
    """The app, that nobody has visited yet."""
    with served(str(cache), PLAYGROUND_PREWARM="1") as started:
        yield started


def test_what_the_page_begins_with_is_compiled_before_anybody_comes(server: Server, cache: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not any(cache.iterdir()) and time.monotonic() < until:
        time.sleep(0.2)
    assert any(cache.iterdir())


def test_every_page_is_sent_whole_and_loads_no_library_of_data_frames(server: Server) -> None:
    async def tour() -> list[str]:
        async with asyncio.timeout(PATIENCE), Visitor(server.url, Tally()) as visitor:
            page = visitor.wire.page
            for script in list(page.pages.values()):
                runs = page.runs
                await visitor.wire.ask(script=script)
                await visitor.until(counted(page, runs), "a page")
            assert page.errors == []
            return list(page.pages.values())

    assert len(asyncio.run(tour())) > 5
    loaded = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "libjax" in loaded
    assert "pyarrow" not in loaded
    assert "pandas" not in loaded
