"""Which kinds of event are there, what does each mean, what may its body hold, and which views does it feed?

`python -m resilens.record.kinds` writes the table of kinds in docs/record.md anew.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from resilens.errors import Fault, InputError
from resilens.files import write_text
from resilens.record import bodies, views
from resilens.record.views import Projector


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its body, what it means in a line, the views it feeds, and how."""

    name: str
    body: type[bodies.Body]
    meaning: str
    views: tuple[str, ...]
    project: Projector


def _put(name: str, body: type[bodies.Body], meaning: str, view: str, **also: Any) -> Kind:
    return Kind(name, body, meaning, (view,), views.put(views.VIEWS.tables[view], **also))


def _remove(name: str, body: type[bodies.Body], meaning: str, view: str) -> Kind:
    return Kind(name, body, meaning, (view,), views.remove(views.VIEWS.tables[view]))


_ALL = (
    _put("capture.added", bodies.CaptureAdded, "a file was imported", "captures"),
    Kind("capture.erased", bodies.CaptureErased, "records of a capture, or all of it, were erased",
         ("captures", "erasures"), views.erase_capture),
    _put("media.added", bodies.MediaAdded, "a picture or recording was kept", "media"),
    _put("media.linked", bodies.MediaLinked, "a picture or recording belongs to an item", "media_links"),
    Kind("media.erased", bodies.MediaNamed, "a picture or recording was deleted, as it was to be forgotten",
         ("media", "erasures"), views.erase_medium),
    _put("mapping.declared", bodies.MappingDeclared, "what the columns of a kind of table mean", "mappings"),
    _remove("mapping.removed", bodies.MappingNamed, "takes a mapping back", "mappings"),
    _put("sample.drawn", bodies.SampleDrawn, "a sample was drawn into an immutable file", "draws"),
    _put("screening.decided", bodies.ScreeningDecided, "an item is in the sample, out of it, or a duplicate",
         "screening"),
    _remove("screening.removed", bodies.ItemNamed, "takes a screening decision back", "screening"),
    _put("comment.chosen", bodies.CommentChosen, "a comment is, or is not, analytically significant",
         "comment_choices"),
    _remove("comment.removed", bodies.CommentNamed, "takes a comment's choice back", "comment_choices"),
    _put("group.assigned", bodies.GroupAssigned, "an author's group or actor type, overruling the study's rules",
         "groups"),
    _remove("group.removed", bodies.AuthorNamed, "leaves the author to the study's rules again", "groups"),
    _put("quoting.set", bodies.QuotingSet, "whether an item may be quoted", "quoting"),
    _remove("quoting.removed", bodies.ItemNamed, "the item's quoting status is the default again", "quoting"),
    _put("codebook.changed", bodies.CodebookChanged, "a new version of the codebook, as a whole", "codebooks"),
    _put("round.opened", bodies.RoundOpened, "a round of coding begins", "rounds", state="open"),
    Kind("round.frozen", bodies.RoundStep, "a round's codings are complete and change no more", ("rounds",),
         views.mark_round("frozen", "frozen_at")),
    Kind("round.revealed", bodies.RoundStep, "the coders of a round see each other's codings", ("rounds",),
         views.mark_round("revealed", "revealed_at")),
    _put("coder.finished", bodies.RoundStep, "a coder says that the round is read to the end", "finished"),
    _remove("coder.resumed", bodies.RoundStep, "the coder takes that back", "finished"),
    _put("coding.set", bodies.CodingSet, "a coder applies a code, or says that nothing applies", "codings"),
    _remove("coding.removed", bodies.CodingRemoved, "a coder takes a coding back", "codings"),
    _put("consensus.decided", bodies.ConsensusDecided, "the coders settle, or leave open, whether a code applies",
         "consensus"),
    _remove("consensus.removed", bodies.ConsensusRemoved, "takes a consensus back", "consensus"),
    _put("item.erased", bodies.ItemErased, "an item or an author was erased from the study", "erasures"),
    Kind("event.erased", bodies.EventErased, "the bodies of earlier events were destroyed", ("erasures",),
         views.note_erased_events),
    _put("memo.written", bodies.MemoWritten, "a memo, a theoretical or positionality memo, an argument or "
         "change of mind, a statement of saturation", "memos"),
    _remove("memo.removed", bodies.MemoNamed, "takes a memo back", "memos"),
    _put("lead.noted", bodies.LeadNoted, "something seen without taking part", "leads"),
    _remove("lead.removed", bodies.LeadNamed, "takes a lead back", "leads"),
    _put("diary.noted", bodies.DiaryNoted, "a stretch of observation: who watched what, where, when", "diary"),
    _remove("diary.removed", bodies.DiaryNamed, "takes an entry of the diary back", "diary"),
    _put("translation.added", bodies.TranslationAdded, "a translation of an item's title or text", "translations"),
    _remove("translation.removed", bodies.TranslationNamed, "takes a translation back", "translations"),
    _put("translation.accepted", bodies.TranslationAccepted, "the translation that quotes and plates use",
         "accepted_translations"),
    _remove("translation.unaccepted", bodies.FieldNamed, "takes that back", "accepted_translations"),
    _put("redaction.set", bodies.RedactionSet, "what must not be seen of a picture", "redactions"),
    _remove("redaction.removed", bodies.MediaNamed, "takes a redaction back", "redactions"),
    _put("transcription.checked", bodies.TranscriptionChecked,
         "a second person compared a transcription with its source", "transcription_checks"),
    _put("packet.merged", bodies.PacketMerged, "a coder's work in a packet was brought in", "packets"),
    _put("claim.changed", bodies.ClaimChanged, "a claim, new or changed, as a whole", "claims"),
    _remove("claim.removed", bodies.ClaimNamed, "takes a claim back", "claims"),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
"""Every kind by its name. A removal takes back what its counterpart set; both stay in the record."""


def nearest(word: str, words: list[str]) -> str:
    """`; did you mean 'x'?`, or nothing when no word is near."""
    near = difflib.get_close_matches(word, words, 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises
    ------
    InputError
        If there is none, with the nearest one.
    """
    if name not in KINDS:
        raise InputError(f"unknown kind of event {name!r}{nearest(name, list(KINDS))}")
    return KINDS[name]


def checked_body(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with every key of its kind, in values JSON can hold.

    Raises
    ------
    InputError
        With one fault for each key that is unknown, missing or wrong; `where` is `kind: key`.
    """
    kind = kind_of(name)
    try:
        return kind.body.model_validate(dict(body)).model_dump(mode="json")
    except ValidationError as error:
        faults = [_fault(kind, details["loc"], details["type"], details["msg"]) for details in error.errors()]
        raise InputError(faults) from error


def _fault(kind: Kind, location: tuple[int | str, ...], problem: str, message: str) -> Fault:
    key = ".".join(map(str, location))
    where = f"{kind.name}: {key}" if key else kind.name
    if problem == "extra_forbidden":
        return Fault(f"unknown key{nearest(key, list(kind.body.model_fields))}", where)
    if problem == "missing":
        return Fault("is missing; give it", where)
    return Fault(message.removeprefix("Value error, "), where)


BEGIN, END = "<!-- kinds: written by python -m resilens.record.kinds -->", "<!-- end of kinds -->"


def table() -> str:
    """The kinds as a Markdown table; the keys that must be given come first, in bold."""
    rows = ["| kind | meaning | body | views |", "|---|---|---|---|"]
    for kind in KINDS.values():
        fields = kind.body.model_fields.items()
        keys = [f"**{name}**" for name, field in fields if field.is_required()]
        keys += [name for name, field in fields if not field.is_required()]
        rows.append(
            f"| `{kind.name}` | {kind.meaning} | {', '.join(keys)} | {', '.join(f'`{view}`' for view in kind.views)} |"
        )
    return "\n".join(rows)


def renewed(document: str) -> str:
    """`document` with the table between its marks replaced by the current one."""
    before, rest = document.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END, 1)[1]}"


if __name__ == "__main__":
    _renew = partial(Path, *(sys.argv[1:] or ["docs/record.md"]))
    write_text(_renew(), renewed(_renew().read_text(encoding="utf-8")))
