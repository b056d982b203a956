"""What does a claim rest on, as a reader sees it: items with their words, findings then and now, leads, conditions?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from resilens.claims.checking import Problem
from resilens.claims.findings import moved, seen_now
from resilens.claims.ledger import Claim, Seen
from resilens.claims.references import Reference
from resilens.coding.memos import Memo
from resilens.coding.passages import Piece, pieces
from resilens.coding.threads import Item
from resilens.results.types import Finding
from resilens.study.model import Condition


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence; of what it is not, nothing is filled in.

    Parameters
    ----------
    of
        The reference.
    problem
        What deserves a second look in it; a sentence, or empty.
    item, passages
        The item, and its texts by field, what is cited labelled `cited`.
    finding, then, now, moved
        The sentence of the finding; what it was when the claim was written, what it is, and how it moved.
    lead, memo, condition
        The lead's row, the memo, the condition of study.toml.
    """

    of: Reference
    problem: str = ""
    item: Item | None = None
    passages: Mapping[str, list[Piece]] = field(default_factory=dict)
    finding: str = ""
    then: Seen | None = None
    now: Seen | None = None
    moved: str = ""
    lead: Mapping[str, Any] | None = None
    memo: Memo | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """Where evidence is looked up: items by id, findings by name, rows of leads and memos by id, conditions by name."""

    items: Mapping[str, Item]
    findings: Mapping[str, Finding]
    leads: Mapping[str, Mapping[str, Any]]
    memos: Mapping[str, Memo]
    conditions: Mapping[str, Condition]


def evidence(claim: Claim, side: str, sources: Sources, problems: Sequence[Problem] = ()) -> list[Evidence]:
    """One side of the evidence of a claim, in the claim's order.

    Parameters
    ----------
    claim
        The claim.
    side
        `for` or `against`.
    sources
        What there is; what is not there stays empty, and `problems` say so.
    problems
        What deserves a second look in this claim, see `checking.problems`.
    """
    key = f"evidence_{side}"
    words = {problem.place[1]: problem.words for problem in problems
             if problem.claim == claim.id and len(problem.place) > 1 and problem.place[0] == key}  # fmt: skip
    return [_one(claim, cited, words.get(place, ""), sources) for place, cited in enumerate(getattr(claim, key))]


def _one(claim: Claim, cited: Reference, problem: str, sources: Sources) -> Evidence:
    match cited.kind:
        case "item":
            item = sources.items.get(cited.name)
            return Evidence(cited, problem, item, _passages(cited, item) if item else {})
        case "measure":
            finding, then, now = sources.findings.get(cited.name), claim.seen(cited), seen_now(cited, sources.findings)
            change = moved(then, now) if then and now else ""
            sentence = finding.sentence if finding else ""
            return Evidence(cited, problem, finding=sentence, then=then, now=now, moved=change)
        case "lead":
            return Evidence(cited, problem, lead=sources.leads.get(cited.name))
        case "memo":
            return Evidence(cited, problem, memo=sources.memos.get(cited.name))
        case "condition":
            return Evidence(cited, problem, condition=sources.conditions.get(cited.name))
        case _:
            return Evidence(cited, problem)


def _passages(cited: Reference, item: Item) -> dict[str, list[Piece]]:
    spans = {name: [] if cited.start is None or cited.end is None or name != cited.field
             else [(cited.start, cited.end, "cited")] for name in item.fields}  # fmt: skip
    return {name: pieces(text, spans[name]) for name, text in item.fields.items()}


def references(sources: Sources, codes: Sequence[str] = ()) -> list[str]:
    """What may be picked as evidence besides items, as references are written: findings with their estimates,
    conditions, leads, memos, codes."""
    found = [f"measure:{name}" for name in sources.findings]
    found += [f"measure:{name}/{one}" for name, finding in sources.findings.items() for one in finding.estimates]
    named = (("condition", sources.conditions), ("lead", sources.leads), ("memo", sources.memos), ("code", codes))
    return found + [f"{kind}:{name}" for kind, names in named for name in names]
