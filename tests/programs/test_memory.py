"""A purge gives back the memory of compiled programs, measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import os
from playground import Experiment, Trainer
from playground.programs.cache import PROGRAMS

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

def maps():
    with open("/proc/self/maps") as file:
        return sum(1 for _ in file)

def train(width):
    trainer = Trainer(Experiment.of(samples=60, hidden=[width, 3]))
    trainer.advance(trainer.init(), 2)

train(1)
PROGRAMS.purge()
before, maps_before = resident(), maps()
for width in range(2, 14):
    train(width)
full, maps_full = resident(), maps()
PROGRAMS.purge()
after, maps_after = resident(), maps()
print(full - before, after - before, maps_full - maps_before, maps_after - maps_before)
"""


@pytest.mark.long
def test_purge_returns_memory_and_maps() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    grown, left, maps_grown, maps_left = map(float, done.stdout.split())
    assert grown > 10, "a dozen structures should cost memory, else this test measures nothing"
    assert left < 0.4 * grown
    assert maps_left < 0.4 * maps_grown
