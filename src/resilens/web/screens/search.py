"""Search: any word in context with filters, which codes go together, and either as a table to take away."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from resilens.coding.rounds import CONSENSUS
from resilens.coding.sight import visible
from resilens.corpus.schema import PLATFORMS
from resilens.errors import Fault, InputError
from resilens.search import query as asking
from resilens.search.hits import FEW
from resilens.search.leaving import Leaving, as_csv, rows_of
from resilens.search.searching import PAGE
from resilens.search.studying import codes_together, search_study, table_of
from resilens.search.together import BY, bases
from resilens.web.visit import Coder

router = APIRouter()

UNITS = 20
"""Items or threads with two codes on a page."""


class Form:
    """What the form asks for, as it was typed."""

    def __init__(
        self, word: str = "", whole: bool = False, kind: Annotated[list[str] | None, Query()] = None, code: str = "",
        coder: str = "", group: str = "", since: str = "", until: str = "", hashtag: str = "", language: str = "",
        platform: str = "",
    ) -> None:  # fmt: skip
        self.word, self.whole, self.kinds = word, whole, tuple(kind or ())
        self.filters = {"code": code, "coder": coder, "group": group, "since": since, "until": until,
                        "hashtag": hashtag, "language": language.strip(), "platform": platform}  # fmt: skip

    def query(self) -> asking.Query:
        """The query it stands for."""
        plain = {name: value for name, value in self.filters.items() if name not in ("since", "until")}
        since, until = (_day(name, self.filters[name]) for name in ("since", "until"))
        return asking.Query(word=self.word, whole_word=self.whole, kinds=self.kinds, since=since, until=until, **plain)

    def address(self, path: str = "/search", **more: str | int) -> str:
        """The same question at an address, with more."""
        given: list[tuple[str, str | int]] = [("word", self.word)]
        given += [("whole", "true")] if self.whole else []
        given += [] if "kind" in more else [("kind", kind) for kind in self.kinds]
        given += [(name, value) for name, value in [*self.filters.items(), *more.items()] if value != ""]
        return f"{path}?{urlencode(given)}"


Asked = Annotated[Form, Depends()]


def _day(name: str, written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise InputError(Fault(f"{written!r} is no day; write it as 2025-01-14", name)) from None


@router.get("/search")
def search(visit: Coder, form: Asked, offset: int = 0) -> Response:
    """A word in context; the form alone until one is given."""
    sees = visible(visit.study.record, visit.coder)
    found = search_study(visit.study, form.query(), sees, offset) if form.word.strip() else None
    return visit.page("search/index.html", form=form, found=found, kinds=asking.KINDS, platforms=PLATFORMS, few=FEW,
                      page=PAGE, codebook=visit.desk.codebook())  # fmt: skip


@router.get("/search/table")
def table(visit: Coder, form: Asked, restricted: bool = False) -> Response:
    """All that is found, as a table under the rules of quotes."""
    sees = visible(visit.study.record, visit.coder)
    leaving = table_of(visit.study, form.query(), sees, restricted)
    return _download(leaving, "search-restricted" if restricted else "search")


@router.get("/search/together")
def together(visit: Coder, basis: str = CONSENSUS, by: str = "item", rows: str = "", columns: str = "") -> Response:
    """How often two codes go together, facet by facet; each number opens its items."""
    record, book = visit.study.record, visit.desk.codebook()
    sees = visible(record, visit.coder)
    found = codes_together(visit.study, basis, by, sees)
    of = {facet.id: [code for code in book.codes if code.facet == facet.id and code.id in found.codes]
          for facet in book.facets}  # fmt: skip
    known = [facet for facet, codes in of.items() if codes] or [""]
    down, across = (rows if rows in known else known[0]), (columns if columns in known else known[1 % len(known)])
    facets = [facet for facet in book.facets if facet.id in known]
    return visit.page("search/together.html", found=found, facets=facets, down=down, across=across, of=of,
                      codebook=book, bases=bases(record, sees), by=BY, address=_pair)  # fmt: skip


@router.get("/search/together/table")
def together_table(visit: Coder, basis: str = CONSENSUS, by: str = "item") -> Response:
    """The pairs as a table."""
    found = codes_together(visit.study, basis, by, visible(visit.study.record, visit.coder))
    return _download(rows_of(found.table()), "codes-together")


@router.get("/search/together/items")
def behind(visit: Coder, one: str, other: str, basis: str = CONSENSUS, by: str = "item", page: int = 0) -> Response:
    """The items, or the threads, behind one number."""
    found = codes_together(visit.study, basis, by, visible(visit.study.record, visit.coder))
    units = found.behind(one, other)
    shown = units[max(0, page) * UNITS : (max(0, page) + 1) * UNITS]
    items = visit.desk.read({item for unit in shown for item in unit})
    return visit.page("search/behind.html", found=found, one=one, other=other, units=shown, items=items,
                      total=len(units), page=max(0, page), last=max(0, len(units) - 1) // UNITS, address=_pair,
                      codebook=visit.desk.codebook())  # fmt: skip


def _pair(path: str, **asked: str | int) -> str:
    return f"/search/together{path}?{urlencode(asked)}"


def _download(leaving: Leaving, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(as_csv(leaving), media_type="text/csv; charset=utf-8", headers=headers)
