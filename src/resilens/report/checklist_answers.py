"""What does the record say to an item of a reporting checklist? One small function a fact: words and a place, or None.

An answer holds what somebody stated or what was counted, never what is usual; where nothing is known there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resilens.report.method_facts import MethodFacts
from resilens.report.model import ListBlock
from resilens.report.unseen import unseen_section
from resilens.results.tables import count, counted, day, listing, span

PLACES: dict[str, str] = {
    "method-study": "The event and the questions",
    "method-framework": "Framework, conditions, and groups",
    "method-retrieval": "Retrieval and frame",
    "method-sample": "Sample",
    "method-material": "Captured material",
    "method-coding": "Codebook and coding",
    "method-people": "Privacy and ethics",
    "reliability-agreement": "Agreement between coders",
    "reliability-saturation": "Saturation",
    "process": "The process as a whole",
    "stages": "The stages",
    "unseen": "What could not be seen",
    "claims": "Claims by question",
    "values": "Appendix: every finding's values",
    "appendix-captures": "Captures",
    "appendix-record": "The draw and the record",
    "appendix-software": "Software",
}
"""The sections that answers point at, by their ids, with their titles."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the record says, in a few words, and the ids of the sections that say more; keys of `PLACES`."""

    words: str
    places: tuple[str, ...] = ()


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _told(text: str, place: str, label: str = "") -> Answer | None:
    """What somebody wrote, on one line; None where it is blank."""
    words = _one_line(text)
    return Answer(f"{label}{words}", (place,)) if words else None


def _number(value: int, one: str, many: str, place: str, more: str = "") -> Answer | None:
    """A number with its noun and what more there is to say; None for zero."""
    return Answer(counted(value, one, many) + more, (place,)) if value else None


def _title(facts: MethodFacts) -> Answer | None:
    words = _one_line(facts.title)
    return Answer(f"“{words}”") if words else None


def _event(facts: MethodFacts) -> Answer | None:
    return _told(facts.event, "method-study")


def _questions(facts: MethodFacts) -> Answer | None:
    return _number(len(facts.questions), "research question", "research questions", "method-study")


def _phases(facts: MethodFacts) -> Answer | None:
    return _number(len(facts.phases), "phase of observation", "phases of observation", "method-study")


def _framework(facts: MethodFacts) -> Answer | None:
    return _told(facts.framework.title if facts.framework else "", "method-framework", "framework: ")


def _conditions(facts: MethodFacts) -> Answer | None:
    return _number(len(facts.conditions), "enabling condition", "enabling conditions", "method-framework")


def _groups(facts: MethodFacts) -> Answer | None:
    return _number(len(facts.groups), "group of authors by rule", "groups of authors by rule", "method-framework")


def _sample(facts: MethodFacts) -> Answer | None:
    """A design that nobody wrote down is only a default, and no answer."""
    if not facts.design or not (facts.draw or facts.hashtags):
        return None
    if facts.draw:
        return Answer(f"design {facts.design.design}, {counted(facts.draw.posts, 'post')} drawn", ("method-sample",))
    words = f"design {facts.design.design}, {counted(facts.design.posts, 'post')} to be drawn, none drawn so far"
    return Answer(words, ("method-sample",))


def _saturation(facts: MethodFacts) -> Answer | None:
    found = facts.saturation
    if not found or not found.reading.threads:
        return None
    threads = counted(len(found.reading.threads), "thread")
    words = (f"growth of emergent codes over {threads}" if found.emergent
             else f"first use of the framework's codes over {threads}; nothing is concluded on saturation")  # fmt: skip
    return Answer(words, ("reliability-saturation",))


def _positionality(facts: MethodFacts) -> Answer | None:
    if not facts.positionality:
        return None
    number = counted(len(facts.positionality), "memo on positionality", "memos on positionality")
    by = listing([_one_line(name) for name in dict.fromkeys(facts.positionality)])
    return Answer(f"{number} by {by}, on the record and not printed here")


def _retrieval(facts: MethodFacts) -> Answer | None:
    queries = len({one.query for one in facts.retrievals})
    days = [one.first for one in facts.retrievals if one.first] + [one.last for one in facts.retrievals if one.last]
    when = f", {span(min(days), max(days))}" if days else ", on dates that no capture states"
    return _number(queries, "query searched", "queries searched", "method-retrieval", when)


def _captures(facts: MethodFacts) -> Answer | None:
    return _number(len(facts.captures), "captured file, with its hash", "captured files, with their hashes",
                   "appendix-captures")  # fmt: skip


def _material(facts: MethodFacts) -> Answer | None:
    extent = facts.extent
    if not extent.posts and not extent.comments:
        return None
    words = f"{counted(extent.posts, 'post')} and {counted(extent.comments, 'comment')} captured"
    return Answer(words, ("method-material",))


def _privacy(facts: MethodFacts) -> Answer | None:
    """Pseudonyms are the rule of the house; before anything is captured they protect nobody."""
    if not facts.extent.posts and not facts.extent.comments:
        return None
    erased = f", {counted(facts.privacy.erasures, 'erasure')} on request" if facts.privacy.erasures else ""
    return Answer(f"keyed pseudonyms, a quoting status for items{erased}", ("method-people",))


def _approval(facts: MethodFacts) -> Answer | None:
    return _told(facts.ethics.approval, "method-people", "approval: ")


def _legal_basis(facts: MethodFacts) -> Answer | None:
    return _told(facts.ethics.legal_basis, "method-people", "legal basis: ")


def _retention(facts: MethodFacts) -> Answer | None:
    until = facts.ethics.retention_until
    return Answer(f"captures and identities kept until {day(until)}", ("method-people",)) if until else None


def _terms(facts: MethodFacts) -> Answer | None:
    platforms = listing([_one_line(one.platform) for one in facts.ethics.terms])
    return Answer(f"terms of {platforms} read", ("method-people",)) if platforms else None


def _ethics_answers(facts: MethodFacts) -> Answer | None:
    return _number(len(facts.ethics.answers), "question of the AoIR guidelines answered",
                   "questions of the AoIR guidelines answered", "method-people")  # fmt: skip


def _coders(facts: MethodFacts) -> Answer | None:
    return _number(len(facts.coders), "coder", "coders", "method-coding")


def _rounds(facts: MethodFacts) -> Answer | None:
    return _number(len(facts.rounds), "round of coding", "rounds of coding", "method-coding")


def _codebook(facts: MethodFacts) -> Answer | None:
    codes = sum(number for _, number in facts.codebook.facets)
    if not facts.codebook.version:
        return None
    return Answer(f"codebook version {facts.codebook.version}, {counted(codes, 'code')}", ("method-coding",))


def _agreement(facts: MethodFacts) -> Answer | None:
    found = facts.agreement
    if not found or not found.judged.given or not found.n_items:
        return None
    items = counted(found.n_items, "item")
    return Answer(f"agreement before consensus on {items} read by two coders or more", ("reliability-agreement",))


def _record(facts: MethodFacts) -> Answer | None:
    """The audit trail: every decision in a chain, and whether it holds."""
    holds = "the chain verifies" if facts.chain.sound else "the chain does NOT verify"
    return _number(facts.chain.events, "event on the record", "events on the record", "appendix-record", f", {holds}")


def _finding_places(facts: MethodFacts) -> tuple[str, ...]:
    told = facts.findings
    return (*(["process"] if told.whole else []), *(["stages"] if told.found and told.stages else []))


def _findings(facts: MethodFacts) -> Answer | None:
    found = facts.findings.found
    if not found:
        return None
    words = counted(len(found), "finding with its values", "findings with their values")
    return Answer(words, (*_finding_places(facts), "values"))


def _claims(facts: MethodFacts) -> Answer | None:
    number = len(facts.claims.claims) if facts.claims else 0
    return _number(number, "claim with its evidence", "claims with their evidence", "claims")


def _rivals(facts: MethodFacts) -> Answer | None:
    number = sum(bool(claim.rivals) for claim in facts.claims.claims) if facts.claims else 0
    return _number(number, "claim names rival explanations", "claims name rival explanations", "claims")


def _evidence(facts: MethodFacts) -> Answer | None:
    """The items that have a plate: those that findings show and those that claims cite."""
    shown = {item for one in facts.findings.found for item in one.shown} & facts.findings.evidence.items.keys()
    cited = set(facts.claims.items) if facts.claims and facts.claims.claims else set()
    if not shown | cited:
        return None
    places = (*(_finding_places(facts) if shown else ()), *(["claims"] if cited else []))
    words = f"{counted(len(shown | cited), 'captured item')} shown, each as far as it may be quoted"
    return Answer(words, places)


def _limitations(facts: MethodFacts) -> Answer | None:
    section = unseen_section(facts)
    number = sum(len(block.entries) for block in section.blocks if isinstance(block, ListBlock)) if section else 0
    return _number(number, "limit of what could be seen", "limits of what could be seen", "unseen")


def _software(facts: MethodFacts) -> Answer | None:
    if not facts.software:
        return None
    name, version = facts.software[0]
    more = f" and {count(len(facts.software) - 1)} more, with versions" if len(facts.software) > 1 else ""
    return Answer(f"{name} {version}{more}", ("appendix-software",))


ANSWERS: Mapping[str, Callable[[MethodFacts], Answer | None]] = {
    "title": _title, "event": _event, "questions": _questions, "phases": _phases, "framework": _framework,
    "conditions": _conditions, "groups": _groups, "sample": _sample, "saturation": _saturation,
    "positionality": _positionality, "retrieval": _retrieval, "captures": _captures, "material": _material,
    "privacy": _privacy, "ethics.approval": _approval, "ethics.legal_basis": _legal_basis,
    "ethics.retention": _retention, "ethics.terms": _terms, "ethics.answers": _ethics_answers, "coders": _coders,
    "rounds": _rounds, "codebook": _codebook, "agreement": _agreement, "record": _record, "findings": _findings,
    "claims": _claims, "rivals": _rivals, "evidence": _evidence, "limitations": _limitations, "software": _software,
}  # fmt: skip
"""What speaks to an item, by the key that the data file names."""
