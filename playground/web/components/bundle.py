"""A page's modules of the stage in one script, put together by the server: a journey instead of 47, and no build.

The modules stay what they are, and each can still be loaded by itself. They keep to a few forms of import and export,
each a statement of its own, so that a module becomes a function that returns what it exports, its lines at their
places. A module's name is its path within the folder, with slashes: ``stage/index.js``.
"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

IMPORT_NAMES = re.compile(r'^import \{ ([^}]+) \} from "(\.\.?/[\w./-]+\.js)";$')
IMPORT_ALL = re.compile(r'^import \* as (\w+) from "(\.\.?/[\w./-]+\.js)";$')
EXPORT_NAMES = re.compile(r"^export \{ ([^}]+) \};$")
OVER_LINES = re.compile(r"^(?:import|export) \{\n[^}]*\}[^\n]*$", re.MULTILINE)
"""A list of names that is too long for one line."""
EXPORT_DECLARATION = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)")
STATEMENT = re.compile(r"^\s*(?:import|export)\b(?!\s*\(|\.)")
MAP_HEAD, MAP_LINE = "AAAA", "AACA"
"""A source map's segment for the first line of a file, and for the line after the one before."""


class BundleError(ValueError):
    """A module whose imports or exports are of another form, or that imports itself by a circle."""


def module_names(folder: Path, entry: str) -> list[str]:
    """``entry`` and every module of ``folder`` that it imports, each after those that it imports."""
    names: list[str] = []

    def visit(name: str, importers: tuple[str, ...]) -> None:
        if name in importers:
            raise BundleError(f"{name} imports itself, by way of {' and '.join(importers[importers.index(name) :])}")
        if name not in names:
            for imported in imports_of((folder / name).read_text(encoding="utf-8")):
                visit(resolve(name, imported), (*importers, name))
            names.append(name)

    visit(entry, ())
    return names


def resolve(name: str, imported: str) -> str:
    """The module that ``name`` means by ``imported``, ``"../lib/dom.js"`` say."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))


def join_names(source: str) -> str:
    """``source`` with each list of names in one line, followed by as many empty lines as it took more."""

    def join(match: re.Match[str]) -> str:
        return re.sub(r",? \}", " }", " ".join(match[0].split())) + "\n" * match[0].count("\n")

    return OVER_LINES.sub(join, source)


def imports_of(source: str) -> list[str]:
    """What ``source`` imports, as it is written there; what a comment names is none."""
    matches = (IMPORT_NAMES.match(line) or IMPORT_ALL.match(line) for line in join_names(source).splitlines())
    return [match[2] for match in matches if match]


def variable_of(name: str) -> str:
    """The variable that holds what module ``name`` exports."""
    return "$" + re.sub(r"[-/]", "_", name.removesuffix(".js"))


def function_body(name: str, source: str) -> tuple[list[str], list[str]]:
    """The lines of ``source`` as the body of a function, as many as before, and the properties of what it returns."""
    lines, exports = [], []
    for number, line in enumerate(join_names(source).splitlines(), 1):
        if match := IMPORT_NAMES.match(line):
            line = f"const {{ {match[1].replace(' as ', ': ')} }} = {variable_of(resolve(name, match[2]))};"
        elif match := IMPORT_ALL.match(line):
            line = f"const {match[1]} = {variable_of(resolve(name, match[2]))};"
        elif match := EXPORT_NAMES.match(line):
            exports += [": ".join(reversed(part.strip().split(" as "))) for part in match[1].split(",")]
            line = ""
        elif match := EXPORT_DECLARATION.match(line):
            exports.append(match[2])
            line = line.removeprefix("export ")
        elif STATEMENT.match(line):
            raise BundleError(f"{name}, line {number}: an import or export of a form that cannot be bundled: {line}")
        lines.append(line)
    return lines, exports


def bundle(folder: Path, entry: str) -> tuple[str, str]:
    """``entry`` with all that it imports as one module that exports what ``entry`` does, and that script's source map.

    It stands beside ``entry``. What a module of another folder finds by ``import.meta.url`` is found from its own
    place.
    """
    root = posixpath.dirname(entry) or "."
    lines: list[str] = []
    sections = []
    exports: list[str] = []
    for name in module_names(folder, entry):
        source = (folder / name).read_text(encoding="utf-8")
        body, exports = function_body(name, source)
        if posixpath.dirname(name) != posixpath.dirname(entry):
            place = f'new URL("{posixpath.relpath(name, root)}", import.meta.url).href'
            body = [line.replace("import.meta.url", place) for line in body]
        lines.append(f"const {variable_of(name)} = (() => {{ // {name}")
        mappings = ";".join([MAP_HEAD, *[MAP_LINE] * (len(body) - 1)])
        place = posixpath.relpath(name, root)
        section = {"version": 3, "sources": [place], "sourcesContent": [source], "names": [], "mappings": mappings}
        sections.append({"offset": {"line": len(lines), "column": 0}, "map": section})
        lines += [*body, f"return {{ {', '.join(exports)} }};", "})();"]
    names = [part.split(":")[0] for part in exports]
    lines.append(f"export const {{ {', '.join(names)} }} = {variable_of(entry)};")
    lines.append(f"//# sourceMappingURL={posixpath.basename(bundle_name(entry))}.map")
    return "\n".join(lines) + "\n", json.dumps({"version": 3, "sections": sections})


def bundle_name(entry: str) -> str:
    """The name under which the bundle of ``entry`` is served."""
    return entry.removesuffix(".js") + ".bundle.js"
