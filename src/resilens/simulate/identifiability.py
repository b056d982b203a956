"""Which parameters can data teach? Public figures a few, a coded corpus most; the others keep the value assumed.

The ratios stand in `identifiability.toml`, with how and on what they were measured. The table is an output of the same
rank as the curves: a curve follows from what was assumed, and says nothing about a parameter that no figure reaches.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Annotated

from pydantic import Field

from resilens.study.reading import read_as
from resilens.study.values import Line, Section

LEARNED = 0.5
"""A parameter counts as learned where data leave less than this of the prior's spread."""
NOT_EVIDENCE = ("A counterfactual on translation, ritual, moderation or identity made with this model is not evidence: "
                "it hands back what was assumed.")  # fmt: skip

Ratio = Annotated[float, Field(ge=0, le=1)]


class Taught(Section):
    """What data teach about one parameter."""

    key: Line = Field(description="Its place in the world file.")
    prior: Line = Field(description="The range assumed.")
    after: Line = Field(description="Its 90 % range after the public figures.")
    public: Ratio = Field(description="sd of the posterior over sd of the prior, with public figures.")
    corpus: Ratio = Field(description="And with statistics of a coded corpus as well.")

    @property
    def by_public(self) -> bool:
        """Whether public figures teach it."""
        return self.public < LEARNED

    @property
    def by_corpus(self) -> bool:
        """Whether a coded corpus teaches it."""
        return self.corpus < LEARNED


class _Table(Section):
    parameters: tuple[Taught, ...] = Field(alias="parameter")


@lru_cache(maxsize=1)
def taught() -> tuple[Taught, ...]:
    """Every parameter that was tested, in the order of the world file."""
    with resources.as_file(resources.files("resilens.simulate") / "identifiability.toml") as file:
        return read_as(_Table, file).parameters
