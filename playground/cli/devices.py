"""``python -m playground devices``: the devices there are, and what runs on which, one JSON object a line."""

from __future__ import annotations

import json

from playground.programs.devices import TASKS, devices_for, name_of
from playground.programs.devices import devices as found


def devices(choice: str) -> None:
    """Print them; raises ``PlaygroundError`` for a choice that is not there."""
    where = {task: devices_for(task, choice) for task in TASKS}
    for device in found():
        tasks = [task for task, its in where.items() if device in its]
        line = {"name": name_of(device), "id": device.id, "platform": device.platform, "kind": device.device_kind}
        print(json.dumps(line | {"runs": tasks}))
