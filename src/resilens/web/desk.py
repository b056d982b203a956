"""What does the server keep at hand between two requests? The study, its codebook and the threads of its sample.

Everything here can be made anew from the study's folder; each thing is, as soon as what it was made from has changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from resilens.claims.leaning import cited
from resilens.coding.assignments import ReadSoFar
from resilens.coding.codebook import changed_since_each, latest
from resilens.coding.codes import Codebook
from resilens.coding.consequence import by_consequence
from resilens.coding.differences import Difference, undecided
from resilens.coding.material import Material, pictures_of, read_material
from resilens.coding.rounds import Round
from resilens.coding.threads import Item, Threads, overruled, read_items
from resilens.corpus.engine import Corpus
from resilens.pipeline import OpenStudy
from resilens.sampling.shelf import Shelf
from resilens.standing import unsettled
from resilens.study import reading

if TYPE_CHECKING:
    from resilens.agreement.saturation.study import StudySaturation
    from resilens.agreement.study_results import StudyAgreement

Made = TypeVar("Made")
Ordered: TypeAlias = tuple[list[Difference], dict[str, Item]]


@dataclass(frozen=True, slots=True)
class InForce:
    """The codebook in force, its number, and for each version the codes whose meaning is another now."""

    codebook: Codebook
    number: int
    changed: Mapping[int, frozenset[str]]


class Desk:
    """An open study with what is read from it often.

    Parameters
    ----------
    study
        The open study; its record is safe to use from several threads.
    """

    def __init__(self, study: OpenStudy) -> None:
        self._study = study
        self._lock = threading.RLock()
        self._kept: dict[str, tuple[Any, Any]] = {}
        self.read_so_far = ReadSoFar(study.record)
        self._kept["study"] = (_stamp(study.folder.study_file), None)

    @property
    def study(self) -> OpenStudy:
        """The study; a change of study.toml is read.

        Raises
        ------
        InputError
            If study.toml was edited and has faults now.
        """
        stamp = _stamp(self._study.folder.study_file)
        with self._lock:
            if self._kept["study"][0] != stamp:
                self._study.study = reading.read(self._study.folder.study_file)
                self._kept["study"] = (stamp, None)
        return self._study

    def in_force(self) -> InForce:
        """The codebook in force, with its number; a hand edit of codebook.toml is taken in."""
        stamp = (_stamp(self._study.folder.codebook_file), self._study.record.count("codebooks"))
        return self._once("codebook", stamp, self._read_codebook)

    def _read_codebook(self) -> InForce:
        record, book = self._study.record, self._study.codebook()
        version = latest(record)
        return InForce(book, version.number if version else 0, changed_since_each(record))

    def codebook(self) -> Codebook:
        """The codebook in force, a hand edit of codebook.toml taken in."""
        return self.in_force().codebook

    def codebook_version(self) -> int:
        """The number of the codebook's version in force."""
        return self.in_force().number

    def threads(self) -> Threads:
        """The threads of the sample: its posts in the order of the draw, with the comments that were chosen and what
        those answer. Groups are those of the study's rules; `coding.threads.overruled` has people's decisions."""
        stamp = (self._study.record.count("draws"), _stamp(self._study.folder.corpus))
        return self._once("threads", stamp, self._read_threads)

    def material(self, asked: Round) -> Material:
        """What lies before the coders of a round."""
        stamp = (self._study.record.count("draws"), _stamp(self._study.folder.corpus), asked.draw, asked.items)
        return self._once(f"material {asked.id}", stamp, lambda: self._read_material(asked))

    def _read_material(self, asked: Round) -> Material:
        threads, items = self.threads(), asked.items or self._study.sampled_items(asked.draw)
        with self.corpus() as corpus:
            if all(item in threads for item in items):  # held already, as a rule
                return Material(threads, frozenset(items), pictures_of(corpus, threads))
            return read_material(corpus, items)

    def _read_threads(self) -> Threads:
        sampled = self._study.sampled_items()
        with self.corpus() as corpus:
            items = read_items(corpus, sampled)
            answered = {item.parent_id for item in items.values() if item.parent_id} - items.keys()
            items |= read_items(corpus, answered) if answered else {}
        return Threads(items.values(), [item for item in sampled if ":p:" in item])

    def read(self, ids: Collection[str]) -> dict[str, Item]:
        """Items by their ids, groups as people decided them; from the sample where they are in it, else the corpus."""
        threads = self.threads()
        found = {item_id: item for item_id in ids if (item := threads.item(item_id))}
        missing = set(ids) - found.keys()
        if missing:
            with self.corpus() as corpus:
                found |= read_items(corpus, missing)
        return {item.item_id: item for item in overruled(found.values(), self._study.record)}

    def differences(self, opened: Round) -> Ordered:
        """In what the coders of a revealed round differ, the most consequential first, as if nothing was decided yet,
        with the items; `coding.differences.decided` says what was. What is frozen stays, so it is made once."""
        record, codebook = self._study.record, self.codebook()
        leaning = cited(record)
        stamp: Any = (opened.state, record.distinct("codings", "seq", round_id=opened.id)[-1:], record.count("groups"),
                 record.count("codings", round_id=opened.id), codebook.sha256, leaning,
                 _stamp(self._study.folder.corpus))  # fmt: skip
        kept = self._kept.get(f"differences {opened.id}")
        if kept is None or kept[0] != stamp:  # made without the lock: it takes long, and others go on coding
            found = undecided(record, opened.id, codebook)
            items = self.read({one.item_id for one in found})
            kept = stamp, (by_consequence(found, codebook, items, leaning), items)
            self._kept[f"differences {opened.id}"] = kept
        return kept[1]

    def shelf(self) -> Shelf:
        """What is at hand at the screening desk, whatever was decided there."""
        stamp = (_stamp(self._study.folder.study_file), _stamp(self._study.folder.corpus))
        return self._once("shelf", stamp, self._read_shelf)

    def _read_shelf(self) -> Shelf:
        with self.corpus() as corpus:
            return Shelf.of(corpus, self.study.study)

    def unsettled(self) -> int:
        """What coders still differ in; see `standing.unsettled`."""
        return self._once("unsettled", self._stamps(), lambda: unsettled(self._study))

    def agreement(self, round_id: str) -> StudyAgreement:
        """The agreement of a round that is not open any more; computed once for as long as nothing changes."""
        return self._once(f"agreement {round_id}", self._stamps(), lambda: self._study.agreement(round_id=round_id))

    def saturation(self, round_id: str) -> StudySaturation:
        """Whether new codes still appeared in a round that is not open any more."""
        return self._once(f"saturation {round_id}", self._stamps(), lambda: self._study.saturation(round_id=round_id))

    def _stamps(self) -> Any:
        return self._study.record.head, _stamp(self._study.folder.corpus)

    @contextmanager
    def corpus(self) -> Iterator[Corpus]:
        """The corpus, for one use."""
        with self._study.corpus() as corpus:
            yield corpus

    def _once(self, name: str, stamp: Any, make: Callable[[], Made]) -> Made:
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or kept[0] != stamp:
                made = make()
                self._kept[name] = (stamp, made)
                return made
            return kept[1]  # type: ignore[no-any-return]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return found.st_mtime_ns, found.st_ino
