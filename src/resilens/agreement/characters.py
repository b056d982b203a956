"""Which characters of the texts did each coder mark with a code? The universe `characters`, and the spans of texts.

Every title and text is a continuum; whoever read the item read both. What names no characters of a stored text cannot
be compared there and is left out and counted: a code given to a whole item (for that code, its coder is then missing
in that item, not somebody who marked nothing), a span of a translation, and a span counted in a text that has changed
since (its coder is missing in that item).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resilens.agreement.judgements import Judgements
from resilens.agreement.patterns import Patterns, compact
from resilens.coding.spans import digest

Texts = Mapping[str, Mapping[str, str]]
"""Stored texts by item and field."""


@dataclass(frozen=True)
class Continua:
    """Spans with some codes, ready for `spans.coincidences`.

    Parameters
    ----------
    rows
        item, coder, start, end, code; a row with None says that the coder read the continuum. An item here is a field
        of an item: `rednote:p:1 title`.
    lengths, cluster
        The length and the thread of each continuum.
    without_place, translated, changed
        Codings left out: of whole items, of translations, of texts that have changed.
    """

    rows: tuple[tuple[str, str, int | None, int | None, str | None], ...]
    lengths: Mapping[str, int]
    cluster: Mapping[str, str]
    without_place: int = 0
    translated: int = 0
    changed: int = 0

    @property
    def n_spans(self) -> int:
        return sum(row[2] is not None for row in self.rows)


def continua(judged: Judgements, texts: Texts, codes: Collection[str]) -> Continua:
    """The spans with these codes, and who read each text.

    Parameters
    ----------
    judged
        Whose codings; see `judgements.judgements`.
    texts
        The stored texts of the items.
    codes
        Only spans with these codes; a coder who gave one of them to a whole item is missing in that item.
    """
    fields = {item: [name for name in ("title", "text") if texts.get(item, {}).get(name)] for item in judged.given}
    missing, counts, spans = _sorted_out(judged, texts, frozenset(codes))
    rows: list[tuple[str, str, int | None, int | None, str | None]] = []
    for item, by in judged.given.items():
        for name in fields[item]:
            for coder in sorted(by):
                if (item, coder) not in missing:
                    rows.append((f"{item} {name}", coder, None, None, None))
    for row in spans:
        item, coder = row["item_id"], row["coder"]
        if (item, coder) not in missing and row["field"] in fields[item]:
            rows.append((f"{item} {row['field']}", coder, row["start"], row["end"], row["code_id"]))
    lengths = {f"{item} {name}": len(texts[item][name]) for item, names in fields.items() for name in names}
    cluster = {f"{item} {name}": judged.thread[item] for item, names in fields.items() for name in names}
    return Continua(tuple(rows), lengths, cluster, **counts)


def _sorted_out(
    judged: Judgements, texts: Texts, codes: frozenset[str]
) -> tuple[set[tuple[str, str]], dict[str, int], list[Mapping[str, Any]]]:
    """Items and coders that are missing, how many codings are left out and why, and the codings that remain."""
    missing: set[tuple[str, str]] = set()
    counts = {"without_place": 0, "translated": 0, "changed": 0}
    digests: dict[tuple[str, str], str] = {}
    spans = []
    for row in judged.marks:
        if row["code_id"] not in codes or row["media_id"] or row["start_ms"] is not None:
            continue
        item, name = row["item_id"], row["field"]
        if not name:
            counts["without_place"] += 1
            missing.add((item, row["coder"]))
        elif name not in ("title", "text"):
            counts["translated"] += 1
        else:
            text = texts.get(item, {}).get(name, "")
            if (item, name) not in digests:
                digests[item, name] = digest(text)
            if row["text_sha256"] not in ("", digests[item, name]) or row["end"] > len(text):
                counts["changed"] += 1
                missing.add((item, row["coder"]))
            else:
                spans.append(row)
    return missing, counts, spans


def character_patterns(found: Continua, code: str) -> Patterns:
    """Each character of each text as a unit: did the coder mark it with the code?

    Parameters
    ----------
    found
        The spans; those with other codes are ignored.
    code
        The code.

    Returns
    -------
    Patterns
        False and True, missing where a coder has not read the text; stretches that all coders treat alike are counted
        once, with their length.
    """
    coders = tuple(sorted({row[1] for row in found.rows}))
    column = {coder: place for place, coder in enumerate(coders)}
    threads = tuple(sorted({found.cluster[row[0]] for row in found.rows}))
    place = {thread: number for number, thread in enumerate(threads)}
    marked: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for item, coder, start, end, of in found.rows:
        own = marked.setdefault(item, {}).setdefault(coder, [])
        if start is not None and end is not None and of == code:
            own.append((start, end))
    table, number, cluster = [np.empty((0, len(coders)), np.int64)], [np.empty(0)], [np.empty(0, np.int64)]
    for item, by in marked.items():
        ends = [bound for spans in by.values() for span in spans for bound in span]
        bounds = np.unique([0, found.lengths[item], *ends])
        stretches = np.full((len(bounds) - 1, len(coders)), -1, np.int64)
        for coder, spans in by.items():
            stretches[:, column[coder]] = _covered(bounds, spans)
        table.append(stretches)
        number.append(np.diff(bounds).astype(np.float64))
        cluster.append(np.full(len(stretches), place[found.cluster[item]], np.int64))
    codes, counts = np.concatenate(table), np.concatenate(number)
    return compact(codes, counts, (False, True), False, coders, np.concatenate(cluster), threads)


def _covered(bounds: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which stretches between bounds lie in a span."""
    step = np.zeros(len(bounds), np.int64)
    for start, end in spans:
        step[np.searchsorted(bounds, start)] += 1
        step[np.searchsorted(bounds, end)] -= 1
    return np.asarray(np.cumsum(step)[:-1] > 0)
