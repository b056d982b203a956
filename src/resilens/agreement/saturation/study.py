"""Was enough read? Whether new codes, and new pairs of a code with a stage, still appear; said of what was coded only.

Only *emergent* codes can saturate: those that the study's own coding brought. Codes that came with the framework were
there before the first thread was read; when each of them was first applied is described, and nothing is concluded from
it. Counting tells of code saturation; saturation of meaning is the researchers' own statement, see `meaning`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from resilens.agreement.saturation.growth import Growth, Settings, growth_of
from resilens.agreement.saturation.incidence import Incidence
from resilens.agreement.saturation.meaning import Category, categories
from resilens.agreement.saturation.threads import Applied, ThreadsRead, read_threads
from resilens.coding.codebook import latest
from resilens.coding.codes import Codebook
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Record
from resilens.results.tables import Table, counted
from resilens.results.types import Undefined, to_dict
from resilens.sampling.drawfile import Draw, read_draw
from resilens.sampling.estimates import refusal
from resilens.study.folder import Folder
from resilens.study.frameworks import framework
from resilens.study.model import Study
from resilens.study.words import did_you_mean

CUSTOMARY = Settings()

STAGE = "stage"
"""The facet that holds the stages of the framework."""

SPLITS = ("stage", "hashtag", "language", "group")


@dataclass(frozen=True, slots=True)
class Split:
    """One part of what was read: the items of one stage, hashtag, language or group, with the growth of its codes."""

    by: str
    value: str
    growth: Growth


@dataclass(frozen=True, eq=False)
class StudySaturation:
    """What `study.saturation()` gives.

    Parameters
    ----------
    codes, pairs
        How the lists of emergent codes and of their pairs with a stage grew; Undefined, with the reason, where the
        study has no emergent codes.
    first_use, first_use_pairs
        The same of every code in use, those of the framework too: a description of when each was first applied.
    splits
        The growth by stage, hashtag, language and group: of emergent codes where there are any, else of all.
    categories
        Every code in use with its history and the researchers' statements.
    reading
        What was read, by whom, in which rounds, and which rounds are left out since they are blind.
    frame
        What was read, in words.
    caution
        Why nothing generalises beyond the threads coded (a ranked sample, none at all); empty where intervals are
        allowed.
    settings
        What the results depend on.
    """

    codes: Growth | Undefined
    pairs: Growth | Undefined
    first_use: Growth
    first_use_pairs: Growth
    splits: tuple[Split, ...]
    categories: tuple[Category, ...]
    reading: ThreadsRead
    frame: str
    caution: str
    settings: Settings
    merged: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Growth, Growth]:
        """The lists whose growth is shown: of emergent codes and pairs where there are any, else of all in use."""
        if isinstance(self.codes, Growth) and isinstance(self.pairs, Growth):
            return self.codes, self.pairs
        return self.first_use, self.first_use_pairs

    @property
    def emergent(self) -> bool:
        return isinstance(self.codes, Growth)

    def batches(self) -> list[dict[str, int]]:
        """New codes and pairs a batch of threads, in coding order: first and last thread, and what each brought."""
        codes, pairs = (growth.incidence.new for growth in self.shown)
        threads, size = len(self.reading.threads), self.settings.batch
        rows, seen = [], 0
        for start in range(0, threads, size):
            end = min(start + size, threads)
            new = int(codes[start:end].sum())
            seen += new
            rows.append({"first": start + 1, "last": end, "new_codes": new, "new_pairs": int(pairs[start:end].sum()),
                         "codes": seen})  # fmt: skip
        return rows

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        def told(growth: Growth | Undefined) -> dict[str, Any]:
            return growth.to_dict() if isinstance(growth, Growth) else to_dict(growth)

        return {
            "threads": len(self.reading.threads), "items": len(self.reading.items),
            "coders": list(self.reading.coders), "rounds": list(self.reading.rounds),
            "blind": list(self.reading.blind), "frame": self.frame, "caution": self.caution,
            "settings": asdict(self.settings), "merged": dict(self.merged),
            "emergent_codes": told(self.codes), "emergent_pairs": told(self.pairs),
            "first_use": told(self.first_use), "first_use_pairs": told(self.first_use_pairs),
            "batches": self.batches(),
            "splits": [{"by": one.by, "value": one.value, **one.growth.to_dict()} for one in self.splits],
            "categories": [asdict(one) | {"overtaken": one.overtaken} for one in self.categories],
        }  # fmt: skip

    def figure(self, by: str = "", *, synthetic: bool = False) -> Mapping[str, Any]:
        """The growth as a Vega-Lite specification: codes above pairs, or a panel for each stage, hashtag, ... (`by`).

        Raises
        ------
        InputError
            If there is no such part, or nothing was coded.
        """
        from resilens.agreement.saturation.figure import growth_figure

        if by and by not in SPLITS:
            raise InputError(f"no part {by!r}{did_you_mean(by, SPLITS)}; one of {', '.join(SPLITS)}")
        growths = [one.growth for one in self.splits if one.by == by] if by else list(self.shown)
        if not self.reading.threads or not growths:
            raise InputError("nothing was coded that a figure could show")
        return growth_figure(growths, synthetic=synthetic)

    def tables(self) -> dict[str, Table]:
        """The tables that there are, by name: lists, rules, batches, parts, codes."""
        from resilens.agreement.saturation import tables as shown

        tables = {"lists": shown.lists_table(self), "rules": shown.rules_table(self),
                  "batches": shown.batches_table(self), "parts": shown.splits_table(self),
                  "codes": shown.categories_table(self)}  # fmt: skip
        return {name: table for name, table in tables.items() if table.rows}

    def lines(self) -> list[str]:
        """For a terminal: the sentences, then new codes a batch."""
        from resilens.agreement.saturation.sentences import saturation_lines

        return saturation_lines(self)

    def paragraph(self) -> str:
        """For the paper."""
        from resilens.agreement.saturation.sentences import saturation_paragraph

        return saturation_paragraph(self)

    def _repr_html_(self) -> str:
        from html import escape

        return "".join(f"<p>{escape(line)}</p>" for line in self.lines())


def saturation_of(
    record: Record, corpus: Corpus, shipped: Collection[str], draw: Draw | None = None, *, round_id: str = "",
    coder: str = "", settings: Settings = CUSTOMARY,
) -> StudySaturation:  # fmt: skip
    """Saturation of a study's codings, by people, before consensus: a code counts where at least one coder gave it.

    Parameters
    ----------
    record, corpus
        The study's.
    shipped
        The ids of the codes that its framework brought; every other code is emergent.
    draw
        The sample in force; without one nothing generalises.
    round_id, coder
        Only of this round, of this coder; empty: of all that may be shown.
    settings
        The numbers of the rule, the batch, the random orders, the seed.

    Raises
    ------
    InputError
        If the round is blind or unknown, nobody of that name coded, or a setting is out of its bounds.
    """
    version = latest(record)
    book = version.codebook if version else Codebook()
    reading = read_threads(record, corpus, book.merges, round_id, coder)
    caution, frame = _caution(reading, draw), _frame(reading, draw)
    emergent = frozenset(one.code for one in reading.applied if one.code not in shipped)
    pairs = _pairs(reading, book)

    def growth(of: str, incidence: Incidence) -> Growth:
        return growth_of(of, incidence, settings, frame, interval=not caution)

    used = reading.incidence(reading.applied)
    own = [one for one in reading.applied if one.code in emergent]
    without = _without(reading, book)
    return StudySaturation(
        growth("emergent codes", reading.incidence(own)) if own else without,
        growth("emergent code-stage pairs", reading.incidence(own, called=pairs)) if own else without,
        growth("codes in use", used),
        growth("code-stage pairs in use", reading.incidence(reading.applied, called=pairs)),
        tuple(_splits(reading, own or reading.applied, book, draw, growth)),
        categories(record, reading, used, frozenset(shipped)), reading, frame, caution, settings,
        {old: new for old, new in book.merges.items() if new in used.codes},
    )  # fmt: skip


def of_study(
    folder: Folder, study: Study, record: Record, corpus: Corpus, *, round_id: str = "", coder: str = "",
    settings: Settings = CUSTOMARY,
) -> StudySaturation:  # fmt: skip
    """Saturation of the study in this folder: its framework, its sample in force; see `saturation_of`."""
    shipped = {code.id for code in framework(study.framework, folder.root).codes}
    draws = record.view("draws")
    draw = read_draw(folder.sample / f"{draws[-1]['draw']}.parquet") if draws else None
    return saturation_of(record, corpus, shipped, draw, round_id=round_id, coder=coder, settings=settings)


def _frame(reading: ThreadsRead, draw: Draw | None) -> str:
    read = f"the {counted(len(reading.threads), 'thread')} coded"
    return f"{read}, from: {draw.frame}" if draw else read


def _caution(reading: ThreadsRead, draw: Draw | None) -> str:
    if draw is None:
        return "no sample was drawn, so the threads coded stand for nothing but themselves"
    if reason := refusal(draw):
        return reason
    outside = len(set(reading.threads) - {item.cluster_id for item in draw.items})
    return f"{counted(outside, 'thread')} outside the sample were coded" if outside else ""


def _without(reading: ThreadsRead, book: Codebook) -> Undefined:
    if not reading.applied:
        return Undefined("no code was given")
    origin = f"the framework {book.framework}" if book.framework else "the framework"
    return Undefined(
        f"every code in use came with {origin}; codes that were there before the first thread was read cannot show "
        "whether coding was saturated"
    )


def _pairs(reading: ThreadsRead, book: Codebook) -> Callable[[Applied], Iterable[str]]:
    """For a code given: its pairs with the stages that the same coder gave to the same item."""
    stages = {code.id for code in book.codes if code.facet == STAGE}
    given: dict[tuple[str, str, str], list[str]] = {}
    for one in reading.applied:
        if one.code in stages:
            given.setdefault((one.item, one.coder, one.round), []).append(one.code)

    def pairs(one: Applied) -> list[str]:
        found = given.get((one.item, one.coder, one.round), ())
        return [] if one.code in stages else [f"{one.code} x {stage}" for stage in found]

    return pairs


def _splits(
    reading: ThreadsRead, applied: Sequence[Applied], book: Codebook, draw: Draw | None,
    growth: Callable[[str, Incidence], Growth],
) -> Iterator[Split]:  # fmt: skip
    """The parts in their order: stages as in the codebook, hashtags as in the draw, the rest by size."""
    for by, parts in _parts(reading, book, draw).items():
        for value, items in parts.items():
            threads = {reading.items[item].thread for item in items}
            within = [one for one in applied if one.item in items and one.code != value]
            yield Split(by, value, growth(f"{by}: {value}", reading.incidence(within, threads)))


def _parts(reading: ThreadsRead, book: Codebook, draw: Draw | None) -> dict[str, dict[str, set[str]]]:
    """The items of every part of every split."""
    hashtag_of = {item.cluster_id: item.hashtag for item in draw.items if item.is_post} if draw else {}
    stages = [code.id for code in book.codes if code.facet == STAGE]
    parts: dict[str, dict[str, set[str]]] = {by: {} for by in SPLITS}
    parts["stage"] = {stage: set() for stage in stages}
    parts["hashtag"] = {name: set() for name in dict.fromkeys(hashtag_of.values())}
    for one in reading.applied:
        if one.code in parts["stage"]:
            parts["stage"][one.code].add(one.item)
    for name, item in reading.items.items():
        parts["hashtag"].setdefault(hashtag_of.get(item.thread, "outside the sample"), set()).add(name)
        parts["language"].setdefault(item.language, set()).add(name)
        parts["group"].setdefault(item.group, set()).add(name)
    for by in ("language", "group"):
        parts[by] = dict(sorted(parts[by].items(), key=lambda part: (-len(part[1]), part[0])))
    return {by: {value: items for value, items in found.items() if items} for by, found in parts.items()}
