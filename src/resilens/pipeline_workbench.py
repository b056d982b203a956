"""Which steps of a study belong to the workbench: packets that go out and come home, what is kept and still holds?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from resilens.coding.material import read_material
from resilens.coding.packet_merging import Merged, merge_packet
from resilens.coding.packets import ENDING, About, make_packet
from resilens.coding.rounds import Round, rounds
from resilens.errors import InputError

if TYPE_CHECKING:
    from resilens.coding.codes import Codebook
    from resilens.corpus.engine import Corpus
    from resilens.measures.computing import Kept
    from resilens.record.store import Record
    from resilens.study.folder import Folder
    from resilens.study.model import Study


class Opened(Protocol):
    """What of an open study these steps need."""

    folder: Folder
    study: Study

    @property
    def record(self) -> Record: ...
    def corpus(self) -> Corpus: ...
    def codebook(self) -> Codebook: ...
    def sampled_items(self) -> list[str]: ...
    def corpus_inputs(self) -> dict[str, str]: ...


class WorkbenchSteps:
    """The steps of `OpenStudy` that the workbench adds."""

    def make_packet(
        self: Opened, coder: str, round_id: str = "", path: str | Path | None = None
    ) -> tuple[Path, About]:
        """Write one coder's part of an open round to a file of its own; see `coding.packets`.

        Parameters
        ----------
        coder
            Whose part.
        round_id
            Which round; the one that is open where there is just one.
        path
            The file; `ROUND-CODER.packet` in the current folder unless given.
        """
        self.codebook()
        asked = _open_round(self.record, round_id)
        target = Path(path) if path else Path(f"{asked.id}-{coder}{ENDING}".replace("/", "_"))
        with self.corpus() as corpus:
            material = read_material(corpus, list(asked.items) or self.sampled_items())
            about = make_packet(self.folder, self.study.study.title, self.record, corpus, material, asked.id, coder,
                                target)  # fmt: skip
        return target, about

    def kept_measures(self: Opened) -> list[Kept]:
        """Every measure as it was last computed, and why it is out of date where it is; nothing is computed."""
        from resilens.measures.computing import kept

        return kept(self.folder, self.study, self.record, self.corpus_inputs())

    def merge_packet(self: Opened, path: str | Path, by: str = "") -> Merged:
        """Bring what was done in a packet onto the record; see `coding.packet_merging`.

        Parameters
        ----------
        path
            The packet as it came back.
        by
            Who brings it in; the lead of the study unless given.
        """
        leads = [coder.name for coder in self.study.coders if coder.lead]
        names = leads or [coder.name for coder in self.study.coders]
        if not by and not names:
            raise InputError("study.toml names no coder; say who brings the packet in")
        return merge_packet(self.record, Path(path), by or names[0])


def _open_round(record: Record, round_id: str) -> Round:
    """The round that is meant."""
    found = rounds(record)
    if round_id:
        known = {one.id: one for one in found}
        if round_id not in known:
            raise InputError(f"there is no round {round_id!r}; there is {', '.join(known) or 'none yet'}")
        return known[round_id]
    still = [one for one in found if one.open and one.mode == "independent"]
    if len(still) != 1:
        names = ", ".join(one.id for one in still)
        raise InputError(f"several rounds are open: {names}; say which with --round" if still else
                         "no independent round is open; the lead opens one in the workbench (`resilens serve`, Rounds)")
    return still[0]
