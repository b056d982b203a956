"""Where in the sources of a project does every coding lie, and which selection carries it?

One selection for each place, one `Coding` in it for each code and coder. A whole item is a selection of its words where
a source holds several items, and the source itself where it holds one. Identifiers follow from what they name, so they
are the same from export to export, and nobody can compute an item's id from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from resilens.coding.codings import TARGET
from resilens.coding.spans import digest
from resilens.exchange.code_tree import guid_from
from resilens.exchange.project_media_out import Kept
from resilens.exchange.project_sources_out import Text
from resilens.exchange.project_tree import CodeUse, Link, Place, ProjectNote, Selection, Source
from resilens.exchange.project_work_out import Row
from resilens.exchange.source_layout import (
    PICTURE,
    WHOLE_ITEM,
    Layout,
    Part,
    relation_name,
    span_mark,
    with_layout,
)

_NAME = 100


@dataclass
class Spot:
    """A source, or a part of one, while codings gather on it."""

    guid: str
    place: Place | None = None
    words: str = ""
    name: str = ""
    description: str = ""
    uses: dict[tuple[str, str], CodeUse] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    selected: dict[Any, Spot] = field(default_factory=dict)

    def selections(self) -> tuple[Selection, ...]:
        """The parts, in the order of their places."""
        ordered = sorted(self.selected.values(), key=lambda one: (_order(one.place), one.guid))
        return tuple(Selection(one.guid, one.place or Place(), one.name, one.description, uses=_sorted(one.uses),
                               notes=tuple(one.notes)) for one in ordered)  # fmt: skip


def _order(place: Place | None) -> tuple[int, ...]:
    where = place or Place()
    return (where.start or where.begin or where.x1 or 0, -(where.end or where.finish or 0), where.y1 or 0)


def _sorted(uses: Mapping[tuple[str, str], CodeUse]) -> tuple[CodeUse, ...]:
    return tuple(uses[key] for key in sorted(uses))


@dataclass
class Spots:
    """All places of a project that codings and memos can lie on.

    Parameters
    ----------
    texts, media
        What its sources are.
    local
        The id of every item in this study.
    codes, users
        The GUID of every code and coder.
    study
        The title of the study, from which GUIDs follow.
    alone
        Whether every item is a source of its own.
    """

    texts: list[Text]
    media: Mapping[tuple[str, str], Kept]
    local: Mapping[str, str]
    codes: Mapping[str, str]
    users: Mapping[str, str]
    study: str
    alone: bool
    notes: list[ProjectNote] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    losses: Counter[str] = field(default_factory=Counter)
    _of_item: dict[str, tuple[Text, Spot]] = field(default_factory=dict)
    _of_media: dict[tuple[str, str], Spot] = field(default_factory=dict)
    _digests: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kind = "item" if self.alone else "thread"
        for text in self.texts:
            spot = Spot(guid_from("source", self.study, kind, self.local[text.items[0].id]))
            for item in text.items:
                self._of_item[item.id] = (text, spot)
        for key, kept in self.media.items():
            self._of_media[key] = Spot(guid_from("media", self.study, self.local[kept.item], kept.media_id))

    def give(self, row: Row) -> None:
        """Put a coding where it lies; count it as lost where there is no such place."""
        code = self.codes.get(row["code_id"])
        if row["item_id"] not in self._of_item:
            self.losses["codings of items that are no longer in the corpus"] += 1
        elif code is None:
            self.losses["codings with a code that the codebook no longer has"] += 1
        else:
            spot = self._spot(row)
            if spot is not None:
                self._use(spot, row, code)

    def on(self, item: str) -> Spot | None:
        """What stands for a whole item; None where it is not in the project."""
        if item not in self._of_item:
            return None
        text, source = self._of_item[item]
        if self.alone:
            return source
        return self._part(source, (item, ""), Place(*text.spans[item]), WHOLE_ITEM, text)

    def _spot(self, row: Row) -> Spot | None:
        if row["media_id"]:
            return self._in_media(row)
        item, name = row["item_id"], row["field"]
        text, source = self._of_item[item]
        whole = next(one for one in text.items if one.id == item)
        words = whole.texts.get(name, "")
        if not name:
            return self.on(item)
        start, end = row["start"], row["end"]
        if not words or end > len(words) or self._digest(item, name, words) != row["text_sha256"]:
            other = "of translations" if name.startswith("translation:") else "in a text that changed since"
            self.losses[f"spans {other}: the codes stand on the whole item"] += 1
            return self.on(item)
        if (item, name) in text.fields:
            at = text.fields[item, name]
            return self._part(source, (item, name, start, end), Place(at + start, at + end), "", text)
        self.losses["spans of words that are left out: the codes stand on what is in their place"] += 1
        return self._part(source, (item, name, start, end), Place(*text.spans[item]), span_mark(name, start, end), text)

    def _digest(self, item: str, name: str, words: str) -> str:
        if (item, name) not in self._digests:
            self._digests[item, name] = digest(words)
        return self._digests[item, name]

    def _part(self, source: Spot, key: tuple[Any, ...], place: Place, description: str, text: Text) -> Spot:
        if key not in source.selected:
            words = text.text[place.start : place.end]
            plain = " ".join(words.split())
            guid = guid_from("selection", source.guid, self.local[key[0]], *map(str, key[1:]))
            name = plain if len(plain) <= _NAME else f"{plain[: _NAME - 1]}…"
            source.selected[key] = Spot(guid, place, words, name, description)
        return source.selected[key]

    def _in_media(self, row: Row) -> Spot | None:
        file = (row["item_id"], row["media_id"])
        if file not in self.media:
            self.losses["codings of pictures and recordings that are not in the file"] += 1
            return None
        source, kind = self._of_media[file], self.media[file].kind
        key = tuple(row[name] for name in ("x", "y", "w", "h", "start_ms", "end_ms"))
        x, y, width, height, begin, finish = key
        if begin is not None and kind in ("audio", "video"):
            self.losses["regions of a recording: the codes stand on the interval"] += x is not None
            place = Place(begin=begin, finish=finish)
        elif x is not None and kind == "picture":
            place = Place(x1=x, y1=y, x2=x + width, y2=y + height)
        else:
            self.losses["that a code is on all of a picture or recording: here it comes back on the item"] += 1
            return source
        if key not in source.selected:
            source.selected[key] = Spot(guid_from("selection", source.guid, *map(str, key)), place)
        return source.selected[key]

    def _use(self, spot: Spot, row: Row, code: str) -> None:
        guid = guid_from("coding", spot.guid, code, self.users[row["coder"]])
        before = spot.uses.get((code, row["coder"]))
        notes = before.notes if before else ()
        if row["memo"]:
            second = self.local.get(row["second_item"] or "", "")
            note = guid_from("note", guid, second, *(str(row[name]) for name in TARGET))
            self.notes.append(ProjectNote(note, "", row["memo"], self.users[row["coder"]], row["at"]))
            notes = (*notes, note)
        spot.uses[code, row["coder"]] = CodeUse(guid, code, self.users[row["coder"]], row["at"], notes)
        if row["second_item"]:
            self._relate(spot, row, guid)

    def _relate(self, spot: Spot, row: Row, guid: str) -> None:
        """A code that relates two items stands on the first; a link leads to the second."""
        second = self.on(row["second_item"])
        if second is None:
            self.losses["second items of codes that relate two, which are not in the file"] += 1
            return
        link = guid_from("link", guid, self.local[row["second_item"]])
        self.links[link] = Link(link, spot.guid, second.guid, relation_name(row["code_id"], row["coder"]),
                                "OneWay")  # fmt: skip

    def sources(self, layouts: Iterable[Layout]) -> tuple[Source, ...]:
        """The sources of the project with all that lies on them."""
        made = []
        for text, layout in zip(self.texts, layouts, strict=True):
            spot = self._of_item[text.items[0].id][1]
            file = f"{guid_from('file', spot.guid)}.txt"
            made.append(Source("text", spot.guid, text.name, text.text, file, description=with_layout("", layout),
                               selections=spot.selections(), uses=_sorted(spot.uses),
                               notes=tuple(spot.notes)))  # fmt: skip
        for key, kept in self.media.items():
            spot, local = self._of_media[key], self.local[kept.item]
            made.append(Source(kept.kind, spot.guid, f"{local} {kept.kind}", None,
                               f"{guid_from('file', spot.guid)}{kept.ending}",
                               description=with_layout("", Layout(local, self._copied(kept))),
                               selections=spot.selections(),
                               uses=_sorted(spot.uses)))  # fmt: skip
        return tuple(made)

    def _copied(self, kept: Kept) -> tuple[Part, ...]:
        """Of which file of the study a redacted picture is a copy."""
        return (Part(self.local[kept.media_id], PICTURE, 0, 0),) if kept.kind == "picture" else ()

    def words(self) -> dict[str, str]:
        """What stands under each selection of a text, by its GUID."""
        spots = {id(spot): spot for _, spot in self._of_item.values()}
        return {one.guid: one.words for spot in spots.values() for one in spot.selected.values()}
