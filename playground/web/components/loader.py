"""How the stage's modules come into a page: a few lines that travel inline, and one script without a build."""

from __future__ import annotations

import json
import re
import threading
import time
from hashlib import sha256
from pathlib import Path

from playground.web.components.bundle import bundle, bundle_name, module_names, resolve

FOLDER = Path(__file__).resolve().parents[3] / "static"
ADDRESS = "app/static"
"""Where the browser finds the folder, from the app's root."""
VERSION_DIGITS = 12
SERVED = (".js", ".css", ".json")
LOOK_SECONDS = 1.0
"""After which the files are looked at again."""
SHEET = re.compile(r'"(\.\.?/[\w./-]+\.css)"')
BYTES = "component.data"
JSON = "JSON.parse(new TextDecoder().decode(component.data))"
"""How a component's data are read: bytes as they are, or JSON in bytes. In a bare dictionary Streamlit looks for data
frames, for which it loads pandas and pyarrow into the server (60 MB), and it encodes it twice."""

LOADER = """
// The version is part of the address: what the browser keeps is right for good, and another version is another address.
const base = new URL("ADDRESS/", document.baseURI);
for (const name of SHEETS) {
  const link = Object.assign(document.createElement("link"), { rel: "preload", as: "style" });
  link.href = new URL(name, base).href;
  document.head.append(link);
}
const loaded = import(new URL("BUNDLE", base));
export default function (component) {
  let cleanup = null;
  let gone = false;
  const data = DATA;
  loaded.then((stage) => { if (!gone) cleanup = stage.mount({ ...component, data }); });
  return () => { gone = true; if (cleanup) cleanup(); };
}
"""


class StageFiles:
    """The scripts, sheets and tables in ``folder`` and below it, named by their paths, and what is made of them; a
    change of any of them is seen within ``LOOK_SECONDS``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._looked = -LOOK_SECONDS
        self._stamps: dict[str, tuple[int, int]] = {}
        self._version = ""
        self._bodies: dict[str, bytes] = {}

    @property
    def version(self) -> str:
        """A digest of all the files."""
        with self._lock:
            return self._look()

    def body(self, name: str) -> tuple[str, bytes | None]:
        """The version, and what is served as ``name``: a file, a module's bundle or its source map; None: nothing."""
        with self._lock:
            version = self._look()
            if name not in self._bodies:
                self._make(name)
            return version, self._bodies.get(name)

    def sheets(self, entry: str) -> list[str]:
        """The style sheets that the modules of ``entry`` name."""
        sources = {name: (self.folder / name).read_text("utf-8") for name in module_names(self.folder, entry)}
        return sorted({resolve(name, sheet) for name, source in sources.items() for sheet in SHEET.findall(source)})

    def _look(self) -> str:
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            files = sorted(file for file in self.folder.rglob("*") if file.suffix in SERVED)
            names = {file.relative_to(self.folder).as_posix(): file for file in files}
            stamps = {name: (file.stat().st_mtime_ns, file.stat().st_size) for name, file in names.items()}
            if stamps != self._stamps:
                bodies = {name: file.read_bytes() for name, file in names.items()}
                digest = sha256(b"".join(name.encode() + b"\0" + body + b"\0" for name, body in bodies.items()))
                self._version = digest.hexdigest()[:VERSION_DIGITS]
                self._stamps, self._bodies = stamps, bodies
            self._looked = time.monotonic()
        return self._version

    def _make(self, name: str) -> None:
        entry = name.removesuffix(".map").removesuffix(".bundle.js") + ".js"
        if entry in self._stamps and name.removesuffix(".map") == bundle_name(entry):
            script, source_map = bundle(self.folder, entry)
            self._bodies[bundle_name(entry)] = script.encode()
            self._bodies[bundle_name(entry) + ".map"] = source_map.encode()


FILES = StageFiles(FOLDER)


def loader(module: str, data: str = BYTES) -> str:
    """The few lines that travel inline; ``module`` and all that it imports are one script; ``data``: how it reads what
    it is given."""
    return (
        LOADER.replace("ADDRESS", f"{ADDRESS}/{FILES.version}")
        .replace("SHEETS", json.dumps(FILES.sheets(module)))
        .replace("BUNDLE", bundle_name(module))
        .replace("DATA", data)
    )
