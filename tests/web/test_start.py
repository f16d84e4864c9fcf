"""What a server does before its first visitor is there."""

from __future__ import annotations

import socket

import pytest
from streamlit import delta_generator, env_util
from streamlit.elements import exception
from streamlit.proto.Exception_pb2 import Exception as Shown

from playground.server import ERROR_TEXT, pass_over_use_warning, replace_error_text, send_small_packets_at_once


def test_connections_send_small_packets_at_once() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert not listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert send_small_packets_at_once() >= 1
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_page_that_fails_by_our_fault_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exception, "_GENERIC_UNCAUGHT_EXCEPTION_TEXT", exception._GENERIC_UNCAUGHT_EXCEPTION_TEXT)
    monkeypatch.setattr("streamlit.config.get_option", lambda name: "none")
    replace_error_text()
    shown = Shown()
    exception.marshall(shown, RuntimeError("/home/secret"), apply_show_error_details=True)
    assert shown.message == ERROR_TEXT
    assert not shown.stack_trace
    assert "secret" not in str(shown)


def test_the_first_element_looks_through_no_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    monkeypatch.setattr(delta_generator, "_use_warning_has_been_displayed", False)
    monkeypatch.setattr(env_util, "is_repl", lambda: looks.append("modules"))
    pass_over_use_warning()
    delta_generator._maybe_print_use_warning()
    assert looks == []
