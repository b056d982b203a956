"""The reporting checklists: items complete and numbered, filled from what is known and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.report.conftest import HOSTILE, full

from resilens.claims.ledger import Claim
from resilens.cli import main
from resilens.measures.registry import Measure
from resilens.report import build
from resilens.report.checklist_answers import ANSWERS, PLACES
from resilens.report.checklists import UNSTATED, Item, answers_to, checklists, checklists_section, read
from resilens.report.claims_facts import ClaimsFacts
from resilens.report.evidence import Evidence, EvidenceItem
from resilens.report.facts import gather
from resilens.report.findings_facts import FindingsFacts, Found, StageWords
from resilens.report.method_facts import Ethics, MethodFacts, Terms
from resilens.report.model import Link, Paragraph, Report, Section, TableBlock, plain, walk
from resilens.report.unseen import unseen_section
from resilens.results.types import Finding

ITEM = "rednote:p:6785e350000000002003c3c4"


def table(section: Section, name: str) -> TableBlock:
    blocks = [block for part in walk((section,)) for block in part.blocks if isinstance(block, TableBlock)]
    return next(block for block in blocks if block.name == f"checklist-{name}")


def answered(facts: MethodFacts, name: str) -> dict[int, tuple[str, str]]:
    """What a checklist says of each item, and where."""
    rows = table(checklists_section(facts), name).table.rows
    return {int(str(row[0])): (str(row[2]), str(row[3] or "")) for row in rows}


def report(facts: MethodFacts) -> Report:
    """The whole report with both sections, whether or not it lists them already; refuses links that lead nowhere."""
    makers = [make for make in build.SECTIONS if make not in (unseen_section, checklists_section)]
    made = [make(facts) for make in (*makers, unseen_section, checklists_section)]
    return Report(facts.title, "", facts.synthetic, tuple(section for section in made if section))


def rich() -> MethodFacts:
    """A study that says everything and has findings, claims and a positionality memo."""
    claim = Claim.model_validate({"id": "c1", "text": "Tribute lets newcomers in.", "question": "conditions",
                                  "rivals": ["The ranking favours cats."], "evidence_for": [ITEM]})  # fmt: skip
    items = {ITEM: EvidenceItem(1, "post", "refugees", date(2025, 1, 14), "paraphrase")}
    measures = [Measure(name, name.capitalize(), "What?", lambda _: Finding("x", {}), stage)
                for name, stage in (("practices", ""), ("ledger", "stage.a"))]  # fmt: skip
    found = tuple(Found(one, Finding(one.name, {}, sentence="It was.", evidence=(ITEM,))) for one in measures)
    stages = (StageWords("stage.a", "Crisis absorption", "What it is.", ()),)
    return replace(full(), positionality=("mei", "coder A", "mei"), claims=ClaimsFacts((claim,), items=items),
                   findings=FindingsFacts(found, stages, Evidence(items)))  # fmt: skip


def test_the_items_are_complete_and_numbered() -> None:
    found = {one.name: one for one in checklists()}
    assert {name: len(one.items) for name, one in found.items()} == {"srqr": 21, "jars-qual": 17}
    for one in found.values():
        assert [item.number for item in one.items] == list(range(1, len(one.items) + 1))
        assert len({item.topic for item in one.items}) == len(one.items)
        assert all(item.part and len(item.topic) < 70 for item in one.items)
    assert "Academic Medicine, 89(9), 1245–1251. https://doi.org/10.1097/ACM.0000000000000388" in found["srqr"].source
    assert "American Psychologist, 73(1), 26–46. https://doi.org/10.1037/amp0000151" in found["jars-qual"].source


def test_every_key_is_known_and_every_answer_is_asked_for() -> None:
    asked = {key for one in checklists() for item in one.items for key in item.facts}
    assert asked == ANSWERS.keys()


WRITTEN = '[[checklist]]\nname = "x"\ntitle = "X"\nnumbering = "N."\nsource = "S."\nitems = [{}]\n'


@pytest.mark.parametrize(("item", "says"), [
    ('{ number = 1, part = "P", topic = "T", facts = ["tittle"] }', "nothing answers tittle, which x asks for"),
    ('{ number = 2, part = "P", topic = "T", facts = [] }', "not numbered from 1 to 1"),
])  # fmt: skip
def test_a_slip_in_the_data_is_refused(item: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read(WRITTEN.format(item))


def test_a_bare_study_is_stated_nowhere(empty_facts: MethodFacts) -> None:
    for name, size in (("srqr", 21), ("jars-qual", 17)):
        said = answered(empty_facts, name)
        assert said.pop(1) == ("“A study”", "")
        assert set(said.values()) == {(UNSTATED, "")}
        assert len(said) == size - 1
    words = [plain(block.words) for part in walk((checklists_section(empty_facts),)) for block in part.blocks
             if isinstance(block, Paragraph)]  # fmt: skip
    assert "Of 21 items, the record speaks to 1; 20 are left to the authors (table-checklist-srqr)." in words
    report(empty_facts)


def test_what_the_record_holds_is_said_with_its_place() -> None:
    said = answered(rich(), "srqr")
    assert said[4] == ("two research questions", "The event and the questions")
    assert said[6] == ("three memos on positionality by mei and coder A, on the record and not printed here", "")
    assert said[8] == ("design ranked, 198 posts drawn", "Sample")
    assert said[9] == (
        "approval: Ethics board, 2025-17; legal basis: GDPR Art. 6(1)(e); one question of the AoIR guidelines "
        "answered; keyed pseudonyms, a quoting status for items, one erasure on request",
        "Privacy and ethics",
    )  # fmt: skip
    assert said[10][0].startswith("four queries searched, 1 to 2 May 2025; one captured file, with its hash; ")
    assert said[13][0].endswith("482 events on the record, the chain verifies")
    assert said[16] == (
        "two findings with their values; one claim with its evidence",
        "The process as a whole; The stages; Appendix: every finding's values; Claims by question",
    )
    assert said[17][0] == "one captured item shown, each as far as it may be quoted"
    assert said[19][1] == "What could not be seen"
    assert {number for number, (words, _) in said.items() if words == UNSTATED} == {2, 18, 20, 21}
    other = answered(rich(), "jars-qual")
    assert {number for number, (words, _) in other.items() if words == UNSTATED} == {2, 3, 9}
    assert other[17][0].startswith("one claim names rival explanations; ")


def test_places_are_the_sections_of_the_report_and_links_lead_to_them() -> None:
    whole = report(rich())
    titles = {section.id: section.title for section in walk(whole.sections)}
    own = checklists_section(rich())
    linked = {word.to for part in walk((own,)) for block in part.blocks if isinstance(block, Paragraph)
              for word in block.words if isinstance(word, Link) and not word.to.startswith("table-")}  # fmt: skip
    assert linked == PLACES.keys() - {"reliability-agreement", "reliability-saturation"}
    assert {place: PLACES[place] for place in linked} == {place: titles[place] for place in linked}


def test_links_lead_somewhere_whatever_is_missing(empty_facts: MethodFacts) -> None:
    fields = ("event", "questions", "phases", "framework", "conditions", "groups", "hashtags", "design", "draw", "flow",
              "retrievals", "captures", "coders", "rounds", "codebook", "privacy", "ethics", "software", "claims",
              "findings", "chain", "extent", "frame", "coverage")  # fmt: skip
    for name in fields:
        for base, other in ((rich(), empty_facts), (empty_facts, rich())):
            if (name, base) != ("design", empty_facts):
                report(replace(base, **{name: getattr(other, name)}))


def test_a_design_nobody_wrote_is_no_answer(empty_facts: MethodFacts) -> None:
    """A study file without `[sample]` has the defaults; they are not the researchers' words."""
    only = replace(empty_facts, design=full().design)
    assert answered(only, "srqr")[8][0] == UNSTATED
    stated = replace(only, hashtags=("cattax",))
    assert answered(stated, "srqr")[8][0] == "design ranked, 200 posts to be drawn, none drawn so far"


def test_a_broken_chain_is_no_trail(full_facts: MethodFacts) -> None:
    broken = replace(full_facts, chain=replace(full_facts.chain, sound=False))
    assert "the chain does NOT verify" in answered(broken, "srqr")[15][0]


def test_blank_words_are_no_answer(full_facts: MethodFacts) -> None:
    item = Item(1, "Methods", "Ethics", ("ethics.approval", "ethics.legal_basis", "event"))
    assert answers_to(replace(full_facts, ethics=Ethics(" \n ", "."), event="\t"), item) == ()


def test_hostile_words_are_only_text(full_facts: MethodFacts) -> None:
    """Whatever somebody writes under ethics or as a name comes out as text, in every format."""
    for text in HOSTILE:
        facts = replace(full_facts, positionality=(text,), event=text,
                        ethics=Ethics(text, text, None, (Terms(text),), ((text, text),)))  # fmt: skip
        own = checklists_section(facts)
        assert f"approval: {' '.join(text.split()).rstrip('.')}" in answered(facts, "srqr")[9][0] or not text.strip()
        files = build.render(Report("Checklists", "", True, (_without_paragraph_links(own),)))
        assert b"<script>alert" not in files["index.html"]
        assert files["report.pdf"].startswith(b"%PDF")
        assert files["report.docx"].startswith(b"PK")


def _without_paragraph_links(section: Section) -> Section:
    """The tables alone, for a report that has no other section."""
    parts = tuple(Section(part.id, part.title, [block for block in part.blocks if isinstance(block, TableBlock)])
                  for part in section.subsections)  # fmt: skip
    return replace(section, blocks=(), subsections=parts)


@pytest.fixture
def coded(tmp_path: Path) -> Iterator[MethodFacts]:
    """Facts of a study in which two coders read twenty-four threads."""
    import resilens

    root = tmp_path / "my-study"
    with pytest.raises(SystemExit):
        main(["init", str(root), "--example", "tiktok-refugees"])
    ids = [f"67859a50000000001e5e{n:04x}" for n in range(24)]
    lines = ["post_id,user_id,title,content,create_time,likes,tags"]
    lines += [f"{one},5f000000000000000000000{n % 9},Post {n},My cat,2025-01-14 07:00,{n},cattax"
              for n, one in enumerate(ids)]  # fmt: skip
    (tmp_path / "posts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = ["item_id,coder,code"]
    rows += [f"rednote:p:{one},{coder},{('practice.tribute.cat', 'affect.humour')[n % 2]}"
             for n, one in enumerate(ids) for coder in ("coder A", "coder B")]  # fmt: skip
    (tmp_path / "codings.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with resilens.open(root) as opened:
        opened.add([tmp_path / "posts.csv"], platform="rednote", mapping="id=post_id,author=user_id,title=title,"
                   "text=content,time=create_time,likes=likes,hashtags=tags")  # fmt: skip
        opened.codebook()
        opened.import_codings(opened.propose_codings(tmp_path / "codings.csv"))
        with opened.corpus() as corpus:
            yield gather(opened.folder, opened.study, corpus, opened.record)


def test_reliability_is_pointed_at_where_it_is_reported(coded: MethodFacts) -> None:
    said = answered(coded, "srqr")
    assert said[15][0].startswith("agreement before consensus on 24 items read by two coders or more; ")
    assert said[8][0].endswith("first use of the framework's codes over 24 threads; nothing is concluded on saturation")
    titles = {section.id: section.title for section in walk(report(coded).sections)}
    for place in ("reliability-agreement", "reliability-saturation"):
        assert titles[place] == PLACES[place]
