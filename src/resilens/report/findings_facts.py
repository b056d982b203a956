"""What do the sections on findings need to know? The findings with their measures, and the stages they stand under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resilens.report.evidence import Evidence

if TYPE_CHECKING:
    from resilens.measures.registry import Measure
    from resilens.results.types import Finding

SHOWN = 4
"""Items of a finding that get a plate."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and the measure it is of."""

    measure: Measure
    finding: Finding

    @property
    def id(self) -> str:
        return f"finding-{self.measure.name}"

    @property
    def shown(self) -> Sequence[str]:
        """The items that get a plate."""
        return tuple(self.finding.evidence)[:SHOWN]


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage of the codebook, with those nested in it."""

    id: str
    name: str
    definition: str
    nested: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingsFacts:
    """The findings in the order of their measures, the stages in the codebook's order, and the evidence."""

    found: tuple[Found, ...] = ()
    stages: tuple[StageWords, ...] = ()
    evidence: Evidence = Evidence()
    codes: str = ""
    """How the codes came about that findings are computed from, and what becomes of those that are not settled."""

    def of_stage(self, stage: str) -> list[Found]:
        """The findings that stand under a stage."""
        return [one for one in self.found if one.measure.stage == stage]

    @property
    def whole(self) -> list[Found]:
        """Those that belong to the process as a whole: of no stage, or of one the codebook does not have."""
        stages = {stage.id for stage in self.stages}
        return [one for one in self.found if one.measure.stage not in stages and one.measure.name != "conditions"]
