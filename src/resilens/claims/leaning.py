"""Which claims lean on an item, a code or another thing, and what do claims lean on at all?

Read from the record alone: nothing of the corpus is opened, so any page may ask.
"""

from __future__ import annotations

from collections.abc import Collection

from resilens.claims.keeping import claims_of
from resilens.claims.ledger import Claim
from resilens.claims.references import Reference
from resilens.record.store import Record


def claims_on(record: Record, item_ids: Collection[str]) -> dict[str, tuple[Claim, ...]]:
    """For each of these items on which a claim leans, for or against, the claims; those withdrawn too.

    Parameters
    ----------
    record
        The study's record; an edit of `claims.toml` that no command has taken in yet is not in it.
    item_ids
        Ids of items.
    """
    claims = claims_of(record)
    found = {item: tuple(claim for claim in claims if claim.leans_on(item)) for item in item_ids}
    return {item: leaning for item, leaning in found.items() if leaning}


def cited(record: Record) -> frozenset[str]:
    """Ids of the items and codes that claims lean on or have led to; claims that were withdrawn lean on nothing."""
    standing = (claim for claim in claims_of(record) if claim.status != "withdrawn")
    named = (one for claim in standing for one in (*claim.evidence, *claim.led_to))
    return frozenset(one.name for one in named if one.of_item or one.kind == "code")


def sides(claim: Claim, item_id: str) -> list[tuple[str, Reference]]:
    """Where in a claim an item stands: `for` or `against`, with the reference."""
    listed = [("for", one) for one in claim.evidence_for] + [("against", one) for one in claim.evidence_against]
    return [(side, one) for side, one in listed if one.of_item and one.name == item_id]
