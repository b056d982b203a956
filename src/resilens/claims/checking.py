"""Do the claims still stand on what they cite? Evidence that is missing, gone or has moved, and what no claim answers.

Nothing here is a fault that stops anybody: claims are the researchers' own. `problems` is a pure function of the claims
and of a `World`, which says what there is to be cited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from resilens.claims.claims_file import NAME, Place
from resilens.claims.findings import moved, seen_now
from resilens.claims.ledger import Claim
from resilens.claims.references import Reference
from resilens.errors import Fault
from resilens.results.tables import listing
from resilens.results.types import Finding, Undefined
from resilens.study.words import did_you_mean


@dataclass(frozen=True, slots=True)
class World:
    """What there is to be cited.

    Parameters
    ----------
    items
        Of the items cited: those in the corpus, each with the code points of its fields `title` and `text`.
    near
        Ids of items to propose in place of one that is not there, such as those of the sample.
    questions, replaced
        Ids of the study's questions, and of earlier ones with what replaced them.
    stages
        Ids of the stages that may be named.
    codes
        Codes of the codebook, with whether they are active.
    merged
        Codes that were merged into others, with those.
    conditions, leads, memos
        Names of conditions, ids of leads and memos.
    findings
        What was measured, by the name of the measure.
    measures
        Names of the measures there are, computed or not; empty where that is not known.
    """

    items: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    near: Collection[str] = ()
    questions: Collection[str] = ()
    replaced: Mapping[str, str] = field(default_factory=dict)
    stages: Collection[str] = ()
    codes: Mapping[str, bool] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    conditions: Collection[str] = ()
    leads: Collection[str] = ()
    memos: Collection[str] = ()
    findings: Mapping[str, Finding] = field(default_factory=dict)
    measures: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What deserves a second look in a claim, or, where `claim` is empty, in the ledger; `words` are a sentence.

    `place` says where in the claim: `("evidence_for", 1)`.
    """

    claim: str
    place: tuple[str | int, ...]
    words: str

    def __str__(self) -> str:
        key = "".join(f"[{step + 1}]" if isinstance(step, int) else step for step in self.place)
        return f"{key}: {self.words}" if key else self.words


def faults(claims: Sequence[Claim], world: World, lines: Mapping[Place, int] | None = None) -> list[Fault]:
    """What deserves a second look, each as `claims.toml:17: claim tribute, evidence_for[2]: ... is not in the corpus`.

    Parameters
    ----------
    claims, world
        The claims, and what there is to be cited.
    lines
        On which line of `claims.toml` things stand, from `claims_file.places`.
    """
    return [_placed(problem, lines or {}) for problem in problems(claims, world)]


def _placed(problem: Problem, lines: Mapping[Place, int]) -> Fault:
    if not problem.claim:
        return Fault(problem.words, NAME)
    path = (problem.claim, *problem.place)
    line = next((lines[path[:depth]] for depth in range(len(path), 0, -1) if path[:depth] in lines), None)
    comma = ", " if problem.place else ": "
    return Fault(f"claim {problem.claim}{comma}{problem}", f"{NAME}:{line}" if line else NAME)


def problems(claims: Sequence[Claim], world: World) -> list[Problem]:
    """What deserves a second look: claim by claim, then questions that no claim answers.

    Claims that were withdrawn are not looked at, and answer nothing. Where there is no claim yet, there is nothing to
    say.
    """
    standing = [claim for claim in claims if claim.status != "withdrawn"]
    ids = {claim.id for claim in claims}
    found = [problem for claim in standing for problem in _of_claim(claim, ids, world)]
    answered = {claim.question for claim in standing}
    return found + [Problem("", (), f"no claim answers the question {question!r}")
                    for question in world.questions if claims and question not in answered]  # fmt: skip


def _of_claim(claim: Claim, ids: Collection[str], world: World) -> Iterator[Problem]:
    named = (("question", _question(claim.question, world)), ("stage", _stage(claim, world)))
    yield from (Problem(claim.id, (key,) if getattr(claim, key) else (), words) for key, words in named if words)
    yield from (Problem(claim.id, place, words) for place, words in _sides(claim))
    for side in ("evidence_for", "evidence_against"):
        for index, cited in enumerate(getattr(claim, side)):
            words = _gone(cited, world) or _has_moved(claim, cited, world)
            if words:
                yield Problem(claim.id, (side, index), words)
    for index, cited in enumerate(claim.led_to):
        known = _missing("claim", cited.name, ids) if cited.kind == "claim" else _code(cited.name, world)
        if known:
            yield Problem(claim.id, ("led_to", index), known)


def _question(question: str, world: World) -> str:
    if not question:
        return "the claim names no question of study.toml"
    if question in world.replaced:
        return f"the question {question!r} was replaced by {world.replaced[question]!r}"
    return _missing("question", question, world.questions)


def _stage(claim: Claim, world: World) -> str:
    if not claim.stage or claim.stage in world.stages:
        return ""
    if world.codes.get(claim.stage) is False:
        return f"the stage {claim.stage!r} is retired{_into(claim.stage, world)}"
    return _missing("stage", claim.stage, world.stages)


NEEDED: dict[str, tuple[str, ...]] = {
    "tentative": (), "supported": ("evidence_for",), "contested": ("evidence_for", "evidence_against"),
    "refuted": ("evidence_against",),
}  # fmt: skip
"""Which sides of the evidence a status needs."""


def _sides(claim: Claim) -> Iterator[tuple[tuple[str, ...], str]]:
    """Sides that have no evidence, or none any more."""
    if claim.evidence and all(cited.kind == "erased" for cited in claim.evidence):
        yield (), "the claim rests on no evidence any more: all of it was erased"
    elif not claim.evidence:
        yield (), "the claim rests on no evidence; cite items, findings, leads or conditions"
    else:
        sides = {"evidence_for": "for", "evidence_against": "against"}
        for side in NEEDED[claim.status]:
            if all(cited.kind == "erased" for cited in getattr(claim, side)):
                yield ("status",), f"the claim is {claim.status}, but no evidence speaks {sides[side]} it"


def _gone(cited: Reference, world: World) -> str:
    """Why a piece of evidence cannot be opened; empty where it can."""
    match cited.kind:
        case "erased":
            return "evidence erased, because somebody asked to be forgotten; judge whether the claim stands without it"
        case "local":
            return f"no item that was drawn or coded goes by the id {cited.name} in this study"
        case "item":
            return _item(cited, world)
        case "measure":
            return _finding(cited, world)
        case "code":
            return _code(cited.name, world)
        case "condition":
            return _missing("condition", cited.name, world.conditions)
        case "lead":
            return _missing("lead", cited.name, world.leads)
        case _:
            return _missing("memo", cited.name, world.memos)


def _missing(kind: str, name: str, known: Collection[str]) -> str:
    if name in known:
        return ""
    hint = did_you_mean(name, known)
    listed = f" (there is {listing(sorted(known))})" if known and len(known) <= 6 and not hint else ""
    return f"there is no {kind} {name!r}{hint or listed}"


def _item(cited: Reference, world: World) -> str:
    fields = world.items.get(cited.name)
    if fields is None:
        return f"{cited.name} is not in the corpus{did_you_mean(cited.name, world.near)}"
    if cited.start is None or cited.end is None:
        return ""
    if cited.field not in fields:
        return f"{cited.name} is a comment, which has no {cited.field}"
    if cited.end > fields[cited.field]:
        return f"{cited} ends beyond its {cited.field}, which has {fields[cited.field]} code points"
    return ""


def _finding(cited: Reference, world: World) -> str:
    finding = world.findings.get(cited.name)
    if finding is None:
        known = {*world.measures, *world.findings}
        if cited.name in world.measures or not known:
            return f"the measure {cited.name} has not been computed; run `resilens measure {cited.name}`"
        return _missing("measure", cited.name, known)
    if not cited.estimate:
        return ""
    result = finding.estimates.get(cited.estimate)
    if result is None:
        hint = did_you_mean(cited.estimate, finding.estimates)
        return f"the measure {cited.name} has no estimate {cited.estimate!r}{hint}"
    if isinstance(result, Undefined):
        return f"the finding {cited.name}/{cited.estimate} is undefined: {result.reason}"
    return ""


def _code(code_id: str, world: World) -> str:
    if world.codes.get(code_id) is False:
        return f"the code {code_id} is retired{_into(code_id, world)}"
    return _missing("code", code_id, world.codes)


def _into(code_id: str, world: World) -> str:
    return f"; {world.merged[code_id]} took its place" if code_id in world.merged else ""


def _has_moved(claim: Claim, cited: Reference, world: World) -> str:
    then, now = claim.seen(cited), seen_now(cited, world.findings) if cited.kind == "measure" else None
    change = moved(then, now) if then and now else ""
    name = str(cited).removeprefix("measure:")
    return f"the finding {name} has moved since the claim was written: it {change}" if change else ""
