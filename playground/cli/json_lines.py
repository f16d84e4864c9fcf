"""What the command line prints as JSON: sentences in the current language, all else as it is."""

from __future__ import annotations

import json
from typing import Any

from playground.language import SOURCE_LANGUAGE, current_language, translate_tree


def json_text(values: Any, *, indent: int | None = None) -> str:
    """``values`` as JSON; in another language than English its letters are written as they are."""
    return json.dumps(translate_tree(values), indent=indent, ensure_ascii=current_language() == SOURCE_LANGUAGE)


def print_json(values: Any) -> None:
    """Print ``values`` as one line of JSON."""
    print(json_text(values), flush=True)
