"""In which order does everything go that must be forgotten?

What is found by way of the corpus goes first, the corpus itself last: a kill in between leaves a study in which the
same command finds the rest and finishes.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from resilens import files
from resilens.capture.adding import raw_file
from resilens.capture.erasing import Erasing
from resilens.capture.media import hash_in, media_ids
from resilens.capture.traces import MARK
from resilens.claims.keeping import project, synchronise
from resilens.claims.studying import take_in
from resilens.coding.codebook import latest
from resilens.coding.codebook_file import to_toml
from resilens.coding.codes import codebook_from
from resilens.erasure.planning import (
    WORD,
    Plan,
    counted,
    drawn_rows,
    draws,
    erase_capture,
    identities_of,
    leftovers,
    projections,
)
from resilens.erasure.wanted import Wanted
from resilens.record.events import Draft, Event
from resilens.record.forgetting import forget, mentions
from resilens.sampling.drawfile import read_draw, to_bytes

if TYPE_CHECKING:
    from resilens.pipeline import OpenStudy

ACTOR = "resilens"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was forgotten."""

    records: int
    events: int
    files: int
    leftovers: tuple[str, ...]

    def lines(self) -> list[str]:
        """What was done, in words; it names nobody."""
        said = [f"Forgotten: {counted(self.records, 'record')} in captures, {counted(self.events, 'event')}, "
                f"{counted(self.files, 'file')} written anew or deleted. The record still verifies."]  # fmt: skip
        return said + [f"a trace is left in {name}, which Resilens did not make; see to it yourself"
                       for name in self.leftovers]  # fmt: skip


def carry_out(study: OpenStudy, planned: Plan, reason: str) -> Outcome:
    """Forget what was planned. A second call after a kill finishes the work.

    Parameters
    ----------
    study
        The open study.
    planned
        From `plan`.
    reason
        Why; kept in the record, without any name that is to be forgotten.

    Raises
    ------
    InputError
        If another program reads the record, or codebook.toml or claims.toml has faults; nothing is lost then, mend it
        and repeat.
    """
    wanted = planned.wanted
    reason = wanted.redacted(reason, WORD)
    if study.folder.codebook_file.exists():
        study.codebook()  # takes a hand edit into the record first, so that it is not lost
    if study.folder.claims_file.exists():
        take_in(study)
    changed = _delete_derived(study)
    shas = _rewrite_draws(study, wanted)
    found = mentions(study.record, wanted.names, wanted.touches, wanted.traces.items)
    if found or shas:
        again = frozenset({"sample.drawn"}) if shas else frozenset()
        forget(study.record, found, lambda event: _renewed(event, wanted, shas), ACTOR, reason, again)
    changed += len(shas) + _rewrite_projections(study, wanted)
    for path in planned.media:
        path.unlink(missing_ok=True)
        (study.folder.staging / "media" / f"{path.stem}.json").unlink(missing_ok=True)
    _note_media_gone(study, wanted, reason)
    records = 0
    for row in study.record.view("captures"):
        if not row["erased_whole"]:
            done = _forget_in_capture(study, row, wanted, reason)
            records, changed = records + done.records, changed + done.touched
    for capture_id, _, kept in list(identities_of(study, wanted)):
        study.vault().replace_identities(capture_id, kept)
    if records or found or shas:
        body = {"what": wanted.what, "reason": reason, "records": records, "events": len(found),
                "files": changed + len(planned.media)}  # fmt: skip
        study.record.append(Draft("item.erased", "", body, ACTOR, "machine"))
    study.rebuild_corpus()
    pictured = (name for name in planned.leftovers if (study.folder.root / name).is_relative_to(study.folder.media))
    return Outcome(records, len(found), changed + len(planned.media), (*leftovers(study, wanted), *pictured))


def _forget_in_capture(study: OpenStudy, row: Mapping[str, Any], wanted: Wanted, reason: str) -> Erasing:
    """Tombstones in one raw file, its new hash on the record, and nothing staged from the old one."""
    capture_id = row["capture_id"]
    expected = erase_capture(study, row, wanted, change=False)
    if expected.touched or capture_id in wanted.lines:
        shutil.rmtree(study.folder.staging / capture_id, ignore_errors=True)
    done = erase_capture(study, row, wanted, change=True) if expected.touched else expected
    now = files.sha256_of(raw_file(study.folder.captures, capture_id))
    # A kill may have come between the file and the record: the record then still has the hash of before.
    if now != (row["sha256"] or capture_id):
        body = {"capture_id": capture_id, "records": done.records, "sha256": now, "reason": reason}
        study.record.append(Draft("capture.erased", capture_id, body, ACTOR, "machine"))
    return done


def _note_media_gone(study: OpenStudy, wanted: Wanted, reason: str) -> None:
    """Which files of the items are no longer kept, by the record still; also those that a killed run deleted."""
    gone = {hash_in(reference) for reference in wanted.media} - media_ids(study.folder.media).keys()
    study.record.append_all([
        Draft("media.erased", row["media_id"], {"media_id": row["media_id"], "reason": reason}, ACTOR, "machine")
        for row in study.record.view("media") if row["media_id"] in gone
    ])  # fmt: skip


def _delete_derived(study: OpenStudy) -> int:
    """Delete what is made anew, and temporary files that a kill left in any place."""
    gone = 0
    for folder in (study.folder.results, study.folder.report):
        gone += sum(path.is_file() for path in folder.rglob("*"))
        shutil.rmtree(folder, ignore_errors=True)
    for left in study.folder.root.rglob(".*.tmp"):
        left.unlink()
    return gone


def _rewrite_draws(study: OpenStudy, wanted: Wanted) -> dict[str, str]:
    """Put aliases into the draws; the new hashes of those whose file is no longer what the record says."""
    recorded = {row["draw"]: row["sha256"] for row in study.record.view("draws")}
    shas = {}
    for path in draws(study):
        draw = read_draw(path)
        if drawn_rows(draw, wanted):
            items = tuple(
                replace(item, item_id=wanted.items.get(item.item_id, item.item_id),
                        cluster_id=wanted.items.get(item.cluster_id, item.cluster_id))
                for item in draw.items
            )  # fmt: skip
            files.write_bytes(path, to_bytes(replace(draw, items=items)))
        now = files.sha256_of(path)
        if path.stem in recorded and recorded[path.stem] != now:
            shas[path.stem] = now
    return shas


def _renewed(event: Event, wanted: Wanted, shas: Mapping[str, str]) -> Mapping[str, Any]:
    """The body of an event that is said again."""
    body = dict(event.body or {})
    if event.kind == "codebook.changed":
        body = dict(wanted.redacted(body, WORD))
        codebook, _ = codebook_from(body["codebook"])
        return body | {"sha256": codebook.sha256}
    if event.kind.startswith("claim."):
        return _renewed_claim(body, wanted)
    body = dict(wanted.redacted(body))
    if event.kind == "sample.drawn":
        body["sha256"] = shas.get(body["draw"], body["sha256"])
    return body


def _renewed_claim(body: Mapping[str, Any], wanted: Wanted) -> Mapping[str, Any]:
    """A claim that says of its evidence that it was erased; ids of claims stay ids."""
    body = dict(wanted.redacted(body, WORD, drop=False))
    body["claim_id"] = body["claim_id"].replace(MARK, WORD)
    if "led_to" in body:
        body["led_to"] = [led_to.replace(MARK, WORD) for led_to in body["led_to"]]
    return body


def _rewrite_projections(study: OpenStudy, wanted: Wanted) -> int:
    """codebook.toml and claims.toml anew from the record."""
    touched = projections(study, wanted)
    if study.folder.codebook_file.name in touched:
        current = latest(study.record)
        assert current is not None
        files.write_text(study.folder.codebook_file, to_toml(current.codebook, current.number))
    if study.folder.claims_file.name in touched:
        project(study.folder.root, study.record)
    elif study.folder.claims_file.exists():
        synchronise(study.folder.root, study.record)  # a text stands there escaped, so that a search may miss it
    return len(touched)
