"""Run exported scripts, many in one process, and print what each of them makes, a line of JSON each.

Called with the libraries' own Python. Standard input: a line of JSON for each script, with its ``name``, ``target``,
``text``, the ``steps`` at which its train loss is wanted, and ``rows`` that it predicts.
"""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any


def run_script(script: dict[str, Any]) -> dict[str, Any]:
    """Losses over the train set by step, the step that training ends at, outputs for the test set, and answers for
    rows."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(script["text"], f"{script['name']}.py", "exec"), names)
    losses: dict[int, float] = {}
    made: dict[str, Any] = {"name": script["name"], "losses": losses}
    mean_loss, wanted = names["mean_loss"], script["steps"]
    train_x, train_y = names["TRAIN_X"], names["TRAIN_Y"]
    if script["target"] == "jax":

        def watch(count: int, params: Any, stats: Any) -> None:
            if count in wanted:
                losses[count] = float(mean_loss(params, stats, train_x, train_y))

        if wanted:
            made["end"] = names["train"](max(wanted) - names["FIRST_STEP"], watch)[2]
    else:
        model = names["loaded"](names["START"])

        def look(count: int) -> None:
            if count in wanted:
                losses[count] = mean_loss(model, train_x, train_y)

        if wanted:
            made["end"] = names["train"](model, max(wanted) - names["FIRST_STEP"], look)
    if script["rows"]:
        made["answers"] = names["predict"](script["rows"])
    return made


def main() -> None:
    for line in sys.stdin:
        script = json.loads(line)
        try:
            made = run_script(script)
        except Exception:
            made = {"name": script["name"], "error": traceback.format_exc()}
        print(json.dumps(made), flush=True)


if __name__ == "__main__":
    main()
