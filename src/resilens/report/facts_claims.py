"""Which claims are there, what do they cite, and what deserves a second look? From the record, corpus and results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from resilens.claims.checking import problems
from resilens.claims.findings import moved, seen_now
from resilens.claims.keeping import claims_of
from resilens.claims.ledger import Claim
from resilens.claims.studying import world_of
from resilens.coding.codebook import latest
from resilens.coding.codes import from_framework
from resilens.measures.registry import measures_of
from resilens.report.claims_facts import ClaimsFacts, seen_in_words
from resilens.report.evidence import Evidence, EvidenceItem
from resilens.study.frameworks import framework

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.folder import Folder
    from resilens.study.model import Study


def gather_claims(
    folder: Folder, study: Study, corpus: Corpus, record: Record, evidence: Evidence
) -> ClaimsFacts | None:
    """The claims on the record; None where there is none.

    Parameters
    ----------
    evidence
        The items that the report shows, those that claims cite among them.

    Raises
    ------
    InputError
        If what was measured, or a framework, cannot be read.
    """
    claims = claims_of(record)
    if not claims:
        return None
    version = latest(record)
    book = version.codebook if version else from_framework(framework(study.framework, folder.root))
    # Ids of other items must not be proposed in a report: they would find people on the platform.
    world = replace(world_of(claims, folder, study, record, corpus, book), near=())
    items = {item: evidence.items[item] for item in cited_items(claims)}
    warnings: dict[str, tuple[str, ...]] = {}
    for problem in problems(claims, world):
        warnings[problem.claim] = (*warnings.get(problem.claim, ()), _sentence(problem.words, items))
    seen = {cited: now for claim in claims for cited in claim.cited_findings
            if (now := seen_now(cited, world.findings))}  # fmt: skip
    units = {cited: getattr(world.findings[cited.name].estimates.get(cited.estimate), "unit", "") for cited in seen}
    return ClaimsFacts(
        claims, warnings, {code.id: code.name for code in book.codes}, items,
        {cited: seen_in_words(now, units[cited]) for cited, now in seen.items()},
        frozenset((claim.id, then.of) for claim in claims for then in claim.findings
                  if then.of in seen and moved(then, seen[then.of])),
        frozenset(world.findings), {name: one.title for name, one in measures_of(study, folder.root).items()}, units,
    )  # fmt: skip


def cited_items(claims: Iterable[Claim]) -> list[str]:
    """Ids of the items cited, each once, in the order in which they are cited."""
    return list(dict.fromkeys(one.name for claim in claims for one in claim.evidence if one.kind == "item"))


def _sentence(words: str, items: Mapping[str, EvidenceItem]) -> str:
    """What deserves a second look as a reader is told: items by their numbers, nothing about commands."""
    ids = "|".join(map(re.escape, sorted(items, key=len, reverse=True)))
    said = re.sub(ids, lambda found: items[found[0]].label, words) if ids else words
    said = re.sub(r"; run `[^`]*`$", "", said)
    return f"{said[:1].upper()}{said[1:]}."
