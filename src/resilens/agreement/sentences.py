"""What may a paper say of agreement: over which items, by whom, how sure, and why where there is nothing to say?

No adjective grades a coefficient. Krippendorff's lines are called what they are, his customary ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from resilens.agreement.assessing import LINES, Agreement
from resilens.agreement.judgements import UNIVERSES
from resilens.agreement.paper_table import SHARES, paper_table
from resilens.agreement.plain_tables import apa, unit
from resilens.agreement.saturation import StudySaturation
from resilens.agreement.saturation_sentences import saturation_paragraph
from resilens.agreement.saturation_tables import batches_table, lists_table
from resilens.agreement.study_agreement import Line, StudyAgreement
from resilens.agreement.study_tables import code_table
from resilens.agreement.tables import AgreementTable, Part
from resilens.results.tables import Table, count, counted, decimal, listing, share
from resilens.results.types import Estimate, Undefined

SOURCES = (
    "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British "
    "Journal of Mathematical and Statistical Psychology, 61(1), 29–48.",
    "Krippendorff, K. (2004). Content analysis: An introduction to its methodology (2nd ed.). Sage.",
    "Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation. LREC "
    "2006, 831–836.",
)
"""What the paragraph cites."""

Found = AgreementTable | StudyAgreement | StudySaturation


def paragraph(found: Found) -> str:
    """The paragraph for the paper."""
    if isinstance(found, StudySaturation):
        return saturation_paragraph(found)
    return " ".join(sentences(found))


def apa_table(found: Found) -> str:
    """The table for the paper, in APA style, as text."""
    if isinstance(found, StudySaturation):
        return apa(lists_table(found) if found.emergent else batches_table(found))
    return apa(paper_table(found) if isinstance(found, AgreementTable) else explained_once(found, code_table(found)))


def explained_once(found: StudyAgreement, table: Table) -> Table:
    """A table of codes whose notes explain the kappa paradox once, and then only name where else it strikes."""
    return replace(table, notes=(*without_paradoxes(found, table).notes, *paradoxes(found)))


def without_paradoxes(found: StudyAgreement, table: Table) -> Table:
    """A table of codes whose notes leave the kappa paradox to the text beside it."""
    each = {line.paradox for line in found.codes if line.paradox}
    return replace(table, notes=tuple(note for note in table.notes if note not in each))


def paradoxes(found: StudyAgreement) -> list[str]:
    """The kappa paradox explained where it strikes first, then only named; empty where it strikes nowhere."""
    return list(_paradoxes([(found.names.get(line.of, line.of), line) for line in found.codes]))


def sentences(found: AgreementTable | StudyAgreement) -> list[str]:
    """The sentences of the paragraph."""
    return list(_of_table(found) if isinstance(found, AgreementTable) else _of_study(found))


def _of_study(found: StudyAgreement) -> Iterator[str]:
    """Agreement in a study."""
    judged = found.judged
    yield from _left_out(found)
    if not found.n_items:
        yield "No item was read independently by two coders or more, so agreement is undefined."
        return
    single = f"{counted(found.n_single, 'item')} that only one coder read {_are(found.n_single)} left out"
    items = f"{counted(found.n_items, 'item')} in {counted(found.n_threads, 'thread')}"
    yield (f"Agreement was computed before consensus over {UNIVERSES[found.universe]}: {items}, coded independently by "
           f"{listing(judged.coders)} in {listing(judged.rounds)}{f'; {single}' if found.n_single else ''}."
           )  # fmt: skip

    def named(name: str) -> str:
        return found.names.get(name, name)

    results = {named(line.of): line.cells["alpha"] for line in found.codes if "alpha" in line.cells}
    yield from _alphas(results, "code", found.draws, found.seed)
    if found.overall and "alpha" in found.overall.cells:
        kind = "as sets (MASI distance; Passonneau, 2006)" if found.overall.level == "masi" else "as one choice"
        yield f"On all codes together, {kind}, {_alpha(found.overall.cells['alpha'])}."
    yield from paradoxes(found)
    if found.most_confused:
        worst = found.most_confused
        yield (f"The codes most often taken for each other are {named(worst.first)} and "
               f"{named(worst.second)} ({counted(len(worst.items), 'item')}).")  # fmt: skip
    if found.machines:
        yield "Machines are never among the coders; their agreement is shown apart."


def _left_out(found: StudyAgreement) -> Iterator[str]:
    """Rounds that do not count."""
    for names, why in ((found.judged.blind, "still blind"), (found.judged.joint, "read together, not independently")):
        if names:
            yield f"{listing(names)} {_are(len(names))} left out: {why}."


def _of_table(found: AgreementTable) -> Iterator[str]:
    """Agreement in a table from anywhere."""
    gaps = f" ({counted(found.n_missing, 'judgement')} missing)" if found.n_missing else ""
    threads = f" in {counted(found.n_threads, 'thread')}" if found.threaded else ""
    yield (f"Agreement was computed over the {counted(found.n_pairable, 'unit')}{threads} that two coders or more "
           f"coded, of {counted(found.n_units, 'unit')} coded by {listing(found.coders)}{gaps}.")  # fmt: skip
    alpha = found.overall.results.get("alpha")
    if alpha:
        yield f"At the {found.level} level, {_alpha(alpha)}{_beside(found.overall.results)}."
        if isinstance(alpha.result, Estimate):
            yield _basis(alpha.result, found.threaded)
            yield _chances(alpha)
    else:
        yield f"At the {found.level} level: {_beside(found.overall.results, opening='')}."
    values = {part.label: part.results["alpha"] for part in found.of("value") if "alpha" in part.results}
    if values:
        yield from _alphas(values, "value", found.draws, found.seed, basis=False)
    yield from _paradoxes([(part.label or "the whole", part) for part in found.parts])


def _alphas(
    results: Mapping[str, Agreement], what: str, draws: int, seed: int, basis: bool = True
) -> Iterator[str]:
    """Alpha for each code or value: the range, how many reach the customary lines, what is undefined."""
    values = {name: found.result.value for name, found in results.items() if not isinstance(found.result, Undefined)}
    if values:
        low, high = min(values, key=lambda name: values[name]), max(values, key=lambda name: values[name])
        each = f"Krippendorff's alpha for each {what}, there or not,"
        if len(values) == 1:
            yield f"Krippendorff's alpha for the one {what}, {low}, there or not, is {unit(values[low])}."
        else:
            yield f"{each} ran from {unit(values[low])} ({low}) to {unit(values[high])} ({high})."
        yield _lines_met(values, what)
    estimates = [found.result for found in results.values() if isinstance(found.result, Estimate)]
    if estimates and basis:
        yield (f"Intervals ({share(estimates[0].level, 0)}) are the percentiles of {count(draws)} bootstrap draws of "
               f"threads, seed {seed}; their basis is the coding: they speak of these coders and items.")  # fmt: skip
    yield from _undefined(results, what)


def _lines_met(values: Mapping[str, float], what: str) -> str:
    """How many codes lie between Krippendorff's lines."""
    low, high = LINES
    above = sum(value >= high for value in values.values())
    between = sum(low <= value < high for value in values.values())
    below = len(values) - above - between
    reached, amid, under = (counted(number, "", " ").strip() for number in (above, between, below))
    reached, amid, under = ("none" if words == "no" else words for words in (reached, amid, under))
    return (f"Of {counted(len(values), what)}, {reached} reached {_line(high)}, {amid} lay between that and "
            f"{_line(low)}, and {under} lay below; these are Krippendorff's (2004) customary lines.")  # fmt: skip


def _undefined(results: Mapping[str, Agreement], what: str) -> Iterator[str]:
    """Why alpha does not exist, or has no interval, each reason once."""
    why: dict[str, list[str]] = {}
    for name, found in results.items():
        if isinstance(found.result, Undefined):
            why.setdefault(f"is undefined ({found.result.reason})", []).append(name)
        elif found.no_interval:
            why.setdefault(f"has no interval ({found.no_interval})", []).append(name)
    for reason, names in why.items():
        who = f"every {what}" if len(names) == len(results) and len(names) > 1 else listing(names)
        yield f"For {who}, alpha {reason}."


def _paradoxes(named_parts: Sequence[tuple[str, Line | Part]]) -> Iterator[str]:
    """The paradox explained where it strikes first, then only named."""
    struck = [(name, part.paradox) for name, part in named_parts if part.paradox]
    if struck:
        yield struck[0][1]
        if len(struck) > 1:
            yield f"The same holds of {listing([name for name, _ in struck[1:]])}."


def _alpha(found: Agreement) -> str:
    """Alpha with its interval, or the reason why it has none."""
    result = found.result
    if isinstance(result, Undefined):
        return f"Krippendorff's alpha is undefined ({result.reason})"
    words = f"Krippendorff's alpha is {unit(result.value)}"
    if isinstance(result, Estimate):
        return f"{words}, {share(result.level, 0)} CI [{unit(result.low)}, {unit(result.high)}]"
    return f"{words}, without an interval ({found.no_interval})" if found.no_interval else words


def _beside(results: Mapping[str, Agreement], opening: str = ", beside ") -> str:
    """The other coefficients in words."""
    names = {"percent": "percent agreement", "ac1": "Gwet's (2008) AC1", "ac2": "Gwet's AC2", "cohen": "Cohen's kappa",
             "scott": "Scott's pi", "fleiss": "Fleiss' kappa", "conger": "Conger's kappa",
             "brennan_prediger": "Brennan and Prediger's kappa", "positive": "positive agreement",
             "negative": "negative agreement", "prevalence": "prevalence"}  # fmt: skip
    told = []
    for name, found in results.items():
        if name in names:
            told.append(f"{names[name]} {_number(found, unit if name not in SHARES else share)}")
    return f"{opening}{listing(told)}" if told else ""


def _number(found: Agreement, shown: Callable[[float], str]) -> str:
    return "undefined" if isinstance(found.result, Undefined) else shown(found.result.value)


def _basis(result: Estimate, threaded: bool) -> str:
    what = "threads" if threaded else "units, each taken as a thread of its own, since none was given"
    return (f"The interval is the percentiles of a bootstrap of {what} ({_draws(result.design)}, seed {result.seed}); "
            "its basis is the coding: it speaks of these coders and units.")  # fmt: skip


def _draws(design: str) -> str:
    return design.rpartition(", ")[2]


def _chances(found: Agreement) -> str:
    told = [f"{share(chance)} lay below {_line(line)}" for line, chance in found.below.items()]
    return f"Of the draws, {listing(told)}; these are Krippendorff's (2004) customary lines."


def _line(value: float) -> str:
    return decimal(value, 3).removeprefix("0")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


