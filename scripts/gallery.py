"""The gallery's pictures: every preset is trained as the app would train it, and what came of it is written down.

python scripts/gallery.py playground/presets/pictures.json
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playground.live.preset_run import preset_picture
from playground.presets import PRESETS


def main(target: Path) -> None:
    """Train all presets and write ``target``."""
    entries: list[str] = []
    for preset in PRESETS.values():
        began = time.monotonic()
        picture = preset_picture(preset)
        entries.append(f"{json.dumps(preset.name)}: {json.dumps(picture.to_dict(), separators=(',', ':'))}")
        print(f"{time.monotonic() - began:5.1f} s  {len(entries[-1]):6,} B  {preset.name}: {picture.words}", flush=True)
    target.write_text("{\n" + ",\n".join(entries) + "\n}\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
