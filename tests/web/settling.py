"""A round that mei and jon coded apart, revealed, with differences of each kind."""

from __future__ import annotations

from typing import Any

from tests.web.making import JON, MEI, comment, post, round_of_two
from tests.web.test_blindness import at_work

from resilens.coding import rounds
from resilens.coding.working import nothing_applies, set_code
from resilens.pipeline import OpenStudy


def role(opened: OpenStudy, name: str) -> str:
    """The id of the first code with a role."""
    return next(code.id for code in opened.codebook().codes if code.role == name)


def coded_round(opened: OpenStudy, revealed: bool = True, mode: Any = "independent") -> None:
    """Four differences of presence (on two posts and two comments) and one of place; one comment agreed."""
    round_of_two(opened, mode=mode)
    mei, jon = at_work(opened, MEI), at_work(opened, JON)
    tribute, receipt, welcome = (role(opened, name) for name in ("tribute", "receipt", "welcome"))
    words = {"item_id": post(1), "code_id": tribute, "field": "text"}
    set_code(mei, {**words, "start": 0, "end": 17}, "the ritual itself")
    set_code(jon, {**words, "start": 10, "end": 17})
    set_code(mei, {"item_id": post(2), "code_id": role(opened, "ledger")}, "prices are reconciled")
    nothing_applies(jon, post(2))
    set_code(mei, {"item_id": comment(1), "code_id": receipt, "field": "text", "start": 3, "end": 7}, "税 is received")
    set_code(jon, {"item_id": comment(1), "code_id": welcome}, "says welcome")
    for work in (mei, jon):
        set_code(work, {"item_id": comment(2), "code_id": role(opened, "thanks")})
    set_code(jon, {"item_id": comment(3), "code_id": welcome})
    nothing_applies(mei, comment(3))
    if revealed and mode == "independent":
        rounds.freeze(opened.record, "round-1", MEI)
        rounds.reveal(opened.record, "round-1", MEI)
