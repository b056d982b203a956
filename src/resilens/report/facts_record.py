"""What did people do? The draw, the rounds, the codings, privacy, and the chain of events, from the record."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

from resilens.coding import rounds as coding_rounds
from resilens.coding.codebook import latest, versions
from resilens.coding.codebook_history import history
from resilens.coding.codes import Change, Code
from resilens.coding.sight import still_blind
from resilens.report.method_facts import (
    Chain,
    Codebook,
    CodebookVersion,
    CodeEntry,
    CoderWork,
    CodeUse,
    Draw,
    FlowRow,
    Frame,
    Pairs,
    Privacy,
    Round,
)
from resilens.results.tables import counted, day, listing
from resilens.sampling.drawfile import read_draw
from resilens.sampling.estimates import refusal
from resilens.study.zones import day_of

if TYPE_CHECKING:
    from resilens.record.store import Record
    from resilens.study.folder import Folder
    from resilens.study.model import Study

SOFTWARE = ("resilens", "duckdb", "ibis-framework", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "sqlalchemy",
            "vl-convert-python")  # fmt: skip


_ISO_DAY = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draw in force with its flow and its frame, and each drawn item's hashtag; all empty before any draw."""

    draw: Draw | None = None
    flow: tuple[FlowRow, ...] = ()
    flow_all: FlowRow | None = None
    ineligible: Pairs = ()
    frame: Frame | None = None
    hashtag_of: Mapping[str, str] = field(default_factory=dict)


def drawn(folder: Folder, record: Record, zone: str) -> Drawn:
    """The latest draw on the record, with what it says of itself.

    Raises
    ------
    InputError
        If its file is missing or damaged.
    """
    rows = record.view("draws")
    if not rows:
        return Drawn()
    row = rows[-1]
    kept = read_draw(folder.sample / f"{row['draw']}.parquet")
    why = refusal(kept)
    reasons = Counter(reason for stratum in kept.strata for reason, _ in stratum.ineligible)
    told: Sequence[Mapping[str, Any]] = (row["details"] or {}).get("flow", ())
    flow = [_flow_row(line) for line in told]
    whole = flow.pop() if flow else None
    return Drawn(
        Draw(row["draw"], row["sha256"], len(kept.posts), len(kept.items) - len(kept.posts),
             day_of(_moment(row["at"]), zone), not why, why),
        tuple(flow), whole, tuple(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        _frame(kept.frame, whole, told),
        {item.item_id: item.hashtag for item in kept.items},
    )  # fmt: skip


def _flow_row(line: Mapping[str, Any]) -> FlowRow:
    names = ("quota", "outside_dates", "duplicate", "in_frame", "examined", "ineligible", "refilled", "by_hand",
             "drawn", "shortfall")  # fmt: skip
    return FlowRow(hashtag=line["hashtag"], found=line["posts"], **{name: line[name] for name in names})


def _frame(description: str, whole: FlowRow | None, told: Sequence[Mapping[str, Any]]) -> Frame | None:
    if whole is None:
        return None
    return Frame(readable(description), whole.in_frame, any(line["source"] == "retrievals" for line in told[:-1]))


def readable(text: str) -> str:
    """Text with its days as a reader writes them: `2025-05-01` becomes `1 May 2025`."""
    return _ISO_DAY.sub(lambda match: day(date.fromisoformat(match.group(1))), text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def last_day(record: Record, zone: str) -> date | None:
    """The day of the latest event, but for those of rounds that are still blind."""
    _, last = record.outside(still_blind(record))
    return day_of(last.at, zone) if last else None


def chain(record: Record) -> Chain:
    """What a check of the chain of events found; how long it is would tell of rounds that are still blind."""
    found, blind = record.verify(), still_blind(record)
    if blind:
        number, _ = record.outside(blind)
        return Chain(number, "", found.sound, found.erased, blind)
    return Chain(found.events, found.head if found.events else "", found.sound, found.erased)


def privacy(study: Study, record: Record) -> Privacy:
    """What was declared about people, what was decided about single items, what was erased."""
    statuses = Counter(row["status"] for row in record.view("quoting"))
    erased = sum(row["kind"] == "item.erased" for row in record.view("erasures"))
    declared = study.privacy
    return Privacy(declared.quoting, tuple(sorted(statuses.items())), erased, declared.minimum_cell,
                   not declared.pseudonyms, declared.account_cohorts)  # fmt: skip


def rounds_of(record: Record) -> tuple[Round, ...]:
    """Every round, the one opened first first."""
    return tuple(Round(one.id, one.mode, one.state, one.coders, one.title) for one in coding_rounds.rounds(record))


def positionality(record: Record) -> tuple[str, ...]:
    """Who wrote each memo on the researchers' own position, in the order of writing."""
    memos = sorted(record.view("memos"), key=lambda row: (row["at"], row["memo_id"]))
    return tuple(row["actor"] for row in memos if row["type"] == "positionality" and (row["text"] or "").strip())


def codebook(record: Record, zone: str) -> Codebook:
    """The codebook in force, with how many active codes each facet has, every code, and every version."""
    version = latest(record)
    if version is None:
        return Codebook(0)
    book = version.codebook
    active = Counter(code.facet for code in book.codes if code.active)
    facets, names = {one.id: one.name for one in book.facets}, {one.id: one.name for one in book.codes}
    codes = tuple(
        CodeEntry(one.id, facets[one.facet], one.name, one.name_zh, names.get(one.parent, ""), one.definition,
                  one.use_when, one.not_when, one.role, one.source, _status(one, names))
        for facet in book.facets for one in book.codes if one.facet == facet.id
    )  # fmt: skip
    return Codebook(version.number, tuple((one.name, active[one.id]) for one in book.facets), codes,
                    _versions(record, zone))  # fmt: skip


def _status(code: Code, names: Mapping[str, str]) -> str:
    """Empty for a code in use; else that it is retired, and what took its place."""
    if code.active:
        return ""
    return f"retired, now {names.get(code.merged_into, code.merged_into)}" if code.merged_into else "retired"


def _versions(record: Record, zone: str) -> tuple[CodebookVersion, ...]:
    """Every version, the first first, with how much it changed."""
    sizes = {one.number: len(one.codebook.codes) for one in versions(record)}
    return tuple(
        CodebookVersion(step.number, day_of(_moment(step.at), zone), step.actor, sizes[step.number],
                        _changed(step.changes), step.reason)
        for step in reversed(history(record))
    )  # fmt: skip


def _changed(changes: Sequence[Change]) -> str:
    """How many codes and facets a version added, changed, took away: `2 codes changed`."""
    seen = Counter((section, what) for section, what, _ in {(one.section, one.what, one.id) for one in changes})
    return listing([f"{counted(number, section)} {what}" for (section, what), number in sorted(seen.items())])


def _named(row: Mapping[str, Any]) -> str:
    """The coder's name; a machine is marked as one, for it is never a human coder."""
    return f"{row['coder']} (machine)" if row["actor_kind"] == "machine" else str(row["coder"])


def _order(study: Study) -> dict[str, int]:
    return {coder.name: place for place, coder in enumerate(study.coders)}


def work(record: Record, study: Study) -> tuple[CoderWork, ...]:
    """What each coder has done in each round; blind rounds left out, for how much is done there is not told."""
    hidden = set(still_blind(record))
    kinds = {"machine": "machine", "import": "person, from a table"}
    items: dict[tuple[str, str, str], set[str]] = {}
    codings: Counter[tuple[str, str, str]] = Counter()
    for row in record.view("codings"):
        if row["round_id"] in hidden:
            continue
        key = (row["round_id"], row["coder"], kinds.get(row["actor_kind"], "person"))
        items.setdefault(key, set()).add(row["item_id"])
        codings[key] += 1
    order = _order(study)
    keys = sorted(items, key=lambda key: (key[0], order.get(key[1], len(order)), key[1], key[2]))
    return tuple(CoderWork(coder, kind, round_id, codings[round_id, coder, kind], len(items[round_id, coder, kind]))
                 for round_id, coder, kind in keys)  # fmt: skip


def uses(record: Record, study: Study, hashtag_of: Mapping[str, str]) -> tuple[CodeUse, ...]:
    """How often each coder used each code, by hashtag, posts and comments apart; blind rounds left out.

    A code that one coder used under a hashtag is told of every coder who read there, with 0 where it is none.
    """
    hidden = set(still_blind(record))
    read: dict[tuple[str, str, str, str], set[str]] = {}
    given: dict[tuple[str, str, str, str, str], set[str]] = {}
    for row in record.view("codings"):
        if row["round_id"] in hidden:
            continue
        unit = "posts" if ":p:" in row["item_id"] else "comments"
        key = (unit, hashtag_of.get(row["item_id"], ""), row["round_id"], _named(row))
        read.setdefault(key, set()).add(row["item_id"])
        if not row["nothing_applies"]:
            given.setdefault((*key[:3], row["code_id"], key[3]), set()).add(row["item_id"])
    tags = {name: place for place, name in enumerate(hashtag.name for hashtag in study.hashtags)}
    order = _order(study)
    codes = sorted({(*key[:3], key[3]) for key in given}, key=lambda key: (tags.get(key[1], len(tags)), key))
    coders = sorted({key[3] for key in read}, key=lambda name: (order.get(name, len(order)), name))
    return tuple(
        CodeUse(unit, hashtag, coder, code, len(given.get((unit, hashtag, round_id, code, coder), ())),
                len(read[unit, hashtag, round_id, coder]), round_id)
        for unit, hashtag, round_id, code in codes for coder in coders if (unit, hashtag, round_id, coder) in read
    )  # fmt: skip


def software() -> tuple[tuple[str, str], ...]:
    """The versions of what computed this, and Python's minor version."""
    versions = [(name, metadata.version(name)) for name in SOFTWARE]
    return (*versions, ("Python", f"{sys.version_info.major}.{sys.version_info.minor}"))
