"""What else does a person do while reading in a round: notes, arguments, changes of mind, groups, and being finished?

Each of these is one event under an identifier that the client made, so that it may be handed in again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from resilens.coding.working import KINDS, Work, check_open
from resilens.corpus.schema import ACTOR_TYPES
from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.store import Record
from resilens.study.words import did_you_mean

UNKNOWN = "unknown"


def note(work: Work, memo_id: str, about: Sequence[str], text: str, act: UUID | None = None) -> list[Event]:
    """Write a memo in the round, or change it; without words it is taken back.

    Parameters
    ----------
    memo_id
        Made by the client; the same one changes the memo.
    about
        Ids of items and codes.

    Raises
    ------
    InputError
        If the round is not open to the coder, or the memo is somebody else's.
    """
    return _memo(work, "memo", memo_id, about, text, act)


def argue(work: Work, memo_id: str, about: Sequence[str], text: str, act: UUID | None = None) -> list[Event]:
    """Argue for or against a code in a round that is read together; see `note`."""
    return _memo(work, "argument", memo_id, about, text, act)


def change_mind(work: Work, memo_id: str, about: Sequence[str], text: str, act: UUID | None = None) -> list[Event]:
    """Say that, and why, one changed one's mind, in a round that is read together; see `note`."""
    return _memo(work, "change_of_mind", memo_id, about, text, act)


def _memo(work: Work, kind: str, memo_id: str, about: Sequence[str], text: str, act: UUID | None) -> list[Event]:
    if stored := _stored(work.record, act, work.coder, work.round.id):
        return stored
    if kind != "memo" and work.round.mode != "joint":
        raise InputError(f"{work.round.id} is read independently: arguments wait for the consensus; write a memo")

    def decide() -> list[Draft]:
        check_open(work)
        held = work.record.view("memos", memo_id=memo_id)
        if held and (held[0]["actor"], held[0]["round_id"]) != (work.coder, work.round.id):
            raise InputError(Fault("this memo is not yours to change; write a new one", "memo_id"))
        if not text.strip():
            return [_event(work, "memo.removed", memo_id, {"memo_id": memo_id}, act)] if held else []
        body = {"memo_id": memo_id, "text": text, "about": list(about), "type": kind}
        if held and all(held[0][name] == value for name, value in body.items()):
            return []
        return [_event(work, "memo.written", memo_id, body, act)]

    return work.record.append_decided(decide)


def finish(work: Work, act: UUID | None = None) -> list[Event]:
    """Say that one has read the round to the end; see `resume`."""
    return _finished(work, True, act)


def resume(work: Work, act: UUID | None = None) -> list[Event]:
    """Take back that one has finished.

    Raises
    ------
    InputError
        If the round is not open to the coder.
    """
    return _finished(work, False, act)


def is_finished(record: Record, round_id: str, coder: str) -> bool:
    """Whether a coder said to have read the round to the end."""
    return record.count("finished", round_id=round_id, coder=coder) > 0


def _finished(work: Work, wanted: bool, act: UUID | None) -> list[Event]:
    if stored := _stored(work.record, act, work.coder, work.round.id):
        return stored

    def decide() -> list[Draft]:
        check_open(work)
        if is_finished(work.record, work.round.id, work.coder) == wanted:
            return []
        return [_event(work, "coder.finished" if wanted else "coder.resumed", work.round.id, {}, act)]

    return work.record.append_decided(decide)


def _stored(record: Record, act: UUID | None, actor: str, round_id: str) -> list[Event]:
    """What this act stored when it was handed in before, if it was."""
    ours = (actor, round_id)
    event = record.done(act, lambda event: (event.actor, event.round_id) == ours and event.kind not in KINDS, "act")
    return [event] if event else []


def _event(work: Work, kind: str, subject: str, body: Mapping[str, object], act: UUID | None) -> Draft:
    return Draft(kind, subject, body, work.coder, "human", work.round.id, event_id=act)


def overrule(
    record: Record, author: str, actor: str, *, group: str = "", actor_type: str = "", reason: str = "",
    groups: Collection[str] = (), authors: Collection[str] = (), act: UUID | None = None,
) -> list[Event]:  # fmt: skip
    """Decide an author's group or actor type against the study's rules; without both, leave the author to them again.

    Parameters
    ----------
    author
        A pseudonym.
    actor
        Who decides.
    group, actor_type
        Empty leaves that one to the rules.
    reason
        Why; needed.
    groups, authors
        The study's groups; the authors there are.

    Raises
    ------
    InputError
        If the author, group or actor type is none there is, or there is no reason.
    """
    if stored := _stored(record, act, actor, ""):
        return stored
    faults = [] if author in authors else [Fault(f"{author!r} wrote nothing in this sample", "author")]
    for name, given, known in (("group", group, [*groups, UNKNOWN]), ("actor_type", actor_type, ACTOR_TYPES)):
        if given and given not in known:
            hint = did_you_mean(given, known) or f"; one of {', '.join(known)}"
            faults.append(Fault(f"no {name.replace('_', ' ')} {given!r}{hint}", name))
    if not reason.strip():
        faults.append(Fault("say why; the reason stands on the record beside the rules' answer", "reason"))
    if faults:
        raise InputError(faults)

    def decide() -> list[Draft]:
        held = record.view("groups", author=author)
        if not group and not actor_type:
            gone = {"author": author, "reason": reason}
            return [Draft("group.removed", author, gone, actor, event_id=act)] if held else []
        body = {"author": author, "group": group, "actor_type": actor_type, "reason": reason}
        if held and all(held[0][name] == value for name, value in body.items()):
            return []
        return [Draft("group.assigned", author, body, actor, event_id=act)]

    return record.append_decided(decide)
