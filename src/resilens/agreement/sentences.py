"""What may a paper say of agreement: over which items, by whom, how sure, and why where there is nothing to say?

No adjective grades a coefficient. Krippendorff's lines are called what they are, his customary ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from resilens.agreement.apa import apa, unit
from resilens.agreement.assessing import LINES, Agreement
from resilens.agreement.coefficients.registry import SHARES, title
from resilens.agreement.judgements import UNIVERSES
from resilens.agreement.saturation.sentences import saturation_paragraph
from resilens.agreement.saturation.study import StudySaturation
from resilens.agreement.saturation.tables import batches_table, lists_table
from resilens.agreement.study_results import StudyAgreement
from resilens.agreement.study_tables import code_table, span_table
from resilens.agreement.table_agreement import AgreementTable
from resilens.agreement.table_paper import paper_table
from resilens.results.tables import count, counted, decimal, listing, share
from resilens.results.types import Estimate, Undefined

SOURCES = (
    "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British "
    "Journal of Mathematical and Statistical Psychology, 61(1), 29–48.",
    "Krippendorff, K. (2004). Content analysis: An introduction to its methodology (2nd ed.). Sage.",
    "Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation. LREC "
    "2006, 831–836.",
)
"""What the paragraph cites."""

AT_LEVEL = {"spans": "Over the characters of the texts (Krippendorff et al., 2016)",
            "masi": "With the MASI distance between sets (Passonneau, 2006)", "jaccard": "With the Jaccard distance "
            "between sets"}  # fmt: skip

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
    if isinstance(found, AgreementTable):
        return apa(paper_table(found))
    if any(line.cells for line in found.codes):
        table = code_table(found)
        return apa(replace(table, notes=(*table.notes, *found.paradoxes)))
    if found.spans:
        return apa(span_table(found))
    return " ".join(["There is no table to show.", *sentences(found)])


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

    def called(code: str) -> str:
        return found.names.get(code, code)

    for lines, what in ((found.codes, "code"), (found.spans, "facet or code")):
        for lead in _leads([line.cells for line in lines]):
            results = {called(line.of): line.cells[lead] for line in lines if lead in line.cells}
            yield from _each(results, lead, what)
    if not any(line.cells for line in (*found.codes, *found.spans)):
        yield "There is no coding to compute it from, so agreement is undefined."
    yield from _bootstrap(found)
    yield from (f"Left out: {words}." for words in found.left_out)
    if found.overall and "alpha" in found.overall.cells:
        kind = "as sets (MASI distance; Passonneau, 2006)" if found.overall.level == "masi" else "as one choice"
        yield f"On all codes together, {kind}, {_told('alpha', found.overall.cells['alpha'])}."
    yield from found.paradoxes
    if found.most_confused:
        worst = found.most_confused
        yield (f"The codes most often taken for each other are {called(worst.first)} and "
               f"{called(worst.second)} ({counted(len(worst.items), 'item')}).")  # fmt: skip
    if found.machines:
        yield "Machines are never among the coders; their agreement is shown apart."


def _leads(rows: Sequence[Mapping[str, Agreement]]) -> list[str]:
    """Which coefficients are told row by row: alpha, or else what was asked for in its place."""
    names = list(dict.fromkeys(name for cells in rows for name in cells if name != "jaccard"))
    return ["alpha"] if "alpha" in names else names


def _bootstrap(found: StudyAgreement) -> Iterator[str]:
    """What the intervals are, where there are any."""
    results = [cell.result for line in (*found.codes, *found.spans) for cell in line.cells.values()]
    levels = [result.level for result in results if isinstance(result, Estimate)]
    if levels:
        yield (f"Intervals ({share(levels[0], 0)}) are the percentiles of {count(found.draws)} bootstrap draws of "
               f"threads, seed {found.seed}; their basis is the coding: they speak of these coders and items."
               )  # fmt: skip


def _left_out(found: StudyAgreement) -> Iterator[str]:
    """Rounds that do not count."""
    for names, why in ((found.judged.blind, "still blind"), (found.judged.joint, "read together, not independently")):
        if names:
            yield f"{listing(names)} {_are(len(names))} left out: {why}."


def _of_table(found: AgreementTable) -> Iterator[str]:
    """Agreement in a table from anywhere."""
    gaps = f" ({counted(found.n_missing, 'judgement')} missing)" if found.n_missing else ""
    threads = f" in {counted(found.n_threads, 'thread')}" if found.threaded else ""
    yield (f"Agreement was computed over the {counted(found.n_pairable, found.unit)}{threads} that two coders or more "
           f"coded, of {counted(found.n_units, found.unit)} coded by {listing(found.coders)}{gaps}.")  # fmt: skip
    results = found.overall.results
    lead = _leads([results])[0]
    beside = [f"{named(name)} {_value(name, one)}" for name, one in results.items() if name != lead]
    opening = AT_LEVEL.get(found.level, f"At the {found.level} level")
    yield f"{opening}, {_told(lead, results[lead])}{f', beside {listing(beside)}' if beside else ''}."
    result = results[lead].result
    if isinstance(result, Estimate):
        yield _basis(result, found)
        yield from _chances(results[lead]) if lead == "alpha" else ()
    values = {part.label: part.results[lead] for part in found.of("value") if lead in part.results}
    if values:
        yield from _each(values, lead, "value")
    yield from found.paradoxes


def _each(results: Mapping[str, Agreement], name: str, what: str) -> Iterator[str]:
    """A coefficient of each code or value: its range, for alpha the lines it reaches, and what is undefined."""
    values = {of: found.result.value for of, found in results.items() if not isinstance(found.result, Undefined)}
    there = ", there or not," if what in ("code", "value") else ""
    if len(values) > 1:
        low, high = min(values, key=lambda of: values[of]), max(values, key=lambda of: values[of])
        yield (f"{_capital(named(name))} for each {what}{there} ran from {_value(name, results[low])} ({low}) to "
               f"{_value(name, results[high])} ({high}).")  # fmt: skip
        if name == "alpha":
            yield _lines_met(values, what)
    else:
        yield from (f"For {of}{there} {_told(name, results[of])}." for of in values)
    yield from _undefined(results if len(values) != 1 else {of: results[of] for of in results if of not in values},
                          name, what)  # fmt: skip


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


def _undefined(results: Mapping[str, Agreement], coefficient: str, what: str) -> Iterator[str]:
    """Why a coefficient does not exist, or has no interval, each reason once."""
    why: dict[str, list[str]] = {}
    for name, found in results.items():
        if isinstance(found.result, Undefined):
            why.setdefault(f"is undefined ({found.result.reason})", []).append(name)
        elif found.no_interval:
            why.setdefault(f"has no interval ({found.no_interval})", []).append(name)
    for reason, names in why.items():
        who = f"every {what}" if len(names) == len(results) and len(names) > 1 else listing(names)
        yield f"For {who}, {named(coefficient)} {reason}."


def _told(name: str, found: Agreement) -> str:
    """A coefficient with its interval, or the reason why it has none."""
    result = found.result
    if isinstance(result, Undefined):
        return f"{named(name)} is undefined ({result.reason})"
    words = f"{named(name)} is {_value(name, found)}"
    if isinstance(result, Estimate):
        return f"{words}, {share(result.level, 0)} CI [{_shown(name, result.low)}, {_shown(name, result.high)}]"
    return f"{words}, without an interval ({found.no_interval})" if found.no_interval else words


def _value(name: str, found: Agreement) -> str:
    return "undefined" if isinstance(found.result, Undefined) else _shown(name, found.result.value)


def _shown(name: str, value: float) -> str:
    return share(value) if name in SHARES else unit(value)


def _basis(result: Estimate, found: AgreementTable) -> str:
    what = "threads" if found.threaded else f"{found.unit}s, each taken as a thread of its own, since none was given"
    drawn = f"{count(found.draws)} draws, seed {found.seed}"
    return (f"The interval is the percentiles of a bootstrap of {what} ({drawn}); its "
            f"basis is the {result.basis}: it speaks of these coders and {found.unit}s.")  # fmt: skip


def _chances(found: Agreement) -> Iterator[str]:
    told = [f"{share(chance)} lay below {_line(line)}" for line, chance in found.below.items()]
    if told:
        yield f"Of the draws, {listing(told)}; these are Krippendorff's (2004) customary lines."


def named(name: str) -> str:
    """What a sentence calls a coefficient."""
    return "Gwet's (2008) AC1" if name == "ac1" else title(name)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _line(value: float) -> str:
    return decimal(value, 3).removeprefix("0")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


