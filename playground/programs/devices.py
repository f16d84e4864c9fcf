"""Which device computes what: the processor small single networks, an accelerator many networks and landscapes."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import jax

from playground.errors import PlaygroundError
from playground.language import Translatable, join_items, mark

Device: TypeAlias = Any
"""A ``jax.Device``, which type checkers take for a variable."""
AUTOMATIC = "automatic"
DeviceTask = Literal["play", "many", "landscape"]
TASKS: dict[DeviceTask, str] = {
    "play": mark("one network"),
    "many": mark("many networks"),
    "landscape": mark("landscapes"),
}
"""What is computed, and its name in a sentence."""
ON_ACCELERATOR: tuple[DeviceTask, ...] = ("many", "landscape")
"""A step of one small network is over before an accelerator has been told of it; these have enough to do at once."""


def devices() -> tuple[Device, ...]:
    """All devices there are, accelerators first; the processor is always among them."""
    local_devices = jax.local_devices()
    return tuple(
        local_devices if local_devices[0].platform == "cpu" else [*local_devices, *jax.local_devices(backend="cpu")]
    )


def name_of(device: Device) -> str:
    """What a visitor's choice holds, such as ``cpu:0``."""
    return f"{device.platform}:{device.id}"


def label_of(device: Device) -> str:
    """What a visitor reads: ``CPU``, with a number where there are several."""
    alone = sum(other.platform == device.platform for other in devices()) == 1
    return device.platform.upper() + ("" if alone else f" {device.id}")


def choices() -> tuple[str, ...]:
    """What a visitor can choose."""
    return (AUTOMATIC, *(name_of(device) for device in devices()))


def devices_for(task: DeviceTask, choice: str = AUTOMATIC) -> tuple[Device, ...]:
    """The devices on which ``task`` runs: one, and for many networks all of its kind.

    Raises ``PlaygroundError`` for a device that is not there.
    """
    there = devices()
    if choice == AUTOMATIC:
        platform = there[0].platform if task in ON_ACCELERATOR else "cpu"
        first = next(device for device in there if device.platform == platform)
    else:
        named = [device for device in there if name_of(device) == choice]
        if not named:
            raise PlaygroundError(
                mark(
                    "there is no device {device!r} here; choose one of {devices}.",
                    device=choice,
                    devices=join_items(choices()),
                )
            )
        first = named[0]
    return tuple(device for device in there if device.platform == first.platform) if task == "many" else (first,)


def explicit_device(device: Device) -> Device | None:
    """``device``, or None where arrays lie on it by themselves."""
    return None if device == default_device() else device


def default_device() -> Device:
    """The device of arrays that nobody placed."""
    set_by: object = jax.config.jax_default_device  # pyright: ignore[reportAttributeAccessIssue]
    return set_by if isinstance(set_by, jax.Device) else jax.local_devices()[0]


def configure_devices() -> None:
    """Have the processor hold what nobody placed, also where there is an accelerator, and have that multiply float32 as
    float32: by itself it rounds factors to the 10 bits of TF32, or the 7 of bfloat16."""
    first = devices_for("play")[0]
    if any(device.platform != "cpu" for device in devices()):
        jax.config.update("jax_default_matmul_precision", "float32")
    if first != default_device():
        jax.config.update("jax_default_device", first)


def device_sentence(choice: str = AUTOMATIC) -> Translatable:
    """Which device computes, in a sentence without its full stop."""
    where: dict[DeviceTask, tuple[Device, ...]] = {task: devices_for(task, choice) for task in TASKS}
    play, many = where["play"], where["many"]
    device = label_of(play[0])
    if len(many) > 1:
        return mark(
            "Runs on {device}; many networks on all {count} {platform}s",
            device=device,
            count=len(many),
            platform=many[0].platform.upper(),
        )
    apart = [TASKS[task] for task, its in where.items() if its != play]
    if not apart:
        return mark("Runs on {device}", device=device)
    return mark(
        "Runs on {device}; {tasks} on {other_device}",
        device=device,
        tasks=join_items(apart, "and"),
        other_device=label_of(where["landscape"][0]),
    )
