"""Where does a word or phrase stand in a study, a page at a time?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resilens.coding.sight import Sees
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Record
from resilens.results.tables import counted, listing
from resilens.search import written
from resilens.search.folding import places
from resilens.search.hits import FEW, Hit
from resilens.search.items import FoundTexts, texts
from resilens.search.query import KINDS, Query

PAGE = 50
"""Texts on a page."""


@dataclass(frozen=True, slots=True)
class Results:
    """The texts in which a word stands: a page of them, and how many there are.

    Parameters
    ----------
    query
        What was sought.
    hits
        Those of the page, by kind in the order of `query.KINDS`.
    counts
        How many texts of each kind searched there are in all.
    offset, limit
        Which of them the page has.
    """

    query: Query
    hits: Sequence[Hit]
    counts: Mapping[str, int]
    offset: int = 0
    limit: int | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def next(self) -> int | None:
        """Where the next page begins, None on the last."""
        after = self.offset + len(self.hits)
        return after if self.hits and after < self.total else None

    @property
    def previous(self) -> int | None:
        """Where the page before begins, None on the first."""
        return max(0, self.offset - (self.limit or 0)) if self.offset else None

    @property
    def sentence(self) -> str:
        """How much was found, and what was not searched."""
        found = [counted(n, "text") + f" of {kind}s" for kind, n in self.counts.items() if n]
        words = f"“{self.query.word.strip()}” stands in {listing(found)}." if found else "Nothing was found."
        if self.query.left_out:
            kinds = listing([f"{kind}s" for kind in self.query.left_out])
            words += f" Not searched, for they know no {listing(sorted(self.query.filters))}: {kinds}."
        return words

    def shown(self) -> list[str]:
        """A line a hit for a terminal."""
        said = [self.sentence]
        for hit in self.hits:
            about = " ".join(filter(None, (hit.kind, hit.id, hit.field, hit.code_id, hit.coder)))
            said.append(about)
            said += [f"    {line.left}[{line.word}]{line.right}" for line in hit.lines(most=FEW)]
            if len(hit.places) > FEW:
                said.append(f"    … {len(hit.places) - FEW:,} more in this text")
        if self.next is not None:
            said.append(f"{self.total - self.next:,} more; --offset {self.next} goes on")
        return said

    def to_dict(self) -> dict[str, Any]:
        """In values JSON can hold."""
        return {"word": self.query.word, "counts": dict(self.counts), "total": self.total, "offset": self.offset,
                "left_out": list(self.query.left_out), "hits": [hit.to_dict() for hit in self.hits]}  # fmt: skip


def search(
    record: Record, corpus: Corpus, query: Query, sees: Sees, zone: str, offset: int = 0, limit: int | None = PAGE
) -> Results:  # fmt: skip
    """The texts of a study in which a word stands.

    Parameters
    ----------
    record, corpus
        The study's; the corpus is open.
    query
        What is sought and where.
    sees
        Which codings and memos may be told of: `coding.sight.visible` of a viewer, or `query.outside`.
    zone
        Of the study, `study.zone`.
    offset, limit
        Which of the texts found; None: all from there.

    Raises
    ------
    InputError
        If the offset is negative or the limit not positive.
    """
    if offset < 0 or (limit is not None and limit < 1):
        raise InputError("a page begins at 0 or later and has at least one text")
    rows = texts(corpus, record, sees, query, zone)
    found = FoundTexts(corpus, rows, query) if query.wants("post", "comment") else None
    more: dict[str, Callable[[], list[Hit]]] = {
        "coding": lambda: written.codings(record, corpus, sees, query, rows),
        "memo": lambda: list(written.memos(record, sees, query)),
        "lead": lambda: list(written.leads(record, query)),
        "claim": lambda: list(written.claims(record, query)),
    }
    others = {kind: find() for kind, find in more.items() if query.wants(kind)}
    counts = (found.counts if found else {}) | {kind: len(hits) for kind, hits in others.items()}
    hits = [_of_item(row, query) for row in found.page(offset, limit)] if found and offset < len(found) else []
    rest = [hit for own in others.values() for hit in own]
    begin = max(0, offset - (len(found) if found else 0))
    hits += rest[begin : None if limit is None else begin + limit - len(hits)]
    return Results(query, hits, {kind: counts.get(kind, 0) for kind in KINDS if query.wants(kind)}, offset, limit)


def _of_item(row: Mapping[str, Any], query: Query) -> Hit:
    names = ("post_id", "author", "group", "language", "platform")
    return Hit(row["kind"], row["item_id"], row["field"], row["text"],
               tuple(places(row["text"], query.word, query.whole_word)), True, row["item_id"],
               **{name: row[name] or "" for name in names}, published_at=row["published_at"])  # fmt: skip
