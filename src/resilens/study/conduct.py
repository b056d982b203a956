"""How is the study carried out? The sample, privacy, ethics, the coders: the second half of what `study.toml` holds."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from resilens.study.values import (
    CoderName,
    CommentRule,
    CurrencyCode,
    Day,
    Design,
    Flag,
    Line,
    Positive,
    Quoting,
    Ranking,
    Section,
    Share,
    Text,
    Whole,
)


class Sample(Section):
    """How posts and comments are drawn."""

    posts: Whole = Field(200, ge=1, description="How many posts are drawn.", examples=[200])
    design: Design = Field(
        "mixed",
        description=(
            "`mixed` (recommended) and `random` have known inclusion probabilities and carry intervals; `ranked` "
            "takes the most visible posts and is only described; `ranked+audit` adds a random draw from the rest."
        ),
        examples=["mixed"],
    )
    rankings: tuple[Ranking, ...] = Field(
        ("likes", "comments", "bookmarks"),
        min_length=1,
        description="The platform's rankings used for retrieval, in the order in which they are interleaved.",
        examples=[["likes", "comments"]],
    )
    frame: Literal["auto", "retrievals", "hashtags"] = Field(
        "auto",
        description=(
            "What could have been drawn: the posts that a captured search returned (`retrievals`), the posts that"
            " carry a hashtag (`hashtags`), or the first where there is a captured search (`auto`)."
        ),
        examples=["retrievals"],
    )
    quota_by: Literal["discussions", "views"] = Field(
        "discussions",
        description="The volume to which the hashtags' quotas are proportional.",
        examples=["discussions"],
    )
    as_of: Day | None = Field(
        None,
        description="The date whose volumes give the quotas; each hashtag's latest where left out.",
        examples=[dt.date(2025, 5, 1)],
    )
    duplicates: Literal["smallest quota", "first"] = Field(
        "smallest quota",
        description=(
            "Where a post found under several hashtags counts: the one with the smallest quota, or the first in "
            "this file."
        ),
        examples=["first"],
    )
    audit: Share = Field(
        0.25,
        description="With `ranked+audit`: the share of each quota that is drawn from the posts the rankings left out.",
        examples=[0.25],
    )
    comments: Whole = Field(
        50, ge=0, description="At most so many comments a post; all where there are fewer.", examples=[50]
    )
    comment_rule: CommentRule = Field(
        "random",
        description=(
            "Which comments: the most liked (`top`), whole branches from the beginning (`thread`), `random`, or "
            "those people choose at the screening desk (`judged`). Only `random` carries intervals."
        ),
        examples=["random"],
    )
    seed: Whole = Field(
        1,
        ge=0,
        description="The seed of the draw; the same seed and captures give the same sample.",
        examples=[20250501],
    )
    start: Day | None = Field(
        None, description="Posts published before this day are not eligible.", examples=[dt.date(2025, 1, 10)]
    )
    end: Day | None = Field(
        None, description="Posts published after this day are not eligible.", examples=[dt.date(2025, 5, 1)]
    )
    exclusion_reasons: tuple[Line, ...] = Field(
        ("off topic", "advertisement", "unreadable", "outside the dates"),
        description="The reasons a person may give at the screening desk for leaving a post out.",
        examples=[["off topic", "advertisement"]],
    )


class Privacy(Section):
    """How people in the data are protected."""

    pseudonyms: Flag = Field(
        True,
        description=(
            "Whether accounts are shown as pseudonyms. False shows displayed names to the coders at their desk; "
            "tables, reports and exports keep pseudonyms."
        ),
        examples=[True],
    )
    quoting: Quoting = Field(
        "paraphrase",
        description="What may be done with the words of an item for which nothing else was decided.",
        examples=["paraphrase"],
    )
    account_cohorts: Flag = Field(
        False,
        description="Whether the time an account was opened may be used, for cohorts and in aggregate only.",
        examples=[False],
    )
    minimum_cell: Whole = Field(
        5, ge=1, description="Cells of published tables that count fewer accounts are withheld.", examples=[10]
    )


class PlatformTerms(Section):
    """A platform's terms, and when they were read."""

    platform: Line = Field(description="The platform.", examples=["rednote"])
    read: Day = Field(description="The day they were read.", examples=[dt.date(2025, 5, 1)])
    url: Text = Field("", description="Where they stand.", examples=["https://example.org/terms"])
    note: Text = Field(
        "", description="What follows from them for the study.", examples=["Captured by hand, by people."]
    )


class EthicsAnswer(Section):
    """A question of the AoIR guidelines (Association of Internet Researchers) and the study's answer."""

    question: Line = Field(description="The question.", examples=["Could a quotation be traced to its author?"])
    answer: Line = Field(description="The answer.", examples=["Yes, by search; therefore we paraphrase."])


class Ethics(Section):
    """On what footing the study stands."""

    approval: Text = Field(
        "",
        description="Who approved it, with number and date, or why none was needed.",
        examples=["Ethics board, 2025-17"],
    )
    legal_basis: Text = Field(
        "", description="The legal basis for processing personal data.", examples=["GDPR Art. 6(1)(e), Art. 89"]
    )
    retention_until: Day | None = Field(
        None, description="The day on which captures and vault are destroyed.", examples=[dt.date(2030, 12, 31)]
    )
    platform_terms: tuple[PlatformTerms, ...] = Field((), description="The terms that were read.", examples=[[]])
    aoir: tuple[EthicsAnswer, ...] = Field((), description="Answers to the AoIR questions.", examples=[[]])


class Coder(Section):
    """A person who codes."""

    name: CoderName = Field(description="The name under which the codings are kept.", examples=["coder A"])
    lead: Flag = Field(
        False, description="Whether this coder opens, freezes and reveals rounds; at most one.", examples=[True]
    )


class OwnMeasure(Section):
    """A measure of the study's own, beside those that ship."""

    file: Line = Field(
        description=(
            "The Python file that holds it, from the study's folder; it defines `MEASURE`, see docs/measures.md. It is"
            " run as a program is."
        ),
        examples=["greetings.py"],
    )


class Rate(Section):
    """What one unit of a currency is worth in another, so that accounts in both can stand side by side."""

    currency: CurrencyCode = Field(description="The currency, by its ISO 4217 code.", examples=["CNY"])
    to: CurrencyCode = Field(
        description="The currency in which it is expressed; the same in every rate.", examples=["USD"]
    )
    rate: Positive = Field(
        description="How many `to` one unit of the currency was exchanged for, on that date.", examples=[0.1364]
    )
    ppp: Positive | None = Field(
        None,
        description=(
            "How many `to` buy, where they are the money, what one unit of the currency buys at home: purchasing-power "
            "parity (1 divided by the World Bank's PA.NUS.PPP where `to` is USD)."
        ),
        examples=[0.28],
    )
    as_of: Day = Field(description="The date of the rate.", examples=[dt.date(2025, 1, 15)])
    source: Line = Field(
        description="Where rate and parity are published.", examples=["Central bank, 15 January 2025; World Bank, 2023"]
    )
