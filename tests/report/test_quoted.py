"""What is or would be quoted: of claims, codes and findings, and nothing that tells of a blind round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.web.making import JON, MEI, comment, post, study

from resilens.claims.keeping import change
from resilens.claims.ledger import Claim
from resilens.coding.quoting import set_quoting
from resilens.coding.rounds import freeze, open_round, reveal
from resilens.measures.registry import measures_of
from resilens.pipeline import OpenStudy
from resilens.report import quoted
from resilens.report.quoted import Quoted, quoted_items
from resilens.results.types import Finding


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStudy]:
    with study(tmp_path) as made:
        yield made


def shown(opened: OpenStudy, viewer: str = MEI) -> list[Quoted]:
    book = opened.codebook()
    anchored = replace(book, codes=(replace(book.codes[0], anchors=(post(2),)), *book.codes[1:]))
    with opened.corpus() as corpus:
        return quoted_items(opened.folder, opened.study, opened.record, corpus, anchored, viewer)


def test_what_claims_cite_and_codes_are_anchored_in_is_listed_with_its_state(opened: OpenStudy) -> None:
    claim = Claim.model_validate({"id": "ritual", "text": "Tax is paid.", "evidence_for": (post(1), comment(1))})
    change(opened.folder.root, opened.record, claim, MEI)
    with opened.corpus() as corpus:
        set_quoting(opened.record, corpus, comment(1), "paraphrase", paraphrase="Thanks.", actor=MEI)
        set_quoting(opened.record, corpus, comment(2), "paraphrase", actor=MEI)
    found = shown(opened)
    assert [(one.item_id, [why.kind for why in one.accounts], one.state) for one in found] == [
        (post(1), ["claim"], "undecided"), (comment(1), ["claim"], "paraphrase"), (post(2), ["code"], "undecided"),
        (comment(2), [], "unsaid"),
    ]  # fmt: skip


def test_what_findings_show_is_told_once_every_round_is_revealed(
    opened: OpenStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = measures_of(opened.study, opened.folder.root)["ritual"]
    finding = Finding("ritual", {}, evidence=(post(3),), sentence="x")
    monkeypatch.setattr(quoted, "kept_findings", lambda folder, study: [(measure, finding)])
    open_round(opened.record, "round-1", "independent", [MEI, JON], MEI, leads=[MEI])
    assert post(3) not in [one.item_id for one in shown(opened)]
    freeze(opened.record, "round-1", MEI)
    assert post(3) not in [one.item_id for one in shown(opened)]
    reveal(opened.record, "round-1", MEI)
    assert [one.accounts[0].id for one in shown(opened) if one.item_id == post(3)] == ["ritual"]
