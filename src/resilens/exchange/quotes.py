"""Which words did each coder put under each code, and which of them may leave the study?

Nothing leaves that names or finds a person: an item has an id of this study, its time is a day, links are taken out of
its words. What a file may be used for stands in its column `quoting`, row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from resilens.coding.codebook import Codebook
from resilens.coding.codings import codings
from resilens.coding.exporting import CELL, SUFFIXES, Value, cut_in, write_rows
from resilens.coding.quotable import Standing, standings
from resilens.coding.rounds import blind, round_of, rounds
from resilens.coding.spans import digest
from resilens.coding.translations import FIELDS, Translation, accepted_translations
from resilens.corpus.engine import Corpus
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.errors import Fault, InputError
from resilens.exchange.links import LINK
from resilens.record.store import Record
from resilens.results.tables import counted, listing
from resilens.study.zones import day_of

COLUMNS = ("item", "kind", "quote", "place", "code", "code_id", "coder", "round", "group", "language", "day",
           "hashtags", "author", "quoting")  # fmt: skip
FILLED = ("paraphrase", "second_item", "translation", "translated_by")
"""Columns that are there only where a row has anything in them."""

RESTRICTED = ("item_id", "published_at", "url")
"""Columns that find the item on its platform, and so defeat a paraphrase."""

QUOTING = {"free": "may be quoted", "paraphrase": "paraphrase only", "do_not_quote": "do not quote"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which quotes, and how.

    `coder` and `round_id`: empty for all. `restricted`: with what finds the items on their platform: ids, addresses,
    links, and words that may only be paraphrased. `faithful`: without the `'` that keeps a spreadsheet from computing.
    `dry_run`: only say what would be written.
    """

    coder: str = ""
    round_id: str = ""
    restricted: bool = False
    faithful: bool = False
    dry_run: bool = False


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class QuotesWritten:
    """What was written: how many rows, and what a reader of the file must know."""

    rows: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a study says of its quotes: the key of its pseudonyms, its zone, and the status of an item for which nothing
    was decided."""

    pseudonyms: Pseudonyms
    zone: str
    quoting: str


def export_quotes(
    path: Path, record: Record, corpus: Corpus, codebook: Codebook, rules: Rules, wanted: Wanted = EVERYTHING
) -> QuotesWritten:  # fmt: skip
    """Write the words that were coded, a row a coding, as CSV, Excel or Parquet.

    A coding of a span has the span's words, one of a whole item the item's (title, then text); beside them stands the
    accepted translation of the whole field. An item that must not be quoted has none, nor has one that may only be
    paraphrased, unless the file is restricted; what somebody wrote to paraphrase it stands beside. Rounds that are
    still blind are left out, for whichever coder one asks; "nothing applies" is no quote.

    Raises
    ------
    InputError
        If the ending is another, the round asked for is blind or unknown, or there is no coding to write.
    """
    if path.suffix.lower() not in SUFFIXES:
        words = f"quotes are written as {', '.join(SUFFIXES)}; end the name with one of them"
        raise InputError(Fault(words, path.name))
    closed = [one.id for one in rounds(record) if blind(record, one)]
    if wanted.round_id and round_of(record, wanted.round_id).id in closed:
        raise InputError(f"{wanted.round_id} is independent and still open, so its codings are not shown; freeze it "
                         f"first")  # fmt: skip
    coded = [row for row in codings(record, wanted.round_id, wanted.coder).to_pylist()
             if row["code_id"] and row["round_id"] not in closed]  # fmt: skip
    if not coded:
        of = (f" by {wanted.coder}" if wanted.coder else "") + (f" in {wanted.round_id}" if wanted.round_id else "")
        blinded = f"; {listing(closed)} left out, still blind" if closed else ""
        raise InputError(f"there is no coding to quote{of}{blinded}")
    quoting = _Quoting(record, corpus, codebook, rules, wanted, {row["item_id"] for row in coded})
    header, cells = _without_blank([*COLUMNS, *FILLED, *(RESTRICTED if wanted.restricted else ())],
                                   [quoting.row(row) for row in coded])  # fmt: skip
    if not wanted.dry_run:
        write_rows(path, header, cells, "quotes", wanted.faithful)
    return QuotesWritten(len(cells), tuple(_notes(header, cells, quoting, closed, cut_in(path, cells))))


def _without_blank(names: list[str], rows: list[dict[str, str]]) -> tuple[list[str], list[list[Value]]]:
    header = [name for name in names if name not in FILLED or any(row[name] for row in rows)]
    return header, [[row[name] for name in header] for row in rows]


class _Quoting:
    """What is known of the coded items, and how a coding becomes a row."""

    def __init__(
        self, record: Record, corpus: Corpus, codebook: Codebook, rules: Rules, wanted: Wanted, items: Collection[str]
    ) -> None:  # fmt: skip
        self.withheld = self.paraphrased = self.not_there = self.changed = self.links = 0
        self._rules, self._wanted, self._codebook = rules, wanted, codebook
        self._items = _items(corpus, items)
        self._decided = {row["author"]: row["group"] for row in record.view("groups") if row["group"]}
        texts = {item: {name: known.get(name) or "" for name in FIELDS} for item, known in self._items.items()}
        self._translated = accepted_translations(record, texts)
        self._standings = standings(record, corpus, items, rules.quoting)

    def row(self, coding: Mapping[str, Any]) -> dict[str, str]:
        """The cells of one coding by column."""
        item = coding["item_id"]
        known = self._items.get(item, {})
        author, moment = known.get("author") or "", known.get("published_at")
        standing = self._standings[item]
        quote = self._quote(coding, known, standing.status)
        translated = self._translations(coding, quote)
        return {
            "item": self._local(item), "kind": "comment" if item.split(":", 2)[1:2] == ["c"] else "post",
            "quote": quote, "place": _place(coding),
            "code": self._path(coding["code_id"]), "code_id": coding["code_id"], "coder": coding["coder"],
            "round": coding["round_id"], "group": self._decided.get(author) or known.get("group") or "unknown",
            "language": known.get("language") or "", "day": str(day_of(moment, self._rules.zone)) if moment else "",
            "hashtags": " ".join(f"#{name}" for name in known.get("hashtags") or ()), "author": author,
            "quoting": QUOTING[standing.status], "paraphrase": self._paraphrase(standing),
            "second_item": self._local(coding["second_item"]), "item_id": item,
            "published_at": moment.isoformat() if moment else "", "url": known.get("url") or "",
            "translation": "\n\n".join(self._words(one.text, 0, len(one.text))[0] for one in translated),
            "translated_by": "; ".join(dict.fromkeys(one.made_by for one in translated)),
        }  # fmt: skip

    def _paraphrase(self, standing: Standing) -> str:
        """How somebody retells the item, where that may be shown."""
        text = standing.paraphrase if standing.status == "paraphrase" else ""
        return self._words(text, 0, len(text))[0]

    def _translations(self, coding: Mapping[str, Any], quote: str) -> list[Translation]:
        """The accepted translations of the fields that are quoted from, whole, where any words are shown."""
        fields = [coding["field"]] if coding["field"] else FIELDS
        keys = [(coding["item_id"], name) for name in fields] if quote else []
        return [self._translated[key] for key in keys if key in self._translated]

    def _local(self, item: str) -> str:
        """The item's id in this study; without the key nobody gets from it to the platform's."""
        return self._rules.pseudonyms.of_address("item", item) if item else ""

    def _path(self, code_id: str) -> str:
        if code_id not in self._codebook:
            return code_id
        code = self._codebook.code(code_id)
        names = [code.name]
        while code.parent in self._codebook:
            code = self._codebook.code(code.parent)
            names.append(code.name)
        facet = next((facet.name for facet in self._codebook.facets if facet.id == code.facet), code.facet)
        return " / ".join([facet, *reversed(names)])

    def _quote(self, coding: Mapping[str, Any], known: Mapping[str, Any], status: str) -> str:
        if status == "do_not_quote":
            self.withheld += 1
            return ""
        if coding["media_id"]:
            return ""
        if status == "paraphrase" and not self._wanted.restricted:  # a search for the words would find the item
            self.paraphrased += 1
            return ""
        fields = [coding["field"]] if coding["field"] else ["title", "text"]
        texts = [known[name] for name in fields if known.get(name)]
        if not texts:
            self.not_there += 1
            return ""
        start, end = coding["start"], coding["end"]
        if start is not None and coding["text_sha256"] and digest(texts[0]) != coding["text_sha256"]:
            self.changed += 1
            return ""
        links = 0
        said = []
        for text in texts:
            words, found = self._words(text, start or 0, len(text) if end is None else end)
            said.append(words)
            links += found
        self.links += bool(links)
        return "\n\n".join(said)

    def _words(self, text: str, start: int, end: int) -> tuple[str, int]:
        """A span of a text, parts of links in it as `[link]` where they must not leave; and how many there were."""
        links = [] if self._wanted.restricted else [
            found for found in LINK.finditer(text) if found.start() < end and found.end() > start
        ]  # fmt: skip
        said, at = "", start
        for link in links:
            said += text[at : max(link.start(), at)] + "[link]"
            at = link.end()
        return said + text[at : max(at, end)], len(links)


def _place(coding: Mapping[str, Any]) -> str:
    """Where on the item the code is: the whole of it, a field of its text, a picture or a recording."""
    if coding["media_id"]:
        return "recording" if coding["start_ms"] is not None else "picture"
    return str(coding["field"]) or "whole item"


def _items(corpus: Corpus, items: Collection[str]) -> dict[str, dict[str, Any]]:
    """What the corpus says of these items. A comment has the hashtags of its post, where that was captured."""
    wanted = ibis.memtable(pa.table({"item": pa.array(sorted(items), pa.string())}))
    groups = corpus.table("authors").select("author", "group")
    posts, comments = corpus.table("posts"), corpus.table("comments")
    of_post = posts.select("post_id", "hashtags")
    sources = (
        posts.select("author", "published_at", "language", "hashtags", "title", "text", "url", item=posts.post_id),
        comments.select("author", "published_at", "language", "text", "post_id", item=comments.comment_id)
        .left_join(of_post, "post_id").select("author", "published_at", "language", "hashtags", "text", "item"),
    )  # fmt: skip
    found = {}
    for source in sources:
        rows = wanted.join(source, "item").left_join(groups, "author")
        for row in corpus.frame(rows.select(*source.columns, "group")).to_pylist():
            found[row["item"]] = row
    return found


def _notes(
    header: Sequence[str], cells: Sequence[Sequence[Value]], quoting: _Quoting, closed: Sequence[str], cut: int
) -> list[str]:  # fmt: skip
    notes = []
    status = header.index("quoting")
    paraphrase = sum(row[status] == QUOTING["paraphrase"] for row in cells)
    if quoting.paraphrased:
        rows = counted(quoting.paraphrased, "row")
        notes.append(f"{rows} without words: they may only be paraphrased; --restricted has them, for whoever does it")
    elif paraphrase:
        notes.append(f"{counted(paraphrase, 'row')} may be paraphrased and not quoted (column quoting)")
    if quoting.withheld:
        notes.append(f"{counted(quoting.withheld, 'row')} without words: the item must not be quoted")
    if quoting.not_there:
        notes.append(f"{counted(quoting.not_there, 'row')} without words: there is no such text in the corpus")
    if quoting.changed:
        notes.append(f"{counted(quoting.changed, 'row')} without words: the text is no longer the one that was coded")
    if quoting.links:
        notes.append(f"links were taken out of the words of {counted(quoting.links, 'row')}; --restricted keeps them")
    if closed:
        notes.append(f"left out, still blind: {listing(closed)}")
    if cut:
        notes.append(f"{counted(cut, 'cell')} cut at the {CELL:,} characters of a cell in Excel; .csv has all")
    if "item_id" in header:
        notes.append("RESTRICTED: item_id, published_at, url and words find the items on their platform; "
                     "keep the file inside")  # fmt: skip
    return notes
