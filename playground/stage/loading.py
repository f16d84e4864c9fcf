"""How the stage's modules come into a page: a few lines that travel inline, and static files without a build."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "static" / "stage"
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']\./([\w-]+\.js)["']""")
BYTES = "component.data"
JSON = "JSON.parse(new TextDecoder().decode(component.data))"
"""How a component's data are read: bytes as they are, or JSON in bytes. In a bare dictionary Streamlit looks for data frames, for which it
loads pandas and pyarrow into the server (60 MB), and it encodes it twice."""

LOADER = """
// Static files carry no lifetime. A browser that knows another version than VERSION asks the server about each file once, lest old ones mix
// with new ones; one that knows this version, or none, has nothing to mix and fetches all that it needs at once.
const base = new URL("app/static/stage/", document.baseURI);
const KEY = "stage-version " + base.pathname;
function known() {
  try {
    return localStorage.getItem(KEY) ?? "VERSION";
  } catch {
    return ""; // no storage: perhaps an old version is in the cache
  }
}
function learned() {
  try {
    localStorage.setItem(KEY, "VERSION");
  } catch {
    // asked again next time
  }
}
const asked = (window.__stage_VERSION ??= known() === "VERSION" ? [] : FILES.map((name) => fetch(new URL(name, base), { cache: "no-cache" })));
for (const name of asked.length ? [] : NEEDED) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: new URL(name, base).href }));
}
const loaded = Promise.all(asked).then(() => {
  learned(); // only now: a visit that ends earlier asks once more
  return import(new URL("MODULE", base));
});
export default function (component) {
  let cleanup = null;
  let gone = false;
  const data = DATA;
  loaded.then((stage) => { if (!gone) cleanup = stage.mount({ ...component, data }); });
  return () => { gone = true; if (cleanup) cleanup(); };
}
"""


def needed(module: str) -> list[str]:
    """``module`` and all that it imports, each once, in the order in which they are found."""
    found: list[str] = []
    line = [module]
    while line:
        name = line.pop(0)
        if name not in found:
            found.append(name)
            line += IMPORT.findall((FOLDER / name).read_text(encoding="utf-8"))
    return found


def loader(module: str, data: str = BYTES) -> str:
    """The few lines that travel inline; ``module`` and all that it imports are static files; ``data``: how it reads what it is given."""
    files = sorted(file.name for file in FOLDER.iterdir() if file.suffix in (".js", ".css"))
    version = sha256(b"".join((FOLDER / name).read_bytes() for name in files)).hexdigest()[:12]
    return (
        LOADER.replace("VERSION", version)
        .replace("FILES", json.dumps(files))
        .replace("NEEDED", json.dumps(needed(module)))
        .replace("MODULE", module)
        .replace("DATA", data)
    )
