"""What does the Method and Data section need to know? Plain values; an empty text or None means that nobody said.

`facts.gather` fills them from the study, the corpus and the record; `method.method_section` writes them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from resilens.report.findings_facts import FindingsFacts

if TYPE_CHECKING:
    from resilens.agreement.saturation.study import StudySaturation
    from resilens.agreement.study_results import StudyAgreement
    from resilens.capture.recaptures import Grown, Recapture
    from resilens.report.claims_facts import ClaimsFacts

Pairs: TypeAlias = tuple[tuple[str, int], ...]
"""Names with their counts, in the order in which a reader should see them."""


@dataclass(frozen=True, slots=True)
class Milestone:
    label: str
    day: date
    source: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A period of observation by the researchers; `last` None where it was still open."""

    name: str
    first: date
    last: date | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the framework with its dated shading, if any was declared."""

    name: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework and the codes of each of its facets."""

    name: str
    title: str
    source: str = ""
    facets: Pairs = ()
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """An enabling condition and the actor behind it."""

    label: str
    actor: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None
    stage: str = ""
    sources: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A research question in its latest wording; earlier wordings are counted, not repeated."""

    id: str
    text: str
    version: int = 1
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A community, its rules in words in the order in which they decide, and how many authors they gave it."""

    name: str
    label: str = ""
    rules: tuple[str, ...] = ()
    authors: int = 0
    by_hand: int = 0


@dataclass(frozen=True, slots=True)
class Volume:
    """A hashtag's views and discussions, as the platform or a source showed them at a date."""

    hashtag: str
    as_of: date
    views: int | None = None
    discussions: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    hashtag: str
    volume: int | None
    share: float | None
    quota: int
    sensitivity: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """The sampling design as the study file declares it; `audit` is the share drawn at random in `ranked+audit`."""

    posts: int
    design: str
    rankings: tuple[str, ...] = ()
    frame: str = ""
    duplicates: str = ""
    comments: int | None = None
    comment_rule: str = ""
    seed: str = ""
    quota_by: str = "discussions"
    audit: float = 0.0
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One query under one ranking: how many posts it returned and when."""

    query: str
    ranking: str
    posts: int
    first: date | None = None
    last: date | None = None
    account: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What could have been drawn: `basis` says in words where it comes from."""

    basis: str
    posts: int
    retrieved: bool


@dataclass(frozen=True, slots=True)
class FlowRow:
    """What became of the posts of one hashtag, or of all, on the way from what was found to the sample.

    `found` counts distinct posts.
    """

    hashtag: str
    quota: int
    found: int
    outside_dates: int = 0
    duplicate: int = 0
    in_frame: int = 0
    examined: int = 0
    ineligible: int = 0
    refilled: int = 0
    by_hand: int = 0
    drawn: int = 0
    shortfall: int = 0


@dataclass(frozen=True, slots=True)
class Draw:
    """The draw in force; `intervals` says whether posts' inclusion probabilities are known, `why` why not."""

    name: str
    sha256: str
    posts: int
    comments: int = 0
    drawn_on: date | None = None
    intervals: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was captured, and of which days (in the study's zone); `orphans` are comments whose post was not."""

    posts: int
    comments: int
    authors: int
    first: date | None = None
    last: date | None = None
    undated: int = 0
    platforms: Pairs = ()
    scripts: Pairs = ()
    languages: Pairs = ()
    comment_scripts: Pairs = ()
    comment_languages: Pairs = ()
    orphans: int = 0


@dataclass(frozen=True, slots=True)
class Pictures:
    """How many posts and comments name pictures or recordings; the corpus holds their names, not the files."""

    posts: int = 0
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Captured comments against those the platform declared, over the captured posts that declare a number.

    `whole` are threads that declare comments and of which at least as many were captured, `without` those of which
    none was; `at_least` says that some declared numbers are lower bounds.
    """

    threads: int
    declaring: int
    declared: int
    captured: int
    whole: int
    without: int
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Daily:
    """How many posts and comments under one of the study's hashtags (empty: under none) were captured of one day."""

    hashtag: str
    day: date
    posts: int
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """How many posts and comments have their time from one basis, a name of `corpus.schema.TIME_BASES`."""

    name: str
    posts: int
    comments: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """How sure the counts of one kind are, in the items that could show it."""

    name: str
    exact: int
    rounded: int
    at_least: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Capture:
    name: str
    reader: str
    sha256: str
    read: int
    new: int
    repeated: int
    quarantined: int
    time_zone: str = ""
    time_zone_basis: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A round of coding; `state` is open, frozen or revealed."""

    name: str
    mode: str
    state: str
    coders: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class CoderWork:
    """What one coder has done in one round: codings in force and the items they are on."""

    coder: str
    kind: str
    round: str
    codings: int
    items: int


@dataclass(frozen=True, slots=True)
class CodeUse:
    """On how many of the items that a coder has read under a hashtag (empty: outside the sample) the coder put a code.

    Parameters
    ----------
    unit
        posts or comments: they are never pooled.
    n
        Items with the code.
    read
        Items the coder read under that hashtag: those with any coding, "nothing applies" included.
    """

    unit: str
    hashtag: str
    coder: str
    code: str
    n: int
    read: int
    round: str = ""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code as the codebook in force has it: facet and the code it is nested in by name; `status` where retired."""

    id: str
    facet: str
    name: str
    name_zh: str = ""
    within: str = ""
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    role: str = ""
    source: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class CodebookVersion:
    """A version of the codebook: of which day, by whom, how many codes it had, what it changed, and why."""

    number: int
    day: date | None
    by: str
    codes: int
    changes: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codebook in force, with every code and every version; version 0 where none has been recorded."""

    version: int
    facets: Pairs = ()
    codes: tuple[CodeEntry, ...] = ()
    versions: tuple[CodebookVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class Privacy:
    """How people in the data were protected."""

    quoting: str = ""
    statuses: Pairs = ()
    erasures: int = 0
    minimum_cell: int = 5
    names_shown: bool = False
    account_cohorts: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A platform's terms of use as the researchers read them."""

    platform: str
    read_on: date | None = None
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ethics:
    """Approval, legal basis, retention, terms read, and questions of the AoIR guidelines with their answers."""

    approval: str = ""
    legal_basis: str = ""
    retention_until: date | None = None
    terms: tuple[Terms, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """The record: how many events, the hash of the last, whether every link holds, how many bodies were erased; and the
    rounds that are still blind, whose events are not counted and leave the hash untold."""

    events: int
    head: str
    sound: bool
    erased: int = 0
    blind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """Everything that the report says; `positionality` names who wrote each memo of that type, `names` are those of
    codes and facets by their ids."""

    title: str
    synthetic: bool
    zone: str
    dated: date | None
    extent: Extent
    chain: Chain
    seed: str = ""
    authors: tuple[str, ...] = ()
    description: str = ""
    questions: tuple[Question, ...] = ()
    event: str = ""
    event_description: str = ""
    trigger: str = ""
    milestones: tuple[Milestone, ...] = ()
    phases: tuple[Phase, ...] = ()
    framework: Framework | None = None
    conditions: tuple[Condition, ...] = ()
    groups: tuple[Group, ...] = ()
    ungrouped: int = 0
    hashtags: tuple[str, ...] = ()
    volumes: tuple[Volume, ...] = ()
    contradictions: tuple[str, ...] = ()
    design: Design | None = None
    quotas: tuple[Quota, ...] = ()
    frame: Frame | None = None
    retrievals: tuple[Retrieval, ...] = ()
    draw: Draw | None = None
    flow: tuple[FlowRow, ...] = ()
    flow_all: FlowRow | None = None
    ineligible: Pairs = ()
    coverage: Coverage | None = None
    again: tuple[Recapture | Grown, ...] = ()
    pictures: Pictures = Pictures()
    daily: tuple[Daily, ...] = ()
    time_bases: tuple[Basis, ...] = ()
    bounds: tuple[Bounds, ...] = ()
    quarantine: Pairs = ()
    noticed: Pairs = ()
    media: Pairs = ()
    captures: tuple[Capture, ...] = ()
    coders: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    work: tuple[CoderWork, ...] = ()
    consensus: int = 0
    uses: tuple[CodeUse, ...] = ()
    blind: tuple[str, ...] = ()
    positionality: tuple[str, ...] = ()
    agreement: StudyAgreement | None = None
    saturation: StudySaturation | None = None
    claims: ClaimsFacts | None = None
    findings: FindingsFacts = FindingsFacts()
    codebook: Codebook = Codebook(0)
    names: Mapping[str, str] = field(default_factory=dict)
    privacy: Privacy = Privacy()
    ethics: Ethics = Ethics()
    software: tuple[tuple[str, str], ...] = ()
