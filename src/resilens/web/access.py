"""Which rounds may a coder enter, and when? A route that shows codings names one of these; all others show none.

Blindness is a promise of the interface, packets and exports: a person who opens the study's files can read everything.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from resilens.coding.rounds import Round, round_of
from resilens.coding.sight import unrevealed
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
    """Findings rest on every round that is no longer open; of one that is not revealed yet only a lead is told."""
    waiting = unrevealed(visit.study.record)
    if waiting and not visit.lead:
        raise NotAllowed("common.findings_wait", round=", ".join(waiting))
    return visit


Findings = Annotated[Visit, Depends(findings_visit)]
"""Any coder, unless findings would tell of a round that is not revealed yet."""

CodersRound = Annotated[Round, Depends(coders_round)]
FrozenRound = Annotated[Round, Depends(frozen_round)]
RevealedRound = Annotated[Round, Depends(revealed_round)]
