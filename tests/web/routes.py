"""Every route of the workbench, with addresses under which it can be asked."""

from __future__ import annotations

import re

from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from tests.web.making import post

from resilens.pipeline import OpenStudy

MARK = "zebrafish"
"""A word that stands in one coder's memos, spans and notes, and nowhere else."""

PUBLIC = {"/enter/{token}", "/language/{language}"}
"""Routes that anybody may ask: they show nothing of the study."""


def routes_of(visitor: TestClient) -> list[APIRoute]:
    found: list[APIRoute] = []
    for route in visitor.app._application.routes:  # type: ignore[attr-defined]
        within = route.original_router.routes if hasattr(route, "original_router") else [route]
        found += [one for one in within if isinstance(one, APIRoute)]
    assert len(found) > len(PUBLIC)
    return found


def values(opened: OpenStudy) -> dict[str, str]:
    """A value for every parameter that a route may have."""
    code = opened.codebook().codes[0].id
    with opened.corpus() as corpus:
        (media_id, *_) = corpus.frame(corpus.table("media").select("media_id"))["media_id"].to_pylist()
    return {
        "round_id": "round-1", "item_id": post(1), "post_id": post(1), "code_id": code, "code": code,
        "media_id": media_id, "memo_id": "m-own", "lead_id": "lead-1", "entry_id": "diary-1", "claim_id": "claim-1",
        "hashtag": "tiktokrefugee", "token": "forged", "language": "en", "name": "ritual", "measure": "practices",
        "version": "1", "field": "text", "capture_id": "0" * 64, "translation_id": "t-1", "author": "someone",
        "draft_id": "draft-1", "number": "1", "path": "index.html",
    }  # fmt: skip


QUERIES = {
    "/search": (f"?word={MARK}", "?word=cat"),
    "/consensus": ("?round=round-1",),
    "/codebook": ("?version=1",),
}
"""Further addresses of a route, where what is asked for stands behind the question mark."""


def addresses(known: dict[str, str], route: APIRoute) -> list[str]:
    """The addresses of a route, with these values in the place of its parameters."""
    wanted = re.findall(r"{(\w+)(?::\w+)?}", route.path)
    unknown = [name for name in wanted if name not in known]
    assert not unknown, f"{route.path}: say in `values` what {unknown} may be, so that the matrix can ask it"
    path = re.sub(r"{(\w+)(?::\w+)?}", lambda found: known[found[1]], route.path)
    return [path, *(path + query for query in QUERIES.get(route.path, ()))]
