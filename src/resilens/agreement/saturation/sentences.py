"""What may be said of saturation, in sentences for a paper and in lines for a terminal?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from resilens.agreement.saturation.growth import Growth
from resilens.agreement.saturation.guest import Guest
from resilens.agreement.saturation.meaning import Category, Statement
from resilens.agreement.saturation.study import StudySaturation
from resilens.results.tables import count, counted, day, decimal, listing, share
from resilens.results.types import Description, Estimate, Result, Undefined

SOURCES = (
    "Chao, A. (1987). Estimating the population size for capture-recapture data with unequal catchability. Biometrics, "
    "43(4), 783–791.",
    "Chao, A., & Jost, L. (2012). Coverage-based rarefaction and extrapolation. Ecology, 93(12), 2533–2547.",
    "Guest, G., Namey, E., & Chen, M. (2020). A simple method to assess and report thematic saturation in qualitative "
    "research. PLOS ONE, 15(5), e0232076.",
    "Hennink, M. M., Kaiser, B. N., & Marconi, V. C. (2017). Code saturation versus meaning saturation. Qualitative "
    "Health Research, 27(4), 591–608.",
)
"""What the paragraph cites."""


def saturation_paragraph(found: StudySaturation) -> str:
    """The paragraph for the paper."""
    return " ".join(sentence for part in saturation_parts(found) for sentence in part)


def saturation_parts(found: StudySaturation) -> list[list[str]]:
    """The sentences in three parts: what was counted; by which rule and what came out; what may be said of meaning."""
    return [part for part in (list(_counting(found)), list(_claims(found)), list(_meaning(found))) if part]


def saturation_lines(found: StudySaturation) -> list[str]:
    """The paragraph's sentences, one a line, then what each batch of threads brought."""
    lines = [sentence for part in saturation_parts(found) for sentence in part]
    name = "new codes" if found.emergent else "codes first applied"
    if batches := found.batches():
        lines.append(f"{'threads':>11}  {name:>19}  {'new code-stage pairs':>20}  {'codes so far':>12}")
    for row in batches:
        threads = f"{row['first']}-{row['last']}"
        lines.append(f"{threads:>11}  {row['new_codes']:>19}  {row['new_pairs']:>20}  {row['codes']:>12}")
    return lines


def _counting(found: StudySaturation) -> Iterator[str]:
    """What was read and how codes were counted."""
    reading = found.reading
    if not reading.threads:
        yield "Nothing was coded that may be shown, so nothing can be said of saturation."
    else:
        coders, rounds = listing(reading.coders), listing(reading.rounds)
        yield (f"Saturation was examined over {counted(len(reading.threads), 'thread')} "
               f"({counted(len(reading.items), 'item')}) coded by {coders} in {rounds}, before consensus: a code "
               "counts once in a thread, where at least one coder gave it.")  # fmt: skip
        if found.merged:
            yield f"{counted(len(found.merged), 'merged code').capitalize()} counted as the code each went into."
        if reading.imported:
            yield ("The order of coding is that in which codings came into the record; those from tables came in the "
                   "order of their rows.")  # fmt: skip
    if reading.blind:
        yield f"{listing(reading.blind)} {'is' if len(reading.blind) == 1 else 'are'} left out: still blind."


def _claims(found: StudySaturation) -> Iterator[str]:
    """Code saturation, or why there is none."""
    if not found.reading.threads:
        return
    if isinstance(found.codes, Undefined) or isinstance(found.pairs, Undefined):
        yield from _first_use(found)
        return
    codes = found.codes
    number = len(codes.incidence.codes)
    yield (f"What counts {'is' if number == 1 else 'are'} the {counted(number, 'code')} that emerged from the coding; "
           "those that the framework brought do not count.")  # fmt: skip
    yield _rule("the rule of Guest, Namey and Chen (2020)", "code saturation", codes)
    if found.pairs.incidence.codes:
        yield _rule("the same rule", "saturation of code-stage pairs", found.pairs)
    yield (f"The last new code appeared in thread {codes.last_new_at} of {len(found.reading.threads)}, the last new "
           f"pair in thread {found.pairs.last_new_at}." if found.pairs.last_new_at else
           f"The last new code appeared in thread {codes.last_new_at} of {len(found.reading.threads)}.")  # fmt: skip
    yield _richness(codes)
    if found.caution:
        yield f"These numbers describe the threads coded and nothing beyond them: {found.caution}."
    else:
        yield "They speak of the frame that the threads were drawn from, not of the platform."


def _first_use(found: StudySaturation) -> Iterator[str]:
    if isinstance(found.codes, Undefined):
        yield f"Saturation is undefined: {found.codes.reason}."
    used = found.first_use
    if used.incidence.codes:
        yield (f"As a description of first use only: the {counted(len(used.incidence.codes), 'code')} in use were each "
               f"first applied within the first {count(used.last_new_at)} of {count(len(found.reading.threads))} "
               "threads, in coding order.")  # fmt: skip


def _rule(rule: str, what: str, growth: Growth) -> str:
    """What Guest, Namey & Chen's rule says, with all of its numbers, and what appeared after it was met."""
    asked = growth.guest[0]
    opening = f"By {rule}, with {_numbers(asked)}, {what}"
    if isinstance(asked.reached, Undefined):
        return f"{opening} is undefined: {asked.reached.reason}."
    half = growth.guest_in_random_orders
    orders = f"{count(growth.curve.orders)} random orders of the threads (seed {growth.curve.seed})"
    said = (f"half of {orders} meet the rule within {counted(int(half.value), 'thread')}"
            if isinstance(half, Description) else f"fewer than half of {orders} meet the rule")  # fmt: skip
    after = _after(asked, growth)
    later = f", and {counted(after, 'more', 'more')} appeared after that" if after else ""
    return f"{opening} was reached at {asked.label} threads in coding order{later}; {said}."


def _after(rule: Guest, growth: Growth) -> int:
    """How many appeared after the rule was met."""
    reached = rule.reached
    return int(growth.incidence.new[int(reached.value) :].sum()) if isinstance(reached, Description) else 0


def _numbers(rule: Guest) -> str:
    base = f"a base of {counted(rule.base, 'thread')} ({rule.base_codes} found there)"
    return f"{base}, a run of {rule.run}, and a threshold of {share(rule.threshold, 0)}"


def _richness(growth: Growth) -> str:
    covered = f"Sample coverage (Chao & Jost, 2012) is {_number(growth.coverage, percent=True)}"
    if isinstance(growth.richness, Estimate):
        assumed = f", assuming that {growth.richness.assumption}"
        return f"{covered}; Chao2 (Chao, 1987) expects at least {_number(growth.richness)} codes{assumed}."
    return f"{covered}; Chao2 (Chao, 1987), a lower bound, is {_number(growth.richness)}."


def _number(result: Result, percent: bool = False) -> str:
    if isinstance(result, Undefined):
        return str(result)
    def shown(value: float) -> str:
        return share(value) if percent else decimal(value, 1)

    if isinstance(result, Description):
        return shown(result.value)
    return f"{shown(result.value)}, {result.level:.0%} CI [{shown(result.low)}, {shown(result.high)}],"


def _meaning(found: StudySaturation) -> Iterator[str]:
    """The researchers' statements of saturation in meaning, and what the codebook says to them."""
    if not found.reading.threads:
        return
    stated = dict.fromkeys(statement for one in found.categories for statement in one.statements)
    if not stated:
        yield ("That no new code appears does not mean that the codes hold nothing new (Hennink et al., 2017); the "
               "researchers have not stated saturation of meaning for any category.")  # fmt: skip
        return
    clauses = [_stated(one, [each for each in found.categories if one in each.statements]) for one in stated]
    yield ("Saturation of meaning is the researchers' own judgement (Hennink et al., 2017), stated for "
           f"{listing(clauses)}.")  # fmt: skip


def _stated(statement: Statement, of: Sequence[Category]) -> str:
    """A statement with what the codebook says to it: edits since, or the last one and the threads read since."""
    name = of[0].name if statement.about == of[0].code else of[0].facet
    when = day(datetime.fromisoformat(statement.at))
    edited = sum(one.edited_at > statement.at for one in of)
    if edited:
        support = f"{edited} of {counted(len(of), 'code')} edited since"
    else:
        last = max(of, key=lambda one: one.edited)
        support = f"last edited in version {last.edited} of the codebook, {counted(last.since, 'thread')} read since"
    return f"{name} ({statement.actor}, {when}; {support})"
