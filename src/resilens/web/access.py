"""Which rounds may a coder enter, and when? A route that shows codings names one of these; all others show none.

Blindness is a promise of the interface, packets and exports: a person who opens the study's files can read everything.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from resilens.claims.findings import read_findings
from resilens.coding.rounds import Round, round_of
from resilens.coding.sight import turned_blind, unrevealed
from resilens.results.types import Finding
from resilens.web.visit import Coder, NotAllowed, Visit


def coders_round(round_id: str, visit: Coder) -> Round:
    """A round in which the visitor codes, whatever its state."""
    found = round_of(visit.study.record, round_id)
    if visit.coder not in found.coders:
        raise NotAllowed("common.not_your_round", round=found.id)
    return found


def frozen_round(round_id: str, visit: Coder) -> Round:
    """A round that is no longer open; before it is revealed only the lead may look at it."""
    found = round_of(visit.study.record, round_id)
    if found.mode == "independent" and (found.open or (found.state == "frozen" and not visit.lead)):
        raise NotAllowed("common.round_blind", round=found.id)
    return found


def revealed_round(round_id: str, visit: Coder) -> Round:
    """A round whose codings all its coders may see: revealed, or read together."""
    found = round_of(visit.study.record, round_id)
    if found.mode == "independent" and found.state != "revealed":
        raise NotAllowed("common.round_blind", round=found.id)
    return found


def findings_visit(visit: Coder) -> Visit:
    """Findings rest on every round that is no longer open; of one that is not revealed yet only a lead is told.

    A finding that was made before a round with imported codings turned blind is told to nobody until it is made anew,
    which leaves that round out.
    """
    if waiting := findings_wait(visit):
        raise NotAllowed("common.findings_wait", round=", ".join(waiting))
    return visit


def findings_wait(visit: Visit) -> tuple[str, ...]:
    """The rounds for which the visitor has to wait before findings are told; empty where they are."""
    record = visit.study.record
    waiting = () if visit.lead else unrevealed(record)
    turned = turned_blind(record) if visit.request.method == "GET" else ()
    if turned and any(one.finding and one.stale for one in visit.study.kept_measures()):
        waiting += turned
    return waiting


def told_findings(visit: Visit) -> dict[str, Finding]:
    """The findings that are kept, as far as the visitor may be told of them."""
    return {} if findings_wait(visit) else dict(read_findings(visit.study.folder.results))


Findings = Annotated[Visit, Depends(findings_visit)]
"""Any coder, unless findings would tell of a round that is not revealed yet."""

CodersRound = Annotated[Round, Depends(coders_round)]
FrozenRound = Annotated[Round, Depends(frozen_round)]
RevealedRound = Annotated[Round, Depends(revealed_round)]
