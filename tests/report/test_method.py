"""The Method and Data text: what it says, what it says is missing, and what it must never say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from resilens.report.appendix import appendix_section
from resilens.report.build import report_of
from resilens.report.codings import codings_section, description
from resilens.report.method import method_section
from resilens.report.method_facts import (
    CodeUse,
    Coverage,
    Daily,
    Design,
    Draw,
    Extent,
    FlowRow,
    Frame,
    MethodFacts,
    Milestone,
    Privacy,
    Quota,
)
from resilens.report.model import (
    Block,
    FigureBlock,
    ListBlock,
    Missing,
    Note,
    Paragraph,
    Section,
    TableBlock,
    plain,
    walk,
)


def blocks(section: Section) -> list[Block]:
    return [block for part in walk((section,)) for block in part.blocks]


def prose(section: Section) -> str:
    """Everything said in sentences, a paragraph a line."""
    lines = []
    for block in blocks(section):
        if isinstance(block, (Paragraph, Note)):
            lines.append(plain(block.words))
        elif isinstance(block, ListBlock):
            lines += [plain(entry) for entry in block.entries]
        elif isinstance(block, FigureBlock):
            lines.append(plain(block.caption))
    return "\n".join(lines)


def table(section: Section, name: str) -> TableBlock:
    return next(block for block in blocks(section) if isinstance(block, TableBlock) and block.name == name)


def test_the_study_is_told_from_the_record(full_facts: MethodFacts) -> None:
    said = prose(method_section(full_facts))
    for sentence in (
        "The study follows The TikTok ban in the United States.",
        "The trigger, as declared: A divestiture law taking effect on 19 January 2025.",
        "The study asked two questions:",
        "Question 2 was refined along the way",
        "Exploration (13 January to 14 February 2025). Observation without taking part; leads were kept.",
        "Retrieval (from 1 May 2025, still open).",
        "which gave quotas of 6, 12, 175, and 7",
        "Four queries were searched, ranked by most liked and most commented, from 1 to 2 May 2025",
        "It is what the search returned on these dates",
        "holds 198 posts",
        "13 posts took the place of ones that were left out.",
        "The frame fell short of the quotas by two posts: #cattax by 2.",
        "Up to 50 comments of each post were taken, as people chose them at the screening desk",
        "12,403 of these were captured (20.3%)",
        "One item has no known time.",
        "Of 729 records read, 5 were set aside because they could not be read",
        "Two people were to code: coder A and coder B.",
        "One erasure is on the record.",
        "By decision of a person, three items must not be quoted.",
        "Approval: Ethics board, 2025-17.",
    ):  # fmt: skip
        assert sentence in said


def test_a_ranked_sample_carries_the_caption_its_design_demands(full_facts: MethodFacts) -> None:
    said = prose(method_section(full_facts))
    assert "the most visible posts, as ranked on 2 May 2025; older survivors are favoured" in said
    assert "carry no intervals" in said
    assert "the frame itself selects that practice" in said


def test_a_ranked_sample_of_unknown_date_says_so(full_facts: MethodFacts) -> None:
    said = prose(method_section(replace(full_facts, retrievals=())))
    assert "as ranked on a date that no capture states" in said
    assert "nothing is known of the search itself" in said


@pytest.mark.parametrize(("design", "says"), [
    ("random", "drawn at random with equal chances (seed 7)"),
    ("mixed", "half the chance was equal for all and half followed the number of captured comments"),
    ("ranked+audit", "25% of each quota was drawn at random from the posts that the rankings left out"),
])  # fmt: skip
def test_a_probability_sample_speaks_of_its_frame_and_no_further(
    full_facts: MethodFacts, design: str, says: str
) -> None:
    declared = Design(200, design, ("likes",), comments=50, comment_rule="random", seed="7", audit=0.25)
    drawn = Draw("draw-001", "ab" * 32, 200, intervals=True)
    said = prose(method_section(replace(full_facts, design=declared, draw=drawn)))
    assert says in said
    assert "intervals generalise to the frame and no further" in said
    assert "not a probability sample" not in said


def test_a_sample_changed_by_hand_loses_its_intervals(full_facts: MethodFacts) -> None:
    declared = Design(200, "mixed", comments=0)
    drawn = Draw("draw-002", "ab" * 32, 200, why="the sample was changed by hand")
    said = prose(method_section(replace(full_facts, design=declared, draw=drawn)))
    assert "carry no intervals beyond the items coded: the sample was changed by hand." in said
    assert "Comments were not sampled." in said


def test_what_is_missing_is_said_and_never_invented(empty_facts: MethodFacts) -> None:
    section = method_section(empty_facts)
    keys = {word.key for block in blocks(section) if isinstance(block, (Paragraph, ListBlock))
            for words in ([block.words] if isinstance(block, Paragraph) else block.entries)
            for word in words if isinstance(word, Missing)}  # fmt: skip
    assert keys == {
        "event.name", "question", "phase", "framework", "group", "hashtag", "sample", "coder", "ethics.approval",
        "ethics.legal_basis", "ethics.retention_until", "ethics.platform_terms", "ethics.aoir",
    }  # fmt: skip
    said = prose(section)
    assert "Approval: not stated in study.toml: ethics.approval." in said
    assert "Nothing has been captured yet." in said
    assert all(part.blocks or part.subsections for part in walk((section,)))
    assert "Nothing has been coded so far." in said
    assert "There is no frame yet" in said
    assert not [block for block in blocks(section) if isinstance(block, FigureBlock)]


def test_one_of_anything_is_singular(empty_facts: MethodFacts) -> None:
    one = date(2025, 1, 9)
    facts = replace(
        empty_facts, extent=Extent(1, 1, 1, one, one, 1, orphans=1), coverage=Coverage(1, 1, 1, 1, 1, 0),
        event="E", milestones=(Milestone("m", one),), hashtags=("a",), coders=("coder A",),
        design=Design(1, "ranked", ("likes",), comments=1, comment_rule="top"), quotas=(Quota("a", 5, 1.0, 1),),
        frame=Frame("the posts", 1, False), draw=Draw("draw-001", "ab" * 32, 1, 1),
        flow=(FlowRow("a", 1, 1, drawn=1),), flow_all=FlowRow("all", 1, 1, drawn=1),
        privacy=Privacy("free", (("free", 1),), 1),
    )  # fmt: skip
    said = prose(method_section(facts))
    assert not re.search(
        r"\b(one|1) "
        "(posts|comments|authors|items|people|threads|hashtags|queries|milestones|quotas)\b",
        said,
    )
    assert "one post and one comment by one author, published 9 January 2025 (UTC)" in said
    assert "lists one dated milestone." in said
    assert "which gave a quota of 1" in said
    assert "One person was to code: coder A." in said
    assert "Of one post found, 1 was drawn" in said


@pytest.mark.parametrize("facts_name", ["full_facts", "empty_facts"])
def test_the_prose_is_clean(facts_name: str, request: pytest.FixtureRequest) -> None:
    facts: MethodFacts = request.getfixturevalue(facts_name)
    said = prose(method_section(facts))
    assert not re.search(r"\bNone\b|nan\b|\{|\}|[^.]\.\.(?!\.)|  | ,| \.|\(\)|;;", said)
    for line in said.splitlines():
        assert line[0].isupper() or line[0] in "#0123456789" or line.startswith(("figure-", "table-")), line
        assert line.rstrip().endswith((".", "?", ":")), line


def test_small_groups_are_withheld(full_facts: MethodFacts) -> None:
    shown = table(method_section(full_facts), "groups").table
    assert [row[2] for row in shown.rows] == ["212", "<5", "40"]
    assert any("fewer than five accounts are withheld" in note for note in shown.notes)


def test_tables_hold_what_was_given(full_facts: MethodFacts) -> None:
    section = method_section(full_facts)
    assert [row[3] for row in table(section, "quotas").table.rows] == [6, 12, 175, 7]
    assert table(section, "flow").table.rows[-1][0] == "all"
    assert "Outside dates" not in [column.title for column in table(section, "flow").table.columns]
    assert table(section, "quarantine").table.rows == full_facts.quarantine


def test_quotas_without_volumes_do_not_claim_to_be_proportional(full_facts: MethodFacts) -> None:
    said = prose(method_section(replace(full_facts, quotas=(Quota("a", None, None, 9),), volumes=())))
    assert "in proportion" not in said
    assert "Their volumes are not stated in study.toml: hashtag.volumes." in said


def test_the_figure_and_its_caption_say_what_it_is(full_facts: MethodFacts) -> None:
    (figure,) = [block for block in blocks(method_section(full_facts)) if isinstance(block, FigureBlock)]
    caption = plain(figure.caption)
    assert "older days are survivors" in caption
    assert "The vertical axis is a root scale." in caption
    assert "A, First RedNote installs surge (13 January 2025)" in caption
    assert len(figure.data.rows) == len(full_facts.daily)


def test_a_day_of_comments_alone_is_no_day_of_posts(empty_facts: MethodFacts) -> None:
    day, later = date(2025, 1, 9), date(2025, 5, 6)
    daily = (Daily("a", day, 2, 1), Daily("a", later, 0, 3), Daily("b", later, 0, 1))
    facts = replace(empty_facts, extent=Extent(2, 5, 1, day, later), daily=daily)
    sums = table(method_section(facts), "volume-sums").table.rows
    assert sums == [("#a", 2, 4, 1, day, day, day, 2), ("#b", 0, 1, 0, None, None, None, None)]


def test_codes_are_descriptions_of_what_a_coder_read(full_facts: MethodFacts) -> None:
    told = description(full_facts.uses[0])
    assert (told.n, told.unit) == (173, "share")
    assert told.value == pytest.approx(120 / 173)
    section = codings_section(full_facts)
    assert section is not None
    assert table(section, "codes-posts").table.rows[0] == [
        "#cattax", "practice.tribute", 120, 173, 120 / 173, 111, 173, 111 / 173,
    ]  # fmt: skip
    assert "before consensus" in prose(section)
    with pytest.raises(ValueError, match="there is no share"):
        description(CodeUse("posts", "a", "coder A", "x", 0, 0))


def test_a_blind_round_is_not_shown(full_facts: MethodFacts) -> None:
    section = codings_section(replace(full_facts, uses=(), blind=("round-1",)))
    assert section is not None
    assert prose(section) == "round-1 is still blind: its codes are not shown to anybody."


def test_without_codings_there_is_no_section_of_them(empty_facts: MethodFacts) -> None:
    assert codings_section(empty_facts) is None


def test_the_appendix_has_hashes_and_a_broken_chain_is_not_hushed_up(full_facts: MethodFacts) -> None:
    said = prose(appendix_section(full_facts))
    assert "ab" * 32 in said
    assert "cd" * 32 in said
    assert "The chain verifies; 1 body was erased on request." in said
    broken = replace(full_facts, chain=replace(full_facts.chain, sound=False))
    assert "does NOT verify" in prose(appendix_section(broken))


def test_the_platform_is_never_spoken_for(full_facts: MethodFacts) -> None:
    report = report_of(full_facts)
    said = "\n".join(prose(section) for section in report.sections)
    assert not re.search(r"\b(on|of) (RedNote|the platform) (users|people|posts)\b", said)
    assert "no statement here goes beyond it to the platform" in said
