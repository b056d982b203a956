"""How do translations come onto the record from a table? One row a translation, all of them or none.

`item`, `text` and `engine`, and where it applies `field` (title or text), `version`, `date`, `language`, `coder` (who
brings it), and `text_sha256`, the hash of the text that was translated (an export of codings has it). A row without
that hash is of the text as it is now.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from resilens.coding.decisions import Columns, Decisions, Found, Row, one_item, read_decisions, same, write_decisions
from resilens.coding.items import CorpusItems
from resilens.coding.spans import digest
from resilens.coding.translations import drafted
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record

COLUMNS = Columns(("item", "text", "engine"), ("field", "version", "date", "language", "text_sha256", "coder"),
                  ("item",), "coder", ("date",))  # fmt: skip


class Translations(Decisions):
    """What a table of translations would add."""

    __slots__ = ()

    def __str__(self) -> str:
        engines = Counter(str(draft.body["engine"]) for draft in self.drafts)
        new = ", ".join(f"{count:,} by {name}" for name, count in sorted(engines.items()))
        said = [f"{self.name}: {new or 'nothing new'}; {self.unchanged:,} there before"]
        return "\n".join(said + [f"  refused: {fault}" for fault in self.refused])


def propose_translations(path: Path, record: Record, corpus: Corpus, coder: str | None = None) -> Translations:
    """What a table of translations would add; see `decisions.read_decisions`."""
    held = {row["translation_id"]: row for row in record.view("translations")}
    texts: dict[str, dict[str, str]] = {}

    def draft(row: Row, found: Found) -> Draft:
        item = one_item(row["item"], found, "item")
        if not texts:
            texts.update(CorpusItems(corpus).texts({one for ids in found.values() for one in ids}))
        return _draft(row, item, texts[item])

    read = read_decisions(path, COLUMNS, corpus, coder, draft,
                          lambda draft: same(held.get(draft.subject, {}), draft.body))  # fmt: skip
    return Translations(read.name, read.drafts, read.unchanged, read.refused)


def import_translations(record: Record, proposed: Translations) -> int:
    """Write translations to the record, all or none; how many. See `decisions.write_decisions`."""
    return write_decisions(record, proposed)


def _draft(row: Row, item: str, texts: dict[str, str]) -> Draft:
    field = row["field"].casefold() or "text"
    if not texts.get(field):
        raise InputError(Fault(f"{item} has no {field}", "field"))
    body = drafted(item, field, row["text"], engine=row["engine"], version=row["version"],
                   made_on=row["date"].removesuffix(" 00:00:00"), language=row["language"],
                   text_sha256=row["text_sha256"] or digest(texts[field]))  # fmt: skip
    return Draft("translation.added", body["translation_id"], body, row["coder"], "import")
