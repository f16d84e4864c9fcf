"""The app in a process of its own, on loopback, and what the kernel says of it."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
HEAD = re.compile(r"^.*Traceback \(most recent call last\).*\n", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
FRAMED = (" ", "│", "╭", "╰", "─")
"""What the lines of a traceback begin with, its last one apart."""


@dataclass(frozen=True)
class Sample:
    """A process at ``time`` (s): ``cpu`` seconds so far, ``rss`` in MB, ``threads``, and memory ``maps``."""

    time: float
    cpu: float
    rss: float
    threads: int
    maps: int


def parse_stat(text: str) -> tuple[float, int]:
    """CPU seconds and threads from ``/proc/PID/stat``; the name in it may hold spaces and brackets."""
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[17])


def parse_rss(text: str) -> float:
    """Resident memory in MB from ``/proc/PID/status``."""
    kilobytes = next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def sample(pid: int) -> Sample:
    """The process now."""
    folder = Path(f"/proc/{pid}")
    cpu, threads = parse_stat((folder / "stat").read_text())
    with open(folder / "maps", "rb") as maps:
        count = sum(1 for _ in maps)
    return Sample(time.monotonic(), cpu, parse_rss((folder / "status").read_text()), threads, count)


@dataclass
class Server:
    """A running app."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path
    _read: int = 0

    def sample(self) -> Sample:
        """The process now."""
        return sample(self.process.pid)

    def healthy(self, seconds: float = 10.0) -> bool:
        """Whether the health endpoint says ``ok``."""
        try:
            with urlopen(self.url + "/_stcore/health", timeout=seconds) as answer:
                return answer.read() == b"ok"
        except OSError:
            return False

    def complaints(self) -> list[str]:
        """What the tracebacks in the log since the last call end with."""
        text = self.log.read_text(errors="replace")
        fresh, self._read = text[self._read :], len(text)
        return parse_tracebacks(fresh)


def parse_tracebacks(text: str) -> list[str]:
    """The first words after each traceback: the exception and what it says; plain, or in colours and a frame as
    Streamlit prints those of a page."""
    found = []
    for part in HEAD.split(COLOURS.sub("", text))[1:]:
        said = [line.strip() for line in part.splitlines() if line.strip() and not line.startswith(FRAMED)]
        found.append(said[0] if said else "cut off")
    return found


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port of loopback for servers that we start, which the kernel gives to nobody else meanwhile.

    On Linux a socket that does not listen holds it: with ``SO_REUSEADDR``, which Streamlit sets as well, a server may
    listen there beside it, and neither a port that is asked for as any nor a connection's own is ever this one. Other
    systems refuse that, and there it is only free at the moment.
    """
    with socket.socket() as holder:
        if sys.platform == "linux":
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        if sys.platform != "linux":
            holder.close()
        yield port


@contextmanager
def served(
    cache: str | None = None,
    *options: str,
    port: int = 0,
    before: Sequence[str] = (),
    folder: Path = ROOT,
    root: str = "",
    **environment: str,
) -> Iterator[Server]:
    """The app, started and healthy; ``cache``: the folder of compiled programs, else an empty one; ``port``: where,
    one that is ``reserved_port``, else one of its own.

    ``options`` are Streamlit's, ``before`` is what the command stands behind, ``folder`` is where app.py is, ``root``
    the path under which it is served, such as ``/some/where``.
    """
    command = [*before, sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1"]
    with ExitStack() as resources:
        port = port or resources.enter_context(reserved_port())
        scratch = resources.enter_context(tempfile.TemporaryDirectory())
        log = Path(scratch) / "log"
        with open(log, "wb") as out:
            process = subprocess.Popen(
                [*command, "--server.port", str(port), "--server.baseUrlPath", root, *options],
                cwd=folder,
                env=os.environ | {"PLAYGROUND_CACHE_DIR": cache or f"{scratch}/cache"} | environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        server = Server(process, f"http://127.0.0.1:{port}{root}", log)
        try:
            end = time.monotonic() + 60
            while not server.healthy(1.0):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"the app did not start: {log.read_text(errors='replace')[-500:]}")
                time.sleep(0.02)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


class Watch:
    """Looks at a server once in a while: ``samples``, and how often its health endpoint did not say ``ok``."""

    def __init__(self, server: Server, every: float = 1.0) -> None:
        self.server, self.every = server, every
        self.samples = [server.sample()]
        self.unhealthy = 0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Watch:
        self.server.complaints()
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        self.samples.append(self.server.sample())

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self.every)
            self.unhealthy += not await asyncio.to_thread(self.server.healthy)
            self.samples.append(self.server.sample())
