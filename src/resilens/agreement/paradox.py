"""Why is alpha low where coders hardly ever differ? The sentence for the place where the kappa paradox strikes.

Where one value is rare, chance alone would agree on nearly all units, and a few disagreements use up the little room
that is left: percent agreement is high while alpha and the kappas are low (Feinstein and Cicchetti 1990, *High
agreement but low kappa: I. The problems of two paradoxes*, Journal of Clinical Epidemiology 43(6), 543-549).
"""

from __future__ import annotations

from collections.abc import Iterable

from resilens.agreement.apa import unit
from resilens.results.tables import listing, share
from resilens.results.types import Result, Undefined

RARE = 0.20
HIGH = 0.80
APART = 0.20
"""The paradox strikes where a value has at most 20 % or at least 80 % of the judgements, percent agreement is at least
80 %, and AC1 lies at least .20 above alpha."""


def paradox(alpha: Result, percent: Result, ac1: Result, prevalence: Result, of: str = "the code") -> str:
    """The sentence that explains the gap, or nothing where there is none.

    Parameters
    ----------
    alpha, percent, ac1, prevalence
        Results on the same units, prevalence that of the value at stake.
    of
        What that value is called.
    """
    results = (alpha, percent, ac1, prevalence)
    if any(isinstance(result, Undefined) for result in results):
        return ""
    a, p, g, common = (result.value for result in results if not isinstance(result, Undefined))
    if not (common <= RARE or common >= 1 - RARE) or p < HIGH or g - a < APART:
        return ""
    rare, seldom = (share(common), "in") if common <= RARE else (share(1 - common), "absent from")
    return (
        f"Coders agree on {share(p)} of the pairs of judgements, yet alpha is {unit(a)} and AC1 {unit(g)}: {of}"
        f" is {seldom} only {rare} of the judgements, so chance alone would agree nearly as often; alpha measures the"
        " disagreements against the few rare judgements, AC1 takes hardly any agreement to be by chance. Neither is"
        " the true one: read both with the agreement on the rare value itself, and code more units that have it."
    )


def explained_once(told: Iterable[tuple[str, str]]) -> list[str]:
    """The sentence where the paradox strikes first, then only the names of what else it strikes.

    Parameters
    ----------
    told
        Names with their sentences, empty where there is no paradox.
    """
    struck = [(name, sentence) for name, sentence in told if sentence]
    others = [name for name, _ in struck[1:]]
    return [struck[0][1], *([f"The same holds of {listing(others)}."] if others else [])] if struck else []
