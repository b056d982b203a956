"""What may the body of each kind of event hold? One model a kind; an unknown key is refused.

Ids are strings. Times inside a body are ISO 8601 text. Identities and keys: `views` and `kinds` say what a body sets.
"""

from __future__ import annotations

import re
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

DIGEST = r"^[0-9a-f]{64}$"


class Body(BaseModel):
    """The body of an event."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class CaptureAdded(Body):
    """`mapping` is the generic table's, field to column; `options` are the reader's own."""

    capture_id: str = Field(pattern=DIGEST)
    name: str
    reader: str
    size: int | None = Field(None, ge=0)
    mapping: dict[str, Any] = {}
    guessed: bool = False
    platform: str = ""
    time_zone: str = ""
    time_zone_basis: str = ""
    query: str = ""
    ranking: str = ""
    account: str = ""
    locale: str = ""
    collected_at: str = ""
    complete: bool = False
    options: dict[str, Any] = {}


class CaptureErased(Body):
    """Records of a capture were replaced by tombstones; `sha256` is the raw file's now, empty where the whole went."""

    capture_id: str = Field(pattern=DIGEST)
    records: int = Field(0, ge=0)
    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    whole: bool = False
    reason: str = ""


class MediaAdded(Body):
    """A picture or recording, by the SHA-256 under which it is kept; `transcript` is that of its transcript."""

    media_id: str = Field(pattern=DIGEST)
    kind: str
    size: int = Field(ge=0)
    transcript: str = Field("", pattern=r"^([0-9a-f]{64})?$")


class MediaLinked(Body):
    """`item` is the platform's id of a post or comment, or its whole id."""

    media_id: str = Field(pattern=DIGEST)
    item: str = Field(min_length=1)


class MappingDeclared(Body):
    """`header` is the table's, so that the next table of the same shape is read alike."""

    name: str = Field(min_length=1)
    mapping: dict[str, Any]
    header: list[str] = []
    guessed: bool = False
    platform: str = ""
    time_zone: str = ""


class SampleDrawn(Body):
    """A draw is an immutable file; what it was drawn from is `inputs_sha256`."""

    draw: str = Field(min_length=1)
    sha256: str = Field(pattern=DIGEST)
    inputs_sha256: str = Field(pattern=DIGEST)
    design: str
    seed: int | str
    file: str = ""
    n: int | None = Field(None, ge=0)
    frame: str = ""
    quotas: dict[str, int] = {}
    rankings: list[str] = []
    replaces: str = ""
    reason: str = ""
    details: dict[str, Any] = {}


class ScreeningDecided(Body):
    """A duplicate names the item it repeats; `lead` is the lead that brought a post in out of the design's order,
    `hashtag` the one whose quota such a post fills; `undoes` is the event that this one takes back, by saying again
    what was decided before."""

    item_id: str = Field(min_length=1)
    decision: Literal["include", "exclude", "duplicate"]
    reason: str = ""
    duplicate_of: str = ""
    draw: str = ""
    lead: str = ""
    hashtag: str = ""
    undoes: str = ""

    @model_validator(mode="after")
    def _duplicate_of_what(self) -> Self:
        if (self.decision == "duplicate") != bool(self.duplicate_of):
            raise ValueError("duplicate_of goes with decision = duplicate, and only with it")
        return self


class CommentChosen(Body):
    """`chosen` false is a decision against the comment; to take either back, comment.removed."""

    comment_id: str = Field(min_length=1)
    post_id: str = Field(min_length=1)
    chosen: bool = True
    reason: str = ""
    draw: str = ""


class GroupAssigned(Body):
    """An empty `group` or `actor_type` leaves that one to the study's rules."""

    author: str = Field(min_length=1)
    group: str = ""
    actor_type: str = ""
    reason: str = ""


class QuotingSet(Body):
    """`paraphrase` is what a report shows in place of words that may only be paraphrased."""

    item_id: str = Field(min_length=1)
    status: Literal["free", "paraphrase", "do_not_quote"]
    paraphrase: str = ""
    reason: str = ""


class CodebookChanged(Body):
    """The codebook as a whole; its version is the event's `codebook_version`, `sha256` that of `codebook.toml`."""

    codebook: dict[str, Any]
    sha256: str = Field(pattern=DIGEST)
    reason: str = ""


class RoundOpened(Body):
    """The event's `round_id` names the round. `items` is what is to be coded; empty: the whole draw. `assignments` is
    coder to items, for coders who read only some of these; a coder who is not in it reads all."""

    mode: Literal["independent", "joint"]
    coders: list[str]
    title: str = ""
    draw: str = ""
    items: list[str] = []
    assignments: dict[str, list[str]] = {}
    note: str = ""


class RoundStep(Body):
    reason: str = ""


class Target(Body):
    """What a coding is applied to: a whole item, a span of a field, a region of an image, an interval of a recording.

    Offsets are Unicode code points of stored text, half-open; regions are in original pixels.
    """

    item_id: str = Field(min_length=1)
    code_id: str = ""
    nothing_applies: bool = False
    field: str = ""
    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=0)
    media_id: str = ""
    x: int | None = Field(None, ge=0)
    y: int | None = Field(None, ge=0)
    w: int | None = Field(None, gt=0)
    h: int | None = Field(None, gt=0)
    start_ms: int | None = Field(None, ge=0)
    end_ms: int | None = Field(None, ge=0)
    second_item: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.nothing_applies == bool(self.code_id):
            raise ValueError("code_id is empty when nothing_applies is true, and only then")
        if not re.fullmatch(r"|title|text|translation:.+", self.field):
            raise ValueError(f"field is '', 'title', 'text' or 'translation:ID', not {self.field!r}")
        if self.field and self.media_id:
            raise ValueError("a coding is of a field or of a media file, not of both")
        _span("start", self.start, "end", self.end, needs="field", there=bool(self.field), required=bool(self.field))
        _span("start_ms", self.start_ms, "end_ms", self.end_ms, needs="media_id", there=bool(self.media_id))
        region = (self.x, self.y, self.w, self.h)
        if any(side is not None for side in region) and (None in region or not self.media_id):
            raise ValueError("a region has x, y, w, h and media_id, all of them")
        return self


def _span(low: str, start: int | None, high: str, end: int | None, *, needs: str, there: bool,
          required: bool = False) -> None:  # fmt: skip
    """Both ends or neither, in order, and only on what they measure."""
    if (start is None) != (end is None) or (required and start is None):
        raise ValueError(f"{low} and {high} go together" + (f", and {needs} needs them" if required else ""))
    if start is not None and end is not None and end <= start:
        raise ValueError(f"{high} must be greater than {low}")
    if start is not None and not there:
        raise ValueError(f"{low} and {high} need {needs}")


class Act(Target):
    """What a coder does to a coding. Events of one `act` were one step of the coder's; `undoes` is the act that this
    one takes back."""

    act: str = ""
    undoes: str = ""


class CodingSet(Act):
    """`text_sha256` is of the stored text the offsets count in; the event's actor is the coder."""

    text_sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    memo: str = ""

    @model_validator(mode="after")
    def _text_known(self) -> Self:
        if self.field and not self.text_sha256:
            raise ValueError("text_sha256 is needed with a field: the SHA-256 of the stored text in UTF-8")
        return self


class CodingRemoved(Act):
    reason: str = ""


class ConsensusDecided(Target):
    """`applies` is None while unresolved; `codings` are the events it settles, `changed_minds` coder to why."""

    applies: bool | None
    reason: str = ""
    note: str = ""
    text_sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    codings: list[UUID] = []
    changed_minds: dict[str, str] = {}


class ConsensusRemoved(Target):
    reason: str = ""


class ItemErased(Body):
    """Says that something was erased without naming it; the event's subject must not name it either."""

    what: Literal["item", "author"]
    reason: str
    records: int = Field(0, ge=0)
    events: int = Field(0, ge=0)
    files: int = Field(0, ge=0)


class EventErased(Body):
    event_ids: list[UUID] = Field(min_length=1)
    reason: str


class MemoWritten(Body):
    """`about` names items, codes, claims or rounds; a memo of type `saturation` states that codes or facets are
    saturated in meaning, an `argument` is made in a round that is read together, and a `change_of_mind` says why."""

    memo_id: str = Field(min_length=1)
    text: str
    title: str = ""
    type: Literal["memo", "theory", "positionality", "saturation", "argument", "change_of_mind"] = "memo"
    about: list[str] = []


class LeadNoted(Body):
    """Something seen without taking part: where and when, its address, what was copied, and what it belongs to.

    `file` is the SHA-256 of a file kept in `captures/media`; `items` are captured items and `codes` codes it speaks of.
    """

    lead_id: str = Field(min_length=1)
    text: str
    where: str = ""
    seen_at: str = ""
    link: str = ""
    pasted: str = ""
    file: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    tags: list[str] = []
    items: list[str] = []
    codes: list[str] = []


class DiaryNoted(Body):
    """A stretch of observation: who watched what, with which account, where, by which query, from when to when."""

    entry_id: str = Field(min_length=1)
    text: str
    began_at: str = ""
    ended_at: str = ""
    observer: str = ""
    account: str = ""
    channel: str = ""
    query: str = ""
    leads: list[str] = []


class TranslationAdded(Body):
    """A translation of an item's title or text; `text_sha256` is of the stored text that was translated."""

    translation_id: str = Field(min_length=1)
    item_id: str = Field(min_length=1)
    field: Literal["title", "text"] = "text"
    text: str = Field(min_length=1)
    language: str = ""
    engine: str = Field(min_length=1)
    version: str = ""
    made_on: str = ""
    text_sha256: str = Field(pattern=DIGEST)


class TranslationAccepted(Body):
    """The one translation of a field that quotes and plates use; the reason says why this one."""

    translation_id: str = Field(min_length=1)
    item_id: str = Field(min_length=1)
    field: Literal["title", "text"] = "text"
    reason: str = ""


class Box(Body):
    """A rectangle of a picture, in original pixels, and what it covers."""

    x: int = Field(ge=0)
    y: int = Field(ge=0)
    w: int = Field(gt=0)
    h: int = Field(gt=0)
    covers: Literal["face", "name", "other"] = "other"


class RedactionSet(Body):
    """What must not be seen of a picture. Only with `complete`, said by somebody who looked at all of it, may the
    redacted picture leave the study; complete without boxes: there is nothing to hide."""

    media_id: str = Field(pattern=DIGEST)
    boxes: list[Box] = []
    complete: bool = False
    withheld: bool = False
    reason: str = ""


class PacketMerged(Body):
    """What a coder did in a packet, away from the study, was brought in: `events` of it were new."""

    sha256: str = Field(pattern=DIGEST)
    coder: str = Field(min_length=1)
    events: int = Field(0, ge=0)


class TranscriptionChecked(Body):
    """A second person compared a transcription (a capture made at the desk) with what it was made from."""

    capture_id: str = Field(pattern=DIGEST)
    verdict: Literal["agrees", "differs"]
    note: str = ""


class FindingSeen(Body):
    """What a cited finding was when the claim was written: a value, why there was none, or the whole's sentence."""

    of: str = Field(min_length=1)
    value: float | None = None
    low: float | None = None
    high: float | None = None
    undefined: str = ""
    sentence: str = ""


class ClaimChanged(Body):
    """The claim as a whole; evidence is written as `resilens.claims.references` reads it."""

    claim_id: str = Field(min_length=1)
    statement: str
    question: str = ""
    stage: str = ""
    puzzle: str = ""
    rivals: list[str] = []
    evidence_for: list[str] = []
    evidence_against: list[str] = []
    led_to: list[str] = []
    status: str = ""
    findings: list[FindingSeen] = []


class ItemNamed(Body):
    """Takes back what was decided about an item."""

    item_id: str = Field(min_length=1)
    reason: str = ""


class CommentNamed(Body):
    comment_id: str = Field(min_length=1)
    reason: str = ""


class AuthorNamed(Body):
    author: str = Field(min_length=1)
    reason: str = ""


class MappingNamed(Body):
    name: str = Field(min_length=1)
    reason: str = ""


class MemoNamed(Body):
    memo_id: str = Field(min_length=1)
    reason: str = ""


class LeadNamed(Body):
    lead_id: str = Field(min_length=1)
    reason: str = ""


class ClaimNamed(Body):
    claim_id: str = Field(min_length=1)
    reason: str = ""


class DiaryNamed(Body):
    entry_id: str = Field(min_length=1)
    reason: str = ""


class TranslationNamed(Body):
    translation_id: str = Field(min_length=1)
    reason: str = ""


class FieldNamed(Body):
    """Takes back which translation of a field was accepted."""

    item_id: str = Field(min_length=1)
    field: Literal["title", "text"] = "text"
    reason: str = ""


class MediaNamed(Body):
    media_id: str = Field(pattern=DIGEST)
    reason: str = ""
