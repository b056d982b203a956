"""Where do the report's facts come from? The study file, the corpus and the record, gathered into plain values.

What is declared stands here; what is counted in the corpus in `facts_corpus`; what people did in `facts_record`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from resilens.agreement.saturation.growth import Settings
from resilens.agreement.saturation.study import of_study
from resilens.agreement.study_agreement import agreement_of
from resilens.capture.recaptures import grown, recaptures
from resilens.claims.keeping import claims_of
from resilens.coding.codebook import latest
from resilens.coding.codings import final
from resilens.coding.sight import still_blind
from resilens.errors import InputError
from resilens.measures.computing import kept_findings
from resilens.report import facts_corpus, facts_record
from resilens.report.facts_claims import cited_items, gather_claims
from resilens.report.facts_evidence import gather_evidence
from resilens.report.facts_record import readable
from resilens.report.findings_facts import FindingsFacts, Found, StageWords
from resilens.report.method_facts import (
    Condition,
    Design,
    Ethics,
    Frame,
    Framework,
    Group,
    MethodFacts,
    Milestone,
    Phase,
    Question,
    Quota,
    Stage,
    Terms,
    Volume,
)
from resilens.results.tables import day, listing
from resilens.sampling.draw import study_frame, study_quotas
from resilens.sampling.quotas import sensitivity
from resilens.study.frameworks import framework
from resilens.study.notices import warnings

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.folder import Folder
    from resilens.study.model import Group as DeclaredGroup
    from resilens.study.model import Rule, Study


def gather(folder: Folder, study: Study, corpus: Corpus, record: Record) -> MethodFacts:
    """Everything that the report says about a study.

    Parameters
    ----------
    folder
        The study's folder, for a framework file of its own and for the draw.
    study, corpus, record
        The declared design, the captured material, the decisions.

    Raises
    ------
    InputError
        If the framework cannot be read, or the draw in force is missing or damaged.
    """
    zone, about, event = study.study.zone, study.study, study.event
    tags = tuple(hashtag.name for hashtag in study.hashtags)
    drawn = facts_record.drawn(folder, record, zone)
    groups, ungrouped = _groups(study, corpus, record)
    dates = [one for one in (facts_record.last_day(record, zone), facts_corpus.last_day(corpus, zone)) if one]
    return MethodFacts(
        title=about.title, synthetic=about.synthetic, zone=zone, dated=max(dates, default=None), seed=str(about.seed),
        authors=about.authors, description=about.description,
        extent=facts_corpus.extent(corpus, zone), coverage=facts_corpus.coverage(corpus),
        again=(*recaptures(corpus), *grown(corpus)),
        pictures=facts_corpus.pictures(corpus), daily=facts_corpus.daily(corpus, tags, zone),
        time_bases=facts_corpus.time_bases(corpus), bounds=facts_corpus.bounds(corpus),
        quarantine=facts_corpus.quarantine(corpus), noticed=facts_corpus.noticed(corpus),
        media=facts_corpus.media(corpus), captures=facts_corpus.captures(corpus),
        retrievals=facts_corpus.retrievals(corpus, zone),
        questions=tuple(Question(one.id, one.text, one.version, one.since) for one in study.current_questions()),
        event=event.name if event else "", event_description=event.description if event else "",
        trigger=event.trigger if event else "", milestones=_milestones(study),
        phases=tuple(Phase(one.name, one.start, one.end, one.purpose) for one in study.phases),
        framework=_framework(folder, study), conditions=_conditions(folder, study), groups=groups, ungrouped=ungrouped,
        hashtags=tags, volumes=_volumes(study), contradictions=_contradictions(study), design=_design(study),
        quotas=_quotas(study), draw=drawn.draw, flow=drawn.flow, flow_all=drawn.flow_all, ineligible=drawn.ineligible,
        frame=drawn.frame or _frame(study, corpus), privacy=facts_record.privacy(study, record), ethics=_ethics(study),
        coders=tuple(coder.name for coder in study.coders), rounds=facts_record.rounds_of(record),
        work=facts_record.work(record, study), consensus=len(record.view("consensus")),
        uses=facts_record.uses(record, study, drawn.hashtag_of), blind=still_blind(record),
        positionality=facts_record.positionality(record),
        **_reliability(folder, study, corpus, record), **_findings(folder, study, corpus, record),
        codebook=facts_record.codebook(record, zone), software=facts_record.software(),
        chain=facts_record.chain(record),
    )  # fmt: skip


def _reliability(folder: Folder, study: Study, corpus: Corpus, record: Record) -> dict[str, Any]:
    """Agreement and saturation; nothing where nobody coded."""
    version = latest(record)
    if version is None or not record.view("codings"):
        return {}
    seed = study.study.seed
    return {"agreement": agreement_of(record, corpus, version.codebook, by=("language", "group"), seed=seed),
            "saturation": of_study(folder, study, record, corpus, settings=Settings(seed=seed))}  # fmt: skip


def _findings(folder: Folder, study: Study, corpus: Corpus, record: Record) -> dict[str, Any]:
    """The findings that are kept, the claims, and the items that either shows, numbered in one sequence."""
    version = latest(record)
    book = version.codebook if version else framework(study.framework, folder.root)
    codes, names = book.codes, {code.id: code.name for code in book.codes}
    found = tuple(Found(measure, finding) for measure, finding in kept_findings(folder, study))
    shown = [item for one in found for item in one.shown]
    wanted = [*shown, *cited_items(claims_of(record))]
    evidence = gather_evidence(wanted, names, study, corpus, record, folder.media)
    stages = tuple(
        StageWords(code.id, code.name, code.definition,
                   tuple(one.id for one in codes if one.id.startswith(f"{code.id}.")))
        for code in codes if code.facet == "stage" and not code.parent
    )  # fmt: skip
    settling = final(record)
    settled = settling.sentence if settling.read else ""
    if settling.unresolved.num_rows:
        settled += (" Where coders differ and nothing is decided, the item is left out of every share of that code, so "
                    "that a share may rest on fewer items than were read.")  # fmt: skip
    whole = names | {facet.id: f"Any {facet.name[:1].lower()}{facet.name[1:]}" for facet in book.facets}
    return {"findings": FindingsFacts(found, stages, evidence, settled), "names": whole,
            "claims": gather_claims(folder, study, corpus, record, evidence)}  # fmt: skip


def _milestones(study: Study) -> tuple[Milestone, ...]:
    declared = sorted(study.event.milestones, key=lambda one: (one.date, one.name)) if study.event else []
    return tuple(Milestone(one.name, one.date, one.source) for one in declared)


def _framework(folder: Folder, study: Study) -> Framework:
    declared = framework(study.framework, folder.root)
    codes = Counter(code.facet for code in declared.codes)
    facets = tuple((facet.name, codes[facet.id]) for facet in declared.facets)
    names = {code.id: code.name for code in declared.codes}
    stages = tuple(Stage(names.get(one.code, one.code), one.start, one.end) for one in study.stages)
    return Framework(declared.name, declared.title, declared.source, facets, stages)


def _conditions(folder: Folder, study: Study) -> tuple[Condition, ...]:
    names = {code.id: code.name for code in framework(study.framework, folder.root).codes}
    return tuple(
        Condition(one.name, one.actor, one.kind, one.start, one.end, names.get(one.stage, one.stage), one.sources,
                  one.description) for one in study.conditions
    )  # fmt: skip


def _groups(study: Study, corpus: Corpus, record: Record) -> tuple[tuple[Group, ...], int]:
    """The groups with how many captured authors are in each, decisions by people included; and the unknown."""
    decided = {row["author"]: row["group"] for row in record.view("groups") if row["group"]}
    sizes, by_hand = facts_corpus.group_sizes(corpus, decided)
    groups = tuple(
        Group(one.name, one.label, _rules(one), sizes.get(one.name, 0), by_hand.get(one.name, 0))
        for one in study.groups
    )  # fmt: skip
    return groups, sum(sizes.values()) - sum(group.authors for group in groups)


def _rules(group: DeclaredGroup) -> tuple[str, ...]:
    return tuple(rule_in_words(rule) for rule in group.rules)


def rule_in_words(rule: Rule) -> str:
    """What a rule looks at, as the report's table of groups says it."""
    parts = []
    if rule.hashtags:
        parts.append(f"a post with {_either([f'#{name}' for name in rule.hashtags])}")
    if rule.location:
        parts.append(f"displayed location {_either(rule.location)}")
    if rule.language:
        parts.append(f"most items in {_either(rule.language)}")
    if rule.self_label:
        parts.append(f"calling themselves {_either([f'“{label}”' for label in rule.self_label])}")
    if rule.account_from or rule.account_until:
        first = f" from {day(rule.account_from)}" if rule.account_from else ""
        last = f" up to {day(rule.account_until)}" if rule.account_until else ""
        parts.append(f"an account opened{first}{last}")
    return listing(parts)


def _either(names: tuple[str, ...] | list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _volumes(study: Study) -> tuple[Volume, ...]:
    return tuple(
        Volume(hashtag.name, one.as_of, one.views, one.discussions, one.source)
        for hashtag in study.hashtags
        for one in sorted(hashtag.volumes, key=lambda one: one.as_of)
    )


def _contradictions(study: Study) -> tuple[str, ...]:
    """The notices about volumes that fall, as sentences."""
    return tuple(
        f"{notice.where.removeprefix('hashtag ')}: {readable(notice.message)}" for notice in warnings(study)
        if "cannot fall" in notice.message
    )  # fmt: skip


def _design(study: Study) -> Design:
    sample = study.sample
    return Design(
        sample.posts, sample.design, sample.rankings, sample.frame, sample.duplicates, sample.comments,
        sample.comment_rule, str(sample.seed), sample.quota_by, sample.audit, sample.start, sample.end,
    )  # fmt: skip


def _quotas(study: Study) -> tuple[Quota, ...]:
    """The quotas with what a wrong volume would change; none where a volume is missing (`resilens check` says so)."""
    try:
        shares = study_quotas(study)
    except InputError:
        return ()
    if len(shares) == 1:
        volume = study.quota_volumes()[shares[0].hashtag]
        return (Quota(shares[0].hashtag, volume, 1.0, shares[0].quota),)
    volumes: Mapping[str, int] = {row.hashtag: row.volume for row in shares}
    doubts = {row.hashtag: row.explanation for row in sensitivity(study.sample.posts, volumes)}
    return tuple(
        Quota(row.hashtag, row.volume, row.share, row.quota, doubts.get(row.hashtag, "")) for row in shares
    )  # fmt: skip


def _frame(study: Study, corpus: Corpus) -> Frame | None:
    """What could be drawn, before anything was; None where the study does not yet say enough for a frame."""
    try:
        found = study_frame(corpus, study, study_quotas(study))
    except InputError:
        return None
    return Frame(readable(found.description), len(found.posts), any(row.source == "retrievals" for row in found.found))


def _ethics(study: Study) -> Ethics:
    ethics = study.ethics
    return Ethics(
        ethics.approval, ethics.legal_basis, ethics.retention_until,
        tuple(Terms(one.platform, one.read, one.url, one.note) for one in ethics.platform_terms),
        tuple((one.question, one.answer) for one in ethics.aoir),
    )  # fmt: skip
