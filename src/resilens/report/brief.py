"""What was done, what was found and how sure is it, for who reads one page? Linked to where each is told."""

from __future__ import annotations

import re

from resilens.report.claims import labels
from resilens.report.method_facts import MethodFacts
from resilens.report.model import (
    Block,
    Emphasis,
    Link,
    ListBlock,
    Note,
    Paragraph,
    Reference,
    Section,
    Words,
    join,
    listed,
    say,
)
from resilens.report.naming import for_readers
from resilens.report.unseen import unseen_section
from resilens.results.tables import counted, listing
from resilens.results.types import Undefined

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


def brief_section(facts: MethodFacts) -> Section | None:
    """The study on a page; None where nothing was captured."""
    if not facts.captures:
        return None
    blocks: list[Block] = [Paragraph(join((Emphasis("What was done."),), _done(facts), _read(facts)))]
    blocks += [Note(words, caution=True) for words in _sure(facts)]
    if facts.findings.found:
        blocks += [Paragraph((Emphasis("What was found."),)), ListBlock(tuple(_findings(facts)))]
    if facts.claims and facts.claims.claims:
        blocks += [Paragraph((Emphasis("What the researchers conclude from it."),)), ListBlock(tuple(_claims(facts)))]
    return Section("brief", "In brief", tuple(blocks))


def _done(facts: MethodFacts) -> Words:
    extent = facts.extent
    posts, comments = counted(extent.posts, "post"), counted(extent.comments, "comment")
    words = say("{posts} and {comments} were captured.", posts=Link(posts[:1].upper() + posts[1:], "captured"),
                comments=Link(comments, "captured"))  # fmt: skip
    if facts.draw:
        also = f" with {counted(facts.draw.comments, 'comment')}" if facts.draw.comments else ""
        words = join(words, say("Of the frame, {drawn}{also} were drawn.", also=also,
                                drawn=Link(counted(facts.draw.posts, "post"), "method-sample")))  # fmt: skip
    return words


def _read(facts: MethodFacts) -> Words:
    if not facts.work:
        return ("Nothing has been coded.",) if not facts.blind else ()
    coders = list(dict.fromkeys(one.coder for one in facts.work))
    codings = counted(sum(one.codings for one in facts.work), "coding")
    return say("{coders} coded {items} with the {codes}: {codings}.", coders=_capital(listing(coders)),
               items="them" if facts.draw else "what was captured",
               codes=Link(f"{counted(len(facts.codebook.codes), 'code')} of the codebook", "codebook")
               if facts.codebook.codes else "codebook", codings=Link(codings, "table-work"))  # fmt: skip


def _sure(facts: MethodFacts) -> list[Words]:
    """What a reader must know of how sure any of it is."""
    said: list[Words] = []
    if facts.synthetic:
        said.append((Emphasis("Made-up data."), " Nothing here is a finding about people."))
    where: list[Words] = [(Link("what the sample allows to be said", "method-sample"),)] if facts.design else []
    agreement = facts.agreement
    if agreement and (agreement.judged.given or agreement.judged.blind):
        where.append((Link("how far the coders agree", "reliability-agreement"),))
    if unseen_section(facts):
        where.append((Link("what could not be seen", "unseen"),))
    bound: Words = ("; all of them are bound by ", *listed(where)) if where else ()
    return [*said, (Emphasis("How sure it is"), " stands beside each finding, as an interval or the reason why there "
                    "is none", *bound, ".")]  # fmt: skip


def _findings(facts: MethodFacts) -> list[Words]:
    """The first sentence of each finding, in the report's order; those without a value by their reason, at last."""
    entries: list[Words] = []
    nothing: dict[str, list[Words]] = {}
    for one in facts.findings.found:
        title = Link(one.measure.title, "conditions" if one.measure.name == "conditions" else one.id)
        results = list(one.finding.estimates.values())
        if results and isinstance(results[0], Undefined) and len(results) == 1:
            nothing.setdefault(for_readers(results[0].reason), []).append((title,))
            continue
        said = _SENTENCE.split(for_readers(one.finding.sentence))[0] or "nothing was found."
        entries.append(say("{title}: {said} ({table})", title=title, said=said,
                           table=Reference(f"table-{one.measure.name}-values")))  # fmt: skip
    return entries + [say("{titles}: nothing can be said, for {why}.", titles=listed(titles), why=why)
                      for why, titles in nothing.items()]  # fmt: skip


def _claims(facts: MethodFacts) -> list[Words]:
    assert facts.claims is not None
    claims = {claim.id: claim for claim in facts.claims.claims}
    return [say("{label}. {text} ({status})", label=label, status=claims[name].status,
                text=Link(" ".join(claims[name].text.split()), f"claim-{name}"))
            for name, label in labels(facts).items()]  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
