"""The QR code of a link, as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from playground.web.qr_code import MODULE_PIXELS, QUIET_MODULES, qr_svg


def test_it_is_black_on_white_with_the_border_that_a_reader_needs() -> None:
    picture = qr_svg("https://playground.example.org/?z=1abc")
    assert picture is not None
    root = ElementTree.fromstring(picture)
    assert {one.tag.rpartition("}")[2] for one in root.iter()} == {"svg", "g", "path"}
    width = int(root.attrib["width"])
    modules = width // MODULE_PIXELS - 2 * QUIET_MODULES
    assert width == int(root.attrib["height"])
    assert modules % 4 == 1, "a code has 21, 25, 29 ... modules a side"
    paths = [one.attrib for one in root.iter() if one.tag.endswith("path")]
    assert [one.get("fill") or one.get("stroke") for one in paths] == ["#fff", "#000"]


def test_what_no_code_holds_has_none() -> None:
    assert qr_svg("x" * 3000) is None
