"""What is a study? Its whole declared design, as `study.toml` holds it.

Every key is described here and only here: docs/study-file.md and docs/study.schema.json are made from these classes.
Sections written with double brackets come as tuples under a plural name: `[[hashtag]]` is `study.hashtags`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, ValidationInfo, model_validator

from resilens.study import consistency
from resilens.study.conduct import Coder, Ethics, OwnMeasure, Privacy, Rate, Sample
from resilens.study.values import (
    Actor,
    ConditionKind,
    Count,
    Day,
    Flag,
    GroupName,
    GroupRole,
    HashtagName,
    Line,
    MilestoneKind,
    Section,
    Slug,
    Text,
    Whole,
    Zone,
)  # fmt: skip


class StudySection(Section):
    """What is studied, in a few words."""

    title: Line = Field(description="The study's title, as the report prints it.", examples=["Cats at the border"])
    name: Slug = Field(
        "study",
        description="A short name for files: small Latin letters, digits, hyphens.",
        examples=["tiktok-refugees"],
    )
    description: Text = Field(
        "", description="What the study asks and why, in a paragraph.", examples=["How newcomers and hosts met."]
    )
    authors: tuple[Line, ...] = Field(
        (), description="Who carries it out, as the report names them.", examples=[["A. Scholar"]]
    )
    version: Line = Field(
        "1", description="The version of this design; change it when the design changes.", examples=["1.1"]
    )
    zone: Zone = Field(
        "UTC",
        description="The zone in which days and weeks are counted: UTC or a fixed offset from it.",
        examples=["UTC+08:00"],
    )
    synthetic: Flag = Field(
        False,
        description="True where the captures are made up; every page and figure then says SYNTHETIC.",
        examples=[True],
    )
    seed: Whole = Field(
        1,
        ge=0,
        description="Seed of what is random outside the sample; a synthetic study derives its pseudonym key from it.",
        examples=[2025],
    )


class Question(Section):
    """A research question. When it is refined, add a new block with the same id and the next version."""

    id: Line = Field(description="A short name by which claims refer to the question.", examples=["conditions"])
    text: Line = Field(description="The question.", examples=["Through which practices do newcomers settle in?"])
    version: Whole = Field(1, ge=1, description="1 for the first wording, 2 for the next.", examples=[2])
    since: Day | None = Field(
        None, description="The date from which this wording holds.", examples=[dt.date(2025, 3, 1)]
    )
    replaces: Text = Field(
        "", description="The id of another question that this one takes the place of.", examples=["practices"]
    )


class Milestone(Section):
    """A dated happening, drawn on every time axis."""

    date: Day = Field(description="The day it happened, in the study's zone.", examples=[dt.date(2025, 1, 14)])
    name: Line = Field(description="What happened, in a few words.", examples=["First in the US App Store"])
    kind: MilestoneKind = Field("other", description="What kind of happening it is.", examples=["platform"])
    source: Text = Field("", description="Where that is known from.", examples=["Reuters, 15 January 2025"])


class Event(Section):
    """The crisis that set everything off."""

    name: Line = Field(description="The event's name.", examples=["The TikTok ban in the United States"])
    trigger: Text = Field("", description="What triggered it.", examples=["A law requiring a sale by 19 January 2025"])
    date: Day | None = Field(None, description="The day of the trigger.", examples=[dt.date(2025, 1, 19)])
    description: Text = Field(
        "", description="What a reader must know of it.", examples=["Users moved ahead of a ban."]
    )
    milestones: tuple[Milestone, ...] = Field(
        (), alias="milestone", description="Dated happenings, in any order.", examples=[[]]
    )


class Phase(Section):
    """A period of observation by the researchers. Phases do not overlap; both ends belong to the phase."""

    name: Line = Field(description="The phase's name.", examples=["exploration"])
    start: Day = Field(description="Its first day.", examples=[dt.date(2025, 1, 13)])
    end: Day | None = Field(
        None, description="Its last day; left out while the phase goes on.", examples=[dt.date(2025, 2, 14)]
    )
    purpose: Text = Field(
        "", description="What was done in it.", examples=["Observation without taking part; leads kept."]
    )


class Stage(Section):
    """Shading for a stage on time axes. It is drawn and never computed from: stages are coded by people."""

    code: Line = Field(description="The id of a stage code of the framework.", examples=["stage.adaptation"])
    start: Day = Field(description="The first day shaded.", examples=[dt.date(2025, 2, 1)])
    end: Day | None = Field(
        None, description="The last day shaded; left out where it is open.", examples=[dt.date(2025, 4, 30)]
    )


class Condition(Section):
    """A condition that made the process possible, and the actor behind it."""

    name: Line = Field(description="The condition's name.", examples=["Translation inside the application"])
    actor: Actor = Field(description="Who is behind it.", examples=["platform"])
    kind: ConditionKind = Field(description="What kind of condition it is.", examples=["technical"])
    start: Day | None = Field(
        None, description="The day it began; left out where it came before the study.", examples=[dt.date(2025, 1, 19)]
    )
    end: Day | None = Field(
        None, description="The day it ended; left out where it went on.", examples=[dt.date(2025, 4, 30)]
    )
    stage: Text = Field(
        "", description="The id of the stage code that it bears on most.", examples=["stage.adaptation"]
    )
    sources: tuple[Line, ...] = Field(
        (), description="Where it is documented.", examples=[["Press release, 19 January"]]
    )
    description: Text = Field(
        "", description="How it is thought to have worked.", examples=["Comments became readable across languages."]
    )


class Rule(Section):
    """One way to tell that an account belongs to a group. All keys given in one rule must hold together."""

    hashtags: tuple[HashtagName, ...] = Field(
        (), description="A post of the account carries one of these hashtags.", examples=[["tiktokrefugee"]]
    )
    location: tuple[Line, ...] = Field(
        (),
        description=(
            "The location displayed with an item of the account is one of these; what the platform shows, not "
            "residence."
        ),
        examples=[["美国", "英国"]],
    )
    language: tuple[Line, ...] = Field(
        (),
        description=(
            "Most items of the account are in one of these languages (ISO 639-1). Measures of language leave such"
            " groups out."
        ),
        examples=[["en"]],
    )
    self_label: tuple[Line, ...] = Field(
        (),
        description="A title or text of the account contains one of these phrases, capitals or not.",
        examples=[["i'm a tiktok refugee"]],
    )
    account_from: Day | None = Field(
        None,
        description="The account was opened on this day or later; needs privacy.account_cohorts.",
        examples=[dt.date(2025, 1, 10)],
    )
    account_until: Day | None = Field(
        None,
        description="The account was opened on this day or earlier; needs privacy.account_cohorts.",
        examples=[dt.date(2024, 12, 31)],
    )
    order: Whole = Field(
        1,
        ge=1,
        description=(
            "Rules of a lower order are tried first, across all groups; within one order the file's sequence decides."
        ),
        examples=[2],
    )

    @property
    def basis(self) -> str:
        """What the rule looks at, as `authors.group_basis` names it: `self_label`, `location+language`, ..."""
        kinds = {
            "hashtags": self.hashtags,
            "location": self.location,
            "language": self.language,
            "self_label": self.self_label,
            "account_cohort": self.account_from or self.account_until,
        }
        return "+".join(kind for kind, given in kinds.items() if given)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.basis:
            raise ValueError(
                "this rule says nothing; give hashtags, location, language, self_label or account_from / account_until"
            )
        return self


class Group(Section):
    """A community. The first rule that holds decides; whom none places is `unknown`; a coder may overrule."""

    name: GroupName = Field(description="The group's name in tables.", examples=["refugees"])
    label: Text = Field(
        "", description="Its name in figures and the report; the name where left out.", examples=["TikTok refugees"]
    )
    role: GroupRole = Field(
        "other", description="Whether the group arrives, receives, or neither.", examples=["newcomer"]
    )
    rules: tuple[Rule, ...] = Field(
        (), description="How its accounts are told.", examples=[[{"self_label": ["tiktok refugee"]}]]
    )


class Volume(Section):
    """How large a hashtag was on one date, as the platform showed it."""

    as_of: Day = Field(description="The date on which it was read.", examples=[dt.date(2025, 5, 1)])
    views: Count | None = Field(
        None, description="Views shown: a whole number, or text with a unit (k, 万, M, 亿, bn).", examples=["110M"]
    )
    discussions: Count | None = Field(
        None, description="Discussions (comments, entries) shown, written likewise.", examples=["1.454M"]
    )
    source: Text = Field("", description="Who read it where.", examples=["hashtag page, read by coder A"])

    @model_validator(mode="after")
    def _has_a_number(self) -> Self:
        if self.views is None and self.discussions is None:
            raise ValueError("this volume has no number; give views, discussions or both")
        return self


class Hashtag(Section):
    """A hashtag under which posts are retrieved."""

    name: HashtagName = Field(description="The hashtag without #.", examples=["猫税"])
    volumes: tuple[Volume, ...] = Field(
        (),
        description="Its dated volumes; several dates give curves of attention.",
        examples=[[{"as_of": dt.date(2025, 5, 1), "views": "110M", "discussions": "1.454M"}]],
    )
    note: Text = Field("", description="What it means and who uses it.", examples=["'cat tax' in Simplified Chinese"])


class Study(Section):
    """The declared design of a study."""

    study: StudySection = Field(description="What is studied, in a few words.")
    framework: Line = Field(
        "jing-zhang-2026",
        description=(
            "The framework whose facets and codes the codebook begins with: one that ships with Resilens, or the "
            "path of a file of your own, from the study's folder, ending in .toml."
        ),
        examples=["jing-zhang-2026"],
    )
    questions: tuple[Question, ...] = Field((), alias="question", description="The research questions.")
    event: Event | None = Field(None, description="The crisis that set everything off.")
    phases: tuple[Phase, ...] = Field((), alias="phase", description="Periods of observation by the researchers.")
    stages: tuple[Stage, ...] = Field(
        (), alias="stage", description="Shading for stages on time axes; never computed from."
    )
    conditions: tuple[Condition, ...] = Field(
        (), alias="condition", description="Enabling conditions and their actors."
    )
    groups: tuple[Group, ...] = Field((), alias="group", description="The communities, and how accounts are told.")
    hashtags: tuple[Hashtag, ...] = Field((), alias="hashtag", description="The hashtags posts are retrieved under.")
    sample: Sample = Field(
        default_factory=lambda: Sample.model_validate({}), description="How posts and comments are drawn."
    )
    privacy: Privacy = Field(
        default_factory=lambda: Privacy.model_validate({}), description="How people in the data are protected."
    )
    ethics: Ethics = Field(
        default_factory=lambda: Ethics.model_validate({}), description="On what footing the study stands."
    )
    coders: tuple[Coder, ...] = Field((), alias="coder", description="Who codes.")
    measures: tuple[OwnMeasure, ...] = Field(
        (), alias="measure", description="Measures of the study's own, beside those that ship."
    )
    rates: tuple[Rate, ...] = Field(
        (), alias="rate", description="Exchange rates at which accounts in several currencies are compared."
    )

    @model_validator(mode="after")
    def _agrees_with_itself(self, info: ValidationInfo) -> Self:
        context: Mapping[str, Any] = info.context or {}
        found = consistency.inconsistencies(self, context.get("folder"), context.get("skip", frozenset()))
        if found:
            raise consistency.InconsistentError(found)
        return self

    def current_questions(self) -> tuple[Question, ...]:
        """The latest wording of each question that no other has replaced, in the file's order of ids."""
        replaced = {question.replaces for question in self.questions if question.replaces}
        latest: dict[str, Question] = {}
        for question in self.questions:
            if question.id not in latest or question.version > latest[question.id].version:
                latest[question.id] = question
        return tuple(question for name, question in latest.items() if name not in replaced)

    def ordered_rules(self) -> tuple[tuple[Group, Rule], ...]:
        """Every group's rules in the order in which they are tried; the first that holds decides."""
        rules = [(group, rule) for group in self.groups for rule in group.rules]
        return tuple(sorted(rules, key=lambda pair: pair[1].order))

    def quota_volumes(self) -> dict[str, int | None]:
        """The volume to which each hashtag's quota is proportional, by hashtag in the file's order.

        The quantity is `sample.quota_by`, at `sample.as_of` or else the hashtag's latest date that has it; None
        where the file has none.
        """
        chosen: dict[str, int | None] = {}
        for hashtag in self.hashtags:
            dated = {
                volume.as_of: value
                for volume in hashtag.volumes
                if (value := getattr(volume, self.sample.quota_by)) is not None
            }
            day = self.sample.as_of or max(dated, default=None)
            chosen[hashtag.name] = dated.get(day) if day else None
        return chosen
