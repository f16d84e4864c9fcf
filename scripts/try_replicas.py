"""Tries deploy/nginx.conf: two replicas on loopback behind nginx, a class through it, one replica killed.

    python -m scripts.try_replicas [--visitors 6] [--cache FOLDER]

Prints a Markdown table of what was checked. Needs nginx (Debian: nginx-light) and the ports that the file names.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from benchmarks.crowd.members import Student, Teacher
from benchmarks.crowd.server import ROOT, Server, served
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Visitor

CONF = ROOT / "deploy" / "nginx.conf"
OUTSIDE = ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/a_page/_stcore/metrics")
FRAMES = 12
"""More frames that tell that somebody plays on."""


@contextmanager
def proxied() -> Iterator[str]:
    """nginx with the file as it stands, in the foreground and a folder of its own; the address it listens at."""
    found = shutil.which(
        "nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
    )
    if found is None:
        sys.exit("nginx is not installed; on Debian or Ubuntu: apt install nginx-light")
    with tempfile.TemporaryDirectory() as folder:
        temporary = "".join(
            f"{one}_temp_path {folder}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = Path(folder) / "nginx.conf"
        whole.write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}\n"
            f"http {{ {temporary} include {CONF}; access_log {folder}/log replicas; }}\n"
        )
        command = [found, "-p", folder, "-e", f"{folder}/errors", "-c", str(whole)]
        process = subprocess.Popen(command)
        try:
            address = re.findall(r"listen ([\d.:]+);", CONF.read_text())[0]
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(10)


def status(url: str) -> int:
    """What the address answers."""
    try:
        with urlopen(url, timeout=10) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def row(what: str, good: int, of: int) -> None:
    """A line of the table."""
    print(f"| {what} | {of} | {good} |", flush=True)


async def plays_on(visitor: Visitor) -> bool:
    """Whether frames go on coming."""
    last = visitor.player.last
    await visitor.until(lambda: visitor.player.last >= last + FRAMES, "a moment of play")
    return True


async def still_plays(visitor: Visitor) -> bool:
    """Whether somebody who has not played yet can."""
    visitor.player.play(time.monotonic())
    return await plays_on(visitor)


async def class_trial(
    front: str, students: int, stack: AsyncExitStack, check: Callable[[str, list[bool]], None]
) -> list[Student]:
    """A class at replica ``a`` whose students come from both replicas; all who are in it."""
    tally = Tally()
    teacher, typing = Teacher(front, tally), Student(front, tally)
    teacher.wire.cookies["replica"], typing.wire.cookies["replica"] = "a", "b"
    await stack.enter_async_context(teacher)
    await stack.enter_async_context(typing)
    code = await teacher.open_class()
    check("a class's code begins with its replica's letter", [code[0] == "A"])
    linked = [Student(front, tally) for _ in range(students)]
    for number, student in enumerate(linked):  # some have been at the other replica before
        student.wire.cookies |= {"replica": "b"} if number % 2 else {}
        await student.wire.load(f"join?class={code}")
        await stack.enter_async_context(student)
    check("who follows the class's link comes to its replica", [one.wire.cookies["replica"] == "a" for one in linked])
    check("... and into the class", [await student.join(code) for student in linked])
    is_in = await typing.join(code, by_hand=True)
    _, _, data = typing.wire.page.components["class_move"]
    path = json.loads(data)["move"].partition("://")[2].partition("/")[2]
    moved = Student(front, tally)
    moved.wire.cookies |= typing.wire.cookies
    await moved.wire.load(path)
    await stack.enter_async_context(moved)
    check("a code typed at the other replica leads there", [not is_in, await moved.join(code)])
    members = [*linked, moved]
    await teacher.look_at_wall()
    check("the wall has all of them", [len(teacher.tiles) == len(members)])
    check("their pages are answered at every question", [(await one.ask("news"))[0] == 200 for one in members])
    return members


async def trial(front: str, replicas: dict[str, Server], visitors: int, cache: str) -> bool:
    """Everything that is claimed, in order; whether all of it held."""
    good = []

    def check(what: str, found: list[bool]) -> None:
        row(what, sum(found), len(found))
        good.extend(found)

    tally = Tally()
    print("| what was tried through nginx | times | as it should |\n|---|---|---|")
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(Visitor(front, tally)) for _ in range(visitors)]
        for one in crowd:
            one.player.play(time.monotonic())
        check("a visitor comes and plays", [await plays_on(one) for one in crowd])
        homes = [one.wire.cookies["replica"] for one in crowd]
        check("each replica has some of them", [name in homes for name in replicas])

        before = [(one.wire.page.session, one.player.run) for one in crowd]
        for one in crowd:
            await one.drop()
        for one in crowd:
            await one.come_back()
        check("the socket breaks; the visitor plays on", [await plays_on(one) for one in crowd])
        after = [(one.wire.page.session, one.player.run) for one in crowd]
        check("... in the same session and run", [a == b for a, b in zip(before, after, strict=True)])
        check(
            "... at the same replica",
            [one.wire.cookies["replica"] == home for one, home in zip(crowd, homes, strict=True)],
        )

        members = await class_trial(front, visitors, stack, check)
        check("the health check says ok", [status(f"{front}/_stcore/health") == 200 for _ in range(4)])
        check("metrics and the interface for programs are not there", [status(front + path) == 404 for path in OUTSIDE])

        lost = [one for one, home in zip(crowd, homes, strict=True) if home == "a"]
        rest = [one for one in crowd if one not in lost]
        runs = [one.player.run for one in rest]
        replicas["a"].process.kill()
        for one in lost:
            await one.drop()
        begun = time.monotonic()
        for one in lost:
            await one.come_back()
        check("a replica is killed: its visitors play on at the other", [await plays_on(one) for one in lost])
        took = time.monotonic() - begun
        for one in members:
            await one.drop()
            await one.come_back()
        told = ["not here any more" in one.alerts for one in members]
        check("... the students of its class are told that the class is gone", told)
        check("... and play on as well", [await still_plays(one) for one in members])
        check(
            "... from the very step that they saw",
            [len(r := one.player.returned) == 1 and r[0][0] == r[0][1] for one in lost],
        )
        check("... and their cookie says so", [one.wire.cookies["replica"] == "b" for one in lost])
        check(
            "the others notice nothing",
            [await plays_on(one) and one.player.run == run for one, run in zip(rest, runs, strict=True)],
        )
        check(
            "the health check says ok, with one replica", [status(f"{front}/_stcore/health") == 200 for _ in range(4)]
        )
        port = int(replicas["a"].url.rpartition(":")[2])
        with served(cache, port=port, PLAYGROUND_PREWARM="0", PLAYGROUND_REPLICA="a"):
            before = [(one.wire.page.session, one.player.run) for one in lost]
            for one in lost:
                await one.drop()
                await one.come_back()
            check("the replica is back: they play on where they are", [await plays_on(one) for one in lost])
            after = [(one.wire.page.session, one.player.run) for one in lost]
            check("... in the same session and run", [a == b for a, b in zip(before, after, strict=True)])
        errors = [fault for one in crowd for fault in (*one.player.errors, *one.wire.page.errors)]
    check("no steps backwards, no exception on a page", [not errors])
    check("no traceback in a log", [not server.complaints() for server in replicas.values()])
    print(
        f"\nAfter the replica was gone, all {len(lost)} of its visitors played again within {took:.1f} s.",
        *errors,
        sep="\n",
    )
    return all(good)


def main() -> None:
    """Start all, try all, end all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=6)
    parser.add_argument("--cache", help="a folder of compiled programs; an empty one where none is named")
    arguments = parser.parse_args()
    visitors = arguments.visitors
    ports = re.search(r"server \S+:(\d+) max_fails.*\n\s+server \S+:(\d+) max_fails", CONF.read_text())
    assert ports is not None
    with ExitStack() as stack:
        cache = arguments.cache or stack.enter_context(tempfile.TemporaryDirectory())
        replicas = {
            name: stack.enter_context(served(cache, port=int(port), PLAYGROUND_PREWARM="0", PLAYGROUND_REPLICA=name))
            for name, port in zip("ab", ports.groups(), strict=True)
        }
        front = stack.enter_context(proxied())
        time.sleep(0.5)
        sys.exit(0 if asyncio.run(asyncio.wait_for(trial(front, replicas, visitors, cache), 240)) else 1)


if __name__ == "__main__":
    main()
