"""What all pages of the codebook have in common: the tree at their left, names for ids, the way back."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from resilens.coding.code_tree import tree
from resilens.coding.codes import Code, Facet
from resilens.web.visit import Visit


def shown(visit: Visit, template: str, **context: Any) -> Response:
    """A page of the codebook, with the tree beside it."""
    book = visit.desk.codebook()
    parts: list[Facet | Code] = [*book.facets, *book.codes]
    chinese = visit.language == "zh"
    names = {one.id: one.name_zh if chinese and one.name_zh else one.name for one in parts}
    trees = [(facet, tree(book, facet.id)) for facet in book.facets]
    shared: dict[str, Any] = {"book": book, "version": visit.desk.codebook_version(), "names": names, "trees": trees,
                              "code": None, "back": ""}  # fmt: skip
    return visit.page(f"codebook/{template}.html", **(shared | context))
