"""What would the study print under "Method and Data"? Its design, sample, material and limits, filled from the record.

Prose in the past tense; what nobody stated is said to be missing, never made up. The parts stand in
`method_sampling` and `method_material`; this file holds the study itself, coding, people and what was out of sight.
"""

from __future__ import annotations

from resilens.report import method_material, method_sampling
from resilens.report.method_facts import MethodFacts
from resilens.report.model import (
    Block,
    Emphasis,
    Inline,
    Link,
    ListBlock,
    Missing,
    Note,
    Paragraph,
    Reference,
    Section,
    TableBlock,
    Words,
    join,
    listed,
    say,
)
from resilens.results.tables import Column, Table, counted, day, listing, span, without_empty


def method_section(facts: MethodFacts) -> Section:
    """The Method and Data section of a study.

    Parameters
    ----------
    facts
        What is known; empty texts and Nones are said to be missing.
    """
    parts = (
        _study(facts),
        _framework(facts),
        method_sampling.hashtags(facts),
        method_sampling.retrieval(facts),
        method_sampling.sample(facts),
        method_material.material(facts),
        method_material.times_and_counts(facts),
        _coding(facts),
        _people(facts),
    )
    return Section("method", "Method and data", _opening(facts), tuple(part for part in parts if part.blocks))


def _opening(facts: MethodFacts) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if facts.synthetic:
        seed = f" (seed {facts.seed})" if facts.seed else ""
        text = "{mark} What was captured in this study is made up{seed}. Nothing here is a finding about people."
        blocks.append(Note(say(text, mark=Emphasis("Synthetic."), seed=seed), caution=True))
    if facts.description:
        blocks.append(Paragraph((facts.description,)))
    return tuple(blocks)


def _study(facts: MethodFacts) -> Section:
    blocks: list[Block] = [Paragraph(_event(facts))]
    if facts.milestones:
        rows = [(one.day, one.label, one.source or None) for one in facts.milestones]
        columns = (Column("date", "Date", "date"), Column("milestone", "Milestone"), Column("source", "Source"))
        blocks.append(TableBlock("milestones", Table("Milestones of the event", *without_empty(columns, rows))))
    if facts.questions:
        number = len(facts.questions)
        blocks.append(Paragraph((f"The study asked {counted(number, 'question')}:",)))
        blocks.append(ListBlock(tuple((question.text,) for question in facts.questions), numbered=number > 1))
        refined = [question for question in facts.questions if question.version > 1]
        if refined:
            blocks.append(Paragraph((_refined(facts),)))
    else:
        blocks.append(Paragraph(say("The research questions are {missing}.", missing=Missing("question"))))
    return Section("method-study", "The event and the questions", (*blocks, *_phases(facts)))


def _event(facts: MethodFacts) -> Words:
    if not facts.event:
        return say("The event is {missing}.", missing=Missing("event.name"))
    words = say("The study follows {event}.", event=Emphasis(facts.event))
    if facts.event_description:
        words = join(words, (facts.event_description,))
    if facts.trigger:
        words = join(words, (f"The trigger, as declared: {facts.trigger.rstrip('.')}.",))
    if facts.milestones:
        text = "{reference} lists {number}."
        number = Link(counted(len(facts.milestones), "dated milestone"), "table-milestones")
        words = join(words, say(text, reference=Reference("table-milestones"), number=number))
    return words


def _refined(facts: MethodFacts) -> str:
    refined = [question for question in facts.questions if question.version > 1]
    if len(facts.questions) == 1:
        return f"This is the question's wording number {refined[0].version}; the study file keeps the earlier ones."
    which = listing([str(number) for number, one in enumerate(facts.questions, start=1) if one.version > 1])
    noun, verb = ("Question", "was") if len(refined) == 1 else ("Questions", "were")
    return f"{noun} {which} {verb} refined along the way; the study file keeps the earlier wordings."


def _phases(facts: MethodFacts) -> list[Block]:
    if not facts.phases:
        return [Paragraph(say("The phases of observation are {missing}.", missing=Missing("phase")))]
    entries: list[Words] = []
    for phase in facts.phases:
        dates = span(phase.first, phase.last) if phase.last else f"from {day(phase.first)}, still open"
        purpose = f" {phase.description.rstrip('.')}." if phase.description else ""
        entries.append(say("{name} ({dates})." + "{purpose}", name=Emphasis(_capital(phase.name)), dates=dates,
                           purpose=purpose))  # fmt: skip
    opening = f"Observation went through {counted(len(facts.phases), 'phase')}."
    return [Paragraph((opening,)), ListBlock(tuple(entries), numbered=len(entries) > 1)]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _framework(facts: MethodFacts) -> Section:
    blocks: list[Block] = []
    if facts.framework:
        framework = facts.framework
        words = say("The analysis began from the framework {title}", title=Emphasis(framework.title))
        words += (f" ({framework.source.rstrip('.')}).",) if framework.source else (".",)
        if framework.facets:
            codes = sum(number for _, number in framework.facets)
            text = "It offers {codes} in {facets}; the facets are independent, and none is derived from another."
            link = Link(counted(codes, "code"), "table-facets")
            words = join(words, say(text, codes=link, facets=counted(len(framework.facets), "facet")))
        blocks.append(Paragraph(words))
        if framework.facets:
            columns = (Column("facet", "Facet"), Column("codes", "Codes", "count"))
            blocks.append(TableBlock("facets", Table(f"Facets of {framework.title}", columns, framework.facets)))
        blocks += _stages(facts)
    else:
        blocks.append(Paragraph(say("The framework is {missing}.", missing=Missing("framework"))))
    return Section("method-framework", "Framework, conditions, and groups",
                   (*blocks, *_conditions(facts), *_groups(facts)))  # fmt: skip


def _stages(facts: MethodFacts) -> list[Block]:
    dated = [stage for stage in facts.framework.stages if stage.first] if facts.framework else []
    if not dated:
        return []
    entries = listing([
        f"{stage.name} ({span(stage.first, stage.last) if stage.last else 'from ' + day(stage.first)})"
        for stage in dated if stage.first
    ])  # fmt: skip
    text = (f"Dates declared for stages are shading only: {entries}. Nothing is computed from them; stages are "
            "coded by people.")  # fmt: skip
    return [Note((text,))]


def _conditions(facts: MethodFacts) -> list[Block]:
    if not facts.conditions:
        return [Paragraph(("No enabling conditions were declared.",))]
    columns = (
        Column("condition", "Condition"), Column("actor", "Actor"), Column("kind", "Kind"),
        Column("start", "From", "date"), Column("end", "To", "date"), Column("stage", "Stage"),
        Column("sources", "Sources"),
    )  # fmt: skip
    rows = [
        (one.label, one.actor, one.kind, one.first, one.last, one.stage or None, "; ".join(one.sources) or None)
        for one in facts.conditions
    ]
    actors = len({one.actor for one in facts.conditions})
    number = _capital(counted(len(rows), "enabling condition"))
    words = say("{conditions} {were} declared, with {actors} behind {them} ({reference}).",
                conditions=Link(number, "table-conditions"), were="was" if len(rows) == 1 else "were",
                actors=counted(actors, "kind of actor", "kinds of actors"), them="it" if len(rows) == 1 else "them",
                reference=Reference("table-conditions"))  # fmt: skip
    table = Table("Conditions and the actors behind them", *without_empty(columns, rows))
    return [Paragraph(words), TableBlock("conditions", table)]


def _groups(facts: MethodFacts) -> list[Block]:
    if not facts.groups:
        return [Paragraph(say("Groups are {missing}.", missing=Missing("group")))]
    columns = (Column("group", "Group"), Column("rules", "An author belongs to it by"),
               Column("authors", "Authors"), Column("by_hand", "Decided by a person", "count"))  # fmt: skip
    least = facts.privacy.minimum_cell
    rows = [(one.label or one.name, "; or ".join(one.rules) or None, _withheld(one.authors, least), one.by_hand)
            for one in facts.groups]  # fmt: skip
    rows.append(("unknown", "none of these", _withheld(facts.ungrouped, least), 0))
    notes = ["Rules were tried in their order; the first that held decided, and a person could overrule it, on the "
             "record.",
             "Displayed location is what the platform shows, not residence."]  # fmt: skip
    if any(str(row[2]).startswith("<") for row in rows):
        notes.append(f"Cells that count fewer than {counted(least, 'account')} are withheld.")
    names = listing([one.label or one.name for one in facts.groups])
    noun = "group" if len(facts.groups) == 1 else "groups"
    words = say("Authors were assigned to the {noun} {names} by the rules of {reference}; those whom no rule placed "
                "are "
                "kept as a group of their own, unknown. Group is an input with error, and is treated as one.",
                noun=noun, names=names, reference=Reference("table-groups"))  # fmt: skip
    table = Table("Groups, their rules, and their authors", columns, rows, notes)
    return [Paragraph(words), TableBlock("groups", table)]


def _withheld(number: int, least: int) -> str:
    return f"<{least}" if 0 < number < least else f"{number:,}"


def _coding(facts: MethodFacts) -> Section:
    blocks: list[Block] = [Paragraph(join(_coders(facts), _codebook(facts)))]
    if facts.rounds:
        blocks.append(ListBlock(tuple(_round(facts, position) for position in range(len(facts.rounds)))))
    if facts.blind:
        are = "is" if len(facts.blind) == 1 else "are"
        blocks.append(Paragraph((f"{listing(facts.blind)} {are} still blind: how much was coded there is not told.",)))
    if not facts.work and not facts.blind:
        blocks.append(Paragraph(("Nothing has been coded so far.",)))
    elif facts.work:
        columns = (Column("coder", "Coder"), Column("kind", "Kind"), Column("round", "Round"),
                   Column("items", "Items read", "count"), Column("codings", "Codings", "count"))  # fmt: skip
        rows = [(one.coder, one.kind, one.round or None, one.items, one.codings) for one in facts.work]
        total = sum(one.codings for one in facts.work)
        words = say("So far {total} are on the record ({reference}). They are each coder's own, before consensus; "
                    "earlier "
                    "codings are never overwritten.", total=Link(counted(total, "coding"), "table-work"),
                    reference=Reference("table-work"))  # fmt: skip
        if facts.consensus:
            words = join(words, (f"Consensus has settled {counted(facts.consensus, 'coding')}.",))
        blocks += [Paragraph(words), TableBlock("work", Table("Codings by coder and round", columns, rows))]
    return Section("method-coding", "Codebook and coding", tuple(blocks))


def _coders(facts: MethodFacts) -> Words:
    if not facts.coders:
        return say("The coders are {missing}.", missing=Missing("coder"))
    number = counted(len(facts.coders), "person", "people")
    verb = "was" if len(facts.coders) == 1 else "were"
    return (f"{_capital(number)} {verb} to code: {listing(facts.coders)}.",)


def _codebook(facts: MethodFacts) -> Words:
    if not facts.codebook.version:
        return ("No codebook has been recorded yet.",)
    codes = sum(number for _, number in facts.codebook.facets)
    facets = listing([f"{name} ({number})" for name, number in facts.codebook.facets])
    return (f"The codebook stood at version {facts.codebook.version} with {counted(codes, 'code')}: {facets}.",)


def _round(facts: MethodFacts, position: int) -> Words:
    entry = facts.rounds[position]
    how = {"independent": "each coder alone, without sight of the others", "joint": "coders together"}
    who = f", by {listing(entry.coders)}" if entry.coders else ""
    return say("{name}: " + f"{how.get(entry.mode, entry.mode)}{who}; {entry.state}.",
               name=Emphasis(_capital(entry.title or entry.name)))  # fmt: skip


def _people(facts: MethodFacts) -> Section:
    privacy = facts.privacy
    shown = "Coders saw displayed names at their desk; tables and this report keep to pseudonyms."
    quoting = {
        "paraphrase": "Unless decided otherwise, the words of an item may be paraphrased and not quoted.",
        "do_not_quote": "Unless decided otherwise, the words of an item may be neither quoted nor paraphrased.",
        "free": "Unless decided otherwise, the words of an item may be quoted.",
    }.get(privacy.quoting, "")
    sentences = [
        "Accounts appear under keyed pseudonyms; the key and the identities behind them stay in a vault that no "
        "export holds.",
        shown if privacy.names_shown else "", quoting,
        "The time an account was opened is used for cohorts, in aggregate only." if privacy.account_cohorts else "",
    ]  # fmt: skip
    if privacy.statuses:
        words = {"free": "may be quoted", "paraphrase": "may be paraphrased", "do_not_quote": "must not be quoted"}
        decided = [f"{counted(number, 'item')} {words.get(name, name)}" for name, number in privacy.statuses]
        sentences.append(f"By decision of a person, {listing(decided)}.")
    erased = _capital(counted(privacy.erasures, "erasure"))
    verb = "is" if privacy.erasures == 1 else "are"
    sentences.append(f"{erased} {verb} on the record." if privacy.erasures else "Nothing has been erased on request.")
    blocks: list[Block] = [Paragraph((" ".join(filter(None, sentences)),)), *_ethics(facts)]
    return Section("method-people", "Privacy and ethics", tuple(blocks))


def _ethics(facts: MethodFacts) -> list[Block]:
    ethics = facts.ethics
    entries = [
        ("Approval", (ethics.approval,) if ethics.approval else (Missing("ethics.approval"),)),
        ("Legal basis", (ethics.legal_basis,) if ethics.legal_basis else (Missing("ethics.legal_basis"),)),
        ("Retention", (f"captures and identities are destroyed on {day(ethics.retention_until)}",)
         if ethics.retention_until else (Missing("ethics.retention_until"),)),
        ("Platform terms", _terms(facts)),
    ]  # fmt: skip
    blocks: list[Block] = [ListBlock(tuple(say("{what}: {words}.", what=Emphasis(what), words=_unstopped(words))
                                           for what, words in entries))]  # fmt: skip
    if ethics.answers:
        blocks.append(Paragraph(("The questions of the guidelines of the Association of Internet Researchers (AoIR) "
                                 "were "
                                 "answered as follows.",)))  # fmt: skip
        blocks.append(ListBlock(tuple(say("{question} " + "{answer}", question=Emphasis(question), answer=answer)
                                      for question, answer in ethics.answers)))  # fmt: skip
    else:
        text = "Answers to the questions of the Association of Internet Researchers (AoIR) are {missing}."
        blocks.append(Paragraph(say(text, missing=Missing("ethics.aoir"))))
    return blocks


def _unstopped(words: tuple[Inline, ...]) -> Words:
    return tuple(word.rstrip(".") if isinstance(word, str) else word for word in words)


def _terms(facts: MethodFacts) -> Words:
    if not facts.ethics.terms:
        return (Missing("ethics.platform_terms"),)
    entries: list[Words] = []
    for terms in facts.ethics.terms:
        read = f", read on {day(terms.read_on)}" if terms.read_on else ""
        note = f" ({terms.note.rstrip('.')})" if terms.note else ""
        entries.append((f"{terms.platform}{read}{note}",))
    return listed(entries)
