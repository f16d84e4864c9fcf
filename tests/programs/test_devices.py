"""Which device computes what: by rule with devices that are only named, and for real on four that the processor is made
to look like."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from playground import Experiment, PlaygroundError, Trainer
from playground.programs import devices
from playground.training.sharding import DeviceSharding
from tests.environment import COMPILED_ONCE

ROOT = Path(__file__).resolve().parents[2]


def pretend(monkeypatch: pytest.MonkeyPatch, accelerators: int) -> None:
    gpus = [SimpleNamespace(platform="gpu", id=i, device_kind="a card") for i in range(accelerators)]
    cpu = [SimpleNamespace(platform="cpu", id=0, device_kind="cpu")]
    monkeypatch.setattr(devices.jax, "local_devices", lambda backend=None: cpu if backend == "cpu" else gpus or cpu)


def names(task: devices.DeviceTask, choice: str = devices.AUTOMATIC) -> list[str]:
    return [devices.name_of(one) for one in devices.devices_for(task, choice)]


def test_an_accelerator_takes_what_is_large_and_the_processor_what_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, 2)
    assert names("play") == ["cpu:0"]
    assert names("many") == ["gpu:0", "gpu:1"]
    assert names("landscape") == ["gpu:0"]
    assert names("play", "gpu:1") == ["gpu:1"]
    assert names("many", "cpu:0") == names("landscape", "cpu:0") == ["cpu:0"]
    assert devices.device_sentence() == "Runs on CPU; many networks on all 2 GPUs"
    pretend(monkeypatch, 1)
    assert devices.device_sentence() == "Runs on CPU; many networks and landscapes on GPU"
    assert devices.device_sentence("gpu:0") == "Runs on GPU"


def test_an_accelerator_multiplies_float32_as_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    settings: dict[str, Any] = {}
    monkeypatch.setattr(devices.jax.config, "update", settings.__setitem__)
    pretend(monkeypatch, 0)
    devices.configure_devices()
    assert settings == {}
    pretend(monkeypatch, 1)
    devices.configure_devices()
    assert settings.pop("jax_default_device").platform == "cpu"
    assert settings == {"jax_default_matmul_precision": "float32"}


def test_without_an_accelerator_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, 0)
    assert names("play") == names("many") == names("landscape") == ["cpu:0"]
    assert (devices.device_sentence(), len(devices.choices())) == ("Runs on CPU", 2)
    monkeypatch.undo()
    assert Trainer(Experiment()).where == ()
    assert DeviceSharding(devices.devices_for("many"), 16).key == ()


def test_a_device_that_is_not_there_gets_a_sentence() -> None:
    with pytest.raises(PlaygroundError, match="no device 'gpu:7' here; choose one of automatic, cpu:0"):
        Trainer(Experiment(), device="gpu:7")


MANY = """
import json, sys, jax, numpy as np
from playground import Experiment
from playground.analysis.seeds.seed_ensemble import SeedEnsemble

what, picture = json.loads(sys.argv[1])
given = dict(networks=66, steps=25, points=1, own_samples=not picture, grouped=True)
apart, alone = (SeedEnsemble(Experiment.of(**what), **given) for _ in range(2))
alone.use(jax.devices()[:1])
for one in (apart, alone):
    list(one.work(picture=picture))
training = apart.training
group = training._group(training._draw_params(np.arange(training.size)), apart.trainer.knobs())
one, other = apart.outcome, alone.outcome
print(json.dumps({
    "axis": training.axis,
    "devices": sorted(d.id for d in group.bad_step.sharding.device_set),
    "each": group.bad_step.addressable_shards[0].data.shape,
    "curves": float(np.abs(one.curves - other.curves).max()),
    "mean": float(np.abs(one.mean - other.mean).max(initial=0.0)),
    "same": bool((one.bad_step == other.bad_step).all()),
}))
"""

PLACED = """
import json, jax, numpy as np
from playground import Experiment, Trainer
from playground.analysis.landscape.loss_surface import LossSurface
from playground.analysis.landscape.plane import Plane

experiment = Experiment.of(hidden=[2], samples=60)
usual, moved = Trainer(experiment), Trainer(experiment, device="cpu:3")
ends = [one.advance(one.init(), 50) for one in (usual, moved)]
size = sum(leaf.size for leaf in jax.tree.leaves(ends[1].params))
plane = Plane(np.zeros(size), np.eye(2, size), ((-1.0, 1.0), (-1.0, 1.0)))
moved.chosen = "automatic"  # the landscape then lies elsewhere than the training
surfaces = [LossSurface(one, 3).loss_on_plane(plane, end) for one, end in zip((usual, moved), ends)]
print(json.dumps({
    "where": [device.id for device in moved.padded_data.train.x.devices()],
    "bitwise": all(np.array_equal(*pair) for pair in zip(*map(jax.tree.leaves, ends))),
    "apart": float(np.abs(surfaces[0] - surfaces[1]).max()),
}))
"""

GONE_BACK = """
import json, numpy as np
from playground import Experiment
from playground.live import Run, FrameRequest

def gone_back(device):
    run = Run("r", Experiment.of(hidden=[2], samples=60), device=device)
    ask = lambda start: run.answer(FrameRequest(run="r", epoch=run.epoch, start=start, pace=3, head=0, frames=2))
    while run.last < 12:
        ask(run.last + 1)
    first = run.frame(12)
    kept = run.state(4)
    ask(6)
    while run.last < 12:
        ask(run.last + 1)
    run.reduce_memory()
    frames = first, run.frame(12), run.frame(7)
    return kept.step, [(frame.step, frame.floats.tolist(), frame.bytes.tolist()) for frame in frames]

(usual, there), (moved, elsewhere) = gone_back("automatic"), gone_back("cpu:2")
print(json.dumps({
    "host": all(isinstance(one, np.ndarray) for one in (usual, moved)),
    "bitwise": there == elsewhere,
    "again": elsewhere[0] == elsewhere[1],
}))
"""


def on_four_devices(script: str, *arguments: str) -> dict[str, Any]:
    """What ``script`` prints in a process whose processor looks like four."""
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=4", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", script, *arguments]
    environment = os.environ | COMPILED_ONCE | flags
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("what", "axis", "each"),
    [({"hidden": [3]}, -1, 64), ({"hidden": [4], "normalization": "layer"}, 0, 16)],
    ids=["interleaved", "mapped"],
)
def test_on_four_devices_the_networks_are_what_they_are_on_one(what: dict[str, Any], axis: int, each: int) -> None:
    found = on_four_devices(MANY, json.dumps([what, axis == -1]))
    assert found["axis"] == axis
    assert (found["devices"], found["each"], found["same"]) == ([0, 1, 2, 3], [each], True)
    assert found["curves"] < 1e-6
    assert found["mean"] < 1e-6


def test_what_is_placed_elsewhere_is_computed_there_bit_for_bit() -> None:
    found = on_four_devices(PLACED)
    assert found == {"where": [3], "bitwise": True, "apart": 0.0}


@pytest.mark.long
def test_a_run_elsewhere_goes_back_to_states_kept_on_the_host_bit_for_bit() -> None:
    assert on_four_devices(GONE_BACK) == {"host": True, "bitwise": True, "again": True}
