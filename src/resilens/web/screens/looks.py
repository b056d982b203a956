"""The colours of codes, as a stylesheet: a page names a code's class, and no style stands in a page."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from resilens.coding.code_looks import completed
from resilens.coding.codes import COLOUR, Code
from resilens.web.visit import Coder

router = APIRouter()


@router.get("/codes.css")
def codes(visit: Coder) -> Response:
    """A rule for every code that has a colour, its own or the one proposed."""
    book = completed(visit.desk.codebook())
    rules = [_rule(code) for code in book.codes if COLOUR.fullmatch(code.colour)]
    return Response("\n".join(rules), media_type="text/css", headers={"Cache-Control": "private, max-age=300"})


def _rule(code: Code) -> str:
    name = re.sub(r"[^A-Za-z0-9_-]", lambda found: f"\\{found[0]}", f"code-{quote(code.id, safe='')}")
    shown = f"light-dark({code.colour}, color-mix(in oklab, {code.colour}, white 30%))"
    return f".{name} {{ --code: {shown}; }}"
