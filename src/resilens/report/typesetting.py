"""How is typst called, so that it sees the shipped fonts alone and gives the same bytes everywhere?"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file
from importlib.resources import files as packaged
from pathlib import Path
from typing import Literal

import typst

DOTS_PER_INCH = 300
_PICTURE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: ("Noto Sans", "Noto Sans CJK SC", "Noto Emoji"))
#image("/figure.svg")
"""


def typeset(
    template: bytes, data: Mapping[str, bytes], moment: int, kind: Literal["pdf", "png"] = "pdf"
) -> list[bytes]:
    """A document typeset from a template and data.

    Parameters
    ----------
    template
        The template; what people wrote is no part of it, so that none of it can act as markup.
    data
        The files that the template reads, by name.
    moment
        The date of the document, in seconds of the Unix epoch; typst would take the clock's otherwise.
    kind
        `pdf`, tagged as PDF/UA-1 asks, or `png`: a picture a page. What some text keeps from being PDF/UA-1 is tagged
        all the same and does not claim to be it: nobody loses a report over it.

    Returns
    -------
    list of bytes
        The one PDF, or the pictures.

    Raises
    ------
    typst.TypstError
        If typst refuses the document.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in data.items():
            Path(folder, name).write_bytes(content)
        compiler = typst.Compiler(root=folder, font_paths=_fonts())
        try:
            made = compiler.compile(template, format=kind, ppi=DOTS_PER_INCH, timestamp=moment,
                                    pdf_standards=["ua-1"] if kind == "pdf" else [])  # fmt: skip
        except typst.TypstError:
            if kind != "pdf":
                raise
            made = compiler.compile(template, format=kind, timestamp=moment)
    return made if isinstance(made, list) else [made or b""]


def picture(svg: str) -> bytes:
    """A figure as PNG at 300 dots an inch (96 SVG pixels are an inch), on white."""
    return typeset(_PICTURE, {"figure.svg": svg.encode()}, 0, "png")[0]


@cache
def _fonts() -> typst.Fonts:
    with as_file(packaged("resilens.report").joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
