"""What is simulated? A world: groups, an event, rates, practices, marks, text, observation; all of it as TOML reads it.

The symbols of `[rates]` are those of the literature (docs/simulate.md has the equations). Times are written as dates
and times in the world's zone; inside the model they are days since the midnight that opens `start`. Shares are per
state of the author: absorbing (R), adapting (A), cosmopolitan (C).
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from resilens.errors import Fault, InputError
from resilens.simulate.consistency import inconsistencies
from resilens.study.consistency import InconsistentError
from resilens.study.reading import read_as
from resilens.study.values import Day, Flag, HashtagName, Line, Section, Slug, Text, Zone
from resilens.study.words import did_you_mean
from resilens.study.zones import zone

GROUPS = ("newcomers", "hosts")
CLASSES = ("movers", "visitors", "residents")
STATES = ("P", "R", "A", "C", "X")
"""Potential, absorbing, adapting, cosmopolitan, gone."""
ACTIVE = ("R", "A", "C")

PARENTS = ("post", "tribute", "introduction", "ritual", "ledger", "everyday", "art", "letter", "help", "none",
           "political", "hostile", "claim")  # fmt: skip
"""What an item answers, for the tables of practices and marks: `post` answers nothing. Politics and hostility of the
parent go before its practice; `claim` is a political identity claimed."""

MOST_USERS = 20_000_000
"""Accounts are kept in memory while a world runs, about 400 bytes each (measured); items are not."""

Rate = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Part = Annotated[float, Field(ge=0, le=1)]
PerState: TypeAlias = tuple[Rate, Rate, Rate]
Group: TypeAlias = Literal["newcomers", "hosts"]


def practice_kind(code: str) -> str:
    """The place of a practice in `PARENTS`."""
    name = code.split(".")[1] if "." in code else code
    kinds = {"tribute": "tribute", "introduction": "introduction", "duizhang": "ledger", "everyday": "everyday",
             "art": "art", "letter": "letter", "none": "none"}  # fmt: skip
    if name in ("welcome", "receipt", "mock-office", "thanks"):
        return "ritual"
    return kinds.get(name, "help")


class Milestone(Section):
    """A dated happening."""

    at: dt.datetime = Field(description="When, in the world's zone.")
    name: Line


class Event(Section):
    """The crisis: its deadline, what became of it, and when translation came."""

    name: Line = "an invented event"
    quiet: Flag = Field(False, description="No event: nobody arrives by a shock, and nothing changes with time.")
    deadline: dt.datetime = Field(description="When the crisis comes due (t_d).")
    postponed: dt.datetime | None = Field(None, description="When it is put off (t_p); left out: it is not.")
    translation: dt.datetime | None = Field(None, description="When translation arrives (t_T); left out: never.")
    milestones: tuple[Milestone, ...] = Field((), alias="milestone")


class Rates(Section):
    """Rates per day and shares of the macro path, by the symbols of the literature; docs/simulate.md defines them."""

    M_n: Positive = Field(5.7e7, description="Pool of possible newcomers, for levels as the platform shows them.")
    M_h: Positive = Field(3.0e7, description="Pool of hosts.")
    p: Rate = Field(0.0026, description="Spontaneous joining at full salience.")
    q: Rate = Field(7.5, description="Joining by contagion, times the active share of the pool.")
    tau_up: Positive = Field(2.2, description="Days in which salience rises by e before the deadline.")
    tau_dn: Positive = Field(4.0, description="Days in which it falls by e once postponed; eight times that else.")
    q_h: Rate = Field(1.6, description="Hosts drawn in, times the active share of newcomers.")
    phi: Rate = Field(1.0, description="Amplification by the platform: on views, and on hosts drawn in.")
    alpha0: Rate = Field(0.02, description="R to A without a welcome.")
    alpha1: Rate = Field(0.22, description="R to A through a welcome.")
    gamma: Rate = Field(0.06, description="A to C, times mixing and reciprocity.")
    mu: Rate = Field(0.16, description="Leaving from R.")
    beta: Rate = Field(0.85, description="By how much leaving falls from state to state, as exp(-beta).")
    omega: Rate = Field(1.2, description="Extra leaving of newcomers in R and A once postponed, fading with tau_dn.")
    eta: Rate = Field(3.0, description="How visible hostility adds to leaving.")
    psi: Part = Field(0.035, description="Share of comments that are hostile before removal.")
    nu: Rate = Field(2.2, description="Strength of removal: 1 / (1 + nu) of hostile comments stay visible.")
    m0: Part = Field(0.16, description="Chance that a reply crosses groups before translation.")
    m1: Part = Field(0.52, description="And after it.")
    kappa: Rate = Field(3.0, description="How fast welcomes saturate with hosts per newcomer.")
    v0: Rate = Field(14.0, description="Views a day and active head.")
    c1: Rate = Field(0.45, description="Discussions a day and active head in R.")
    cdec: Rate = Field(0.55, description="By how much discussions fall from state to state, as exp(-cdec).")
    tau_a: Positive = Field(9.0, description="Days in which novelty falls by e.")
    lasting: Part = Field(0.05, description="Attention to each head that outlives novelty.")


class GroupWorld(Section):
    """One community: who may come, and how they take part."""

    visitors: Part = Field(0.0, description="Share of the pool that only looks in and leaves at the postponement.")
    residents: Part = Field(0.0, description="Share that, once there, all but stays: the lasting remainder.")
    visitor_leave: Rate = Field(0.1, description="Visitors' leaving a day before the postponement.")
    visitor_exit: Rate = Field(2.5, description="And after it.")
    visitor_power: Positive = Field(1.6, description="Visitors join with salience to this power: late.")
    resident_leave: Part = Field(0.03, description="Residents' leaving as a share of the others'.")
    posts: PerState = Field((1.0, 0.7, 0.6), description="Posts a day by state, relative.")
    talk: PerState = Field((1.0, 1.0, 1.0), description="Inclination to answer others by state, relative.")
    other_language: PerState = Field((0.05, 0.1, 0.2), description="Share of items in the other group's language.")
    language: Literal["en", "zh"] = Field("en", description="Home language.")
    zones: dict[Zone, Positive] = Field(
        {"UTC": 1.0}, min_length=1, description="Time zones they live in, with weights."
    )
    locations: dict[str, Positive] = Field({}, description="Displayed locations, with weights.")
    label_error: Part = Field(0.0, description="Share of accounts whose displayed location is the other group's.")
    location_missing: Part = Field(0.0, description="Share of accounts that display none.")


class Practice(Section):
    """How often a practice is taken up, by whom, in answer to what; one row of the table of choices."""

    code: Line = Field(description="A code of the framework, or none.")
    to: Literal[PARENTS] = Field("post", description="What it answers; `post` for posts.")  # type: ignore[valid-type]
    by: Group
    across: bool | None = Field(None, description="Only in answer to the other group (true), to one's own (false).")
    weights: PerState = Field(description="Weights by the author's state, against the other rows that fit.")
    birth: dt.datetime | None = Field(None, description="When it begins to spread; left out: it was always there.")
    growth: Positive = Field(2.0, description="Days of its logistic spread.")


class Mark(Section):
    """A code of another facet that an item carries with some probability, beside its practice."""

    code: Line = Field(description="A code of the facets affect, politics, identity or relation.")
    on: tuple[Line, ...] = Field((), description="Practices it goes with, by their beginning; empty: any.")
    to: tuple[Literal[PARENTS], ...] = Field((), description="What the item answers; empty: anything.")  # type: ignore[valid-type]
    by: Group | None = Field(None, description="The author's group; left out: both.")
    across: bool | None = Field(None, description="Only in answer to the other group (true), to one's own (false).")
    share: PerState = Field(description="Probability by the author's state; rows are tried in order.")


class Stages(Section):
    """Where an item's stage comes from."""

    mode: Literal["emergent", "prescribed"] = Field(
        "emergent", description="emergent: the author's state; prescribed: sharp change points."
    )
    change_points: tuple[dt.datetime, ...] = Field((), description="prescribed: when stages 2 and 3 begin.")
    shown: PerState = Field((0.55, 0.6, 0.65), description="Share that shows its stage, of items that do anything.")
    codes: tuple[Line, Line, Line] = ("stage.absorption", "stage.adaptation", "stage.transformation")


class Threads(Section):
    """Sizes and times of conversations."""

    comments: Positive = Field(3.4, description="Mean top-level comments of a post, at full novelty.")
    dispersion: Positive = Field(0.25, description="Size of their negative binomial distribution.")
    replies: Annotated[float, Field(ge=0, lt=1)] = Field(0.35, description="Mean replies to a comment: below 1.")
    reply_dispersion: Positive = Field(0.4, description="Size of the negative binomial distribution of replies.")
    delay_hours: Positive = Field(3.6, description="Median delay of an answer.")
    delay_spread: Positive = Field(1.4, description="Standard deviation of its logarithm.")
    author_returns: Part = Field(0.3, description="Share of replies for which the post's author returns.")
    appeal: dict[str, Positive] = Field({}, description="Factor on comments by kind of the post's practice.")
    night: Part = Field(0.08, description="Activity at the quietest hour as a share of the busiest.")


class Moderation(Section):
    """How hostile comments go."""

    on: Flag = True
    political_factor: Rate = Field(3.0, description="Hostility in answers to politics, relative to other answers.")
    removal_hours: Positive = Field(9.0, description="Mean delay of a removal.")
    reported: Part = Field(0.4, description="Share of removals that follow users' reports.")
    other_removed: Part = Field(0.002, description="Share of other comments removed.")


class TextWorld(Section):
    """How hard the text is to read for a lexicon."""

    cue_share: Part = Field(0.7, description="Share of a code's items that use a term of its lexicon: its recall.")
    confuser_rate: Part = Field(0.02, description="Share of items with a term of some lexicon without its meaning.")
    typos: Part = Field(0.04, description="Share of items with a slip of the keyboard, never inside a term.")
    emoji: Part = Field(0.18, description="Share of items that end in emoji or stickers.")
    initials: Part = Field(0.03, description="Share with initials as slang.")
    mixed: Part = Field(0.05, description="Share with words of the other language.")
    doubled: Part = Field(0.04, description="Share of items that say it again in the other language.")
    wordless: Part = Field(0.05, description="Share of items that are a picture, a sticker or nothing but a tag.")


class Hashtag(Section):
    """A hashtag and how often posts carry it."""

    name: HashtagName
    weight: Positive
    tribute_weight: Positive | None = Field(None, description="Weight on tributes, where it differs.")


class Observation(Section):
    """What somebody who captures would see of it."""

    collected: dt.datetime = Field(description="When the capture was made.")
    earlier: dt.datetime | None = Field(None, description="An earlier capture, with what is removed until the other.")
    capture: Literal["all", "search"] = Field("all", description="all threads, or only what searches return.")
    rankings: tuple[Literal["likes", "comments", "bookmarks"], ...] = ("likes", "comments", "bookmarks")
    depth: Annotated[int, Field(ge=0)] = Field(220, description="Results a search returns at most.")
    popularity_bias: Part = Field(1.0, description="1: ranked by the count alone; 0: in random order.")
    top_comments: Annotated[int, Field(ge=0)] = Field(0, description="Most liked comments captured of a post; 0: all.")
    accounts_deleted: Part = Field(0.0, description="Share of accounts gone before the capture, with their items.")
    day_times: Part = Field(0.0, description="Share of items whose time is shown as a day.")
    location_shown: Flag = Field(True, description="Whether the platform displays locations.")


class Coders(Section):
    """Two coders whose errors are known: each code independently, given the truth."""

    names: tuple[Line, Line] = ("coder A", "coder B")
    sensitivity: tuple[Part, Part] = Field((0.88, 0.84), description="P(coded | true) of each.")
    false_share: tuple[Part, Part] = Field((0.0012, 0.0018), description="P(coded | not true) of each, per code.")
    threads: Annotated[int, Field(ge=0)] = Field(400, description="Threads in codings.csv, to expect: all as likely.")


class World(Section):
    """A whole world; every key has a default but the event and the observation."""

    name: Slug = "world"
    title: Line = "A synthetic world"
    description: Text = ""
    framework: Line = "jing-zhang-2026"
    platform: Line = "rednote"
    zone: Zone = "UTC"
    start: Day
    days: Annotated[int, Field(ge=7, le=3660)] = 112
    fine_days: Annotated[int, Field(ge=0)] = Field(21, description="Days in hourly steps; steps of six hours after.")
    users: Annotated[int, Field(ge=100, le=MOST_USERS)] = Field(40_000, description="Accounts in the pools, simulated.")
    items: Annotated[int, Field(ge=0)] = Field(20_000, description="Posts and comments to expect, in whole threads.")
    event: Event
    rates: Rates = Field(default_factory=lambda: Rates.model_validate({}))
    newcomers: GroupWorld = Field(default_factory=lambda: GroupWorld.model_validate({}))
    hosts: GroupWorld = Field(default_factory=lambda: GroupWorld.model_validate({}))
    stages: Stages = Field(default_factory=lambda: Stages.model_validate({}))
    threads: Threads = Field(default_factory=lambda: Threads.model_validate({}))
    moderation: Moderation = Field(default_factory=lambda: Moderation.model_validate({}))
    text: TextWorld = Field(default_factory=lambda: TextWorld.model_validate({}))
    practices: tuple[Practice, ...] = Field((), alias="practice")
    marks: tuple[Mark, ...] = Field((), alias="mark")
    hashtags: tuple[Hashtag, ...] = Field((), alias="hashtag")
    observation: Observation
    coders: Coders = Field(default_factory=lambda: Coders.model_validate({}))

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if found := inconsistencies(self):
            raise InconsistentError(found)
        return self

    @property
    def newcomer_share(self) -> float:
        """Newcomers among the accounts: both pools are simulated at one scale."""
        return self.rates.M_n / (self.rates.M_n + self.rates.M_h)

    @property
    def groups(self) -> tuple[GroupWorld, GroupWorld]:
        """Newcomers and hosts, in the order of `GROUPS`."""
        return self.newcomers, self.hosts

    @cached_property
    def opens(self) -> dt.datetime:
        """The moment of day 0."""
        return dt.datetime.combine(self.start, dt.time(), zone(self.zone))

    def day(self, moment: dt.datetime | None) -> float | None:
        """Days from the opening to a moment; None where there is none."""
        if moment is None:
            return None
        placed = moment if moment.tzinfo else moment.replace(tzinfo=zone(self.zone))
        return (placed - self.opens) / dt.timedelta(days=1)

    def expect(self, **changes: Any) -> World:
        """The same world with some keys changed, checked again.

        Raises
        ------
        pydantic.ValidationError
            If the changed world is not one.
        """
        return World.model_validate({**self.model_dump(by_alias=True), **changes})


def presets() -> tuple[str, ...]:
    """The names of the worlds that ship with Resilens, sorted."""
    folder = resources.files("resilens.simulate") / "worlds"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def world(name: str) -> World:
    """A preset by its name, or the world that a TOML file declares.

    Raises
    ------
    InputError
        If there is neither a preset of this name nor such a file, or the file has faults: all, with their lines.
    """
    if name in presets():
        with resources.as_file(resources.files("resilens.simulate") / "worlds" / f"{name}.toml") as file:
            return read_as(World, file)
    if Path(name).is_file():
        return read_as(World, Path(name))
    known = ", ".join(presets())
    hint = did_you_mean(name, presets()) or f"; there is {known}"
    raise InputError(Fault(f"there is no world and no file {name!r}{hint}"))
