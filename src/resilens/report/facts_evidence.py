"""What is known of the items shown as evidence? From the corpus and the record, each looked up once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from resilens.capture.media import hash_in, media_ids
from resilens.coding.codings import final
from resilens.coding.items import CorpusItems
from resilens.coding.quotable import standings
from resilens.coding.redaction import Redaction, leaving, redactions
from resilens.coding.translations import FIELDS, accepted_translations
from resilens.errors import InputError
from resilens.report.evidence import Evidence, EvidenceItem
from resilens.study.zones import day_of

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.model import Study

PICTURE_SIDE = 1200
"""Pixels of the longer side of a picture on a plate, which is printed 80 mm wide."""


def gather_evidence(
    ids: Sequence[str], names: Mapping[str, str], study: Study, corpus: Corpus, record: Record, media: Path
) -> Evidence:
    """The items of these ids, numbered in this order.

    Parameters
    ----------
    names
        What codes are called, by their ids.
    media
        The study's `captures/media/`.
    """
    wanted = list(dict.fromkeys(ids))
    known, texts = _known(corpus, wanted), CorpusItems(corpus).texts(wanted)
    decided = {row["author"]: row["group"] for row in record.view("groups") if row["group"]}
    quoting = standings(record, corpus, known, study.privacy.quoting)
    codes, translated = _codes(record, wanted, names), accepted_translations(record, texts)
    pictures = _Pictures(record, media)
    items = {}
    for number, item in enumerate(wanted, 1):
        row = known.get(item)
        if row is None:
            items[item] = EvidenceItem(number)
            continue
        moment, group = row["published_at"], decided.get(row["author"]) or row["group"] or "unknown"
        standing = quoting[item]
        free, said = standing.status == "free", [name for name in FIELDS if texts.get(item, {}).get(name)]
        others = [translated[item, name] for name in said if (item, name) in translated] if free else []
        picture, described = pictures.of(row["media"] or ()) if standing.status != "do_not_quote" else (None, "")
        items[item] = EvidenceItem(
            number, "comment" if ":c:" in item else "post", group, day_of(moment, study.study.zone) if moment else None,
            standing.status, "\n".join(texts[item][name] for name in said) if free else "", standing.paraphrase,
            codes.get(item, ()), "\n".join(one.text for one in others),
            "; ".join(dict.fromkeys(one.made_by for one in others)), picture, described,
        )  # fmt: skip
    return Evidence(items)


class _Pictures:
    """The pictures of items as they may leave; one that several items share is made once."""

    def __init__(self, record: Record, media: Path) -> None:
        self._decided, self._there = redactions(record), media_ids(media) if media.exists() else {}
        self._made: dict[str, bytes | None] = {}

    def of(self, references: Sequence[str]) -> tuple[bytes | None, str]:
        """The first picture that may leave, with what is covered of it; None where there is none."""
        names = [name for name in dict.fromkeys(map(hash_in, references)) if name in self._there]
        for name in names:
            redaction = self._decided.get(name, Redaction())
            if name not in self._made:
                self._made[name] = self._leaving(redaction, self._there[name])
            content = self._made[name]
            if content is not None:
                several = f"One of {len(names)} pictures and recordings" if len(names) > 1 else "Picture"
                return content, f"{several}: {redaction.sentence}"
        return None, ""

    @staticmethod
    def _leaving(redaction: Redaction, path: Path) -> bytes | None:
        try:
            return leaving(redaction, path, PICTURE_SIDE)
        except InputError:  # damaged since it was looked at: the report does without
            return None


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
        rows = corpus.table(table).select("author", "published_at", "media", item=ibis._[key])
        columns = ("item", "author", "group", "published_at", "media")
        joined = wanted.join(rows, "item").left_join(groups, "author").select(*columns)
        found |= {row["item"]: row for row in corpus.frame(joined).to_pylist()}
    return found
