"""A small study with one of everything that a page can be about."""

from __future__ import annotations

from tests.web.making import MEI, post

from resilens.claims.keeping import change
from resilens.claims.ledger import Claim
from resilens.coding.leads import Seen, note_lead
from resilens.coding.memos import write as write_memo
from resilens.pipeline import OpenStudy
from resilens.record.store import Draft

ENTRY = {"entry_id": "diary-1", "text": "an evening of watching", "observer": MEI, "channel": "RedNote",
         "began_at": "2025-01-14T12:00:00.000Z", "ended_at": "2025-01-14T13:00:00.000Z"}  # fmt: skip


def fill(opened: OpenStudy) -> None:
    """A lead, an entry of the diary, a memo, a claim with evidence, and a translation."""
    note_lead(opened, Seen("seen on Weibo", link="https://weibo.example/1", tags=("tax",)), actor=MEI)
    opened.record.append(Draft("diary.noted", "diary-1", ENTRY, MEI))
    write_memo(opened.record, "how we stand to it", MEI, type="positionality")
    claim = Claim.model_validate({"id": "claim-1", "text": "Tribute lets newcomers in.", "question": "practices",
                                  "evidence_for": [post(1)]})  # fmt: skip
    change(opened.folder.root, opened.record, claim, MEI)
