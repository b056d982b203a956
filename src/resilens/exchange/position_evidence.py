"""What do the positions of a project count? Its selections say so: they begin and end where words do.

Every dialect is tried on every selection. A selection speaks for a dialect where both its ends lie in the text, it
begins at the beginning of a word and ends at the end of one, and its name or description repeats its text. Dialects
under which every selection has the same span are one. Whether one clearly wins is asked on those selections alone on
which two dialects differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from resilens.exchange.positions import BOM, DIALECTS, NOWHERE, Dialect, Places, Ruler
from resilens.exchange.project_tree import ProjectTree, Selection
from resilens.exchange.word_edges import around, repeats, word_edges
from resilens.results.tables import counted

Spoken: TypeAlias = tuple[str, Sequence[Selection]]
"""A text as its file has it, and its selections that can be evidence."""

LEAD = 2.0
"""Points by which the winner must lead on the selections that differ: a whole selection, at both ends."""

LEAD_SHARE = 0.2
"""And the share of the points to be had there."""

FIT = 0.45
"""The share of all points below which no dialect fits."""

READ = 30
"""Characters of a selection that are shown."""


@dataclass(frozen=True)
class Hypothesis:
    """How well one dialect fits.

    Parameters
    ----------
    alike
        The dialects under which every selection has the same span; the first names them.
    inside, starts, ends
        Shares of the selections: both ends in the text, begin of a word, end of a word.
    names
        How many names or descriptions repeat the text.
    score
        Points of those to be had.
    reads
        The words of the selection on which the dialects differ most; empty where none does, or it lies nowhere.
    """

    alike: tuple[Dialect, ...]
    inside: float
    starts: float
    ends: float
    names: int
    score: float
    reads: str = ""

    @property
    def dialect(self) -> Dialect:
        """The one that names them."""
        return self.alike[0]


@dataclass(frozen=True)
class Evidence:
    """What the selections of a project say.

    Parameters
    ----------
    selections
        How many were looked at.
    telling
        How many have a name or description that repeats their text under some dialect.
    tried
        What was tried, the best first; empty where no text has a selection.
    chosen
        The dialect; None where none clearly wins.
    declared
        Whether it was declared and not found.
    rivals
        Ids of those that cannot be told from the best.
    """

    selections: int
    telling: int = 0
    tried: tuple[Hypothesis, ...] = ()
    chosen: Dialect | None = None
    declared: bool = False
    rivals: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.tried:
            return "no text has a selection, so there are no positions to understand"
        if self.chosen is None:
            return self._unclear()
        mine = next(one for one in self.tried if self.chosen in one.alike)
        how = f"positions count {self.chosen} ({self.chosen.id}{', as declared' if self.declared else ''}): "
        said = how + self._fit(mine)
        if len(self.tried) == 1:
            return f"{said}; every dialect gives the same spans"
        alike = len(mine.alike) - 1
        same = f"; {counted(alike, 'other dialect')} would give the same spans" if alike else ""
        others = [one for one in self.tried if one is not mine and not one.dialect.inclusive] or [
            one for one in self.tried if one is not mine
        ]
        return f"{said}{same}; next is {others[0].dialect.id}: {self._fit(others[0])}"

    def _fit(self, one: Hypothesis) -> str:
        names = f", {one.names} of {self.telling} names repeat the text" if self.telling else ""
        s = "s" if self.selections == 1 else ""
        return f"{one.starts:.1%} of {counted(self.selections, 'selection')} begin{s} and {one.ends:.1%} end{s} with " \
               f"a word{names}"  # fmt: skip

    def _unclear(self) -> str:
        best = self.tried[0]
        if best.score < FIT:
            return f"no way of counting fits: at best ({best.dialect.id}) {self._fit(best)}"
        return f"what the positions count is not clear: {best.dialect.id} ({self._fit(best)}) cannot be told from " \
               f"{', '.join(self.rivals[:6])}"  # fmt: skip

    def table(self, most: int = 12) -> str:
        """The evidence, a line a dialect."""
        reads = "  one selection would be" if any(one.reads for one in self.tried) else ""
        lines = [f"{'dialect':<28}{'in text':>9}{'begins':>9}{'ends':>9}{'names':>9}{'score':>9}{reads}"]
        for one in self.tried[:most]:
            alike = f"  = {', '.join(other.id for other in one.alike[1:4])}" if len(one.alike) > 1 else ""
            names = f"{one.names}/{self.telling}" if self.telling else "-"
            words = f"  {repr(one.reads) if one.reads else '-'}" if reads else ""
            lines.append(f"{one.dialect.id:<28}{one.inside:>9.1%}{one.starts:>9.1%}{one.ends:>9.1%}{names:>9}"
                         f"{one.score:>9.1%}{words}{alike}")  # fmt: skip
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "selections": self.selections, "telling": self.telling, "declared": self.declared,
            "chosen": self.chosen.id if self.chosen else None, "rivals": list(self.rivals),
            "tried": [{"dialects": [other.id for other in one.alike], "inside": one.inside, "starts": one.starts,
                       "ends": one.ends, "names": one.names, "score": one.score, "reads": one.reads}
                      for one in self.tried],
        }  # fmt: skip


def evidence_of(tree: ProjectTree, declared: Dialect | None = None) -> Evidence:
    """Which dialect the positions of a project are in, and how sure that is.

    Parameters
    ----------
    tree
        The project, positions as the file states them.
    declared
        The dialect that the scholar says it is; the evidence is given all the same.
    """
    texts = [(source.text or "", [one for one in source.selections if _spoken(one)]) for source in tree.texts()]
    texts = [(text, chosen) for text, chosen in texts if chosen]
    if not texts:
        return Evidence(0, chosen=declared or Dialect(), declared=declared is not None)
    alike: dict[bytes, tuple[Places, list[Dialect]]] = {}
    for dialect, spans in _tried(texts).items():
        alike.setdefault(spans.tobytes(), (spans, []))[1].append(dialect)
    groups = list(alike.values())
    named = np.array([_named(texts, spans) for spans, _ in groups])
    telling = named.any(axis=0)
    characters = _around(texts, [spans for spans, _ in groups])
    scores = [np.vstack([word_edges(edges, spans), 2.0 * (names & telling)])
              for edges, (spans, _), names in zip(characters, groups, named, strict=True)]  # fmt: skip
    tried = [_hypothesis(group, score, names, telling, reads) for group, score, names, reads
             in zip(groups, scores, named, _read(texts, [spans for spans, _ in groups]), strict=True)]  # fmt: skip
    chosen, rivals = _decided(groups, scores, tried, telling)
    order = sorted(range(len(tried)), key=lambda place: (-tried[place].score, tried[place].dialect.inclusive, place))
    return Evidence(telling.size, int(telling.sum()), tuple(tried[place] for place in order), declared or chosen,
                    declared is not None, rivals)  # fmt: skip


def _spoken(one: Selection) -> bool:
    """Whether a selection can be evidence: it has both ends, and something between them."""
    start, end = one.place.start, one.place.end
    return start is not None and end is not None and start != end


def _tried(texts: Sequence[Spoken]) -> dict[Dialect, Places]:
    """The spans of all selections under every dialect, 2 by n each; text by text, for a text may be long."""
    found: dict[Dialect, list[Places]] = {dialect: [] for dialect in DIALECTS}
    for text, selections in texts:
        ruler, written = Ruler(text), _written(selections)
        for dialect in sorted(DIALECTS, key=lambda one: (one.units, one.newline)):
            found[dialect].append(np.stack(ruler.spans(dialect, *written)))
    return {dialect: np.concatenate(spans, axis=1) for dialect, spans in found.items()}


def _written(selections: Sequence[Selection]) -> tuple[list[int], list[int]]:
    return [one.place.start or 0 for one in selections], [one.place.end or 0 for one in selections]


def _hypothesis(
    group: tuple[Places, list[Dialect]], score: Any, names: Any, telling: Any, reads: str
) -> Hypothesis:
    spans, dialects = group
    starts, ends = score[0], score[1]
    worth = 2.0 * len(starts) + 2.0 * telling.sum()
    inside = float((spans[0] != NOWHERE).mean())
    return Hypothesis(tuple(dialects), inside, float(starts.mean()), float(ends.mean()), int(names.sum()),
                      float(score.sum() / worth), reads)  # fmt: skip


def _read(texts: Sequence[Spoken], tried: Sequence[Places]) -> list[str]:
    """The words, under each of several spans of all selections, of the selection on which they differ most: whoever
    knows what was selected there can tell which dialect it is."""
    if len(tried) == 1:
        return [""]
    ordered = np.sort(np.stack([spans[0] * 2**32 + spans[1] for spans in tried]), axis=0)
    place = int((np.diff(ordered, axis=0) != 0).sum(axis=0).argmax())
    bounds = [spans[:, place].tolist() for spans in tried]
    for text, selections in texts:
        if place < len(selections):
            plain = text.removeprefix(BOM)
            return ["" if start == NOWHERE else _cut(plain[start:end]) for start, end in bounds]
        place -= len(selections)
    return [""] * len(tried)


def _cut(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= READ else f"{plain[: READ - 1]}…"


def _decided(
    groups: Sequence[tuple[Places, list[Dialect]]], scores: Sequence[Any], tried: Sequence[Hypothesis], telling: Any
) -> tuple[Dialect | None, tuple[str, ...]]:
    """The winner, or None and those it cannot be told from.

    Every program known excludes the end; that it is included must clearly show, and need not be ruled out.
    """
    def clear(first: int, second: int) -> bool:
        differ = (groups[first][0] != groups[second][0]).any(axis=0)
        lead = float((scores[first] - scores[second]).sum(axis=0)[differ].sum())
        return bool(lead >= max(LEAD, LEAD_SHARE * (2.0 * differ.sum() + 2.0 * telling[differ].sum())))

    excluding = [place for place, one in enumerate(tried) if not one.dialect.inclusive]
    best = max(excluding, key=lambda place: tried[place].score)
    including = [place for place, one in enumerate(tried) if one.dialect.inclusive and clear(place, best)]
    field: Iterable[int] = excluding
    if including:
        best = max(including, key=lambda place: tried[place].score)
        field = range(len(tried))
    rivals = tuple(tried[place].dialect.id for place in field if place != best and not clear(best, place))
    fits = len(tried) == 1 or tried[best].score >= FIT
    return (tried[best].dialect if fits and not rivals else None), rivals


def _around(texts: Sequence[Spoken], tried: Sequence[Places]) -> list[Any]:
    """For each of several spans of all selections, the characters around their ends; 4 by n."""
    found: list[list[Any]] = [[] for _ in tried]
    at = 0
    for text, selections in texts:
        ruler = Ruler(text)
        for characters, spans in zip(found, tried, strict=True):
            characters.append(around(ruler, spans[:, at : at + len(selections)]))
        at += len(selections)
    return [np.concatenate(characters, axis=1) for characters in found]


def _named(texts: Sequence[Spoken], spans: Places) -> Any:
    """Which selections have a name or a description that repeats their text under one dialect."""
    found: list[bool] = []
    bounds = spans.T.tolist()
    for text, selections in texts:
        text = text.removeprefix(BOM)
        for one in selections:
            start, end = bounds[len(found)]
            words = text[start:end] if start != NOWHERE and (one.name or one.description) else ""
            found.append(bool(words) and any(repeats(said, words) for said in (one.name, one.description)))
    return found
