"""Run ONNX models with ONNX Runtime and print their answers, a line of JSON each: standard input has a line of JSON
with ``model`` (base64) and ``rows`` for each. Called with the libraries' own Python."""

from __future__ import annotations

import base64
import json
import sys

import numpy as np
import onnxruntime  # pyright: ignore[reportMissingImports]  # only there where this is run

for line in sys.stdin:
    asked = json.loads(line)
    session = onnxruntime.InferenceSession(base64.b64decode(asked["model"]), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    made = session.run(names, {"rows": np.array(asked["rows"], np.float32)})
    print(json.dumps({name: value.tolist() for name, value in zip(names, made, strict=True)}), flush=True)
