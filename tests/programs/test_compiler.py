"""Compiler options that an installed XLA does not have cost nothing but what they save."""

from __future__ import annotations

import numpy as np
import pytest

from playground.programs import compiler
from playground.programs.compiler import LIGHT, aot_compile


def test_an_option_that_xla_does_not_have_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "UNKNOWN_OPTIONS", set())
    options = {"xla_cpu_gone_with_a_release": True, **LIGHT, "xla_cpu_gone_too": "7"}
    program = aot_compile(lambda x: x + 1, np.float32(1), options=options)
    assert float(program(np.float32(1))) == 2
    assert {"xla_cpu_gone_with_a_release", "xla_cpu_gone_too"} == compiler.UNKNOWN_OPTIONS


def test_any_other_fault_of_the_compiler_stays_one() -> None:
    with pytest.raises(Exception, match="not a valid"):
        aot_compile(lambda x: x + 1, np.float32(1), options={"xla_cpu_use_fusion_emitters": "not a boolean"})
