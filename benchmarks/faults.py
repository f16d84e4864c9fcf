"""Faults on purpose: what breaks in a real server, on loopback, and what its visitors notice.

    python -m benchmarks.faults [--full] [--only dropped,killed,...]

Each fault has a server of its own, ends by itself, and prints one row: what was done, how often, and what came of it.
In each nobody may see an exception, no log a traceback, no step may run backwards, nobody's experiment be lost, and the
health endpoint never fail to say ``ok``. ``--full`` does each as often as a long night would."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time

from benchmarks.crowd.breaking import FAULTS
from benchmarks.crowd.breaking.fault import FULL, SHORT, Counts, Fault


def leaves(error: BaseException) -> list[BaseException]:
    """The exceptions themselves, of a group of groups or of one."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for one in error.exceptions for leaf in leaves(one)]
    return [error]


async def run(only: list[str], counts: Counts) -> int:
    """All faults, one after another; how many did not end well."""
    bad, begun = 0, time.monotonic()
    print("| what | how often | result |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as cache:
        for name, fault in FAULTS.items():
            if only and name not in only:
                continue
            found, since = Fault(cache, counts), time.monotonic()
            try:
                async with asyncio.timeout(counts.patience):
                    await fault(found)
            except Exception as error:
                found.wrong += [f"{type(one).__name__}: {one}"[:200] for one in leaves(error)]
            bad += bool(found.wrong)
            print(found.row((fault.__doc__ or name).splitlines()[0].rstrip(".")), flush=True)
            print(f"{name}: {time.monotonic() - since:.0f} s", file=sys.stderr)
    print(f"\n{time.monotonic() - begun:.0f} s in all.")
    return bad


def main() -> None:
    """Run what the arguments ask for; the exit code tells whether all ended well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--full", action="store_const", dest="counts", const=FULL, default=SHORT, help="as often as a long night would"
    )
    parser.add_argument("--only", default="", help=f"by name: {', '.join(FAULTS)}")
    arguments = parser.parse_args()
    sys.exit(min(1, asyncio.run(run([one for one in arguments.only.split(",") if one], arguments.counts))))


if __name__ == "__main__":
    main()
