"""Do the parts of a study agree with each other? Each check says what it reads, and finds everything at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from resilens.errors import InputError
from resilens.study import frameworks
from resilens.study.words import did_you_mean

if TYPE_CHECKING:
    from datetime import date

    from resilens.study.model import Study

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


def _names(study: Study, _: Path | None) -> Iterator[Inconsistency]:
    yield from _repeated("phase", "name", (_same(phase.name) for phase in study.phases))
    yield from _repeated("condition", "name", (_same(condition.name) for condition in study.conditions))
    yield from _repeated("group", "name", (_same(group.name) for group in study.groups))
    yield from _repeated("hashtag", "name", (_same(hashtag.name) for hashtag in study.hashtags))
    yield from _repeated("coder", "name", (_same(coder.name) for coder in study.coders))


def _questions(study: Study, _: Path | None) -> Iterator[Inconsistency]:
    yield from _repeated("question", "version", ((question.id, question.version) for question in study.questions))
    known = sorted({question.id for question in study.questions})
    for index, question in enumerate(study.questions):
        if question.replaces and question.replaces == question.id:
            yield ("question", index, "replaces"), "a question cannot replace itself; give the same id a higher version"
        elif question.replaces and question.replaces not in known:
            hint = did_you_mean(question.replaces, known)
            yield ("question", index, "replaces"), f"no question has the id {question.replaces!r}{hint}"


def _spans(study: Study, _: Path | None) -> Iterator[Inconsistency]:
    spans: list[tuple[Location, date | None, date | None]] = [
        *((("phase", index, "end"), phase.start, phase.end) for index, phase in enumerate(study.phases)),
        *((("stage", index, "end"), stage.start, stage.end) for index, stage in enumerate(study.stages)),
        *((("condition", index, "end"), part.start, part.end) for index, part in enumerate(study.conditions)),
        (("sample", "end"), study.sample.start, study.sample.end),
    ]
    for where, start, end in spans:
        if start and end and end < start:
            yield where, f"{end} is before the start, {start}"


def _phases(study: Study, _folder: Path | None) -> Iterator[Inconsistency]:
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
    if frameworks.is_file(study.framework) and folder is None:
        return
    try:
        framework = frameworks.framework(study.framework, folder)
    except InputError as error:
        for fault in error.faults:
            yield ("framework",), str(fault)
        return
    stages = [code.id for code in framework.codes if code.facet == "stage"]
    used = [(("stage", index, "code"), stage.code) for index, stage in enumerate(study.stages)]
    used += [(("condition", index, "stage"), part.stage) for index, part in enumerate(study.conditions) if part.stage]
    for where, code in used:
        if code not in stages:
            listed = ", ".join(stages) if stages else "none"
            hint = did_you_mean(code, stages)
            yield where, f"{code!r} is not a stage of the framework {study.framework} ({listed}){hint}"


def _volumes(study: Study, _: Path | None) -> Iterator[Inconsistency]:
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


def _cohorts(study: Study, _: Path | None) -> Iterator[Inconsistency]:
    for index, group in enumerate(study.groups):
        for place, rule in enumerate(group.rules):
            where = ("group", index, "rules", place)
            if (rule.account_from or rule.account_until) and not study.privacy.account_cohorts:
                yield where, "uses when accounts were opened, which privacy.account_cohorts does not allow"
            if rule.account_from and rule.account_until and rule.account_until < rule.account_from:
                yield (*where, "account_until"), f"{rule.account_until} is before account_from, {rule.account_from}"


def _leads(study: Study, _: Path | None) -> Iterator[Inconsistency]:
    leads = [index for index, coder in enumerate(study.coders) if coder.lead]
    for index in leads[1:]:
        yield ("coder", index, "lead"), f"{study.coders[leads[0]].name} leads already; at most one coder leads"


def _sample(study: Study, _: Path | None) -> Iterator[Inconsistency]:
    if "audit" in study.sample.model_fields_set and study.sample.design != "ranked+audit":
        yield ("sample", "audit"), f"means nothing with the design {study.sample.design!r}, only with 'ranked+audit'"
    yield from (
        (("sample", "rankings", index), f"{ranking!r} stands twice")
        for index, ranking in enumerate(study.sample.rankings)
        if ranking in study.sample.rankings[:index]
    )


Check: TypeAlias = "Callable[[Study, Path | None], Iterator[Inconsistency]]"

CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("phase", "condition", "group", "hashtag", "coder"), _names),
    (("question",), _questions),
    (("phase", "stage", "condition", "sample"), _spans),
    (("phase",), _phases),
    (("framework", "stage", "condition"), _framework),
    (("hashtag", "sample"), _volumes),
    (("group", "privacy"), _cohorts),
    (("coder",), _leads),
    (("sample",), _sample),
)
"""Every check, with the sections of the file that it reads."""
