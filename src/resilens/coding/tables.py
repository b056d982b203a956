"""How do codings made in a spreadsheet come onto the record, and what would change first?

`read_codings` reads a table and proposes; `import_codings` appends the proposal in one transaction, each coding with
its coder as the actor and `import` as the kind of actor. Importing the same table twice changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resilens.coding.cells import Damaged, Sheet, looks_like_number, plain, read_sheet
from resilens.coding.codebook import Version, latest
from resilens.coding.codes import Code
from resilens.coding.codings import TARGET, WHOLE
from resilens.coding.exporting import export_codings
from resilens.coding.items import Items
from resilens.coding.layout import Layout, Mark, Unfolding, layout_of, text_of
from resilens.coding.rounds import CONSENSUS, opening, rounds
from resilens.coding.spans import Targets
from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.store import Record
from resilens.results.tables import counted
from resilens.study.words import did_you_mean

__all__ = ["Coding", "Options", "Proposal", "export_codings", "import_codings", "read_codings"]

IMPORTER = "import"
"""The actor that opens a round for codings that come from a table."""

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """How a table of codings is read.

    Parameters
    ----------
    coder
        Whose codings these are, where no column (or a blank cell) says it.
    round_id
        Their round, where no column says it; opened as an independent one if there is none of that name.
    replace
        Whether the table is all that its coders coded in its rounds, so that what it does not hold is removed.
    coders
        The coders the study declares; a table may then name no other. Empty: it may name anybody.
    ignore
        Columns to leave out.
    """

    coder: str = ""
    round_id: str = "round-1"
    replace: bool = False
    coders: Sequence[str] = ()
    ignore: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Coding:
    """A coding as a table gives it; `code_id` is empty where nothing applies, `target` has the keys of `TARGET`."""

    row: int
    coder: str
    round_id: str
    item_id: str
    code_id: str
    second_item: str
    target: Mapping[str, Any]
    text_sha256: str
    memo: str | None  # None: the table has no column for it

    @property
    def key(self) -> Key:
        """What makes it this coding and no other."""
        return (self.round_id, self.coder, self.item_id, self.code_id, self.second_item, *map(self.target.get, TARGET))

    def body(self) -> dict[str, Any]:
        """The body of its `coding.set`."""
        return {"item_id": self.item_id, "code_id": self.code_id, "nothing_applies": not self.code_id, **self.target,
                "second_item": self.second_item, "text_sha256": self.text_sha256, "memo": self.memo or ""}  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """What importing a table would change; nothing is changed yet. `str` gives it to read.

    Parameters
    ----------
    file, layout
        The file's name; `long` or `wide`.
    new, changed, unchanged
        Codings the record does not have; those whose memo would change (with `replace`); those it has already.
    removed
        Rows of the record's codings that would be taken back (with `replace`).
    kept
        How many codings of these coders in these rounds the record has and the table does not (without `replace`).
    refused
        What is wrong with the table, row by row; while there is any, `import_codings` refuses the table.
    rows, unread
        Rows read, and those left blank: items that were not read by the coder.
    ignored
        Columns that were not used.
    openings
        The events that open (or add coders to) the rounds needed.
    codebook_version
        The version of the codebook under which the codings are recorded.
    """

    file: str
    layout: str
    new: tuple[Coding, ...]
    changed: tuple[Coding, ...]
    unchanged: tuple[Coding, ...]
    removed: tuple[Mapping[str, Any], ...]
    kept: int
    refused: tuple[Fault, ...]
    rows: int
    unread: int
    ignored: tuple[str, ...]
    openings: tuple[Draft, ...] = field(repr=False)
    codebook_version: int

    @property
    def changes(self) -> bool:
        """Whether importing it would change anything."""
        return bool(self.new or self.changed or self.removed)

    def by_coder(self) -> dict[str, dict[str, int]]:
        """For each coder: new, changed, unchanged, removed, items read, and items to which nothing applies."""
        found: dict[str, dict[str, int]] = {}
        every = (*self.new, *self.changed, *self.unchanged)
        for coder in sorted({coding.coder for coding in every} | {row["coder"] for row in self.removed}):
            own = [coding for coding in every if coding.coder == coder]
            found[coder] = {
                name: sum(coding.coder == coder for coding in getattr(self, name))
                for name in ("new", "changed", "unchanged")
            }
            found[coder]["removed"] = sum(row["coder"] == coder for row in self.removed)
            found[coder]["items"] = len({coding.item_id for coding in own})
            found[coder]["nothing"] = len({coding.item_id for coding in own if not coding.code_id})
        return found

    def by_code(self) -> dict[str, int]:
        """How often the table gives each code, the most frequent first."""
        every = (*self.new, *self.changed, *self.unchanged)
        counts = Counter(coding.code_id for coding in every if coding.code_id)
        return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))

    def to_dict(self) -> dict[str, Any]:
        """The same for machines, in values JSON can hold."""
        return {
            "file": self.file, "layout": self.layout, "rows": self.rows, "unread": self.unread,
            "new": len(self.new), "changed": len(self.changed), "removed": len(self.removed),
            "unchanged": len(self.unchanged), "kept": self.kept, "coders": self.by_coder(), "codes": self.by_code(),
            "opens": [draft.round_id for draft in self.openings], "ignored": list(self.ignored),
            "refused": [str(fault) for fault in self.refused],
        }  # fmt: skip

    def __str__(self) -> str:
        lines = [f"{self.file}: a {self.layout} table of {counted(self.rows, 'row')}"]
        lines += [f"  would open {draft.round_id} for {', '.join(draft.body['coders'])}" for draft in self.openings]
        for coder, number in self.by_coder().items():
            lines.append(
                f"  {coder}: {number['new']} new, {number['changed']} changed, {number['removed']} removed, "
                f"{number['unchanged']} unchanged; {counted(number['items'], 'item')} read, "
                f"{number['nothing']} of them with nothing that applies"
            )
        codes = ", ".join(f"{code} {count}" for code, count in self.by_code().items())
        lines += [f"  codes: {codes}"] if codes else []
        lines += [f"  {counted(self.unread, 'blank row')}: not read"] if self.unread else []
        stay = f"  {self.kept} on the record and not in the table stay (--replace removes them)"
        lines += [stay] if self.kept else []
        lines += [f"  columns not used: {', '.join(self.ignored)}"] if self.ignored else []
        lines += [f"  refused: {fault}" for fault in self.refused]
        return "\n".join(lines if self.changes or self.refused else [*lines, "  nothing would change"])


def read_codings(path: Path, record: Record, items: Items, options: Options = Options()) -> Proposal:  # noqa: B008
    """Read a table of codings and say what importing it would change.

    Parameters
    ----------
    path
        CSV, Excel or Parquet; long or wide (see docs/codings.md).
    record
        The study's record, which holds the codebook and earlier codings.
    items
        Where the items and texts are looked up; only those mentioned are.
    options
        Whose codings, which round, whether they replace.

    Returns
    -------
    Proposal
        With every row that is refused and why.

    Raises
    ------
    InputError
        If the table as a whole cannot be read: no codebook, no file, columns that say nothing or are ambiguous.
    """
    version = latest(record)
    if version is None:
        raise InputError("there is no codebook yet, so no code can be recognised; begin one first")
    sheet = read_sheet(path)
    layout = layout_of(sheet, version.codebook, options.ignore)
    if "coder" not in layout.named and not options.coder.strip():
        words = "no column names the coder; add one, or say whose codings these are with --coder"
        raise InputError(Fault(words, sheet.name))
    unfolding = Unfolding(sheet, layout, version.codebook)
    reading = _Reading(sheet, layout, record, items, options)
    codings = reading.codings(unfolding.marks())
    refused = list(dict.fromkeys([*sheet.broken, *unfolding.faults, *reading.faults]))
    return _Comparison(sheet, record, options, version).proposal(codings, refused, layout, unfolding.unread)


class _Reading:
    """From marks to codings: who coded, which item, which place in its text."""

    def __init__(self, sheet: Sheet, layout: Layout, record: Record, items: Items, options: Options) -> None:
        self.faults: list[Fault] = []
        self._sheet, self._layout, self._items, self._options = sheet, layout, items, options
        known = [coder for opened in rounds(record) for coder in opened.coders]
        self._coders = {_folded(name): name for name in (*reversed(known), *options.coders)}
        self._closed = {_folded(name) for name in options.coders}

    def codings(self, marks: Sequence[Mark]) -> list[Coding]:
        mentioned = {row: self._mention(row, marks_) for row, marks_ in _first_of_each_row(marks).items()}
        seconds = {text_of(mark.cells["second_item"]) for mark in marks if "second_item" in mark.cells} - {""}
        found = self._items.find({name for name in mentioned.values() if name} | seconds)
        items: dict[int, str] = {}
        for row, name in mentioned.items():
            if name and (item := self._the_one(row, name, found.get(name, []))):
                items[row] = item
        with_text = {items[mark.row] for mark in marks if mark.row in items and Targets.needs_text(mark.cells)}
        targets = Targets(self._items.texts(with_text) if with_text else {})
        who = {row: self._coder(row, mark) for row, mark in _first_of_each_row(marks).items()}
        codings = [self._coding(mark, items[mark.row], who[mark.row], found, targets)
                   for mark in marks if mark.row in items and who[mark.row]]  # fmt: skip
        return [coding for coding in codings if coding is not None]

    def _mention(self, row: int, mark: Mark) -> str:
        for role in ("item", "comment", "post"):
            cell = mark.cells.get(role, "")
            if isinstance(cell, Damaged):
                self._fault(row, f"{cell.shown}: {cell.reason}", role)
                return ""
            if text := text_of(cell):
                return text
        self._fault(row, "the row names no item", "item")
        return ""

    def _the_one(self, row: int, name: str, found: Sequence[str], role: str = "item") -> str:
        if len(found) == 1:
            return found[0]
        if found:
            self._fault(row, f"{name!r} may be {' or '.join(found)}; write the whole id", role)
        elif looks_like_number(name):
            words = "a spreadsheet turned this id into a number; take it from an export, in a column formatted as text"
            self._fault(row, f"{name}: {words}", role)
        else:
            words = "in the corpus; see that its capture was added and that the id is whole"
            self._fault(row, f"no item {name!r} {words}", role)
        return ""

    def _coder(self, row: int, mark: Mark) -> str:
        cell = mark.cells.get("coder", "")
        if isinstance(cell, Damaged):
            self._fault(row, f"{cell.shown}: {cell.reason}", "coder")
            return ""
        name = unicodedata.normalize("NFC", text_of(cell) or self._options.coder.strip())
        folded = _folded(name)
        if not name:
            self._fault(row, "the row names no coder; fill the cell, or say it with --coder", "coder")
        elif folded == CONSENSUS:
            self._fault(row, "consensus is no coder: it is settled on the record from the coders' own codings", "coder")
        elif self._closed and folded not in self._closed:
            hint = did_you_mean(name, self._options.coders) or f"; there are {', '.join(self._options.coders)}"
            self._fault(row, f"the study declares no coder {name!r}{hint}", "coder")
        else:
            return self._coders.setdefault(folded, name)
        return ""

    def _coding(
        self, mark: Mark, item: str, coder: str, found: Mapping[str, list[str]], targets: Targets
    ) -> Coding | None:
        faults = len(self.faults)
        for role, cell in mark.cells.items():
            if isinstance(cell, Damaged) and role not in ("code", "item", "post", "comment", "coder"):
                self._fault(mark.row, f"{cell.shown}: {cell.reason}", role)
        if len(self.faults) > faults:
            return None
        second = text_of(mark.cells.get("second_item", ""))
        if second:
            second = self._the_one(mark.row, second, found.get(second, []), "second_item")
        target: Mapping[str, Any] = WHOLE
        sha = ""
        if mark.code is None and Targets.named(mark.cells):
            self._fault(mark.row, "that nothing applies is said of a whole item; leave the place blank", "code")
        elif mark.code is not None:
            target, sha, wrong = targets.of(item, mark.cells)
            for words, role in wrong:
                self._fault(mark.row, words, role)
        if len(self.faults) > faults:
            return None
        memo = str(mark.cells["memo"]) if "memo" in mark.cells else None
        round_id = text_of(mark.cells.get("round", "")) or self._options.round_id
        return Coding(mark.row, coder, round_id, item, mark.code.id if mark.code else "", second, target, sha, memo)

    def _fault(self, row: int, words: str, role: str) -> None:
        column = self._layout.named.get(role, "")
        self.faults.append(Fault(words, self._sheet.where(row, column)))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _first_of_each_row(marks: Iterable[Mark]) -> dict[int, Mark]:
    first: dict[int, Mark] = {}
    for mark in marks:
        first.setdefault(mark.row, mark)
    return first


class _Comparison:
    """What a table's codings are beside those the record holds."""

    def __init__(self, sheet: Sheet, record: Record, options: Options, version: Version) -> None:
        self._sheet, self._record, self._options, self._version = sheet, record, options, version
        self._refused: list[Fault] = []

    def proposal(
        self, codings: Sequence[Coding], refused: Sequence[Fault], layout: Layout, unread: int
    ) -> Proposal:  # fmt: skip
        self._refused = list(refused)
        given = self._without_contradictions(codings)
        sources = sorted({(coding.round_id, coding.coder) for coding in given.values()})
        held = {_key_of(row): row for round_id, coder in sources
                for row in self._record.view("codings", round_id=round_id, coder=coder)}  # fmt: skip
        sorted_out = self._sorted_out(given, held)
        new, changed, unchanged = (tuple(sorted_out[name]) for name in ("new", "changed", "unchanged"))
        # A table some of whose rows are refused does not say what it lacks.
        gone = [row for key, row in held.items() if key not in given]
        removed = tuple(gone) if self._options.replace and not self._refused else ()
        openings = self._openings(new + changed, removed)
        return Proposal(
            self._sheet.name, layout.kind, new, changed, unchanged, removed, 0 if self._options.replace else len(gone),
            tuple(self._refused), len(self._sheet.rows), unread, layout.ignored, openings, self._version.number,
        )  # fmt: skip

    def _without_contradictions(self, codings: Sequence[Coding]) -> dict[Key, Coding]:
        """Each coding once; a coding given twice with different memos, and codes beside "nothing applies", refused."""
        given: dict[Key, Coding] = {}
        said: dict[tuple[str, str, str], Coding] = {}
        for coding in codings:
            earlier = given.get(coding.key)
            if earlier is not None:
                if (earlier.memo or "") != (coding.memo or ""):
                    self._refuse(coding, f"this coding stands in {self._sheet.unit} {earlier.row} with another memo")
                continue
            first = said.setdefault((coding.round_id, coding.coder, coding.item_id), coding)
            if bool(first.code_id) != bool(coding.code_id):
                here, there = ("a code", "nothing applies") if coding.code_id else ("nothing applies", "a code")
                words = f"for {coding.item_id} here stands {here}, and in {self._sheet.unit} {first.row} {there}"
                self._refuse(coding, f"{words}; take one of the two out")
                continue
            given[coding.key] = coding
        return given

    def _sorted_out(
        self, given: Mapping[Key, Coding], held: Mapping[Key, Mapping[str, Any]]
    ) -> dict[str, list[Coding]]:
        nothing = {
            (row["round_id"], row["coder"], row["item_id"]): bool(row["nothing_applies"]) for row in held.values()
        }
        found: dict[str, list[Coding]] = {"new": [], "changed": [], "unchanged": []}
        for key, coding in given.items():
            row = held.get(key)
            if row is None:
                before = nothing.get((coding.round_id, coding.coder, coding.item_id))
                if before is not None and before == bool(coding.code_id) and not self._options.replace:
                    there = "nothing applies" if before else "there are codes"
                    words = f"on the record {there} for {coding.coder} and {coding.item_id}; import with --replace"
                    self._refuse(coding, f"{words} if the table is right")
                elif words := self._not_allowed(coding):
                    self._refuse(coding, words)
                else:
                    found["new"].append(coding)
            elif not self._another_memo(coding, row):
                found["unchanged"].append(coding)
            elif self._options.replace:
                found["changed"].append(coding)
            else:
                self._refuse(coding, "the record has another memo for this coding; import with --replace to change it")
        return found

    def _another_memo(self, coding: Coding, row: Mapping[str, Any]) -> bool:
        """Whether the table says another memo; a blank one says nothing, unless the table replaces."""
        if coding.memo is None or not (coding.memo or self._options.replace):
            return False
        return plain(coding.memo) != plain(row["memo"] or "")

    def _not_allowed(self, coding: Coding) -> str:
        """Why this coding may not be new, or nothing."""
        if not coding.code_id:
            return ""
        code: Code = self._version.codebook.code(coding.code_id)
        if not code.active:
            return f"the code {code.id} is retired; codings that hold it stay, and it is given to no new one"
        if code.second_item and not coding.second_item:
            return f"the code {code.id} relates two items; name the other in a column second_item"
        if coding.target["field"] and not coding.text_sha256:
            return f"{coding.target['field']} of {coding.item_id} is not known here, so no span of it can be new"
        return ""

    def _openings(self, coming: Sequence[Coding], removed: Sequence[Mapping[str, Any]]) -> tuple[Draft, ...]:
        """Rounds to open or to widen; what a round does not allow is refused."""
        known = {opened.id: opened for opened in rounds(self._record)}
        opened_by = {row["round_id"]: row["actor"] for row in self._record.view("rounds")}
        wanted: dict[str, set[str]] = {}
        for round_id, coder in [(coding.round_id, coding.coder) for coding in coming] + [
            (str(row["round_id"]), str(row["coder"])) for row in removed
        ]:
            wanted.setdefault(round_id, set()).add(coder)
        drafts = []
        for round_id, coders in sorted(wanted.items()):
            there = known.get(round_id)
            missing = sorted(coders - set(there.coders if there else ()))
            if there and not there.open:
                words = f"{round_id} is {there.state} and changes no more; import into another round (--round)"
                self._refused.append(Fault(words, self._sheet.name))
            elif there and there.mode == "independent" and self._record.view("consensus", round_id=round_id):
                words = f"consensus has begun on {round_id}: its independent codings stay as they were before it"
                self._refused.append(Fault(f"{words}; import into another round (--round)", self._sheet.name))
            elif there and missing and opened_by[round_id] != IMPORTER:
                words = f"{', '.join(missing)} is no coder of {round_id}; whoever leads the study adds coders"
                self._refused.append(Fault(words, self._sheet.name))
            elif missing:
                names = [*(there.coders if there else ()), *missing]
                mode = there.mode if there else "independent"
                drafts.append(opening(round_id, mode, names, IMPORTER, "import", items=there.items if there else (),
                                      codebook_version=self._version.number))  # fmt: skip
        return tuple(drafts)

    def _refuse(self, coding: Coding, words: str) -> None:
        self._refused.append(Fault(words, self._sheet.where(coding.row)))


def _key_of(row: Mapping[str, Any]) -> Key:
    return (row["round_id"], row["coder"], row["item_id"], row["code_id"], row["second_item"],
            *(row[name] for name in TARGET))  # fmt: skip


def import_codings(record: Record, proposal: Proposal, partial: bool = False) -> list[Event]:
    """Append what a proposal would change, in one transaction.

    Parameters
    ----------
    record
        The record it was proposed for.
    proposal
        What `read_codings` gave.
    partial
        Whether the good rows are taken although others are refused.

    Returns
    -------
    list of Event
        What was appended: rounds opened, codings removed, codings set; empty where nothing changes.

    Raises
    ------
    InputError
        With every refused row, unless `partial`.
    """
    if proposal.refused and not partial:
        raise InputError(proposal.refused)
    drafts = list(proposal.openings) if proposal.changes else []
    for row in proposal.removed:
        body = {name: row[name] for name in ("item_id", "code_id", "nothing_applies", "second_item", *TARGET)}
        body["reason"] = f"not in {proposal.file}"
        drafts.append(_draft("coding.removed", body, row["coder"], row["round_id"], proposal.codebook_version))
    for coding in (*proposal.changed, *proposal.new):
        drafts.append(_draft("coding.set", coding.body(), coding.coder, coding.round_id, proposal.codebook_version))
    return record.append_all(drafts)


def _draft(kind: str, body: dict[str, Any], coder: str, round_id: str, version: int) -> Draft:
    return Draft(kind, body["item_id"], body, coder, "import", round_id, version)
