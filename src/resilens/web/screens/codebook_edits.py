"""The forms that change the codebook: each says beforehand what it will touch, and saves one version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.responses import Response

from resilens.coding import codebook_editing as editing
from resilens.coding.code_looks import completed, proposed_colour, proposed_key
from resilens.coding.code_tree import below
from resilens.coding.codebook import ChangedMeanwhile, Version, at_version
from resilens.coding.codebook_consequences import Touched, if_redefined, touched
from resilens.coding.codebook_editing import code_called, written
from resilens.coding.codes import Code, Codebook, Facet
from resilens.coding.items import CorpusItems
from resilens.errors import Fault, InputError
from resilens.results.time_axis import PALETTE
from resilens.study.frameworks import ROLES
from resilens.web.screens.codebook_pages import shown
from resilens.web.visit import Coder, Visit, local

router = APIRouter()

PARTS = 3
"""Parts that a split offers room for."""

Edit = Callable[[Codebook], Codebook]

_told: OrderedDict[UUID, int] = OrderedDict()
"""For forms whose sender was told that the codebook has changed: the version they know of now. Sent again, such a form
is taken to be meant upon that version, so that nothing has to be typed anew."""


class EditForm(BaseModel):
    """What every form that changes the codebook carries."""

    event: UUID
    based_on: int
    reason: str = ""
    back: str = ""


class CodeForm(EditForm):
    """All that can be said of a code. `place` is `facet:ID` for the top of a facet, `code:ID` for inside a code."""

    name: str = ""
    name_zh: str = ""
    place: str = ""
    role: str = ""
    variant: str = ""
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    example: str = ""
    source: str = ""
    second_item: bool = False
    anchors: str = ""
    colour: str = ""
    key: str = ""


_TEXTS = ("name", "name_zh", "variant", "definition", "use_when", "not_when", "example", "source")


def _save(visit: Visit, form: EditForm, edit: Edit, to: Callable[[Version, Codebook], str] | str = "") -> Response:
    """Save an edit of the version that the form was made from, or of the one its sender was told of since; go on."""
    study, number = visit.study, _told.get(form.event, form.based_on)
    now = at_version(study.record, number).codebook
    try:
        made = editing.keep(study.folder.root, study.record, edit(now), based_on=number, actor=visit.coder,
                            reason=written(form.reason), event_id=form.event)  # fmt: skip
    except ChangedMeanwhile as error:
        _told[form.event] = error.current.number
        if len(_told) > 1000:
            _told.popitem(last=False)
        raise
    there = to if isinstance(to, str) else to(made, now)
    return visit.to(f"{there}?back={quote(local(form.back), safe='')}" if local(form.back) else there)


def address(code_id: str) -> str:
    """The address of a code."""
    return f"/codebook/{quote(code_id, safe='')}"


def _touched(visit: Visit, edit: Edit) -> Touched:
    book = visit.desk.codebook()
    return touched(visit.study.record, visit.coder, book, edit(book))


# --- codes --------------------------------------------------------------------------------------------------------


@router.get("/codebook/-/new")
def new_form(visit: Coder, facet: str = "", parent: str = "") -> Response:
    """A form for a new code."""
    book = visit.desk.codebook()
    facet = book.code(parent).facet if parent in book else facet or (book.facets[0].id if book.facets else "")
    blank = Code("", facet, "", parent=parent, colour=proposed_colour(book, facet))
    return _form(visit, blank, None)


@router.post("/codebook/-/new")
def add(visit: Coder, form: Annotated[CodeForm, Form()]) -> Response:
    """Add a code."""

    def edit(book: Codebook) -> Codebook:
        facet, parent = _placed(book, form.place)
        blank = Code(editing.id_for(book, facet, form.name, parent), facet, "")
        code = _code(visit, form, blank, book)
        return editing.with_code(book, code if code.key else replace(code, key=proposed_key(book, code)))

    return _save(visit, form, edit, lambda made, before: address(
        next(code.id for code in made.codebook.codes if code.id not in before)))  # fmt: skip


@router.get("/codebook/{code_id}/edit")
def edit_form(visit: Coder, code_id: str, back: str = "") -> Response:
    """A form with all that is said of a code."""
    book = visit.desk.codebook()
    return _form(visit, code_called(book, code_id), if_redefined(visit.study.record, visit.coder, book, code_id), back)


def _form(visit: Visit, code: Code, felt: Touched | None, back: str = "") -> Response:
    book = visit.desk.codebook()
    inside = {code.id, *below(book, code.id)} if code.id else set()
    places = [one for one in book.codes if one.id not in inside and (one.active or one.id == code.parent)]
    return shown(visit, "form", code=code, touched=felt, back=local(back), roles=ROLES, palette=PALETTE,
                 key=proposed_key(book, code) if code.name else "", places=places)  # fmt: skip


@router.post("/codebook/{code_id}/edit")
def change(visit: Coder, code_id: str, form: Annotated[CodeForm, Form()]) -> Response:
    """Change a code; where somebody else changed other fields of it meanwhile, theirs stay."""
    base = code_called(at_version(visit.study.record, form.based_on).codebook, code_id)

    def edit(book: Codebook) -> Codebook:
        mine, _ = editing.reconciled(base, code_called(book, code_id), _code(visit, form, base, book))
        return editing.with_code(book, mine)

    return _save(visit, form, edit, address(code_id))


def _code(visit: Visit, form: CodeForm, base: Code, book: Codebook) -> Code:
    """The code that a form describes."""
    facet, parent = _placed(book, form.place)
    with visit.desk.corpus() as corpus:
        anchors = editing.anchors_of(form.anchors, CorpusItems(corpus))
    texts: dict[str, Any] = {name: written(getattr(form, name)) for name in _TEXTS}
    return replace(base, facet=facet, parent=parent, role=form.role, second_item=form.second_item, anchors=anchors,
                   colour=form.colour, key=form.key.strip(), **texts)  # fmt: skip


def _placed(book: Codebook, place: str) -> tuple[str, str]:
    """The facet and the parent that a choice of place means."""
    kind, _, name = place.partition(":")
    return (code_called(book, name).facet, name) if kind == "code" else (name, "")


@router.get("/codebook/{code_id}/rename")
def rename_form(visit: Coder, code_id: str, back: str = "") -> Response:
    """A form for another name."""
    book = visit.desk.codebook()
    felt = if_redefined(visit.study.record, visit.coder, book, code_id)
    return shown(visit, "rename", code=code_called(book, code_id), touched=felt, back=local(back))


@router.post("/codebook/{code_id}/rename")
def rename(
    visit: Coder, code_id: str, event: Annotated[UUID, Form()], based_on: Annotated[int, Form()],
    name: Annotated[str, Form()] = "", name_zh: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Give a code another name."""
    form = EditForm(event=event, based_on=based_on, reason=reason, back=back)
    return _save(visit, form, lambda book: editing.renamed(book, code_id, written(name), written(name_zh)),
                 address(code_id))  # fmt: skip


@router.post("/codebook/{code_id}/shift")
def shift(
    visit: Coder, code_id: str, event: Annotated[UUID, Form()], based_on: Annotated[int, Form()],
    by: Annotated[int, Form()], back: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Move a code up or down among its siblings."""
    form = EditForm(event=event, based_on=based_on, back=back)
    return _save(visit, form, lambda book: editing.shifted(book, code_id, by), address(code_id))


@router.get("/codebook/{code_id}/merge")
def merge_form(visit: Coder, code_id: str, into: str = "", back: str = "") -> Response:
    """Choose a code to merge into, then see what that touches."""
    book = visit.desk.codebook()
    code = code_called(book, code_id)
    felt = _touched(visit, lambda now: editing.merged(now, code_id, into)) if into else None
    others = [one for one in book.codes if one.active and one.id != code_id]
    return shown(visit, "merge", code=code, into=code_called(book, into) if into else None, others=others,
                 touched=felt, back=local(back))  # fmt: skip


@router.post("/codebook/{code_id}/merge")
def merge(
    visit: Coder, code_id: str, event: Annotated[UUID, Form()], based_on: Annotated[int, Form()],
    into: Annotated[str, Form()], reason: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Merge a code into another."""
    form = EditForm(event=event, based_on=based_on, reason=reason, back=back)
    return _save(visit, form, lambda book: editing.merged(book, code_id, into), address(into))


class SplitForm(EditForm):
    """The new codes, field by field; those without a name are left out. `kept`: the old code stays, with `definition`,
    `use_when` and `not_when` of its own."""

    kept: Literal["kept", "retired"] = "retired"
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    part_name: list[str] = []
    part_name_zh: list[str] = []
    part_definition: list[str] = []
    part_use_when: list[str] = []
    part_not_when: list[str] = []


@router.get("/codebook/{code_id}/split")
def split_form(visit: Coder, code_id: str, parts: int = PARTS, back: str = "") -> Response:
    """A form for the codes to split a code into."""
    code = code_called(visit.desk.codebook(), code_id)
    felt = _touched(visit, lambda book: editing.retired(book, code_id))
    return shown(visit, "split", code=code, touched=felt, parts=min(max(parts, 2), 20), back=local(back))


@router.post("/codebook/{code_id}/split")
def split(visit: Coder, code_id: str, form: Annotated[SplitForm, Form()]) -> Response:
    """Split a code."""

    def edit(book: Codebook) -> Codebook:
        code = code_called(book, code_id)
        columns = (form.part_name, form.part_name_zh, form.part_definition, form.part_use_when, form.part_not_when)
        if len({len(column) for column in columns}) > 1:
            raise InputError(Fault("a field of a part is missing; load the page again", "parts"))
        parts: list[Code] = []
        for name, name_zh, definition, use_when, not_when in zip(*columns, strict=True):
            if written(name):
                part = editing.part_of(book, code, written(name), [one.id for one in parts])
                parts.append(replace(part, name_zh=written(name_zh), definition=written(definition),
                                     use_when=written(use_when), not_when=written(not_when)))  # fmt: skip
        kept = replace(code, definition=written(form.definition), use_when=written(form.use_when),
                       not_when=written(form.not_when)) if form.kept == "kept" else None  # fmt: skip
        return editing.split(book, code_id, parts, kept)

    return _save(visit, form, edit, address(code_id))


@router.get("/codebook/{code_id}/retire")
def retire_form(visit: Coder, code_id: str, back: str = "") -> Response:
    """What retiring a code, or taking that back, touches."""
    code = code_called(visit.desk.codebook(), code_id)
    other = editing.retired if code.active else editing.revived
    felt = _touched(visit, lambda book: other(book, code_id))
    return shown(visit, "retire", code=code, touched=felt, back=local(back))


@router.post("/codebook/{code_id}/retire")
def retire(
    visit: Coder, code_id: str, event: Annotated[UUID, Form()], based_on: Annotated[int, Form()],
    reason: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Retire a code."""
    form = EditForm(event=event, based_on=based_on, reason=reason, back=back)
    return _save(visit, form, lambda book: editing.retired(book, code_id), address(code_id))


@router.post("/codebook/{code_id}/revive")
def revive(
    visit: Coder, code_id: str, event: Annotated[UUID, Form()], based_on: Annotated[int, Form()],
    reason: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Take a retired code into use again."""
    form = EditForm(event=event, based_on=based_on, reason=reason, back=back)
    return _save(visit, form, lambda book: editing.revived(book, code_id), address(code_id))


# --- facets and looks ---------------------------------------------------------------------------------------------


class FacetForm(EditForm):
    """All that can be said of a facet; without `id` it is a new one."""

    id: str = ""
    name: str = ""
    name_zh: str = ""
    definition: str = ""


@router.get("/codebook/-/facet")
def facet_form(visit: Coder, id: str = "") -> Response:
    """A form for a facet, or for a new one."""
    known = {facet.id: facet for facet in visit.desk.codebook().facets}
    if id and id not in known:
        raise InputError(f"the codebook has no facet {id!r}; it has {', '.join(known)}")
    return shown(visit, "facet", facet=known.get(id, Facet("", "")))


@router.post("/codebook/-/facet")
def set_facet(visit: Coder, form: Annotated[FacetForm, Form()]) -> Response:
    """Add or change a facet."""

    def edit(book: Codebook) -> Codebook:
        name = written(form.name)
        facet_id = form.id or editing.facet_id_for(book, name)
        return editing.with_facet(book, Facet(facet_id, name, written(form.name_zh), written(form.definition)))

    return _save(visit, form, edit, "/codebook")


@router.post("/codebook/-/looks")
def looks(visit: Coder, event: Annotated[UUID, Form()], based_on: Annotated[int, Form()]) -> Response:
    """Give every code that lacks them a colour and a key."""
    return _save(visit, EditForm(event=event, based_on=based_on), completed, "/codebook")
