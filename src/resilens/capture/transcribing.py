"""How does what was read off a screenshot become a capture, who corrects it, and who checked it?

It goes the way of every capture: kept by its hash, staged, put on the record. A correction is a capture of its own that
takes the earlier one's place: the corpus is made from the correction, and what was corrected stays in `captures/`. That
a second person compared a transcription with its source is said on the record.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from filelock import FileLock

from resilens import files
from resilens.capture import transcription_drafts
from resilens.capture.adding import add_file, raw_file
from resilens.capture.media import links, media_ids
from resilens.capture.times import parse_time
from resilens.capture.transcription import Transcription, TranscriptionReader, Typed, content, read_back
from resilens.capture.values import damaged
from resilens.corpus.schema import platform
from resilens.corpus.vault import Vault
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.folder import Folder
from resilens.study.model import Study
from resilens.study.typed import moment, plain
from resilens.study.zones import offset_minutes

READER = TranscriptionReader.name
SHOWN = 80
"""Characters of a post that a list shows."""


class Opened(Protocol):
    """An open study, as far as the desk needs it; `pipeline.OpenStudy` is one."""

    @property
    def folder(self) -> Folder: ...
    @property
    def study(self) -> Study: ...
    @property
    def record(self) -> Record: ...
    def vault(self, passphrase: str | None = None) -> Vault: ...
    def rebuild_corpus(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Check:
    """That a second person compared a transcription with its source: `agrees` or `differs`, and where."""

    by: str
    verdict: str
    note: str
    at: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A transcription that was saved.

    Parameters
    ----------
    capture_id
        Of its capture.
    content
        As it was typed.
    erased
        How many of its entries were erased on request since.
    by, at
        Who typed it, and when it was saved (UTC, ISO 8601).
    corrected_by
        The capture that took its place; empty for the one that stands.
    checks
        What others said, the latest last.
    """

    capture_id: str
    content: Transcription
    erased: int
    by: str
    at: str
    corrected_by: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def state(self) -> str:
        """`unchecked`, `agrees`, or `differs` where anybody says so."""
        verdicts = {check.verdict for check in self.checks}
        return "differs" if "differs" in verdicts else "agrees" if verdicts else "unchecked"

    @property
    def shown(self) -> str:
        """Its first words, for a list."""
        said = " ".join((self.content.post.title or self.content.post.text).split())
        return said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"


def save(study: Opened, typed: Transcription, *, actor: str, event_id: UUID | None = None) -> Kept:
    """Add a transcription to the study's captures, and make the corpus anew; its draft goes.

    The same content again changes nothing, so that it may be sent twice.

    Raises
    ------
    InputError
        With all that is wrong; if it was saved before with another content; or if what it corrects was corrected
        already.
    """
    ready = checked(study, replace(typed, transcriber=actor))
    study.folder.staging.mkdir(parents=True, exist_ok=True)
    with FileLock(study.folder.staging / "transcribing.lock"):
        with tempfile.TemporaryDirectory(dir=study.folder.staging) as place:
            path = Path(place) / f"transcription-{ready.key}.jsonl"
            path.write_bytes(content(ready))
            _in_its_place(study, ready, files.sha256_of(path))
            added = add_file(
                path, study.folder.captures, study.record, study.vault(), staging=study.folder.staging, actor=actor,
                synthetic=study.study.study.synthetic, event_id=event_id,
            )  # fmt: skip
        transcription_drafts.discard(study.folder, ready.key)
        study.rebuild_corpus()
    return transcription_of(study, added.capture_id)


def check(
    study: Opened, capture_id: str, verdict: str, note: str = "", *, actor: str, event_id: UUID | None = None
) -> Kept:
    """Say that a transcription agrees with its source, or where it differs; a person's later word takes the place of
    an earlier one.

    Raises
    ------
    InputError
        If the actor typed it, it was corrected meanwhile, a difference is not said, or there is no such transcription.
    """
    kept, said = transcription_of(study, capture_id), plain(note)
    if actor == kept.by:
        raise InputError(f"{actor} typed this; a second person compares it with the picture")
    if kept.corrected_by:
        raise InputError("this transcription was corrected meanwhile; check the one that stands")
    if verdict == "differs" and not said:
        raise InputError(Fault("say what differs, so that it can be corrected", "note"))
    body = {"capture_id": capture_id, "verdict": verdict, "note": said}
    study.record.append(Draft("transcription.checked", capture_id, body, actor, event_id=event_id))
    return transcription_of(study, capture_id)


def correction(study: Opened, capture_id: str, *, actor: str) -> Transcription:
    """Begin a correction: a draft with all that was typed, which takes the transcription's place once it is saved.

    Raises
    ------
    InputError
        If there is no such transcription, a part of it was erased, it was corrected already, or another is at it.
    """
    kept = transcription_of(study, capture_id)
    if kept.corrected_by:
        raise InputError("this transcription was corrected already; correct the one that stands")
    if kept.erased:
        raise InputError("a part of this transcription was erased on request; it cannot be corrected any more")
    begun = transcription_drafts.draft(study.folder, kept.content.key)
    if begun is not None:
        transcription_drafts.owned(begun, actor)
        return begun
    made = replace(kept.content, transcriber=actor, corrects=capture_id)
    transcription_drafts.keep(study.folder, made)
    return made


def transcriptions(study: Opened) -> list[Kept]:
    """The transcriptions that stand, the latest first."""
    rows = [row for row in study.record.view("captures", reader=READER) if not row["erased_whole"]]
    gone = superseded(rows)
    return [_kept(study, row) for row in reversed(rows) if row["capture_id"] not in gone]


def waiting(study: Opened) -> list[str]:
    """Pictures and recordings, by their hash, that belong to no item, no transcription and no draft."""
    folder = study.folder
    used = {media_id for media_id, _ in links(study.record)}
    used |= {one for kept in transcriptions(study) for one in kept.content.sources}
    used |= {one for draft in transcription_drafts.every(folder) for one in draft.sources}
    return [media_id for media_id in media_ids(folder.media) if media_id not in used]


def pictures_of(study: Opened, natives: Collection[str]) -> frozenset[str]:
    """The screenshots and recordings off which items of these ids were read, by their hash; corrected or not."""
    rows = [row for row in study.record.view("captures", reader=READER) if not row["erased_whole"]]
    kept = (read_back(raw_file(study.folder.captures, row["capture_id"]))[0] for row in rows)
    return frozenset(source for one in kept if one.key for source in one.sources
                     if any(one.native(entry.entry) in natives for entry in one.entries))  # fmt: skip


def transcription_of(study: Opened, capture_id: str) -> Kept:
    """The transcription of this capture, whether it still stands or not.

    Raises
    ------
    InputError
        If there is none, or its file is missing.
    """
    rows = study.record.view("captures", capture_id=capture_id, reader=READER)
    if not rows or rows[0]["erased_whole"]:
        raise InputError("there is no such transcription; it may have been erased")
    return _kept(study, rows[0])


def superseded(captures: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The captures that a correction took the place of, from the record's view of captures."""
    return frozenset(_option(row, "corrects") for row in captures) - {""}


def checked(study: Opened, typed: Transcription) -> Transcription:
    """What was typed as it is kept, once all of it is found to be right.

    Raises
    ------
    InputError
        With everything that is wrong, by entry and field.
    """
    faults: list[Fault] = []
    where, captured_at, offset = typed.platform.strip(), "", None
    try:
        where = platform(where)
    except ValueError as error:
        faults.append(Fault(str(error), "platform"))
    try:
        offset = offset_minutes(typed.zone) * 60_000
        captured_at = moment(typed.captured_at, typed.zone, "captured_at")
    except ValueError as error:
        faults.append(Fault(str(error), "zone"))
    except InputError as error:
        offset = None
        faults += error.faults
    there = media_ids(study.folder.media)
    faults += [Fault("this picture is not in the study; attach it again", "sources")
               for one in typed.sources if one not in there]  # fmt: skip
    ready = replace(typed, platform=where, captured_at=captured_at, post=_plain(typed.post),
                    comments=tuple(map(_plain, typed.comments)))  # fmt: skip
    if not (ready.post.title or ready.post.text or ready.sources):
        faults.append(Fault("a post needs a title, a text or a picture", "post"))
    faults += _entries(ready)
    faults += _times(ready, offset) if offset is not None else []
    if faults:
        raise InputError(faults)
    return ready


def _entries(ready: Transcription) -> list[Fault]:
    """What is wrong with the post and the comments."""
    faults: list[Fault] = []
    above = {one.entry: one.answers for one in ready.comments}
    natives: dict[tuple[bool, str], int] = {}
    for one in ready.entries:
        name = _name(one)
        native = ready.native(one.entry)
        other = natives.setdefault((one.entry == 0, native), one.entry)
        if other != one.entry:
            faults.append(Fault(f"has the id of comment {other}; each has its own", name))
        if damaged(native):
            faults.append(Fault(f"{native} is what a spreadsheet made of an id; copy it from the platform", name))
        if one.entry and not (one.text or one.media):
            faults.append(Fault("is empty; type its text or take it out", name))
        if one.answers and _goes_round(one.entry, above):
            faults.append(Fault("answers a comment that is not here, or itself in the end", name))
    return faults


def _times(ready: Transcription, offset: int) -> list[Fault]:
    """Which times cannot be read, counted from when it was captured."""
    captured_at = parse_time(ready.captured_at).exact
    hint = ("write it as 2025-01-14 12:08" if captured_at is not None
            else "if it counts from when it was captured, say when that was, with the clock")  # fmt: skip
    return [Fault(f"the time {one.time[:40]!r} cannot be read; {hint}", _name(one)) for one in ready.entries
            if parse_time(one.time or None, captured_at, offset).damaged]  # fmt: skip


def _name(one: Typed) -> str:
    return f"comment {one.entry}" if one.entry else "post"


def _goes_round(entry: int, above: Mapping[int, int]) -> bool:
    """Whether a chain of answers does not end at the post."""
    met = set()
    while entry:
        if entry in met or entry not in above:
            return True
        met.add(entry)
        entry = above[entry]
    return False


def _plain(one: Typed) -> Typed:
    counts = {name: plain(said) for name, said in one.counts.items()}
    return Typed(
        one.entry, plain(one.id), plain(one.author), plain(one.time), plain(one.location), plain(one.title),
        plain(one.text), _each(one.hashtags, "#"), {name: said for name, said in counts.items() if said},
        plain(one.url), _each(one.media), one.answers,
    )  # fmt: skip


def _each(members: Iterable[str], without: str = "") -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (plain(one).strip(without) for one in members))))


def _in_its_place(study: Opened, ready: Transcription, capture_id: str) -> None:
    """Refuse what would stand beside a transcription instead of taking its place."""
    rows = study.record.view("captures", reader=READER)
    if any(row["capture_id"] == capture_id for row in rows):
        return
    corrected = next((row for row in rows if _option(row, "corrects") == ready.corrects), None)
    if ready.corrects and corrected is not None:
        words = f"{_by(corrected)} saved another correction meanwhile; nothing of it is lost: correct that one"
        raise InputError(words)
    before = next((row for row in rows if _option(row, "key") == ready.key), None)
    if before is not None and not ready.corrects:
        raise InputError(f"{_by(before)} saved this transcription before, with another content; correct that one")


def _option(row: Mapping[str, Any], name: str) -> str:
    return str((row["options"] or {}).get(name, "")) if row["reader"] == READER else ""


def _by(row: Mapping[str, Any]) -> str:
    return _option(row, "transcriber") or str(row["actor"])


def _kept(study: Opened, row: Mapping[str, Any]) -> Kept:
    capture_id = row["capture_id"]
    said, erased = read_back(raw_file(study.folder.captures, capture_id))
    later = [other["capture_id"] for other in study.record.view("captures", reader=READER)
             if _option(other, "corrects") == capture_id]  # fmt: skip
    checks = [Check(one["actor"], one["verdict"], one["note"] or "", one["at"])
              for one in study.record.view("transcription_checks", capture_id=capture_id)]  # fmt: skip
    return Kept(capture_id, said, erased, _by(row), row["at"], later[0] if later else "", tuple(checks))
