"""How is a result told in a sentence, no surer than it is? With its interval; of a few items, as a count of them."""

from __future__ import annotations

from resilens.results.tables import NUMBER_WORDS, count, counted, share
from resilens.results.types import Description, Estimate, Result

FEW = 20
"""Items under which a share without an interval is told as so many of so many."""


def told_share(result: Result, noun: str, rest: str = "") -> str:
    """A share of items: `62.5% of the 56 posts of natives (95% interval 50.0% to 75.0%)`, `five of the six posts`.

    Parameters
    ----------
    result
        An Estimate or a Description whose value is a share of one.
    noun, rest
        What it is a share of: in the singular (`post`, `tribute thread`), and what follows the noun (`of natives`).

    Raises
    ------
    TypeError
        If there is no value.
    """
    after = f" {rest}" if rest else ""
    if isinstance(result, Estimate):
        ends = f"{result.level:.0%} interval {share(result.low)} to {share(result.high)}"
        return f"{share(result.value)} of the {counted(result.n_items, noun)}{after} ({ends})"
    if not isinstance(result, Description):
        raise TypeError(f"no value to tell: {result}")
    some, many = round(result.value * result.n), counted(result.n, noun)
    if result.n >= FEW or abs(result.value * result.n - some) > 1e-6:  # of weighted items no whole number has it
        return f"{share(result.value)} of the {many}{after} (no interval)"
    if result.n > 1 and some in (0, result.n):
        return f"{'all' if some else 'none'} of the {many}{after}"
    number = (NUMBER_WORDS[some] if some < len(NUMBER_WORDS) else count(some)) if some else "none"
    return f"{number} of the {many}{after}"


def in_brief(result: Result, noun: str) -> str:
    """A share among others in a list: `9.3% [7.1%, 11.9%]`, the interval in brackets; as `told_share` without one."""
    if isinstance(result, Estimate):
        return f"{share(result.value)} [{share(result.low)}, {share(result.high)}]"
    return told_share(result, noun)
