"""Do the parts of a study agree with each other? Each check says what it reads, and finds everything at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from resilens.errors import InputError
from resilens.study import frameworks
from resilens.study.words import did_you_mean

if TYPE_CHECKING:
    from resilens.study.conduct import Coder
    from resilens.study.model import Condition, Group, Hashtag, Phase, Stage, Study

Location: TypeAlias = tuple[str | int, ...]
Inconsistency: TypeAlias = tuple[Location, str]
"""Where (keys and indices as in the file) and what."""


class InconsistentError(ValueError):
    """Parts of a study contradict each other; carries every contradiction found."""

    def __init__(self, found: Iterable[Inconsistency]) -> None:
        self.found = tuple(found)
        super().__init__("; ".join(f"{'.'.join(map(str, where))}: {what}" for where, what in self.found))


def inconsistencies(study: Study, folder: Path | None, skip: Iterable[str]) -> list[Inconsistency]:
    """Everything in which the study contradicts itself.

    Parameters
    ----------
    study
        The study, each of its parts valid by itself.
    folder
        The study's folder, in which a framework file of its own lies; None where it is not known, and then such a
        file is not looked at.
    skip
        Top-level sections that are known to be incomplete: checks that read them are left out.
    """
    left_out = frozenset(skip)
    return [
        found for sections, check in CHECKS if not left_out.intersection(sections) for found in check(study, folder)
    ]


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _repeated(section: str, key: str, values: Iterable[Hashable]) -> Iterator[Inconsistency]:
    seen: dict[Hashable, int] = {}
    for index, value in enumerate(values):
        if value in seen:
            yield (section, index, key), f"the same as in {section} {seen[value] + 1}; each must be its own"
        else:
            seen[value] = index


def _names(study: Study, section: str) -> Iterator[Inconsistency]:
    sections: dict[str, Sequence[Phase | Condition | Group | Hashtag | Coder]] = {
        "phase": study.phases,
        "condition": study.conditions,
        "group": study.groups,
        "hashtag": study.hashtags,
        "coder": study.coders,
    }
    yield from _repeated(section, "name", (_same(part.name) for part in sections[section]))


def _questions(study: Study) -> Iterator[Inconsistency]:
    yield from _repeated("question", "version", ((question.id, question.version) for question in study.questions))
    known = sorted({question.id for question in study.questions})
    for index, question in enumerate(study.questions):
        if question.replaces and question.replaces == question.id:
            yield ("question", index, "replaces"), "a question cannot replace itself; give the same id a higher version"
        elif question.replaces and question.replaces not in known:
            hint = did_you_mean(question.replaces, known)
            yield ("question", index, "replaces"), f"no question has the id {question.replaces!r}{hint}"


def _spans(study: Study, section: str) -> Iterator[Inconsistency]:
    sections: dict[str, Sequence[Phase | Stage | Condition]] = {
        "phase": study.phases,
        "stage": study.stages,
        "condition": study.conditions,
    }
    for index, part in enumerate(sections[section]):
        if part.start and part.end and part.end < part.start:
            yield (section, index, "end"), f"{part.end} is before the start, {part.start}"


def _phases(study: Study) -> Iterator[Inconsistency]:
    ordered = sorted(enumerate(study.phases), key=lambda pair: (pair[1].start, pair[0]))
    for (_, earlier), (index, later) in zip(ordered, ordered[1:], strict=False):
        if earlier.end is None:
            how = "has no end; give that an end"
        elif earlier.start <= later.start <= earlier.end:
            how = f"ends on {earlier.end}; phases do not overlap"
        else:
            continue
        yield ("phase", index, "start"), f"{later.start} falls in the phase {earlier.name!r}, which {how}"


def _framework(study: Study, folder: Path | None) -> Iterator[Inconsistency]:
    try:
        _stage_ids(study, folder)
    except InputError as error:
        for fault in error.faults:
            yield ("framework",), str(fault)


def _stage_ids(study: Study, folder: Path | None) -> list[str] | None:
    """The stages of the study's framework; None where it is a file and its folder is not known."""
    if frameworks.is_file(study.framework) and folder is None:
        return None
    return [code.id for code in frameworks.framework(study.framework, folder).codes if code.facet == "stage"]


def _stages(study: Study, folder: Path | None, section: str) -> Iterator[Inconsistency]:
    try:
        known = _stage_ids(study, folder)
    except InputError:  # said by `_framework`
        return
    used = [("code", stage.code) for stage in study.stages]
    if section == "condition":
        used = [("stage", condition.stage) for condition in study.conditions]
    for index, (key, code) in enumerate(used):
        if code and known is not None and code not in known:
            listed = ", ".join(known) or "it has none"
            hint = did_you_mean(code, known)
            yield (section, index, key), f"{code!r} is not a stage of the framework {study.framework} ({listed}){hint}"


def _volumes(study: Study) -> Iterator[Inconsistency]:
    as_of, quota_by = study.sample.as_of, study.sample.quota_by
    for index, hashtag in enumerate(study.hashtags):
        days = [volume.as_of for volume in hashtag.volumes]
        for place, day in enumerate(days):
            if day in days[:place]:
                where = ("hashtag", index, "volumes", place, "as_of")
                yield where, f"#{hashtag.name} has two volumes of {day}; keep one"
        if as_of and days and study.quota_volumes()[hashtag.name] is None:
            shown = ", ".join(map(str, sorted(set(days))))
            yield ("sample", "as_of"), f"#{hashtag.name} has no {quota_by} of {as_of} (its volumes are of {shown})"
    if as_of and study.hashtags and not any(hashtag.volumes for hashtag in study.hashtags):
        yield ("sample", "as_of"), f"no hashtag has a volume of {as_of}; give the hashtags volumes or leave as_of out"


def _cohorts(study: Study) -> Iterator[Inconsistency]:
    for index, group in enumerate(study.groups):
        for place, rule in enumerate(group.rules):
            where = ("group", index, "rules", place)
            if (rule.account_from or rule.account_until) and not study.privacy.account_cohorts:
                yield where, "uses when accounts were opened, which privacy.account_cohorts does not allow"
            if rule.account_from and rule.account_until and rule.account_until < rule.account_from:
                yield (*where, "account_until"), f"{rule.account_until} is before account_from, {rule.account_from}"


def _leads(study: Study) -> Iterator[Inconsistency]:
    leads = [index for index, coder in enumerate(study.coders) if coder.lead]
    for index in leads[1:]:
        yield ("coder", index, "lead"), f"{study.coders[leads[0]].name} leads already; at most one coder leads"


def _sample(study: Study) -> Iterator[Inconsistency]:
    if study.sample.start and study.sample.end and study.sample.end < study.sample.start:
        yield ("sample", "end"), f"{study.sample.end} is before the start, {study.sample.start}"
    if "audit" in study.sample.model_fields_set and study.sample.design != "ranked+audit":
        yield ("sample", "audit"), f"means nothing with the design {study.sample.design!r}, only with 'ranked+audit'"
    yield from (
        (("sample", "rankings", index), f"{ranking!r} stands twice")
        for index, ranking in enumerate(study.sample.rankings)
        if ranking in study.sample.rankings[:index]
    )


def _rates(study: Study) -> Iterator[Inconsistency]:
    yield from _repeated("rate", "currency", (rate.currency for rate in study.rates))
    for index, rate in enumerate(study.rates):
        if rate.to != study.rates[0].to:
            yield ("rate", index, "to"), f"the first rate is to {study.rates[0].to}; all rates are to one currency"
        elif rate.to == rate.currency:
            yield ("rate", index, "currency"), f"a rate of {rate.to} to itself says nothing; leave it out"


Check: TypeAlias = "Callable[[Study, Path | None], Iterator[Inconsistency]]"

CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    *(
        ((section,), lambda study, _, section=section: _names(study, section))
        for section in ("phase", "condition", "group", "hashtag", "coder")
    ),
    *(
        ((section,), lambda study, _, section=section: _spans(study, section))
        for section in ("phase", "stage", "condition")
    ),
    (("framework",), _framework),
    *(
        (("framework", section), lambda study, folder, section=section: _stages(study, folder, section))
        for section in ("stage", "condition")
    ),
    (("question",), lambda study, _: _questions(study)),
    (("phase",), lambda study, _: _phases(study)),
    (("hashtag", "sample"), lambda study, _: _volumes(study)),
    (("group", "privacy"), lambda study, _: _cohorts(study)),
    (("coder",), lambda study, _: _leads(study)),
    (("sample",), lambda study, _: _sample(study)),
    (("rate",), lambda study, _: _rates(study)),
)
"""Every check, with the sections of the file that it reads."""
