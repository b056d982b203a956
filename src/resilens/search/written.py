"""In which codings, memos, leads and claims does a word stand? What the researchers marked and wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa

from resilens.coding.sight import Sees
from resilens.coding.spans import digest
from resilens.corpus.engine import Corpus
from resilens.record.store import Record
from resilens.search.folding import fold, places
from resilens.search.hits import Hit
from resilens.search.items import FOUND, matching
from resilens.search.query import Query

Row = Mapping[str, Any]

_OF_ITEM = ("post_id", "author", "group", "language", "platform", "published_at")


def codings(record: Record, corpus: Corpus, sees: Sees, query: Query, rows: Any) -> list[Hit]:
    """Codings of words that the query finds, and those whose memo has it, by item, place, code and coder.

    Parameters
    ----------
    record, corpus
        The study's.
    sees
        Which codings may be told of.
    query
        What is sought.
    rows
        The texts the query is about, from `items.texts`.
    """
    equal = {name: value for name, value in (("code_id", query.code), ("coder", query.coder)) if value}
    told = [row for row in record.view("codings", **equal) if sees(row)]
    hits = [*_marked(corpus, query, rows, told), *_noted(corpus, query, rows, told)]
    return sorted(hits, key=lambda hit: (hit.item_id, hit.field, hit.places, hit.code_id, hit.coder, hit.round_id))


def _marked(corpus: Corpus, query: Query, rows: Any, told: Iterable[Row]) -> Iterator[Hit]:
    """Codings of a span of the stored text in which the word stands; a text that has changed since is not one."""
    spans = [row for row in told if row["field"] in ("title", "text") and row["start"] is not None]
    table = pa.table({
        "number": pa.array(range(len(spans)), pa.int64()),
        "item_id": pa.array([row["item_id"] for row in spans], pa.string()),
        "field": pa.array([row["field"] for row in spans], pa.string()),
        "start": pa.array([row["start"] for row in spans], pa.int64()),
        "length": pa.array([row["end"] - row["start"] for row in spans], pa.int64()),
    })  # fmt: skip
    joined = ibis.memtable(table).join(rows, ["item_id", "field"])
    quoted = joined.select("number", *FOUND, whole=joined.text, text=joined.text.substr(joined.start, joined.length))
    for found in corpus.frame(matching(quoted, query)).to_pylist():
        row = spans[found["number"]]
        inside = _inside(found["whole"], row["start"], row["end"], query)
        if inside and digest(found["whole"]) == row["text_sha256"]:
            yield _coding(row, found, row["field"], found["whole"], inside, said=True)


def _inside(text: str, start: int, end: int, query: Query) -> tuple[tuple[int, int], ...]:
    """Where in these words of a text the word stands, counted in the whole text."""
    found = places(text[start:end], query.word, query.whole_word)
    return tuple((start + first, start + last) for first, last in found)


def _noted(corpus: Corpus, query: Query, rows: Any, told: Iterable[Row]) -> Iterator[Hit]:
    """Codings whose memo has the word, of items that the filters leave."""
    noted = [(row, spans) for row in told if row["memo"] and (spans := _places(row["memo"], query))]
    if not noted:
        return
    wanted = ibis.memtable(pa.table({"item_id": sorted({row["item_id"] for row, _ in noted})}))
    of_items = rows.select("item_id", *_OF_ITEM).distinct()
    known = {row["item_id"]: row for row in corpus.frame(wanted.join(of_items, "item_id")).to_pylist()}
    for row, spans in noted:
        if row["item_id"] in known or not query.filters - {"code", "coder"}:
            yield _coding(row, known.get(row["item_id"], {}), "memo", row["memo"], spans)


def _coding(row: Row, item: Row, field: str, text: str, spans: tuple[tuple[int, int], ...], said: bool = False) -> Hit:
    of_item = {name: item.get(name) or "" for name in _OF_ITEM[:-1]}
    return Hit("coding", row["item_id"], field, text, spans, said, row["item_id"], **of_item,
               published_at=item.get("published_at"), code_id=row["code_id"] or "", coder=row["coder"],
               round_id=row["round_id"] or "")  # fmt: skip


def memos(record: Record, sees: Sees, query: Query) -> Iterator[Hit]:
    """Memos with the word in title or text, the first written first."""
    for row in record.view("memos"):
        if sees(row) and _of(row["actor"], row["about"], query):
            yield from _hits("memo", row["memo_id"], row, ("title", "text"), query, row["actor"], row["round_id"] or "")


def leads(record: Record, query: Query) -> Iterator[Hit]:
    """Leads with the word in the note, in where it was seen, in a tag, or in what was pasted."""
    for row in record.view("leads"):
        if _of(row["actor"], row["codes"], query):
            texts = {**row, "tags": " ".join(row["tags"] or ())}
            yield from _hits("lead", row["lead_id"], texts, ("text", "where", "tags", "pasted"), query, row["actor"])


def claims(record: Record, query: Query) -> Iterator[Hit]:
    """Claims with the word in the claim, its puzzle or a rival explanation."""
    for row in record.view("claims"):
        rivals = {f"rival {number}": text for number, text in enumerate(row["rivals"] or (), start=1)}
        yield from _hits("claim", row["claim_id"], {**row, **rivals}, ("statement", "puzzle", *rivals), query)


def _of(actor: str, about: Sequence[str] | None, query: Query) -> bool:
    return query.coder in ("", actor) and (not query.code or query.code in (about or ()))


def _hits(
    kind: str, name: str, row: Row, fields: Iterable[str], query: Query, coder: str = "", round_id: str = ""
) -> Iterator[Hit]:
    for field in fields:
        if row[field] and (spans := _places(row[field], query)):
            yield Hit(kind, name, field, row[field], spans, field == "pasted", coder=coder, round_id=round_id)


def _places(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    if fold(query.word.strip()) not in fold(text):
        return ()
    return tuple(places(text, query.word, query.whole_word))
