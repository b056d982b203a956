"""How is an item said in another language, by which engine or person, and which translation is taken, and why?

A field (title or text) may have several translations, each with engine, version and date; one may be accepted, and is
then shown beside the original in plates and quotes. Each carries the hash of the text that was translated: where the
item's text is another now, the translation is outdated, is said to be, and is shown beside the original no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from resilens.coding.items import CorpusItems
from resilens.coding.spans import digest
from resilens.coding.threads import Item
from resilens.coding.word_diff import word_diff
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.store import Record
from resilens.record.views import identity

FIELDS = ("title", "text")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_MANY = 5000
"""Items from which on all translations are read at once."""


@dataclass(frozen=True, slots=True)
class Translation:
    """One translation of a field.

    Parameters
    ----------
    id
        Follows from all that it is: the same translation entered twice is one.
    item_id, field, text, language
        What was translated, and into what.
    engine, version, made_on
        Who or what made it, and when (ISO 8601 date); version and date may be empty.
    text_sha256
        Of the text that was translated.
    actor, at
        Who entered it, and when (UTC).
    accepted_by, reason
        Who accepted it and why; empty while nobody did.
    """

    id: str
    item_id: str
    field: str
    text: str
    language: str
    engine: str
    version: str
    made_on: str
    text_sha256: str
    actor: str
    at: str
    accepted_by: str = ""
    reason: str = ""

    @property
    def accepted(self) -> bool:
        return bool(self.accepted_by)

    @property
    def made_by(self) -> str:
        """`DeepL 2025-01, 14 January 2025`: engine, version, date, as far as they are known."""
        made = f"{self.engine} {self.version}".strip()
        if not self.made_on:
            return made
        on = date.fromisoformat(self.made_on)
        return f"{made}, {on.day} {on:%B %Y}"

    def outdated(self, original: str) -> bool:
        """Whether it is of another text than the item has now."""
        return digest(original) != self.text_sha256


def translations(record: Record, items: Collection[str]) -> dict[tuple[str, str], list[Translation]]:
    """The translations of items, by item and field, in the order in which they were entered."""
    equal = {"item_id": sorted(set(items))} if len(items) < _MANY else {}
    accepted = {row["translation_id"]: row for row in record.view("accepted_translations", **equal)}
    wanted = set(items)
    found: dict[tuple[str, str], list[Translation]] = {}
    for row in record.view("translations", **equal):
        if row["item_id"] in wanted:
            one = _of_row(row, accepted.get(row["translation_id"], {}))
            found.setdefault((one.item_id, one.field), []).append(one)
    return found


def _of_row(row: Mapping[str, Any], accepted: Mapping[str, Any]) -> Translation:
    return Translation(
        row["translation_id"], row["item_id"], row["field"], row["text"], row["language"] or "", row["engine"],
        row["version"] or "", row["made_on"] or "", row["text_sha256"], row["actor"], row["at"],
        accepted.get("actor") or "", accepted.get("reason") or "",
    )  # fmt: skip


def accepted_translations(
    record: Record, texts: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str], Translation]:
    """The accepted translations of items by item and field, those left out that are outdated.

    Parameters
    ----------
    texts
        The stored texts of the items by field, see `Items.texts`.
    """
    return {
        (item, field): one
        for (item, field), several in translations(record, texts.keys()).items()
        for one in several
        if one.accepted and not one.outdated(texts[item].get(field, ""))
    }


@dataclass(frozen=True, slots=True)
class Field:
    """A title or text with its translations.

    Parameters
    ----------
    item, field
        Whose; `title` or `text`.
    candidates
        In the order in which they were entered.
    """

    item: Item
    field: str
    candidates: tuple[Translation, ...] = ()

    @property
    def original(self) -> str:
        return self.item.fields[self.field]

    @property
    def accepted(self) -> Translation | None:
        """The one that is accepted, outdated or not."""
        return next((one for one in self.candidates if one.accepted), None)

    @property
    def state(self) -> str:
        """`untranslated`, `unaccepted`, `accepted`, or `outdated` where what was accepted is."""
        if not self.candidates:
            return "untranslated"
        if self.accepted is None:
            return "unaccepted"
        return "outdated" if self.accepted.outdated(self.original) else "accepted"

    def marked(self) -> list[list[tuple[str, bool]]]:
        """Each candidate as stretches of text, with whether they differ: from the first, or from any of the others."""
        return differences([one.text for one in self.candidates])


def fields(record: Record, items: Iterable[Item]) -> list[Field]:
    """The titles and texts of items that hold anything, in the order of the items, with their translations."""
    there = list(items)
    found = translations(record, [item.item_id for item in there])
    return [Field(item, field, tuple(found.get((item.item_id, field), ())))
            for item in there for field in FIELDS if item.fields.get(field, "").strip()]  # fmt: skip


def differences(versions: Iterable[str]) -> list[list[tuple[str, bool]]]:
    """Versions of one text as stretches, with whether they differ: each from the first, the first from any other."""
    texts = list(versions)
    if not texts:
        return []
    first, shown = texts[0], []
    differs = [False] * len(first)
    for other in texts[1:]:
        pieces = word_diff(first, other)
        shown.append([(piece.text, piece.kind == "in") for piece in pieces if piece.kind != "out"])
        at = 0
        for piece in (piece for piece in pieces if piece.kind != "in"):
            if piece.kind == "out":
                differs[at : at + len(piece.text)] = [True] * len(piece.text)
            at += len(piece.text)
    return [_stretches(first, differs), *shown]


def _stretches(text: str, marks: list[bool]) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marks[at] != marks[start]:
            found.append((text[start:at], marks[start]))
            start = at
    return found


def drafted(
    item_id: str, field: str, text: str, *, engine: str, version: str = "", made_on: str = "", language: str = "",
    text_sha256: str,
) -> dict[str, Any]:  # fmt: skip
    """The body of a translation, checked.

    Raises
    ------
    InputError
        If the field, the date or the language is none, or there is no text or no engine; `where` is the parameter.
    """
    field = field or "text"
    faults = []
    if field not in FIELDS:
        faults.append(Fault(f"a translation is of {' or '.join(FIELDS)}, not of {field!r}", "field"))
    if not text.strip():
        faults.append(Fault("is empty; write the translation", "text"))
    if not engine.strip():
        faults.append(Fault("say who or what translated it: an engine, or a person's name", "engine"))
    if language and not _LANGUAGE.fullmatch(language):
        faults.append(Fault(f"{language!r} is no language; write en, zh or en-GB", "language"))
    if made_on and not _is_day(made_on):
        faults.append(Fault(f"{made_on!r} is no date; write it as 2025-01-14", "date"))
    if faults:
        raise InputError(faults)
    body = {"item_id": item_id, "field": field, "text": text.strip(), "language": language, "engine": engine.strip(),
            "version": version.strip(), "made_on": made_on, "text_sha256": text_sha256}  # fmt: skip
    return {"translation_id": identity(*body.values())[:16], **body}


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return len(written) == len("2025-01-14")


def add_translation(
    record: Record, corpus: Corpus, item_id: str, field: str, text: str, *, engine: str, version: str = "",
    made_on: str = "", language: str = "", actor: str, event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Enter a translation of an item's title or text, as it is now, by hand.

    Raises
    ------
    InputError
        If there is no such item, it has no such field, or something is missing or wrong, see `drafted`.
    """
    original = _original(corpus, item_id, field or "text")
    body = drafted(item_id, field, text, engine=engine, version=version, made_on=made_on, language=language,
                   text_sha256=digest(original))  # fmt: skip
    return record.append(Draft("translation.added", body["translation_id"], body, actor, event_id=event_id))


def accept_translation(
    record: Record, corpus: Corpus, translation_id: str, reason: str, *, actor: str, event_id: UUID | None = None
) -> Event:  # fmt: skip
    """Take one translation for its field, in place of any that was accepted before.

    Raises
    ------
    InputError
        If there is no such translation, it is of another text than the item has now, or no reason is given.
    """
    if not reason.strip():
        raise InputError(Fault("say why this translation is taken", "reason"))
    one = translation_of(record, translation_id)
    if one.outdated(_original(corpus, one.item_id, one.field)):
        words = "this is a translation of another text than the item has now; enter one of the text as it is"
        raise InputError(Fault(words, "translation"))
    body = {"translation_id": one.id, "item_id": one.item_id, "field": one.field, "reason": reason.strip()}
    return record.append(Draft("translation.accepted", one.item_id, body, actor, event_id=event_id))


def unaccept_translation(
    record: Record, item_id: str, field: str, *, reason: str = "", actor: str, event_id: UUID | None = None
) -> Event:  # fmt: skip
    """Take back which translation of a field is accepted; what was accepted before it is not accepted again."""
    body = {"item_id": item_id, "field": field, "reason": reason.strip()}
    return record.append(Draft("translation.unaccepted", item_id, body, actor, event_id=event_id))


def remove_translation(
    record: Record, translation_id: str, *, reason: str = "", actor: str, event_id: UUID | None = None
) -> Event:  # fmt: skip
    """Take a translation back; it stays in the record, and what was coded in it is lost to sight.

    Raises
    ------
    InputError
        If there is no such translation, or it is the accepted one.
    """

    def decided() -> list[Draft]:
        done = record.event(event_id) if event_id else None
        one = translation_of(record, translation_id) if done is None else None
        if one is not None and one.accepted:
            raise InputError("this translation is accepted; accept another one, or take that back, first")
        body = {"translation_id": translation_id, "reason": reason.strip()}
        subject = one.item_id if one is not None else done.subject if done else ""
        return [Draft("translation.removed", subject, body, actor, event_id=event_id)]

    return record.append_decided(decided)[0]


def translation_of(record: Record, translation_id: str) -> Translation:
    """The translation of that id.

    Raises
    ------
    InputError
        If there is none.
    """
    rows = record.view("translations", translation_id=translation_id)
    if not rows:
        raise InputError(f"there is no translation {translation_id!r}; it may have been taken back")
    taken = record.view("accepted_translations", translation_id=translation_id)
    return _of_row(rows[0], taken[0] if taken else {})


def _original(corpus: Corpus, item_id: str, field: str) -> str:
    texts = CorpusItems(corpus).texts([item_id])
    if item_id not in texts:
        raise InputError(Fault(f"{item_id!r} is no captured item", "item"))
    if not texts[item_id].get(field):
        raise InputError(Fault(f"{item_id} has no {field}", "field"))
    return texts[item_id][field]
