"""How far do a study's coders agree, code by code, facet by facet and pair by pair?

Everything speaks of independent rounds, as they stood before any consensus (`judgements`). A code is a judgement of its
own, there or not; the codes of a facet are one judgement together: which one, where nobody ever gave two of them to one
item (nominal), else which set of them (MASI, Passonneau's formula). Overall is the set of all codes. Over characters
the judgements are about every character of the texts, and the unitizing alphas speak of the facets' spans.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from resilens.agreement.assessing import Agreement, assess
from resilens.agreement.characters import Texts, character_patterns, continua
from resilens.agreement.coefficients.registry import COEFFICIENTS, DEFAULT, coefficient
from resilens.agreement.coefficients.unitizing import FORMULAS, assess_unitizing
from resilens.agreement.disagreements import confusions, differences, in_order
from resilens.agreement.interval import DRAWS
from resilens.agreement.item_facts import Facts, facts_of
from resilens.agreement.judgements import UNIVERSES, Judgements, Universe, judgements, machine_judgements
from resilens.agreement.paradox import paradox
from resilens.agreement.patterns import Patterns
from resilens.agreement.spans import coincidences
from resilens.agreement.study_results import BY, OVERALL, Line, StudyAgreement, label_order
from resilens.coding.codes import Codebook
from resilens.coding.items import CorpusItems
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Record
from resilens.results.tables import counted
from resilens.results.types import Description, Estimate
from resilens.study.words import did_you_mean


def agreement_of(
    record: Record, corpus: Corpus, codebook: Codebook, *, round_id: str = "", universe: Universe = "read",
    coefficients: Sequence[str] = (), by: Sequence[str] = (), interval: bool = True, draws: int = DRAWS,
    seed: int = 1,
) -> StudyAgreement:  # fmt: skip
    """Agreement of a study's coders.

    Parameters
    ----------
    record, corpus, codebook
        The study's.
    round_id
        Only of this round; empty: each item as it was read in the latest independent round that is not blind.
    universe
        `read`, `touched` or `characters`, see `judgements.UNIVERSES`.
    coefficients
        Names of `registry.COEFFICIENTS`, and of the unitizing alphas `u`, `|u`, `cu`, `(k)cu`; these are always
        computed over characters. None: the customary ones, `registry.DEFAULT`.
    by
        Names of `BY`: by what agreement on the facets is told apart.
    interval, draws, seed
        Of the bootstrap over threads, see `assessing.How`; the seed is the study's.

    Raises
    ------
    InputError
        If the round does not exist, is blind or joint, or a name is unknown.
    """
    coefficients = coefficients or DEFAULT
    _check(universe, coefficients, by)
    facts: dict[str, Facts] = {}

    def threads(items: Collection[str]) -> dict[str, str]:
        facts.update(facts_of(corpus, record, items))
        return {item: facts[item].thread for item in items}

    judged = judgements(record, threads, round_id)
    kept = judged.touched() if universe == "touched" else judged
    texts: Texts = {}
    if universe == "characters" or set(coefficients) & FORMULAS.keys():
        texts = CorpusItems(corpus).texts(list(kept.given))
    lines = _Lines(kept, codebook, universe, coefficients, texts, {"interval": interval, "draws": draws, "seed": seed})
    found = differences(kept, lines.facets)
    pairable, labels = kept.pairable, {name: _labels(name, kept, facts) for name in BY}
    return StudyAgreement(
        universe, tuple(coefficients), kept, lines.codes(), lines.facet_lines(), lines.overall(kept), lines.pairs(),
        lines.spans(), labels, {name: lines.by(labels[name], label_order(name, kept)) for name in by},
        lines.machines(machine_judgements(record, kept)), found, confusions(found), lines.names, len(pairable),
        len({kept.thread[item] for item in pairable}), len(kept.given) - len(pairable), lines.unused(),
        lines.left_out(), seed, draws,
    )  # fmt: skip


def _check(universe: str, coefficients: Sequence[str], by: Sequence[str]) -> None:
    for name in coefficients:
        if name not in FORMULAS:
            coefficient(name)
    for what, names, known in (("universe", (universe,), UNIVERSES), ("way to tell agreement apart", by, BY)):
        for name in names:
            if name not in known:
                raise InputError(f"no {what} {name!r}{did_you_mean(name, known)}; one of {', '.join(known)}")


def _labels(name: str, judged: Judgements, facts: Mapping[str, Facts]) -> dict[str, str]:
    """The language, group, ... of each item."""
    if name == "round":
        return dict(judged.round_of)
    if name == "codebook_version":
        return dict(judged.version_of)
    of = {"length": "length_class"}.get(name, name)
    return {item: getattr(facts[item], of) for item in judged.given}


def _is(label_of: Mapping[str, str], label: str, item: str) -> bool:
    return label_of[item] == label


class _Lines:
    """Judgements on the way to lines of coefficients."""

    def __init__(
        self, judged: Judgements, codebook: Codebook, universe: Universe, coefficients: Sequence[str], texts: Texts,
        how: dict[str, Any],
    ) -> None:  # fmt: skip
        self.judged, self.codebook, self.universe, self.texts, self.how = judged, codebook, universe, texts, how
        self.wanted = [name for name in coefficients if name in COEFFICIENTS]
        self.unitizing = [name for name in coefficients if name in FORMULAS]
        self.place = {code.id: number for number, code in enumerate(codebook.codes)}
        self.facets: dict[str, list[str]] = {}
        for code in self._in_order(judged):
            self.facets.setdefault(codebook.code(code).facet if code in codebook else "", []).append(code)
        self.nominal = {facet for facet, codes in self.facets.items() if judged.choices(codes) is not None}
        self.names = {facet.id: facet.name for facet in codebook.facets}
        self.names |= {code.id: code.name for code in codebook.codes}

    def _in_order(self, judged: Judgements) -> list[str]:
        """The codes that anybody gave, as the codebook orders them."""
        return sorted(judged.codes, key=lambda code: (self.place.get(code, len(self.place)), code))

    def unused(self) -> tuple[str, ...]:
        used = set(self.judged.codes)
        return tuple(code.id for code in self.codebook.codes if code.active and code.id not in used)

    def _marked(self) -> list[str]:
        """The codes that are compared: all that were given, over characters those that mark any."""
        codes = self._in_order(self.judged)
        if self.universe != "characters":
            return codes
        return [code for code in codes if continua(self.judged, self.texts, [code]).n_spans]

    def codes(self) -> tuple[Line, ...]:
        return tuple(self.code(self.judged, code) for code in self._marked())

    def code(self, judged: Judgements, code: str, **about: Any) -> Line:
        """One code, there or not."""
        if self.universe == "characters":
            patterns = character_patterns(continua(judged, self.texts, [code]), code)
        else:
            patterns = judged.code(code)
        wanted = [name for name in self.wanted if not (COEFFICIENTS[name].binary and "coders" in about)]
        cells = {name: self._assess(patterns, name, "nominal", judged) for name in wanted}
        line = self._line(judged, code, "code", "nominal", cells, **about)
        results = [cells[name].result for name in ("alpha", "percent", "ac1", "prevalence") if name in cells]
        if len(results) < 4:
            return line
        alpha, percent, ac1, prevalence = results
        return replace(line, paradox=paradox(alpha, percent, ac1, prevalence, self.names.get(code, code)))

    def facet(self, judged: Judgements, facet: str, codes: Collection[str], **about: Any) -> Line:
        """The codes of a facet, or all codes, as one judgement."""
        chosen = judged.choices(codes) if facet in self.nominal else None
        level = "masi" if chosen is None else "nominal"
        patterns = judged.sets(codes) if chosen is None else chosen
        cells = {name: self._assess(patterns, name, level, judged) for name in self.wanted
                 if name in ("alpha", "percent") or (level == "nominal" and not COEFFICIENTS[name].binary)}  # fmt: skip
        if level == "masi" and "alpha" in cells:
            cells["jaccard"] = self._assess(patterns, "alpha", "jaccard", judged)
        return self._line(judged, facet, OVERALL if facet == OVERALL else "facet", level, cells, **about)

    def facet_lines(self) -> tuple[Line, ...]:
        """Nothing over characters, where the unitizing alphas answer."""
        if self.universe == "characters":
            return ()
        return tuple(self.facet(self.judged, facet, codes) for facet, codes in self.facets.items())

    def overall(self, judged: Judgements, **about: Any) -> Line | None:
        if self.universe == "characters" or not judged.codes:
            return None
        return self.facet(judged, OVERALL, judged.codes, **about)

    def pairs(self) -> tuple[Line, ...]:
        if len(self.judged.coders) < 3:
            return ()
        return tuple(chain(*(self._together(pair, self.judged) for pair in self.judged.pairs)))

    def _together(self, coders: tuple[str, str], judged: Judgements) -> list[Line]:
        """Two coders: overall and each code that anybody gave; prevalence and its like stand with the codes."""
        both = judged.of(coders).touched() if self.universe == "touched" else judged.of(coders)
        whole = self.overall(both, coders=coders)
        codes = self._marked() if self.universe == "characters" else self._in_order(judged)
        return [*([whole] if whole else []), *(self.code(both, code, coders=coders) for code in codes)]

    def machines(self, found: Mapping[str, Judgements]) -> tuple[Line, ...]:
        """Each machine with each person; over whole items only."""
        if self.universe == "characters":
            return ()
        pairs = ((machine, person) for machine, judged in found.items() for person in judged.coders)
        return tuple(chain(*(self._together(pair, found[pair[0]]) for pair in pairs if pair[0] != pair[1])))

    def by(self, label_of: Mapping[str, str], order: Sequence[str]) -> tuple[Line, ...]:
        labels = in_order({label_of[item] for item in self.judged.pairable}, order)
        parts = {label: self.judged.where(partial(_is, label_of, label)) for label in labels}
        if self.universe == "characters":
            return tuple(self.code(parts[label], code, label=label) for code in self._marked() for label in labels)
        return tuple(self.facet(parts[label], facet, codes, label=label)
                     for facet, codes in self.facets.items() for label in labels)  # fmt: skip

    def spans(self) -> tuple[Line, ...]:
        """Unitizing alphas of each facet, and of each code where that is asked for."""
        lines = []
        for facet, codes in self.facets.items() if self.unitizing else ():
            found = continua(self.judged, self.texts, codes)
            if not found.n_spans:
                continue
            counts = coincidences(found.rows, found.lengths, found.cluster)
            cells = {name: assess_unitizing(counts, name, **self.how) for name in self.unitizing if name != "(k)cu"}
            lines.append(self._line(self.judged, facet, "facet", "spans", cells))
            if "(k)cu" in self.unitizing:
                lines += [self._line(self.judged, code, "code", "spans",
                                     {"(k)cu": assess_unitizing(counts, "(k)cu", code, **self.how)})
                          for code in codes]  # fmt: skip
        return tuple(lines)

    def left_out(self) -> tuple[str, ...]:
        if not self.texts:
            return ()
        found = continua(self.judged, self.texts, self.judged.codes)
        why = {"of whole items mark no characters": found.without_place,
               "mark translations, which are not compared": found.translated,
               "count in a text that has changed since": found.changed}  # fmt: skip
        return tuple(f"{counted(number, 'coding')} {words}" for words, number in why.items() if number)

    def _assess(self, patterns: Patterns, name: str, level: str, judged: Judgements) -> Agreement:
        items = len(judged.pairable)
        frame = f"{counted(items, 'item')}, {counted(len(judged.coders), 'coder')}; {UNIVERSES[self.universe]}"
        recipe = COEFFICIENTS[name].recipe
        found = assess(patterns, lambda given: recipe(given, level), {"frame": frame, **self.how})
        if self.universe == "characters" and isinstance(found.result, Estimate):  # a character is no item
            found = replace(found, result=replace(found.result, n_items=items))
        elif self.universe == "characters" and isinstance(found.result, Description):
            found = replace(found, result=replace(found.result, n=items))
        return found

    def _line(
        self, judged: Judgements, of: str, kind: str, level: str, cells: Mapping[str, Agreement], **about: Any
    ) -> Line:
        pairable = judged.pairable
        threads = len({judged.thread[item] for item in pairable})
        return Line(of, kind, level, cells, n_items=len(pairable), n_threads=threads, **about)
