"""A link as a QR code, for a class that reads it from the wall."""

from __future__ import annotations

import io

MODULE_PIXELS = 4
QUIET_MODULES = 4
"""The white border that a reader needs (ISO/IEC 18004)."""


def qr_svg(link: str) -> str | None:
    """An SVG picture of ``link``, black on white in both themes, since readers want that; None for one too long for any
    code."""
    import segno  # 20 ms, for this page alone

    try:
        code = segno.make(link, error="m", micro=False)
    except segno.DataOverflowError:
        return None
    out = io.BytesIO()
    code.save(out, kind="svg", scale=MODULE_PIXELS, border=QUIET_MODULES, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue().decode()
