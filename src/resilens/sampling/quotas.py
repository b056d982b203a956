"""How many posts does each hashtag get, and how sure is that? Largest remainder, in exact arithmetic.

The Hare quota: each hashtag's exact part of the sample is `total * volume / sum of volumes`; it gets the whole number
below, and the posts left over go one each to the largest remainders. Every quota is less than one post from the exact
part. What the method does not promise is monotony in the size of the sample: a hashtag may lose a post when the
sample grows by one (the Alabama paradox), so quotas are computed for the size wanted, never scaled from another.

Source: Balinski and Young, *Fair Representation* (1982), on Hamilton's method, which is the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from resilens.errors import Fault, InputError
from resilens.study.volumes import parse_volume

FACTORS = (Fraction(1, 2), Fraction(9, 10), Fraction(11, 10), Fraction(2))
"""By how much `sensitivity` takes each volume to be wrong unless told otherwise."""


def comparison_key(hashtag: str) -> str:
    """The form in which hashtags and queries are compared: without `#`, Unicode NFC, case folded."""
    bare = unicodedata.normalize("NFC", hashtag).strip().strip("#＃").strip()
    return unicodedata.normalize("NFC", bare.casefold())


@dataclass(frozen=True, slots=True)
class Quota:
    """What one hashtag gets.

    Parameters
    ----------
    hashtag, volume
        As given.
    share
        volume / sum of volumes.
    quota
        Its whole number of posts.
    remainder
        What its exact part, total * share, has beyond the whole number below, in [0, 1).
    explanation
        How the quota came about, in words.
    """

    hashtag: str
    volume: int
    share: float
    quota: int
    remainder: float
    explanation: str


@dataclass(frozen=True, slots=True)
class Shift:
    """The quotas if one volume were `factor` times what is declared; `moved` posts change their hashtag."""

    factor: float
    quotas: Mapping[str, int]
    moved: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How the quotas depend on one hashtag's volume.

    Parameters
    ----------
    hashtag
        The hashtag whose volume may be wrong.
    lowest, highest
        The quotas stay as they are while the true volume is between `lowest` and `highest` times the declared one;
        `highest` is None where no overstatement, however large, changes them.
    smallest_error
        The smallest relative error that changes any quota (0.05: five per cent), None where none does.
    shifts
        The quotas at the factors asked for.
    explanation
        The same in a sentence.
    """

    hashtag: str
    lowest: float
    highest: float | None
    smallest_error: float | None
    shifts: tuple[Shift, ...]
    explanation: str


def read_volumes(pairs: Sequence[str]) -> dict[str, int]:
    """Volumes written as `#hashtag=1.454M`, in the order given.

    Raises
    ------
    InputError
        Naming every pair that cannot be read and every hashtag given twice.
    """
    volumes: dict[str, int] = {}
    faults: list[Fault] = []
    for pair in pairs:
        hashtag, equals, volume = pair.rpartition("=")
        if not equals or not comparison_key(hashtag):
            faults.append(Fault("write a hashtag and its volume as '#cattax=46.225M'", repr(pair)))
            continue
        hashtag = hashtag.strip()
        if hashtag in volumes:
            faults.append(Fault("this hashtag is given twice; give each once", hashtag))
        try:
            volumes[hashtag] = parse_volume(volume)
        except ValueError as error:
            faults.append(Fault(str(error), hashtag))
    if faults:
        raise InputError(faults)
    return volumes


def quotas(total: int, volumes: Mapping[str, int]) -> list[Quota]:
    """Share `total` posts out over hashtags in proportion to their volumes, by largest remainder (Hare).

    Parameters
    ----------
    total
        The size of the sample, in posts, 0 or more.
    volumes
        Each hashtag's volume (views, discussions, ...: one kind throughout), whole numbers, 0 or more.

    Returns
    -------
    list of Quota
        In the order of `volumes`; the quotas sum to `total`. Equal remainders: the larger volume first, then the
        hashtag that comes first by its comparison key; the explanation says so where it mattered.

    Raises
    ------
    InputError
        If the total or a volume is negative or not whole, a hashtag is there twice, or there is no volume at all.
    """
    _check(total, volumes)
    whole = sum(volumes.values())
    exact = {hashtag: Fraction(total * volume, whole) for hashtag, volume in volumes.items()}
    floors = {hashtag: part.numerator // part.denominator for hashtag, part in exact.items()}
    left_over = total - sum(floors.values())
    ranked = sorted(exact, key=lambda name: (floors[name] - exact[name], -volumes[name], comparison_key(name)))
    extra = set(ranked[:left_over])
    tied = _tied(ranked, {name: exact[name] - floors[name] for name in exact}, left_over)
    return [
        Quota(hashtag, volume, float(Fraction(volume, whole)), floors[hashtag] + (hashtag in extra),
              float(exact[hashtag] - floors[hashtag]),
              _explanation(volume, exact[hashtag], hashtag in extra, hashtag in tied, left_over))
        for hashtag, volume in volumes.items()
    ]  # fmt: skip


def _check(total: int, volumes: Mapping[str, int]) -> None:
    faults: list[Fault] = []
    if isinstance(total, bool) or not isinstance(total, int):
        faults.append(Fault(f"the size of the sample must be a whole number, not {total!r}"))
    elif total < 0:
        faults.append(Fault(f"the size of the sample cannot be negative ({total})"))
    seen: dict[str, str] = {}
    for hashtag, volume in volumes.items():
        other = seen.setdefault(comparison_key(hashtag), hashtag)
        if other != hashtag:
            faults.append(Fault(f"this is the same hashtag as {other}; give each once", hashtag))
        if isinstance(volume, bool) or not isinstance(volume, int):
            faults.append(Fault(f"the volume must be a whole number, not {volume!r}", hashtag))
        elif volume < 0:
            faults.append(Fault(f"the volume cannot be negative ({volume})", hashtag))
    if not faults and not any(volumes.values()):
        faults.append(
            Fault("no hashtag has a volume, so there is nothing to be proportional to; declare at least one volume")
        )
    if faults:
        raise InputError(faults)


def _tied(ranked: Sequence[str], remainders: Mapping[str, Fraction], left_over: int) -> set[str]:
    """The hashtags between which the tie rule decided: equal remainders, some with the extra post, some without."""
    if not 0 < left_over < len(ranked) or remainders[ranked[left_over - 1]] != remainders[ranked[left_over]]:
        return set()
    return {name for name in ranked if remainders[name] == remainders[ranked[left_over]]}


def _explanation(volume: int, exact: Fraction, extra: bool, tied: bool, left_over: int) -> str:
    if volume == 0:
        return "no volume, so no posts"
    floor = exact.numerator // exact.denominator
    if floor == exact:
        return f"exactly {floor}"
    text = f"exactly {float(exact):.4f}: {floor}"
    if extra:
        text += f" and one of the {left_over} left over, by its remainder {float(exact - floor):.4f}"
    else:
        text += f"; its remainder {float(exact - floor):.4f} is too small for one of the {left_over} left over"
    if tied:
        text += " (equal remainders: the larger volume first, then the hashtag in alphabetical order)"
    if not floor and not extra:
        text += "; it has a volume and still gets no post, so nothing will be known about it"
    return text


def sensitivity(
    total: int, volumes: Mapping[str, int], factors: Sequence[float | Fraction] = FACTORS
) -> list[Sensitivity]:
    """How the quotas would move if one volume were wrong, the others being right.

    Parameters
    ----------
    total, volumes
        As for `quotas`.
    factors
        The true volume over the declared one, each above 0, tried for each hashtag in turn.

    Returns
    -------
    list of Sensitivity
        One for each hashtag that has a volume, in the order of `volumes`.

    Notes
    -----
    Quotas q are the largest-remainder ones of exact parts e if and only if no post moved from one hashtag to another
    brings them closer: (q_a - e_a) - (q_b - e_b) <= 1 for every pair. With s the share of the hashtag in doubt,
    every e is linear in s (its own is total * s, another's total * (1 - s) * its part of the rest), so each pair gives
    a linear inequality and the quotas hold on one interval of s, found exactly.

    Raises
    ------
    InputError
        As `quotas`; or if a factor is not above 0.
    """
    exact_factors = [factor if isinstance(factor, Fraction) else Fraction(str(factor)) for factor in factors]
    if any(factor <= 0 for factor in exact_factors):
        raise InputError("a factor of error must be above 0: 0.5 means that half the declared volume is true")
    declared = {row.hashtag: row.quota for row in quotas(total, volumes)}
    rows = []
    for hashtag in (name for name, volume in volumes.items() if volume):
        lowest, highest = _holds(total, volumes, declared, hashtag)
        shifts = tuple(_shift(total, volumes, declared, hashtag, factor) for factor in exact_factors)
        errors = [1 - lowest] if lowest > 0 else []
        errors += [highest - 1] if highest is not None else []
        smallest = min(errors, default=None)
        rows.append(
            Sensitivity(hashtag, float(lowest), None if highest is None else float(highest),
                        None if smallest is None else float(smallest), shifts, _sentence(hashtag, lowest, highest))
        )  # fmt: skip
    return rows


def _shift(
    total: int, volumes: Mapping[str, int], declared: Mapping[str, int], hashtag: str, factor: Fraction
) -> Shift:
    # All volumes are scaled by the denominator, so that the changed one stays a whole number.
    changed = {
        name: volume * (factor.numerator if name == hashtag else factor.denominator) for name, volume in volumes.items()
    }
    moved_to = {row.hashtag: row.quota for row in quotas(total, changed)}
    moved = sum(max(0, moved_to[name] - declared[name]) for name in declared)
    return Shift(float(factor), moved_to, moved)


def _holds(
    total: int, volumes: Mapping[str, int], declared: Mapping[str, int], hashtag: str
) -> tuple[Fraction, Fraction | None]:
    """The factors between which the quotas hold; 0 and None stand for no bound."""
    rest = sum(volumes.values()) - volumes[hashtag]
    if not rest:
        return Fraction(0), None
    # The exact part of each hashtag is intercept + slope * s.
    lines = {
        name: (Fraction(0), Fraction(total)) if name == hashtag
        else (Fraction(total * volume, rest), -Fraction(total * volume, rest))
        for name, volume in volumes.items() if volume
    }  # fmt: skip
    low, high = Fraction(0), Fraction(1)
    for first, (first_at_0, first_slope) in lines.items():
        for second, (second_at_0, second_slope) in lines.items():
            slope = second_slope - first_slope
            room = 1 - (declared[first] - declared[second]) + (first_at_0 - second_at_0)
            if slope > 0:
                high = min(high, room / slope)
            elif slope < 0:
                low = max(low, room / slope)
    odds = Fraction(rest, volumes[hashtag])
    return odds * low / (1 - low), None if high == 1 else odds * high / (1 - high)


def _sentence(hashtag: str, lowest: Fraction, highest: Fraction | None) -> str:
    below = f"{float(1 - lowest):.1%} lower" if lowest else ""
    above = f"{float(highest - 1):.1%} higher" if highest is not None else ""
    if not below and not above:
        return f"no error in the volume of {hashtag} changes a quota"
    return f"a quota changes once the true volume of {hashtag} is {' or '.join(filter(None, (below, above)))}"
