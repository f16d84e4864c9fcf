"""The catalogues of other languages: ``update`` after texts have changed, ``compile`` after a translation, ``check`` in
``make lint``, ``pseudo`` for a made-up language in which every text that is translatable stands in brackets.

    python scripts/translations.py update [LANGUAGE ...]

A language is one file, ``playground/locales/<code>/LC_MESSAGES/playground.po``; a new one begins with ``update de``.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playground.language.catalogue import DOMAIN, LANGUAGE_NAME, LOCALES, SAMPLE_NUMBER  # noqa: E402

STAGE_TABLES = ROOT / "static" / "locales"
"""What the browser's scripts read: their own texts alone, as JSON."""
KEYWORDS = {"t": 1, "mark": 1, "t_plural": 2, "mark_plural": 2}
"""Functions whose first arguments are texts, and how many of those they have."""
SCRIPT_KEYWORDS = {"t": None, "mark": None, "n": (1, 2)}
PSEUDO = "en_XA"
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Of every compiled catalogue: the same texts make the same file."""
CONCATENATED: list[str] = []
"""Texts in the source that are put together at run time, which cannot be translated."""
CONTEXT_KEYWORD = "mark_in_context"
Text = str | tuple[str, str]


def find_texts() -> Iterator[tuple[Text, str]]:
    """Every text that is shown and has no context, each with the file that it stands in; a pair where it has a
    plural."""
    yield LANGUAGE_NAME, "playground/language/catalogue.py"
    yield SAMPLE_NUMBER, "playground/language/catalogue.py"
    for path in sorted([ROOT / "app.py", *(ROOT / "playground").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]):
        for text in python_texts(path):
            yield text, str(path.relative_to(ROOT))
    for path in sorted((ROOT / "static").rglob("*.js")):
        for _, text, _, _ in extract_from_file("javascript", path, SCRIPT_KEYWORDS):
            yield text, str(path.relative_to(ROOT))
    yield from ((text, place) for text, place in registered_texts() if text)


def python_texts(path: Path) -> Iterator[Text]:
    """The literals in calls of ``KEYWORDS``; a text that is put together at run time is a fault."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        count = KEYWORDS.get(name, 0)
        literals = [argument.value for argument in node.args[:count] if isinstance(argument, ast.Constant)]
        if any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in node.args[:count]):
            CONCATENATED.append(f"{path}:{node.lineno}: {name}() takes a literal with {{names}}, and values beside it")
        if count and len(literals) == count and all(isinstance(text, str) for text in literals):
            yield literals[0] if count == 1 else (literals[0], literals[1])


def registered_texts() -> Iterator[tuple[str, str]]:
    """What entries of registries, and rules of fields, say of themselves: texts that no call marks."""
    import playground.analysis.depth.presets
    import playground.analysis.race.benchmark_functions
    import playground.export.export
    import playground.glossary
    import playground.presets  # noqa: F401
    from playground.analysis.depth.settings import RULES as DEPTH_RULES
    from playground.experiment.handout import HANDOUT_RULES
    from playground.experiment.links.query import RULES
    from playground.export.jax_script import exported_docstrings
    from playground.lessons import bundled_lessons, lesson_texts
    from playground.lessons.lesson import PANELS
    from playground.registry import REGISTRIES

    for registry in REGISTRIES:
        yield str(registry.noun), "playground/registry.py"
        for entry in registry.values():
            yield from ((str(getattr(entry, name)), f"{registry.noun}s") for name in entry.TRANSLATED)
    yield from ((text, "playground/export/jax_script.py") for text in exported_docstrings())
    for rule in (*RULES.values(), *HANDOUT_RULES.values(), *DEPTH_RULES.values()):
        yield from ((str(text), "playground/experiment/fields.py") for text in (rule.label, rule.help))
    yield from ((text, "playground/lessons/lesson.py") for text in PANELS.values())
    for lesson in bundled_lessons().values():
        yield from ((text, f"playground/lessons/bundled/{lesson.name}.json") for text in lesson_texts(lesson))


def texts_in_context() -> Iterator[tuple[str, str, str]]:
    """Every text that is marked with a context: the context, the text, its file."""
    for path in sorted((ROOT / "playground").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == CONTEXT_KEYWORD:
                context, text = (ast.literal_eval(argument) for argument in node.args)
                yield context, text, str(path.relative_to(ROOT))


def template() -> Catalog:
    """All texts as a catalogue without translations."""
    catalogue = Catalog(project="Neural Playground", fuzzy=False, header_comment="# Neural Playground.")
    for text, place in find_texts():
        catalogue.add(text, locations=[(place, None)])  # pyright: ignore[reportArgumentType]
    for context, text, place in texts_in_context():
        catalogue.add(text, locations=[(place, None)], context=context)  # pyright: ignore[reportArgumentType]
    return catalogue


def catalogue_file(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def languages() -> list[str]:
    """Codes of all languages that have a file, without the made-up one."""
    found = [path.parents[1].name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")]
    return sorted(language for language in found if language != PSEUDO)


def read_catalogue(language: str) -> Catalog:
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language, project="Neural Playground", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write_catalogue(language: str, catalogue: Catalog) -> None:
    path = catalogue_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=False, sort_by_file=True, ignore_obsolete=True)
    dated = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator', b'"Report-Msgid')
    lines = [line for line in buffer.getvalue().splitlines() if not line.startswith(dated)]
    path.write_bytes(b"\n".join(lines).rstrip() + b"\n")


def update(names: Iterable[str]) -> None:
    """Have each catalogue hold just the texts that there are; what is new has no translation yet."""
    texts = template()
    for language in names:
        catalogue = read_catalogue(language)
        catalogue.update(texts, no_fuzzy_matching=True, update_header_comment=True)
        write_catalogue(language, catalogue)
        missing = sum(1 for message in messages(catalogue) if not is_translated(message))
        print(f"{language}: {len(texts)} texts, {missing} without a translation")


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def compile_all(names: Iterable[str]) -> None:
    """Write what the app reads: a binary catalogue for Python, a JSON table for the scripts."""
    for language in names:
        for path, content in compiled_files(language, read_catalogue(language)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def compiled_files(language: str, catalogue: Catalog) -> list[tuple[Path, bytes]]:
    catalogue.creation_date = catalogue.revision_date = UNDATED
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    table = {}
    for message in messages(catalogue):
        if is_translated(message) and any(place.startswith("static/") for place, _ in message.locations):
            key = message.id if isinstance(message.id, str) else message.id[0]
            table[key] = message.string if isinstance(message.string, str) else list(message.string)
    text = json.dumps(dict(sorted(table.items())), ensure_ascii=False, indent=0) + "\n"
    return [
        (catalogue_file(language).with_suffix(".mo"), buffer.getvalue()),
        (STAGE_TABLES / f"{language}.json", text.encode()),
    ]


def faults(language: str) -> Iterator[str]:
    """What is wrong with a catalogue, a sentence each."""
    catalogue, texts = read_catalogue(language), template()
    known, wanted = ({(message.context, message.id) for message in messages(each)} for each in (catalogue, texts))
    for _, text in sorted(wanted - known, key=str):
        yield f"{language}: {text!r} is not in the catalogue; run: make translations"
    for _, text in sorted(known - wanted, key=str):
        yield f"{language}: {text!r} is no text any more; run: make translations"
    for message in messages(catalogue):
        if message.fuzzy or not is_translated(message):
            yield f"{language}: {message.id!r} is not translated"
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = set().union(*map(places, ids))
        for string in strings:
            if places(string) != places(ids[-1]) and not (len(ids) > 1 and places(string) <= allowed):
                yield f"{language}: {message.id!r} and {string!r} differ in their {{places}}"
    for path, content in compiled_files(language, catalogue):
        if not path.exists() or path.read_bytes() != content:
            yield f"{path.relative_to(ROOT)} is older than the catalogue; run: make translations"


PLACE = re.compile(r"\{[^{}]*\}")


def places(text: str) -> set[str]:
    """The names of the ``{places}`` in a text; a TeX brace is none."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name and name.isidentifier()}
    except ValueError:
        return set(PLACE.findall(text))


def check(names: Iterable[str]) -> None:
    """End with the number of faults, each of them printed."""
    found = [fault for language in names for fault in faults(language)]
    found += dict.fromkeys(CONCATENATED)
    print("\n".join(found) if found else f"{', '.join(names)}: every text is translated")
    sys.exit(min(len(found), 1))


def pseudo(_: Iterable[str]) -> None:
    """Write the made-up language: whatever is seen without brackets cannot be translated."""
    catalogue = Catalog(locale="en", project="Neural Playground", fuzzy=False)
    for message in messages(template()):
        bracketed = tuple(f"⟦{text}⟧" for text in (message.id if isinstance(message.id, tuple) else (message.id,)))
        string = message.id if message.id == SAMPLE_NUMBER else bracketed if len(bracketed) > 1 else bracketed[0]
        catalogue.add(message.id, string, locations=message.locations, context=message.context)
    write_catalogue(PSEUDO, catalogue)
    for path, content in compiled_files(PSEUDO, catalogue):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


COMMANDS: dict[str, Callable[[list[str]], None]] = {
    "update": update,
    "compile": compile_all,
    "check": check,
    "pseudo": pseudo,
}

if __name__ == "__main__":
    command, *chosen = sys.argv[1:] or ["check"]
    if command not in COMMANDS:
        sys.exit(f"unknown command {command!r}; choose one of {', '.join(COMMANDS)}")
    COMMANDS[command](chosen or languages())
