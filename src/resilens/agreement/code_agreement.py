"""How far do coders agree on one code in one round? What `study_agreement` says of it, without reading all codings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resilens.agreement.assessing import Agreement, assess
from resilens.agreement.coefficients.registry import COEFFICIENTS
from resilens.agreement.interval import DRAWS
from resilens.agreement.judgements import UNIVERSES, Finder, Judgements, check_independent
from resilens.agreement.patterns import Patterns
from resilens.record.store import Record
from resilens.results.tables import counted

SHOWN = ("alpha", "percent")


def agreement_on_code(
    record: Record, thread_of: Finder, code_id: str, round_id: str, *, draws: int = DRAWS, seed: int = 1
) -> Mapping[str, Agreement]:
    """Agreement on whether one code is there, over all items of a round that two coders or more read.

    Parameters
    ----------
    record
        The study's record.
    thread_of
        Finds the threads of items; see `item_facts.facts_of`.
    code_id, round_id
        The code and the round; people alone count.
    draws, seed
        Of the bootstrap over threads; the seed is the study's.

    Returns
    -------
    mapping of str to Agreement
        Krippendorff's alpha and percent agreement, as `agreement_of` has them for this code and round; Undefined where
        nobody gave the code or no item was read by two.

    Raises
    ------
    InputError
        If there is no such round, it is still blind, or it is joint.
    """
    check_independent(record, round_id)
    readers = [(coder, kind) for coder, kind in record.tally("codings", "coder", "actor_kind", round_id=round_id)
               if kind != "machine"]  # fmt: skip
    given: dict[str, dict[str, frozenset[str]]] = {}
    for coder, kind in readers:
        for item in record.distinct("codings", "item_id", round_id=round_id, coder=coder, actor_kind=kind):
            given.setdefault(item, {})[coder] = frozenset()
    for row in record.view("codings", round_id=round_id, code_id=code_id):
        if row["actor_kind"] != "machine":
            given[row["item_id"]][row["coder"]] = frozenset({code_id})
    coders = tuple(sorted({coder for coder, _ in readers}))
    given = dict(sorted(given.items()))
    judged = Judgements(given, {item: thread for item, thread in thread_of(list(given)).items() if item in given},
                        coders, (round_id,))  # fmt: skip
    frame = f"{counted(len(judged.pairable), 'item')}, {counted(len(coders), 'coder')}; {UNIVERSES['read']}"
    how = {"frame": frame, "interval": True, "draws": draws, "seed": seed}
    return {name: _assessed(judged.code(code_id), name, how) for name in SHOWN}


def _assessed(patterns: Patterns, name: str, how: Mapping[str, Any]) -> Agreement:
    recipe = COEFFICIENTS[name].recipe
    return assess(patterns, lambda given: recipe(given, "nominal"), how)
