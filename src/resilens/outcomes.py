"""What did a step do, and why? What the steps of a study return, as lines for a reader and as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from resilens.capture import adding
from resilens.capture.status import capture_line
from resilens.errors import Fault

if TYPE_CHECKING:
    from resilens.measures.computing import Measured


@dataclass(frozen=True, slots=True)
class AddOutcome:
    """What became of the files that were to be added."""

    captures: tuple[Mapping[str, Any], ...]
    additions: tuple[adding.Addition, ...]
    refused: tuple[Fault, ...]
    media: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """A line a capture: what read it and why, and what became of its records; and what became of other files."""
        rows = {row["capture_id"]: row for row in self.captures}
        said = [*self.media, *self.left_out]
        for one in self.additions:
            if one.already_there:
                said.append(f"{one.name}: was added before; nothing changes")
            else:
                said.append(f"{one.name}: read by {one.reader}: {one.why}")
                said += [f"    guessed: {line}" for line in one.mapping.splitlines()]
            said.append(f"    {capture_line(rows[one.capture_id])}")
        return said

    def to_dict(self) -> dict[str, Any]:
        wanted = {one.capture_id for one in self.additions}
        return {
            "captures": [row for row in self.captures if row["capture_id"] in wanted],
            "additions": [asdict(one) for one in self.additions],
            "media": list(self.media),
            "left_out": list(self.left_out),
            "refused": [str(fault) for fault in self.refused],
        }


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What `run` did with one step, and why."""

    step: str
    done: bool
    why: str

    def __str__(self) -> str:
        return f"{self.step}: {'made anew' if self.done else 'left as it is'} ({self.why})"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measures_outcome(measured: Sequence[Measured]) -> StepOutcome:
    """What was done with the measures, as one step."""
    made = [one for one in measured if one.done]
    if not made:
        return StepOutcome("measures", False, "nothing they depend on has changed")
    names = ", ".join(one.finding.name for one in made)
    return StepOutcome("measures", True, f"{names}: {made[0].why}")
