"""What do the researchers conclude, on what evidence, and how did it come about?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.responses import Response

from resilens.claims import keeping, studying, writing
from resilens.claims.checking import problems
from resilens.claims.evidence import Sources, evidence, references
from resilens.claims.findings import read_findings
from resilens.claims.history import versions
from resilens.claims.ledger import STATUSES, Claim
from resilens.coding.memos import memos
from resilens.coding.passages import pieces
from resilens.web.access import told_findings
from resilens.web.visit import Coder, EventId, Visit, local

router = APIRouter()

Typed = Annotated[str, Form()]


def _sources(visit: Visit, claims: Sequence[Claim]) -> Sources:
    """Where the evidence of these claims is looked up, as far as the visitor may be told."""
    study = visit.study
    cited = {one.name for claim in claims for one in claim.evidence if one.kind == "item"}
    return Sources(
        visit.desk.read(cited), told_findings(visit),
        {row["lead_id"]: row for row in study.record.view("leads")},
        {memo.id: memo for memo in memos(study.record, visit.coder)},
        {condition.name: condition for condition in study.study.conditions},
    )  # fmt: skip


@router.get("/claims")
def index(visit: Coder, question: str = "", stage: str = "", status: str = "") -> Response:
    """The ledger."""
    ledger = studying.ledger_of(visit.study, viewer=visit.coder)
    wanted = {"question": question, "stage": stage, "status": status}
    shown = [claim for claim in ledger if all(value in ("", getattr(claim, key)) for key, value in wanted.items())]
    return visit.page("claims/index.html", ledger=ledger, shown=shown, wanted=wanted, statuses=list(STATUSES),
                      codebook=visit.desk.codebook(), questions=visit.study.study.current_questions())  # fmt: skip


@router.post("/claims")
def save(
    visit: Coder, event: EventId, claim_id: Annotated[str, Form(alias="id")] = "", text: Typed = "",
    question: Typed = "", stage: Typed = "", status: Typed = "", puzzle: Typed = "", rivals: Typed = "",
    evidence_for: Typed = "", evidence_against: Typed = "", led_to: Typed = "", since: Typed = "",
) -> Response:  # fmt: skip
    """Write a claim, new or changed."""
    form = {"id": claim_id, "text": text, "question": question, "stage": stage, "status": status, "puzzle": puzzle,
            "rivals": rivals, "evidence_for": evidence_for, "evidence_against": evidence_against,
            "led_to": led_to}  # fmt: skip
    study = visit.study
    claim = writing.claim_of(form, writing.claim_called(study.record, claim_id) if since else None)
    keeping.change(study.folder.root, study.record, claim, visit.coder, since=since, event_id=event,
                   findings=read_findings(study.folder.results))  # fmt: skip
    return visit.to(f"/claims/{quote(claim.id, safe='')}")


@router.get("/claims/-/new")
def new(visit: Coder, reference: str = "", side: str = "for") -> Response:
    """A form for a new claim, with a first piece of evidence where one is brought along."""
    form = writing.form_of(None) | {"id": writing.free_id(visit.study.record)}
    form |= {f"evidence_{'against' if side == 'against' else 'for'}": reference}
    return _form(visit, None, form)


@router.get("/claims/-/cite")
def choose(visit: Coder, reference: str, back: str = "") -> Response:
    """Which claim an item speaks for or against."""
    cited = writing.parsed(reference)
    item = visit.desk.read([cited.name]).get(cited.name) if cited.kind == "item" else None
    words = item.fields.get(cited.field, "") if item else ""
    span = [] if cited.start is None or cited.end is None else [(cited.start, cited.end, "cited")]
    return visit.page("claims/cite.html", reference=cited, item=item, passage_parts=pieces(words, span),
                      claims=studying.take_in(visit.study), back=local(back))  # fmt: skip


@router.post("/claims/-/cite")
def cite(visit: Coder, event: EventId, claim: Typed = "", reference: Typed = "", side: Typed = "",
         back: Typed = "") -> Response:  # fmt: skip
    """Make something evidence for or against a claim."""
    study = visit.study
    writing.cite(study.folder.root, study.record, claim, reference, side, visit.coder, event_id=event,
                 findings=read_findings(study.folder.results))  # fmt: skip
    return visit.to(local(back) or f"/claims/{quote(claim, safe='')}")


@router.get("/claims/{claim_id}")
def one_claim(visit: Coder, claim_id: str) -> Response:
    """One claim: its puzzle, its rivals, what speaks for it and against it, what it led to, its history."""
    study, record = visit.study, visit.study.record
    claims = studying.take_in(study, read_findings(study.folder.results))
    claim = writing.claim_called(record, claim_id)
    sources, codebook = _sources(visit, [claim]), visit.desk.codebook()
    found = [one for one in problems(claims, studying.world(study, [claim], visit.coder)) if one.claim == claim.id]
    sides = {side: evidence(claim, side, sources, found) for side in ("for", "against")}
    return visit.page(
        "claims/claim.html", claim=claim, sides=sides, codebook=codebook, versions=versions(record, claim_id),
        looks=[one for one in found if len(one.place) < 2], claims={one.id: one for one in claims},
        picks=references(sources, [code.id for code in codebook.codes if code.active]),
        question=next((one for one in study.study.questions if one.id == claim.question), None),
        memos=[memo for memo in memos(record, visit.coder) if f"claim:{claim.id}" in memo.about],
    )  # fmt: skip


@router.get("/claims/{claim_id}/edit")
def edit(visit: Coder, claim_id: str) -> Response:
    """A form for a claim."""
    studying.take_in(visit.study, read_findings(visit.study.folder.results))
    claim = writing.claim_called(visit.study.record, claim_id)
    return _form(visit, claim, writing.form_of(claim))


def _form(visit: Visit, claim: Claim | None, form: dict[str, str]) -> Response:
    codebook = visit.desk.codebook()
    return visit.page(
        "claims/form.html", claim=claim, form=form, since=writing.since(claim), statuses=list(STATUSES),
        questions=visit.study.study.current_questions(), codebook=codebook,
        picks=references(_sources(visit, []), [code.id for code in codebook.codes if code.active]),
    )  # fmt: skip


@router.post("/claims/{claim_id}/uncite")
def uncite(visit: Coder, claim_id: str, event: EventId, reference: Typed = "") -> Response:
    """Take something out of the evidence."""
    study = visit.study
    writing.uncite(study.folder.root, study.record, claim_id, reference, visit.coder, event_id=event)
    return visit.to(f"/claims/{quote(claim_id, safe='')}")


@router.post("/claims/{claim_id}/holds")
def holds(visit: Coder, claim_id: str, event: EventId, reference: Typed = "") -> Response:
    """The claim holds with what a finding is now."""
    study = visit.study
    writing.still_holds(study.folder.root, study.record, claim_id, reference, visit.coder,
                        read_findings(study.folder.results), event_id=event)  # fmt: skip
    return visit.to(f"/claims/{quote(claim_id, safe='')}")


@router.post("/claims/{claim_id}/remove")
def remove(visit: Coder, claim_id: str, event: EventId, reason: Typed = "") -> Response:
    """Take a claim back; it stays in the record."""
    study = visit.study
    keeping.remove(study.folder.root, study.record, claim_id, visit.coder, reason, event_id=event)
    return visit.to("/claims")
