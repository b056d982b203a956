"""Small studies made by hand: what a measure gets, from a few posts, comments and codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from resilens.coding.codes import Codebook, from_framework
from resilens.coding.codings import Final
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.measures import periods
from resilens.measures.estimating import Estimating
from resilens.measures.items import items_of
from resilens.measures.material import Material
from resilens.study.frameworks import framework
from resilens.study.model import Study

FIRST = datetime(2025, 1, 1, 12, tzinfo=UTC)


def post(name: str, day: int | None = 0, **more: Any) -> dict[str, Any]:
    """A post published at noon, so many days after 1 January 2025."""
    at = None if day is None else FIRST + timedelta(days=day)
    return {"post_id": f"rednote:p:{name}", "published_at": at, "author": "a", **more}


def comment(name: str, on: str, day: int | None = 0, **more: Any) -> dict[str, Any]:
    """A comment on a post, at noon of a day."""
    at = None if day is None else FIRST + timedelta(days=day)
    return {"comment_id": f"rednote:c:{name}", "post_id": f"rednote:p:{on}", "published_at": at, "author": "b", **more}


def seen(name: str, day: int) -> dict[str, Any]:
    """That a post was captured on a day."""
    return {"item_id": f"rednote:p:{name}", "collected_at": FIRST + timedelta(days=day), "state": "seen",
            "capture_id": "c1", "line": day}  # fmt: skip


def study_of(**sections: Any) -> Study:
    """A study file's content, with only what is given beyond its title."""
    return Study.model_validate({"study": {"title": "Cats", "name": "cats", "zone": "UTC"},
                                 "framework": "jing-zhang-2026", **sections})  # fmt: skip


def corpus_of(folder: Path, **tables: Sequence[Mapping[str, Any]]) -> Corpus:
    """An open corpus with these rows."""
    for name, rows in tables.items():
        (folder / name).mkdir(parents=True)
        table = pa.Table.from_pylist(list(rows), schema=TABLES[name].schema)
        parquet.write_table(table, folder / name / "part-0.parquet")
    return Corpus(folder)


def material(
    folder: Path, codes: Mapping[str, Sequence[str]] | None = None,
    unresolved: Mapping[str, Sequence[str]] | None = None, study: Study | None = None,
    **tables: Sequence[Mapping[str, Any]],
) -> Material:  # fmt: skip
    """What a measure gets.

    Parameters
    ----------
    codes, unresolved
        By item (`rednote:p:a`): the codes it has, and those that are not settled; items named in `codes` were read.
    """
    study = study or study_of()
    corpus, given, open_codes = corpus_of(folder, **tables), codes or {}, unresolved or {}
    applied = {code: frozenset(item for item, own in given.items() if code in own)
               for code in {code for own in given.values() for code in own}}  # fmt: skip
    missing = {code: frozenset(item for item, own in open_codes.items() if code in own)
               for code in {code for own in open_codes.values() for code in own}}  # fmt: skip
    empty = pa.table({})
    final = Final(empty, empty, tuple(sorted(given)), 0, 0, len(given), ("A",), (), applied, missing)
    spans = list(periods.declared(study))

    def period_of(days: Any) -> Any:
        spans.extend([] if spans else periods.halves(days))
        return periods.places(spans, days)

    names = tuple(group.name for group in study.groups)
    items = items_of(corpus, final.read, study.study.zone, {}, names, period_of)
    book: Codebook = from_framework(framework("jing-zhang-2026"))
    return Material(study, corpus, None, book, final, items, 0, tuple(spans), Estimating(None, 1, 400), {})  # type: ignore[arg-type]
