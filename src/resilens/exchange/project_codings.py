"""What did the users of a project code where, and what did they note, in the study's own terms?

A selection with a code becomes a coding of the span, region or interval; where that has no place here (a part of a PDF
page, a picture that is missing, an empty span) the code stands on the whole item and the place in the coding's memo.
What is written about things becomes memos.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from resilens.coding.codings import WHOLE
from resilens.coding.rounds import CONSENSUS
from resilens.exchange.code_tree import guid_from
from resilens.exchange.positions import Dialect
from resilens.exchange.project_sources import Placed
from resilens.exchange.project_tree import CodeUse, Link, ProjectNote, ProjectTree, Selection, Source
from resilens.exchange.project_work import Given, Memo, Work
from resilens.exchange.source_layout import WHOLE_ITEM, relation_name, span_in
from resilens.exchange.stored_positions import Span

UNKNOWN = "unknown"
"""The coder of codings that name nobody in a project of several users."""

_TITLE = 60


class Working:
    """From a project to the work in it.

    Parameters
    ----------
    tree
        The project.
    placed
        Where its sources are.
    codes
        The study's code of each code, by GUID.
    coders
        What each user is called, by GUID.
    dialect
        What its positions count.
    """

    def __init__(
        self, tree: ProjectTree, placed: Placed, codes: Mapping[str, str], coders: Mapping[str, str], dialect: Dialect
    ) -> None:
        self.work = Work(users=tuple(coders.values()))
        self._tree, self._placed, self._codes, self._coders, self._dialect = tree, placed, codes, coders, dialect
        self._notes = {note.guid: note for note in tree.notes}
        self._linked = {guid for link in tree.links for guid in (link.origin, link.target)}
        self._on_codings: set[str] = set()
        self._about: dict[str, list[str]] = {note.guid: [] for note in tree.notes}
        self._selected: dict[str, str] = {}
        self._given_on: dict[str, list[Given]] = {}

    def all(self) -> Work:
        """Everything."""
        for source in self._tree.sources:
            item = self._placed.items[source.guid]
            self._whole(source, item)
            for text in (source, *source.transcripts):
                if text is not source:
                    self._whole(text, self._placed.items.get(text.guid, item))
                for selection, places in self._places(text, source):
                    self._selection(selection, places, text, self._placed.items.get(text.guid, item))
        for code, notes in self._tree.code_notes.items():
            self._noted(notes, self._codes.get(code, ""))
        self._noted(self._tree.about, "")
        self._links()
        self._written()
        return self.work

    def _whole(self, source: Source, item: str) -> None:
        for use in source.uses:
            self._give(use, source.user, item, WHOLE, on=source.guid)
        self._noted(source.notes, item)
        if source.description.strip():
            self._memo("", source.name, source.description, (item,), source.user, source.at)

    def _places(self, text: Source, source: Source) -> Iterator[tuple[Selection, list[tuple[str, Any, str, str]]]]:
        """Every selection, with the items, targets, digests and words it covers; none where it has no place here."""
        laid = self._placed.laid.get(text.guid)
        within = [one for one in text.selections if laid is not None and one.place.x1 is None
                  and (one.place.start is not None or one.place.begin is None)]  # fmt: skip
        spans = laid.spans(within, self._dialect) if laid is not None else iter(())
        for one, found in zip(within, spans, strict=True):
            self.work.losses["times of parts of transcripts: they stand on the words"] += one.place.begin is not None
            marked = span_in(one.description)
            if marked or one.description.strip() == WHOLE_ITEM:
                one = replace(one, description="")  # noqa: PLW2901
                if laid is not None and laid.through is None:  # a source of ours; in another's the words are coded
                    found = tuple(laid.hidden(item, *marked) if marked else Span(item, "", 0, 0, "", "")
                                  for item in dict.fromkeys(span.item_id for span in found))  # fmt: skip
            several = len({span.item_id for span in found}) > 1
            self.work.notes["selections over several items: each item has its part"] += several
            yield one, [
                (span.item_id, WHOLE | {"field": span.field, "start": span.start, "end": span.end}, span.text_sha256,
                 span.words) if span.field else (span.item_id, WHOLE, "", span.words) for span in found
            ]  # fmt: skip
        known = {one.guid for one in within}
        for one in text.selections:
            if one.guid not in known:
                target = self._part(one, self._placed.media.get(source.guid, ""))
                item = self._placed.items[source.guid]
                yield one, [(item, target, "", "")] if target else []

    @staticmethod
    def _part(one: Selection, media: str) -> dict[str, Any] | None:
        """The region or interval of a selection; None where there is no file, or no such place."""
        place = one.place
        if not media or place.page is not None:
            return None
        if place.x1 is not None and place.x2 is not None and place.y1 is not None and place.y2 is not None:
            x, y = max(place.x1, 0), max(place.y1, 0)
            width, height = place.x2 - x, place.y2 - y
            region = {"media_id": media, "x": x, "y": y, "w": width, "h": height}
            return WHOLE | region if width > 0 and height > 0 else None
        if place.begin is not None and place.finish is not None and 0 <= place.begin < place.finish:
            return WHOLE | {"media_id": media, "start_ms": place.begin, "end_ms": place.finish}
        return None

    def _selection(
        self, one: Selection, places: list[tuple[str, Any, str, str]], source: Source, item: str
    ) -> None:  # fmt: skip
        self._selected[one.guid] = places[0][0] if places else item
        user = one.user or source.user
        if not places and one.uses:
            self.work.losses[f"{_kind_of(one)}: the codes stand on the whole item, the place in the memo"] += 1
        for use in one.uses:
            for where, target, sha256, _ in places or [(item, WHOLE, "", "")]:
                self._give(use, user, where, target, sha256, "" if places else _place_in_words(one), one.guid)
        about = places[0][0] if places else item
        words = places[0][3] if places else _place_in_words(one)
        self._noted(one.notes, about)
        self.work.notes["notes about a part of a source are about its item"] += len(one.notes)
        told = one.description.strip() and " ".join(one.description.split()) != " ".join(words.split())
        if told:
            self._memo("", words or one.name, one.description, (about,), user, one.at)
        bare = not (told or one.uses or one.notes or one.guid in self._linked)
        self.work.losses["selections without a code, a note or a link"] += bare

    def _give(
        self, use: CodeUse, otherwise: str, item: str, target: Mapping[str, Any], sha256: str = "", place: str = "",
        on: str = "",
    ) -> None:  # fmt: skip
        code = self._codes.get(use.code)
        if code is None:
            self.work.losses["codings with a code that is a folder here, or that the file does not hold"] += 1
            return
        notes = [self._notes[guid] for guid in use.notes if guid in self._notes]
        self._on_codings |= {note.guid for note in notes}
        memo = "\n\n".join(dict.fromkeys(part for part in (place, *map(_words, notes)) if part))
        given = Given(self._coder(use.user, otherwise), item, code, target, sha256, memo, use.at, use.guid)
        kept = self.work.consensus if given.coder == CONSENSUS else self.work.codings
        before = kept.get((given.coder, *given.unit))
        if before is not None:
            self.work.notes["codings given twice by the same coder are one"] += 1
            memos = dict.fromkeys(part for part in (before.memo, given.memo) if part)
            given = replace(before, memo="\n\n".join(memos))
        kept[given.coder, *given.unit] = given
        self._given_on.setdefault(on, []).append(given)

    def _coder(self, user: str, otherwise: str) -> str:
        if user in self._coders:
            return self._coders[user]
        people = [name for name in self._coders.values() if name != CONSENSUS]
        name = self._coders.get(otherwise, people[0] if len(people) == 1 else UNKNOWN)
        self.work.notes[f"codings that name no user of the project are taken for {name}'s"] += 1
        return name

    # --- memos ----------------------------------------------------------------------------------------------------

    def _noted(self, notes: Iterable[str], about: str) -> None:
        for guid in notes:
            if guid not in self._about:
                self.work.losses["references to notes that the file does not hold"] += 1
            elif about:
                self._about[guid].append(about)

    def _links(self) -> None:
        """A link between a note and a thing says what the note is about, one of ours the second item of a code; there
        is no place for others."""
        things = {**self._codes, **self._placed.items, **self._selected}
        for link in self._tree.links:
            ends = (link.origin, link.target)
            notes = [guid for guid in ends if guid in self._about]
            others = [things[guid] for guid in ends if guid in things]
            if len(notes) == 1 and len(others) == 1:
                self._about[notes[0]].append(others[0])
            elif not (len(others) == 2 and others[0] != others[1] and self._related(link, others[1])):
                self.work.losses["links between things other than a note and what it is about"] += 1

    def _related(self, link: Link, second: str) -> bool:
        """Give a coding its second item, where the link is one of ours; whether it is."""
        for given in self._given_on.get(link.origin, ()):
            if link.name == relation_name(given.code_id, given.coder):
                kept = self.work.consensus if given.coder == CONSENSUS else self.work.codings
                kept.pop((given.coder, *given.unit), None)
                one = replace(given, second_item=second)
                kept[one.coder, *one.unit] = one
                return True
        return False

    def _written(self) -> None:
        for note in self._tree.notes:
            if note.guid in self._on_codings and not self._about[note.guid]:
                continue
            if not _words(note):
                self.work.losses["notes without a word"] += 1
                continue
            about = tuple(dict.fromkeys(self._about[note.guid]))
            self._memo(note.guid, note.name, note.text, about, note.user, note.at)
        if self._tree.description.strip():
            self._memo("", self._tree.name, self._tree.description, (), self._tree.user, self._tree.at)

    def _memo(self, guid: str, title: str, text: str, about: tuple[str, ...], user: str, at: str) -> None:
        text = text.replace("\r\n", "\n")
        if not guid:
            title = " ".join(title.split())
            title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
        memo_id = guid or guid_from("memo", title, text, *about)
        actor = self._coders.get(user) or self._coders.get(self._tree.user) or "import"
        self.work.memos[memo_id] = Memo(memo_id, title, text or title, about, actor, at)


def _words(note: ProjectNote) -> str:
    return note.text if note.text.strip() else note.name.strip()


def _kind_of(one: Selection) -> str:
    """What a selection that has no place here is."""
    if one.place.page is not None:
        return "parts of PDF pages"
    if one.place.x1 is not None:
        return "regions that are empty, or of pictures that are not there"
    if one.place.begin is not None and one.place.start is None:
        return "intervals that are empty, or of recordings that are not there"
    return "spans that are empty, or lie outside their text"


def _place_in_words(one: Selection) -> str:
    """Where a selection lies, as its program says it."""
    place = one.place
    said = [f"page {place.page}"] if place.page is not None else []
    if place.x1 is not None:
        said.append(f"from {place.x1}, {place.y1} to {place.x2}, {place.y2}")
    if place.start is not None or place.end is not None:
        said.append(f"positions {place.start} to {place.end}")
    if place.begin is not None or place.finish is not None:
        said.append(f"{place.begin} to {place.finish} ms")
    return ", ".join(said)
