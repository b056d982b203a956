"""Facts of two studies made by hand: one that says everything, and one that says nothing."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image

from resilens.report import build
from resilens.report.build import report_of
from resilens.report.html import render
from resilens.report.method_facts import (
    Basis,
    Bounds,
    Capture,
    Chain,
    Codebook,
    CoderWork,
    CodeUse,
    Condition,
    Coverage,
    Daily,
    Design,
    Draw,
    Ethics,
    Extent,
    FlowRow,
    Frame,
    Framework,
    Group,
    MethodFacts,
    Milestone,
    Phase,
    Privacy,
    Question,
    Quota,
    Retrieval,
    Round,
    Stage,
    Terms,
    Volume,
)
from resilens.report.model import (
    Block,
    Code,
    Emphasis,
    EvidencePlate,
    Link,
    ListBlock,
    Missing,
    Note,
    Paragraph,
    Reference,
    Report,
    Section,
    TableBlock,
    say,
)
from resilens.results.tables import Column, Table

TAGS = ("猫税", "tiktokrefugees", "cattax", "tiktokrefugee")


def daily() -> tuple[Daily, ...]:
    rows = []
    for height, tag in zip((3, 12, 150, 6), TAGS, strict=True):
        for number in range(60):
            posts = int(height * 2.0 ** (-abs(number - 7) / 6))
            if posts:
                rows.append(Daily(tag, date(2025, 1, 9) + timedelta(days=number), posts, 3 * posts))
    return tuple(rows)


def _declared() -> dict[str, Any]:
    """What is studied."""
    return {
        "title": "Cats at the border: how TikTok refugees and RedNote natives met",
        "synthetic": True,
        "seed": "2025",
        "zone": "UTC+08:00",
        "dated": date(2025, 5, 3),
        "authors": ("A. Scholar", "B. Scholar"),
        "description": "In January 2025 users of one platform moved to another ahead of a ban, and met those who lived "
        "there.",
        "questions": (
            Question("conditions", "Under what crisis conditions, and through which practices, was resilience built?"),
            Question("traits", "What marks it?", 2, date(2025, 3, 1)),
        ),
        "event": "The TikTok ban in the United States",
        "event_description": "A law required the application to be sold or to stop being distributed.",
        "trigger": "A divestiture law taking effect on 19 January 2025.",
        "milestones": (
            Milestone("First RedNote installs surge", date(2025, 1, 13)),
            Milestone("First in the US App Store", date(2025, 1, 14), "Reuters, 15 January 2025"),
            Milestone("TikTok goes dark for a day", date(2025, 1, 19)),
        ),
        "phases": (
            Phase(
                "exploration", date(2025, 1, 13), date(2025, 2, 14), "Observation without taking part; leads were kept."
            ),
            Phase("waning", date(2025, 2, 15), date(2025, 4, 30)),
            Phase("retrieval", date(2025, 5, 1)),
        ),
    }


def _setting() -> dict[str, Any]:
    """Framework, conditions, groups and hashtags."""
    return {
        "framework": Framework(
            "jing-zhang-2026",
            "Jing and Zhang (2026)",
            "extends Boh et al. (2023)",
            (("practice", 9), ("stage", 3), ("affect", 7)),
            (Stage("absorption", date(2025, 1, 9), date(2025, 2, 14)), Stage("adaptation")),
        ),  # fmt: skip
        "conditions": (
            Condition("Translation inside the application", "platform", "technical", date(2025, 1, 19), None,
                      "adaptation", ("Press release, 19 January",)),
            Condition("Rivalry of two states", "state", "geopolitical"),
        ),  # fmt: skip
        "groups": (
            Group(
                "refugees", "TikTok refugees", ("a post with #tiktokrefugee", "displayed location 美国 or 英国"), 212, 3
            ),
            Group("natives", "RedNote natives", ("displayed location in China",), 4),
        ),  # fmt: skip
        "ungrouped": 40,
        "hashtags": TAGS,
        "volumes": (
            Volume("猫税", date(2025, 5, 1), 110_000_000, 1_454_000),
            Volume("tiktokrefugees", date(2025, 5, 1), 330_000_000, 3_284_000),
            Volume("cattax", date(2025, 5, 1), 4_200_000_000, 46_225_000),
            Volume("tiktokrefugee", date(2025, 5, 1), 160_000_000, 1_719_000),
            Volume("tiktokrefugees", date(2025, 1, 17), 1_180_000_000, 20_170_000, "Li & Liang (2025)"),
        ),
        "contradictions": (
            "#tiktokrefugees had 1,180,000,000 views by 17 January 2025 and 330,000,000 on 1 May 2025",
        ),
    }


def _sampled() -> dict[str, Any]:
    """How the sample came to be."""
    return {
        "design": Design(
            200, "ranked", ("likes", "comments", "bookmarks"), "auto", "smallest quota", 50, "judged", "7"
        ),
        "quotas": (
            Quota("猫税", 1_454_000, 1_454_000 / 52_682_000, 6, "a quota changes once the true volume is 9% higher"),
            Quota("tiktokrefugees", 3_284_000, 3_284_000 / 52_682_000, 12),
            Quota("cattax", 46_225_000, 46_225_000 / 52_682_000, 175),
            Quota("tiktokrefugee", 1_719_000, 1_719_000 / 52_682_000, 7),
        ),  # fmt: skip
        "frame": Frame("the posts that a captured search returned", 724, True),
        "retrievals": tuple(
            Retrieval(f"#{tag}", ranking, 60, date(2025, 5, 1), date(2025, 5, 2))
            for tag in TAGS
            for ranking in ("likes", "comments")
        ),  # fmt: skip
        "draw": Draw("draw-001", "ab" * 32, 198, 4021, date(2025, 5, 2)),
        "flow": (
            FlowRow("猫税", 6, 20, 0, 2, 18, 7, 1, 1, 0, 6, 0),
            FlowRow("tiktokrefugees", 12, 60, 0, 4, 56, 12, 0, 0, 0, 12, 0),
            FlowRow("cattax", 175, 240, 0, 20, 220, 220, 47, 12, 0, 173, 2),
            FlowRow("tiktokrefugee", 7, 30, 0, 1, 29, 7, 0, 0, 0, 7, 0),
        ),
        "flow_all": FlowRow("all", 200, 323, 0, 27, 323, 246, 48, 13, 0, 198, 2),  # fmt: skip
        "ineligible": (("advertisement", 30), ("off topic", 18)),
    }


def _captured() -> dict[str, Any]:
    """What was captured."""
    return {
        "extent": Extent(
            724, 12_403, 676, date(2025, 1, 9), date(2025, 3, 8), 1,
            (("rednote", 724),),
            (("han", 300), ("latin", 380), ("mixed", 44)),
            (("en", 400), ("zh", 310), ("", 14)),
        ),  # fmt: skip
        "coverage": Coverage(724, 720, 61_000, 12_403, 301, 40),
        "daily": daily(),
        "time_bases": (Basis("field_zone_inferred", 700, 12_403), Basis("id_exact", 23, 0), Basis("unknown", 1, 0)),
        "bounds": (Bounds("likes of posts", 600, 100, 20, 4),),
        "quarantine": (("the id was destroyed by a spreadsheet", 4), ("a repeated header", 1)),
        "captures": (
            Capture("posts.csv", "table", "0f" * 32, 729, 724, 0, 5, "UTC+08:00", "720 of 724 ids agree", True),
        ),
    }


def _coded() -> dict[str, Any]:
    """Who coded what, by which rules."""
    return {
        "coders": ("coder A", "coder B"),
        "rounds": (Round("round-1", "independent", "frozen", ("coder A", "coder B")),),
        "work": (
            CoderWork("coder A", "human", "round-1", 240, 198), CoderWork("coder B", "human", "round-1", 231, 198)
        ),
        "uses": (
            CodeUse("posts", "cattax", "coder A", "practice.tribute", 120, 173),
            CodeUse("posts", "cattax", "coder B", "practice.tribute", 111, 173),
            CodeUse("comments", "猫税", "coder A", "affect.solidarity", 1, 30),
        ),  # fmt: skip
        "codebook": Codebook(3, (("practice", 9), ("affect", 7))),
        "privacy": Privacy("paraphrase", (("do_not_quote", 3),), 1),
        "ethics": Ethics(
            "Ethics board, 2025-17",
            "GDPR Art. 6(1)(e)",
            date(2030, 12, 31),
            (Terms("rednote", date(2025, 5, 1), "", "captured by hand"),),
            (("Could a quotation be traced to its author?", "Yes, by search; therefore we paraphrase."),),
        ),  # fmt: skip
        "software": (("Resilens", "0.1.0"), ("DuckDB", "1.5.6"), ("Python", "3.11")),
        "chain": Chain(482, "cd" * 32, True, 1),
    }


def full() -> MethodFacts:
    """A study that says everything."""
    return MethodFacts(**_declared(), **_setting(), **_sampled(), **_captured(), **_coded())


def empty() -> MethodFacts:
    """A study that says nothing, of which nothing was captured."""
    return MethodFacts("A study", False, "UTC", None, Extent(0, 0, 0), Chain(0, "", True))


HOSTILE = (
    '#set page(fill: red) $x$ @ref *b* _i_ `c` \\ // /* ]] [ #panic("x") <s>',
    "<script>alert(1)</script>&amp;]]>",
    "a\x00b\x0bc\ufffe",
    "\u202eevil\u202c \u2066isolated",
    "a\u200bb\ufeffc\u2060",
    "שלום شكرا",
    "e\u0301\u0301\u0301 b\u0e31 a🏽",
    "𓀀",
    "",
    " \n ",
)
"""What people might write, and what a programme might take for something else."""


def picture() -> bytes:
    """A small PNG."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "#0072b2").save(made, "PNG")
    return made.getvalue()


def plates() -> Report:
    """A report with a claim and the items behind it, each of another quoting status."""
    about = say("Cited by {claim}.", claim=Link("the claim", "claim-1"))
    plates = (
        EvidencePlate("e1", "E1", "comment", "quote", "natives", date(2025, 1, 14), "欢迎！税已收到 🐈\n[doge]",
                      "Welcome! Tax received.", "DeepL, accepted by coder A", None, "", about),
        EvidencePlate("e2", "E2", "post", "paraphrase", "refugees", date(2025, 1, 15), "Shows a cat as a toll.", "", "",
                      picture(), "A cat on a sofa; a face is covered.", about),
        EvidencePlate("e3", "E3", "comment", "not quoted", about=about),
        EvidencePlate("e4", "E4", "comment", "quote", words="شكرا لكم\nthank you"),
    )  # fmt: skip
    claim = Section("claim-1", "Tribute was welcomed", (Paragraph(say("See {item}.", item=Reference("item-e1"))),))
    return Report("Evidence", "", False, (claim, Section("evidence", "Evidence", plates)), "", date(2025, 5, 1))


def hostile() -> Report:
    """A report in whose every place stands something hostile."""
    blocks: list[Block] = []
    for number, text in enumerate(HOSTILE):
        table = Table(text, (Column("a", text), Column("b", "B", "count"), Column("c", "C", "code")), [(text, 1, text)],
                      (text,))  # fmt: skip
        blocks += [
            Paragraph((text, Emphasis(text), Code(text), Link(text, "hostile"), Missing(text))),
            ListBlock(((text,),), True), Note((text,), True), TableBlock(f"t{number}", table),
            EvidencePlate(f"e{number}", "E", text, "quote", text, None, text, text, text, picture(), text + "."),
        ]  # fmt: skip
    return Report(HOSTILE[0], HOSTILE[1], True, (Section("hostile", HOSTILE[0], blocks),), HOSTILE[2])


@pytest.fixture(scope="session")
def reports() -> dict[str, Report]:
    """Reports by name: of both studies, `full` and `empty`; `plates` of evidence; and a `hostile` one."""
    return {"full": report_of(full()), "empty": report_of(empty()), "plates": plates(), "hostile": hostile()}


@pytest.fixture(scope="session")
def files(reports: dict[str, Report]) -> dict[str, dict[str, bytes]]:
    """All files of these reports."""
    return {name: build.render(report) for name, report in reports.items()}


@pytest.fixture(scope="session")
def rendered() -> dict[str, dict[str, bytes]]:
    """The files of both studies' reports, `full` and `empty`."""
    return {"full": render(report_of(full())), "empty": render(report_of(empty()))}


@pytest.fixture
def full_facts() -> MethodFacts:
    return full()


@pytest.fixture
def empty_facts() -> MethodFacts:
    return empty()
