"""What is a study's agreement: lines of coefficients on codes, facets and pairs of coders, and where they differ?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from resilens.agreement.assessing import Agreement
from resilens.agreement.disagreements import Confusion, Difference
from resilens.agreement.interval import DRAWS
from resilens.agreement.item_facts import CLASSES
from resilens.agreement.judgements import UNIVERSES, Judgements, Universe
from resilens.agreement.paradox import explained_once
from resilens.results.tables import Table
from resilens.results.types import to_dict

BY: dict[str, str] = {
    "language": "Language", "group": "Group of the author", "kind": "Post or comment", "round": "Round",
    "codebook_version": "Version of the codebook", "length": "Length of the text",
}  # fmt: skip
"""By what agreement can be told apart."""

OVERALL = "overall"


def label_order(name: str, judged: Judgements) -> tuple[str, ...]:
    """Labels of one of `BY` that have an order of their own; others come after, by the alphabet."""
    return {"round": judged.rounds, "length": CLASSES}.get(name, ())


@dataclass(frozen=True)
class Line:
    """Agreement on one thing: a code, a facet, or everything (`OVERALL`).

    Parameters
    ----------
    of
        The id of the code or facet, or `OVERALL`.
    kind
        `code`, `facet` or `overall`.
    level
        The level of measurement: nominal, masi, or `spans` for unitizing.
    cells
        Each coefficient by its name in `registry.COEFFICIENTS` or `unitizing.FORMULAS`, `jaccard` for sets.
    coders
        The two it is about; empty: all.
    label
        The language, group, ... it is about; empty: all.
    n_items, n_threads
        Items that two coders or more read, and their threads.
    paradox
        The sentence that explains a low alpha beside high percent agreement, empty where there is nothing to explain.
    """

    of: str
    kind: str
    level: str
    cells: Mapping[str, Agreement]
    coders: tuple[str, ...] = ()
    label: str = ""
    n_items: int = 0
    n_threads: int = 0
    paradox: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        cells = {
            name: {**to_dict(cell.result), "no_interval": cell.no_interval,
                   "below": {f"{line:.3f}": share for line, share in cell.below.items()}}
            for name, cell in self.cells.items()
        }  # fmt: skip
        plain = ("of", "kind", "level", "label", "n_items", "n_threads", "paradox")
        return {name: getattr(self, name) for name in plain} | {"coders": list(self.coders), "cells": cells}


@dataclass(frozen=True)
class StudyAgreement:
    """Agreement in a study, before consensus.

    Parameters
    ----------
    universe
        Over what; `judgements.UNIVERSES` says it in words.
    coefficients
        Which were asked for.
    judged
        The judgements it rests on.
    codes, facets, overall
        A line a code that anybody gave, a line a facet with such a code, one line on all codes.
    pairs
        For each pair of coders, overall and each code; empty where there are only two coders.
    spans
        Unitizing alphas of each facet, where asked for.
    labels
        For each of `BY`, the language, group, ... of each item.
    by
        For each of `BY` that was asked for, the facets' lines (over characters the codes') for each of its values.
    machines
        For each machine, lines on each code and overall with one person each: apart from everything else.
    differences, confusions
        Where coders differ, item by item, and the codes they take for each other.
    names
        What codes and facets are called.
    n_items, n_threads, n_single
        Items that two coders or more read (and that are in the universe), their threads; items only one coder read.
    unused
        Active codes that nobody gave.
    left_out
        Codings that name no characters of a stored text, why, over characters or for spans: sentences.
    seed, draws
        Of the bootstrap.
    """

    universe: Universe
    coefficients: tuple[str, ...]
    judged: Judgements
    codes: tuple[Line, ...]
    facets: tuple[Line, ...]
    overall: Line | None
    pairs: tuple[Line, ...]
    spans: tuple[Line, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    machines: tuple[Line, ...] = ()
    differences: tuple[Difference, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    n_items: int = 0
    n_threads: int = 0
    n_single: int = 0
    unused: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    seed: int = 1
    draws: int = DRAWS

    @property
    def paradoxes(self) -> list[str]:
        """The kappa paradox, explained for the first code that it strikes; of others only the names."""
        return explained_once((self.names.get(line.of, line.of), line.paradox) for line in self.codes)

    @property
    def most_confused(self) -> Confusion | None:
        """The two codes most often taken for each other, with their items."""
        return next((one for one in self.confusions if not one.omission), None)

    @property
    def most_overlooked(self) -> Confusion | None:
        """The code that was most often given by one coder alone, with the items."""
        return next((one for one in self.confusions if one.omission), None)

    def lines(self) -> list[str]:
        """What a terminal shows."""
        from resilens.agreement.study_tables import lines

        return lines(self)

    def disagreements(self) -> list[Table]:
        """Where coders disagree: which codes are taken for which, who with whom, and in which kinds of items."""
        from resilens.agreement.study_tables import disagreement_tables

        return disagreement_tables(self)

    def disagreement_lines(self) -> list[str]:
        """The same for a terminal."""
        from resilens.agreement.study_tables import disagreement_lines

        return disagreement_lines(self)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "universe": self.universe, "universe_in_words": UNIVERSES[self.universe],
            "coefficients": list(self.coefficients), "rounds": list(self.judged.rounds),
            "blind_rounds": list(self.judged.blind), "joint_rounds": list(self.judged.joint),
            "coders": list(self.judged.coders), "n_items": self.n_items, "n_threads": self.n_threads,
            "n_read_by_one": self.n_single, "seed": self.seed, "draws": self.draws,
            "codes": [line.to_dict() for line in self.codes], "facets": [line.to_dict() for line in self.facets],
            "overall": self.overall.to_dict() if self.overall else None,
            "pairs": [line.to_dict() for line in self.pairs], "spans": [line.to_dict() for line in self.spans],
            "by": {name: [line.to_dict() for line in lines] for name, lines in self.by.items()},
            "machines": [line.to_dict() for line in self.machines],
            "confusions": [{"facet": one.facet, "codes": [one.first, one.second], "items": list(one.items)}
                           for one in self.confusions],
            "differences": [{"item": one.item, "facet": one.facet, "coders": list(one.coders),
                             "only_first": sorted(one.only_first), "only_second": sorted(one.only_second)}
                            for one in self.differences],
            "codes_nobody_gave": list(self.unused), "left_out": list(self.left_out),
        }  # fmt: skip
