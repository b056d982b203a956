"""The report: whether it is up to date, how to bring it up to date, and the report itself."""

from __future__ import annotations

import base64
import hashlib
import re

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from resilens.errors import InputError
from resilens.web.access import Findings
from resilens.web.protection import POLICY
from resilens.web.screens.jobs import background
from resilens.web.visit import Coder

router = APIRouter()

FORMATS = ("docx", "pdf")


@router.get("/report")
def index(visit: Coder) -> Response:
    """Whether there is a report, and of what it is made."""
    folder = visit.study.folder.report
    built = (folder / "index.html").exists()
    return visit.page("report/index.html", built=built, stale=visit.study.report_stale() if built else "",
                      formats=[name for name in FORMATS if (folder / f"report.{name}").exists()],
                      job=background(visit).job)  # fmt: skip


@router.post("/report")
def build(visit: Coder) -> Response:
    """Bring everything up to date, the report last."""
    background(visit).start("report.building", visit.coder, lambda told: visit.study.run(progress=told))
    return visit.to("/jobs?back=/report")


@router.get("/report/view/{path:path}")
def view(visit: Findings, path: str) -> Response:
    """The report's page, and the tables and figures beside it that it leads to."""
    folder = visit.study.folder.report
    there = {str(found.relative_to(folder)): found for found in folder.rglob("*") if found.is_file()}
    if path not in there:
        raise InputError(f"the report has no {path!r}; bring it up to date on the page before")
    if path != "index.html":
        return FileResponse(there[path], filename=there[path].name)
    text = there[path].read_text("utf-8")
    return Response(text, media_type="text/html", headers={"Content-Security-Policy": _policy(text)})


def _policy(text: str) -> str:
    """The page is one file with its style inside: exactly that style is allowed, by its hash, and no script."""
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", text, re.S)
    digests = (base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() for block in blocks)
    styles = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    policy = POLICY.replace("style-src 'self'", f"style-src {styles}").replace("script-src 'self'", "script-src 'none'")
    return policy.replace("img-src 'self'", "img-src 'self' data:")
