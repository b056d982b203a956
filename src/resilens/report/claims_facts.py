"""What does the section on claims need to know? Plain values, in which items go by a number and not by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resilens.report.evidence import EvidenceItem
from resilens.report.naming import with_unit

if TYPE_CHECKING:
    from resilens.claims.ledger import Claim, Seen
    from resilens.claims.references import Reference


@dataclass(frozen=True, slots=True)
class ClaimsFacts:
    """The claims with what is known of what they cite.

    Parameters
    ----------
    claims
        In the order of their ids.
    warnings
        What deserves a second look, by claim; no item is named by its id.
    names
        Of stages and other codes, by their ids.
    items
        The items cited, by their ids, in the order in which claims cite them.
    now
        What cited findings are now, in words, by reference; those not measured are left out.
    measured
        Names of the measures whose findings the report shows.
    moved
        Findings that have moved since a claim was written, as pairs of claim and reference.
    titles
        Of measures, by their names.
    units
        Of cited values, by reference.
    labels
        What the report calls each claim, `C1`, by its id.
    """

    claims: tuple[Claim, ...] = ()
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, EvidenceItem] = field(default_factory=dict)
    now: Mapping[Reference, str] = field(default_factory=dict)
    moved: frozenset[tuple[str, Reference]] = frozenset()
    measured: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[Reference, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def seen(self, seen: Seen) -> str:
        """What a finding was, in words."""
        return seen_in_words(seen, self.units.get(seen.of, ""))


def seen_in_words(seen: Seen, unit: str) -> str:
    """What a finding is or was: its value with interval and unit, its sentence, or why there is none."""
    if seen.value is None or not unit:
        return str(seen)
    return with_unit(seen.value, seen.low, seen.high, unit)
