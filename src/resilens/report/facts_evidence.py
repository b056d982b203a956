"""What is known of the items shown as evidence? From the corpus and the record, each looked up once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from resilens.coding.codings import final
from resilens.coding.items import CorpusItems
from resilens.report.evidence import Evidence, EvidenceItem
from resilens.study.zones import day_of

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.model import Study


def gather_evidence(
    ids: Sequence[str], names: Mapping[str, str], study: Study, corpus: Corpus, record: Record
) -> Evidence:
    """The items of these ids, numbered in this order.

    Parameters
    ----------
    names
        What codes are called, by their ids.
    """
    wanted = list(dict.fromkeys(ids))
    known, texts = _known(corpus, wanted), CorpusItems(corpus).texts(wanted)
    decided = {row["author"]: row["group"] for row in record.view("groups") if row["group"]}
    quoting = {row["item_id"]: row for row in record.view("quoting")}
    codes = _codes(record, wanted, names)
    items = {}
    for number, item in enumerate(wanted, 1):
        row = known.get(item)
        if row is None:
            items[item] = EvidenceItem(number)
            continue
        moment, group = row["published_at"], decided.get(row["author"]) or row["group"] or "unknown"
        decision = quoting.get(item, {})
        status = decision.get("status") or study.privacy.quoting
        own = "\n".join(filter(None, (texts.get(item, {}).get(name, "") for name in ("title", "text"))))
        items[item] = EvidenceItem(
            number, "comment" if ":c:" in item else "post", group, day_of(moment, study.study.zone) if moment else None,
            status, own if status == "free" else "", decision.get("paraphrase") or "", codes.get(item, ()),
        )  # fmt: skip
    return Evidence(items)


def _codes(record: Record, ids: Sequence[str], names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The codes that apply to each item after consensus, by their names."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    wanted = set(ids)
    for row in final(record).table.select(["item_id", "code_id"]).to_pylist():
        if row["item_id"] in wanted:
            found[row["item_id"]][names.get(row["code_id"], row["code_id"])] = None
    return {item: tuple(codes) for item, codes in found.items()}


def _known(corpus: Corpus, ids: Sequence[str]) -> Mapping[str, dict[str, Any]]:
    """Of the items, those in the corpus: author, group by the study's rules, time."""
    wanted = ibis.memtable(pa.table({"item": pa.array(ids, pa.string())}))
    groups = corpus.table("authors").select("author", "group")
    found: dict[str, dict[str, Any]] = {}
    for table, key in (("posts", "post_id"), ("comments", "comment_id")):
        rows = corpus.table(table).select("author", "published_at", item=ibis._[key])
        joined = wanted.join(rows, "item").left_join(groups, "author").select("item", "author", "group", "published_at")
        found |= {row["item"]: row for row in corpus.frame(joined).to_pylist()}
    return found
