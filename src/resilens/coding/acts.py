"""How is an act done that arrives as data, from the browser or from a packet? Each kind of act by its name.

An act that is refused does not stop those behind it: each says for itself whether it is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from resilens.coding import noting, working
from resilens.coding.codings import WHOLE
from resilens.coding.undoing import touched
from resilens.coding.working import Work
from resilens.errors import Fault, InputError
from resilens.record.events import Event, canonical
from resilens.record.sqlite import StorageError


class _Act(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    act: UUID


class _Mark(_Act):
    item_id: str
    code_id: str
    field: str = ""
    start: int | None = None
    end: int | None = None
    media_id: str = ""
    x: int | None = None
    y: int | None = None
    w: int | None = None
    h: int | None = None
    second_item: str = ""

    @property
    def mark(self) -> dict[str, Any]:
        return {"item_id": self.item_id, "code_id": self.code_id, "second_item": self.second_item,
                **{name: getattr(self, name) for name in WHOLE if hasattr(self, name)}}  # fmt: skip


class Set(_Mark):
    """A code is applied; `memo` left out leaves a memo as it is."""

    do: Literal["set"]
    memo: str | None = None


class Remove(_Mark):
    """A coding is taken back."""

    do: Literal["remove"]


class OnItem(_Act):
    """It is said, or taken back, that nothing applies to an item."""

    do: Literal["nothing", "not_nothing"]
    item_id: str


class Words(_Act):
    """A memo, an argument or a change of mind."""

    do: Literal["note", "argue", "changed_mind"]
    memo_id: str = Field(min_length=1)
    about: list[str] = []
    text: str


class Group(_Act):
    """An author's group or actor type is overruled."""

    do: Literal["group"]
    author: str
    group: str = ""
    actor_type: str = ""
    reason: str = ""


class Step(_Act):
    """The coder is finished, or is not after all."""

    do: Literal["finish", "resume"]


Act: TypeAlias = Set | Remove | OnItem | Words | Group | Step
_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[Act, Field(discriminator="do")])

Overrule: TypeAlias = Callable[[Group], list[Event]]
"""How an author's group is overruled; it is a matter of the study, not of the round."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one act.

    Parameters
    ----------
    act
        Its identifier as it was given.
    faults
        Why it was refused; empty where it is saved.
    items
        The items whose codings it may have changed.
    """

    act: str
    faults: tuple[Fault, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def saved(self) -> bool:
        return not self.faults


def perform_all(work: Work, acts: Iterable[Mapping[str, Any]], overrule: Overrule) -> list[Outcome]:
    """Do these acts in their order; each is saved or refused by itself."""
    return [perform(work, act, overrule) for act in acts]


def perform(work: Work, given: Mapping[str, Any], overrule: Overrule) -> Outcome:
    """Do one act.

    Parameters
    ----------
    work
        The coder at work in a round.
    given
        `act` (its identifier), `do`, and what that needs; see the classes here.
    overrule
        How an author's group is overruled.

    Raises
    ------
    StorageError
        If the record cannot be written: the disk is full, or the file is held by another program.
    """
    name, item_id = str(given.get("act", "")).encode(errors="replace").decode(), given.get("item_id")
    items = (item_id,) if isinstance(item_id, str) and work.may_read(item_id) else ()
    try:
        events = _done(work, _read(given), overrule)
    except StorageError:
        raise  # no fault of the act, which may be handed in again
    except InputError as error:
        return Outcome(name, error.faults, items)
    return Outcome(name, (), tuple(dict.fromkeys([*items, *_coded(events)])))


def _read(given: Mapping[str, Any]) -> Act:
    canonical(given)  # half a surrogate pair could not even be shown again
    try:
        return _ACTS.validate_python(dict(given))
    except ValidationError as error:
        faults = [Fault(one["msg"].removeprefix("Value error, "), ".".join(map(str, one["loc"][1:])))
                  for one in error.errors()]  # fmt: skip
        raise InputError(faults) from error


def _done(work: Work, act: Act, overrule: Overrule) -> list[Event]:
    match act:
        case Set():
            return working.set_code(work, act.mark, act.memo, act.act)
        case Remove():
            return working.remove_code(work, act.mark, act.act)
        case OnItem():
            mark = working.nothing_applies if act.do == "nothing" else working.take_back_nothing
            return mark(work, act.item_id, act.act)
        case Words():
            write = {"note": noting.note, "argue": noting.argue, "changed_mind": noting.change_mind}[act.do]
            return write(work, act.memo_id, act.about, act.text, act.act)
        case Group():
            return overrule(act)
        case Step():
            return (noting.finish if act.do == "finish" else noting.resume)(work, act.act)


def _coded(events: Sequence[Event]) -> list[str]:
    return touched([event for event in events if event.kind in working.KINDS])
