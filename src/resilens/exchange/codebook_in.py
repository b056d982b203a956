"""What would a codebook from another program change in the study's own, and how is that put on the record?

The proposal says everything before anything is written. Codes that the file does not have are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resilens.coding import codebook as kept
from resilens.coding.codes import Change, Codebook, checked, diff
from resilens.errors import Fault, InputError
from resilens.exchange.code_tree import CodeTree
from resilens.exchange.merging import Merging
from resilens.exchange.qdc_reading import read_qdc
from resilens.record.store import Record
from resilens.results.tables import counted

IMPORTER = "import"
SHOWN = 40
"""Changes that are said one by one; `to_dict` has them all."""


@dataclass(frozen=True, slots=True)
class CodebookProposal:
    """What a file would change; nothing of it is on the record yet.

    Parameters
    ----------
    file, origin
        The file's name, and the program that wrote it.
    base, codebook
        The study's codebook, and what it would become.
    changes
        How the two differ.
    read
        How many codes the file holds.
    folders
        How many more are folders: not to be coded with.
    left_alone
        Ids of the study's codes that the file does not have.
    notes
        What was odd about the file, and how it was read.
    losses
        What the file holds and Resilens has no place for.
    refused
        Why it cannot be imported; empty where it can.
    ids
        The code that each code of the file is or becomes, by its GUID in the file.
    """

    file: str
    origin: str
    base: Codebook
    codebook: Codebook
    changes: tuple[Change, ...]
    read: int
    folders: int = 0
    left_alone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    refused: tuple[Fault, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def new(self) -> tuple[str, ...]:
        """Ids of the codes that would be new."""
        return tuple(change.id for change in self.changes if (change.what, change.section) == ("added", "code"))

    def __str__(self) -> str:
        by = f", written by {self.origin}" if self.origin else ""
        folders = f" and {counted(self.folders, 'folder')}" if self.folders else ""
        lines = [f"{self.file}: a codebook of {counted(self.read, 'code')}{folders}{by}"]
        lines += [f"  {line}" for line in self.change_lines() or ["nothing would change"]]
        if self.left_alone:
            are = "is" if len(self.left_alone) == 1 else "are"
            lines.append(f"  {counted(len(self.left_alone), 'code')} of the study {are} not in the file; left alone")
        lines += [f"  note: {line}" for line in self.notes]
        lines += [f"  not carried: {line}" for line in self.losses]
        lines += [f"  refused: {fault}" for fault in self.refused]
        return "\n".join(lines)

    def change_lines(self, most: int = SHOWN) -> list[str]:
        """What would change, in lines, no more than `most` one by one; none where nothing would."""
        lines = []
        if self.new:
            more = f", and {len(self.new) - most:,} more" if len(self.new) > most else ""
            lines.append(f"{counted(len(self.new), 'new code')}: {', '.join(self.new[:most])}{more}")
        others = [change for change in self.changes if change.what != "added" or change.section != "code"]
        lines += [_short(change) for change in others[:most]]
        if len(others) > most:
            lines.append(f"and {len(others) - most:,} more changes")
        meaning = len({change.id for change in self.changes if change.what == "changed" and change.of_meaning})
        if meaning:
            lines.append(f"{counted(meaning, 'code')} would mean something else: codings made before may need a "
                         f"second look")  # fmt: skip
        return lines

    def to_dict(self) -> dict[str, Any]:
        fields = ("what", "section", "id", "field", "before", "after")
        return {
            "file": self.file, "origin": self.origin, "read": self.read, "folders": self.folders, "new": list(self.new),
            "changes": [{name: getattr(change, name) for name in fields} for change in self.changes],
            "left_alone": list(self.left_alone), "notes": list(self.notes), "losses": list(self.losses),
            "refused": [str(fault) for fault in self.refused],
        }  # fmt: skip


def _short(change: Change, most: int = 60) -> str:
    """A change on one line, long texts cut."""
    texts = [", ".join(value) if isinstance(value, tuple) else str(value).replace("\n", " ")
             for value in (change.before, change.after)]  # fmt: skip
    cut = [text if len(text) <= most else f"{text[: most - 1]}…" for text in texts]
    return str(Change(change.what, change.section, change.id, change.field, *cut))


def propose_codebook(path: Path, codebook: Codebook, study: str) -> CodebookProposal:
    """What a .qdc file would change.

    A code of the file is one of the study's where it has its GUID, names its id in an `[Id]` paragraph, or stands at
    the same place with the same name. Anything else is a new code. A blank description or colour changes nothing.

    Parameters
    ----------
    path
        The file.
    codebook, study
        The study's codebook as it stands, and its title.

    Raises
    ------
    InputError
        If the file is no codebook or not to be trusted; see `read_qdc`.
    """
    tree, notes = read_qdc(path)
    return proposal_of(tree, codebook, study, path.name, notes)


def proposal_of(
    tree: CodeTree, codebook: Codebook, study: str, file: str, notes: Sequence[str] = ()
) -> CodebookProposal:
    """What a tree that was read from `file` would change; see `propose_codebook`."""
    merging = Merging(tree, codebook, study, file)
    merged = merging.result()
    refused: tuple[Fault, ...] = ()
    try:
        checked(merged)
    except InputError as error:
        refused = error.faults
    codable = [node.codable for node, _ in tree.walk()]
    left_alone = tuple(code.id for code in codebook.codes if code.id not in merging.met)
    return CodebookProposal(
        file, tree.origin, codebook, merged, tuple(diff(codebook, merged)), codable.count(True), codable.count(False),
        left_alone, (*notes, *_by_name(merging), *_counted(merging.notes)), _losses(tree, merging), refused,
        merging.ids,
    )  # fmt: skip


def _by_name(merging: Merging) -> list[str]:
    if not merging.by_name:
        return []
    shown = ", ".join(merging.by_name[:8]) + (", ..." if len(merging.by_name) > 8 else "")
    return [f"taken for codes of the study by name and place, since their GUIDs are new: {shown}"]


def _counted(notes: Sequence[str]) -> list[str]:
    return [f"{words} ({times} times)" if times > 1 else words for words, times in Counter(notes).items()]


def _losses(tree: CodeTree, merging: Merging) -> tuple[str, ...]:
    said = []
    parts = {
        "what sets of codes say of themselves": [one.name for one in tree.sets if one.description.strip()],
        "sets without a code of this study": [one.name for one in tree.sets if not set(one.members) & set(merging.ids)],
    }
    said += [f"{words}: {_some(names)}" for words, names in parts.items() if names]
    if merging.folders:
        folders = counted(len(merging.folders), "folder")
        said.append(f"that {folders} cannot be coded with; here they are codes like others: {_some(merging.folders)}")
    return tuple(said)


def _some(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(map(repr, names[:most])) + (", ..." if len(names) > most else "")


def import_codebook(folder: Path, record: Record, proposal: CodebookProposal) -> kept.Version | None:
    """Make what was proposed the codebook in force, as one new version; None where nothing changes.

    Raises
    ------
    InputError
        If the proposal is refused, or the codebook has changed since it was made.
    """
    if proposal.refused:
        raise InputError(proposal.refused)
    current = kept.latest(record)
    if current is not None and current.codebook.sha256 != proposal.base.sha256:
        words = "the codebook has changed since this was proposed; import the file again"
        raise InputError(Fault(words, proposal.file))
    if not proposal.changes:
        return None
    by = f" ({proposal.origin})" if proposal.origin else ""
    return kept.change(folder, record, proposal.codebook, IMPORTER, "import", f"imported from {proposal.file}{by}")
