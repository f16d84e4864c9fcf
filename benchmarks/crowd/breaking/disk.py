"""The folder of compiled programs, where it cannot be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.crowd.breaking.fault import Fault, plays_on

SMALL = 256
"""Size of a disk that is soon full, in kB: the program of one network takes about 125."""
NETWORKS = ("3, 3", "5")


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A disk of its own that is soon full, or None where none may be mounted."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}k,mode=0777", "tmpfs", folder]
        mounted = bool(shutil.which("mount")) and subprocess.run(command, capture_output=True).returncode == 0
        try:
            yield Path(folder) if mounted else None
        finally:
            if mounted:
                subprocess.run(["umount", "--lazy", folder], check=True)


async def no_disk(fault: Fault) -> None:
    """The folder of compiled programs cannot be made, is full, or may only be read."""

    async def plays(cache: str | Path, home: str, before: Sequence[str] = ()) -> None:
        async with fault.server(cache=str(cache), before=before, HOME=home) as server, fault.player(server) as visitor:
            for network in NETWORKS:
                await visitor.network(network)
                await plays_on(visitor)
            fault.times += 1

    with tempfile.TemporaryDirectory() as folder, small_disk() as small:
        Path(folder).chmod(0o755)
        await plays("/proc/x", folder)
        fault.noted.append("cannot be made")
        if small:
            # Twice: what the first left half written, the second finds.
            await plays(small, folder)
            await plays(small, folder)
            left = shutil.disk_usage(small).free // 1024
            fault.expect(left < SMALL / 8, f"the disk was not full: {left} kB left")
            fault.noted.append(f"full: a disk of {SMALL} kB with {left} kB left, twice")
        else:
            # A limit of the size of a file is what a full disk is to a write.
            await plays(f"{folder}/full", folder, ("sh", "-c", 'ulimit -f 16; exec "$@"', "sh"))
            fault.noted.append("full: no disk may be mounted here, so files of at most 8 kB stood for it")
        if os.geteuid() == 0:
            readonly = Path(folder) / "readonly"
            readonly.mkdir(mode=0o555)
            drop = ("setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all")
            await plays(readonly, folder, drop)
            fault.noted.append("read-only")
