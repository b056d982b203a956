"""How were posts and comments chosen, and what may therefore be said? Hashtags, quotas, retrieval, draw and flow."""

from __future__ import annotations

from resilens.report.method_facts import Design, Draw, MethodFacts, Retrieval
from resilens.report.model import (
    Block,
    Code,
    Emphasis,
    Link,
    Missing,
    Note,
    Paragraph,
    Reference,
    Section,
    TableBlock,
    Words,
    join,
    say,
)
from resilens.results.tables import Column, Table, count, counted, day, listing, share, span, without_empty

RANKINGS = {
    "likes": "most liked", "comments": "most commented", "bookmarks": "most bookmarked", "shares": "most shared",
    "views": "most viewed", "newest": "newest", "relevance": "most relevant as the platform judged it",
}  # fmt: skip
DESIGNS = {
    "ranked": "posts from the top of the rankings", "random": "posts at random, with equal chances",
    "mixed": "posts at random, half by equal chances and half by their comments",
    "ranked+audit": "posts from the top of the rankings, and some at random to audit them",
}  # fmt: skip
COMMENT_RULES = {
    "top": "the most liked first",
    "thread": "whole branches from the beginning",
    "random": "at random with equal chances",
    "judged": "as people chose them at the screening desk",
}


def hashtags(facts: MethodFacts) -> Section:
    """The hashtags, their dated volumes with what contradicts itself, and the quotas."""
    blocks: list[Block] = []
    if not facts.hashtags:
        blocks.append(Paragraph(say("The hashtags are {missing}.", missing=Missing("hashtag"))))
    else:
        names = listing([f"#{name}" for name in facts.hashtags])
        noun = "hashtag" if len(facts.hashtags) == 1 else "hashtags"
        opening = say("Posts were sought under {number} {noun}: {names}.", noun=noun, names=names,
                      number=counted(len(facts.hashtags), "", " ").strip())  # fmt: skip
        blocks += [Paragraph(join(opening, _volumes_sentence(facts))), *_volumes(facts), *_quotas(facts)]
    return Section("method-hashtags", "Hashtags and quotas", tuple(blocks))


def _volumes_sentence(facts: MethodFacts) -> Words:
    if not facts.volumes:
        return say("Their volumes are {missing}.", missing=Missing("hashtag.volumes"))
    return say("Their volumes, as shown on the dates given, stand in {table}.", table=Reference("table-volumes"))


def _volumes(facts: MethodFacts) -> list[Block]:
    if not facts.volumes:
        return []
    columns = (Column("hashtag", "Hashtag"), Column("as_of", "As of", "date"), Column("views", "Views", "count"),
               Column("discussions", "Discussions", "count"), Column("source", "Source"))  # fmt: skip
    rows = [(f"#{one.hashtag}", one.as_of, one.views, one.discussions, one.source or None) for one in facts.volumes]
    blocks: list[Block] = []
    for sentence in facts.contradictions:
        text = sentence.strip().rstrip(".")
        blocks.append(Note(say("{mark} " + "{text}.", mark=Emphasis("Contradicting "
                                                                    "volumes."), text=text), caution=True))
    blocks.append(TableBlock("volumes", Table("Volumes of the hashtags by date", *without_empty(columns, rows))))
    return blocks


def _quotas(facts: MethodFacts) -> list[Block]:
    if not facts.quotas or not facts.design:
        return []
    columns = (Column("hashtag", "Hashtag"), Column("volume", facts.design.quota_by.capitalize(), "count"),
               Column("share", "Share", "share"), Column("quota", "Quota", "count"),
               Column("sensitivity", "What an error would change"))  # fmt: skip
    rows = [(f"#{one.hashtag}", one.volume, one.share, one.quota, one.sensitivity or None) for one in facts.quotas]
    each = [Link(count(one.quota), "table-quotas") for one in facts.quotas]
    known = all(one.volume is not None for one in facts.quotas)
    how = f" in proportion to their {facts.design.quota_by}, by largest remainder" if known else ""
    words = say(
        "The sample of {total} was shared out over the hashtags{how}, which gave {quotas} ({table}).",
        total=counted(facts.design.posts, "post"), how=how, table=Reference("table-quotas"),
        quotas=("a quota of " if len(each) == 1 else "quotas of ", *_inline_list(tuple(each))),
    )  # fmt: skip
    notes = ["Shares are of the volumes of all the hashtags."]
    if any(one.sensitivity for one in facts.quotas):
        notes.append("The last column takes one volume to be wrong and the others to be right.")
    table = TableBlock("quotas", Table("Quotas", *without_empty(columns, rows), notes))
    largest = max(facts.quotas, key=lambda one: one.quota)
    if len(facts.quotas) > 1 and 2 * largest.quota > facts.design.posts:
        text = (f"#{largest.hashtag} holds {counted(largest.quota, 'post')} of {facts.design.posts}. Where a "
                f"hashtag names a practice, the frame itself selects that practice, and its "
                "share in the sample is no finding.")  # fmt: skip
        return [Paragraph(words), Note((text,), caution=True), table]
    return [Paragraph(words), table]


def _inline_list(links: tuple[Link, ...]) -> Words:
    words: list[str | Link] = []
    for position, link in enumerate(links):
        if position:
            last = position == len(links) - 1
            words.append((", and " if len(links) > 2 else " and ") if last else ", ")
        words.append(link)
    return tuple(words)


def retrieval(facts: MethodFacts) -> Section:
    """What was searched, when, with which account, and what the frame is."""
    blocks: list[Block] = []
    if facts.retrievals:
        blocks += [Paragraph(_searches(facts.retrievals)), _retrieval_table(facts.retrievals)]
    else:
        blocks.append(Paragraph((
            "No capture says under which query or ranking a post was found, or at which rank: nothing is known of the "
            "search itself.",
        )))  # fmt: skip
    blocks.append(Paragraph(_frame(facts)))
    return Section("method-retrieval", "Retrieval and frame", tuple(blocks))


def _searches(retrievals: tuple[Retrieval, ...]) -> Words:
    queries = len({one.query for one in retrievals})
    rankings = [RANKINGS.get(name, name) for name in dict.fromkeys(one.ranking for one in retrievals) if name]
    dates = [one.first for one in retrievals if one.first] + [one.last for one in retrievals if one.last]
    when = span(min(dates), max(dates)) if dates else ""
    on = (" on " if when and min(dates) == max(dates) else " between the days of ") + when if when else ""
    if on and min(dates) != max(dates):
        on = f", from {when}"
    ranked = f", ranked by {listing(rankings)}" if rankings else ""
    words = say(f"{{queries}} {'was' if queries == 1 else 'were'} searched{ranked}{on} ({{table}}).",
                queries=Link(_capital(counted(queries, "query", "queries")), "table-retrievals"),
                table=Reference("table-retrievals"))  # fmt: skip
    undeclared = [what for what, given in (("account", any(one.account for one in retrievals)),
                                           ("locale", any(one.locale for one in retrievals))) if not given]  # fmt: skip
    if not dates:
        words = join(words, ("The captures do not say on which dates.",))
    if undeclared:
        verb = "was" if len(undeclared) == 1 else "were"
        words = join(words, (f"The {' and '.join(undeclared)} the searches were made with {verb} not declared; a "
                             f"platform "
                             "may rank differently for another.",))  # fmt: skip
    return words


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _retrieval_table(retrievals: tuple[Retrieval, ...]) -> TableBlock:
    columns = (Column("query", "Query"), Column("ranking", "Ranking"), Column("posts", "Posts", "count"),
               Column("first", "From", "date"), Column("last", "To", "date"), Column("account", "Account"),
               Column("locale", "Locale"))  # fmt: skip
    rows = [(one.query, RANKINGS.get(one.ranking, one.ranking) or None, one.posts, one.first, one.last,
             one.account or None, one.locale or None) for one in retrievals]  # fmt: skip
    return TableBlock("retrievals", Table("What the searches returned", *without_empty(columns, rows)))


def _frame(facts: MethodFacts) -> Words:
    if not facts.frame or not facts.frame.posts:
        return ("There is no frame yet: nothing captured could have been drawn.",)
    origin = (
        "It is what the search returned on these dates, and no statement here goes beyond it to the platform."
        if facts.frame.retrieved
        else "It is what the captures hold, and no statement here goes beyond them to the platform."
    )
    verb = "comprises" if facts.frame.posts != 1 else "consists of"
    return say("The frame, that is, what could have been drawn, {verb} {posts}: {basis}. " + origin, verb=verb,
               basis=facts.frame.basis.strip().rstrip("."), posts=counted(facts.frame.posts, "post"))  # fmt: skip


def sample(facts: MethodFacts) -> Section:
    """The design, what it allows to be said, the flow of posts, and the comments rule."""
    if not facts.design:
        words = say("The sampling design is {missing}.", missing=Missing("sample"))
        return Section("method-sample", "Sample", (Paragraph(words),))
    if not facts.draw and not facts.flow:
        mark, design = Emphasis("What may be said."), DESIGNS.get(facts.design.design, facts.design.design)
        words = say("{mark} No sample has been drawn: what is told below describes what was captured and what was "
                    "coded, and nothing wider. The study declares a design for one: {design}.", mark=mark,
                    design=design)  # fmt: skip
        return Section("method-sample", "Sample", (Note(words, caution=True),))
    blocks: list[Block] = [Note(_allowed(facts), caution=facts.design.design == "ranked")]
    blocks.append(Paragraph(join(_design(facts.design), _drawn(facts.draw))))
    if facts.flow:
        blocks += [Paragraph(_flow(facts)), _flow_table(facts)]
        if facts.ineligible:
            reasons = listing([f"{reason} ({count(number)})" for reason, number in facts.ineligible])
            blocks.append(Paragraph((f"Reasons for leaving a post out were: {reasons}.",)))
    blocks.append(Paragraph(_comments(facts)))
    return Section("method-sample", "Sample", tuple(blocks))


def _design(design: Design) -> Words:
    rankings = listing([RANKINGS.get(name, name) for name in design.rankings])
    texts = {
        "ranked": f"Posts were taken from the top of the rankings ({rankings}), interleaved, until each quota was full",
        "random": "Within each hashtag, posts were drawn at random with equal chances",
        "mixed": "Within each hashtag, posts were drawn at random; half the chance was equal for all and half followed "
                 "the number of captured comments, so that both posts and comments can be spoken of",
        "ranked+audit": f"Posts were taken from the top of the rankings ({rankings}), interleaved, and "
                        f"{share(design.audit, 0)} of each quota was drawn at random from the posts that the "
                        f"rankings left "
                        "out, to audit them",
    }  # fmt: skip
    counted_once = {
        "smallest quota": "A post found under several hashtags counted once, under the one with the smallest quota.",
        "first": "A post found under several hashtags counted once, under the first of them in the study file.",
    }.get(design.duplicates, "")
    dates = ""
    if design.first or design.last:
        first = f"from {day(design.first)}" if design.first else ""
        last = f"up to {day(design.last)}" if design.last else ""
        dates = f"Only posts published {' '.join(filter(None, (first, last)))} were eligible."
    seed = f" (seed {design.seed})" if design.seed and design.design != "ranked" else ""
    return (" ".join(filter(None, (f"{texts.get(design.design, design.design)}{seed}.", counted_once, dates))),)


def _drawn(draw: Draw | None) -> Words:
    if not draw:
        return ("No sample has been drawn yet.",)
    on = f" on {day(draw.drawn_on)}" if draw.drawn_on else ""
    return say("The draw in force, {name}, made{on}, holds {posts}.", name=Code(draw.name), on=on,
               posts=counted(draw.posts, "post"))  # fmt: skip


def _allowed(facts: MethodFacts) -> Words:
    """What the design allows to be said; MEASURES rule 6 words the ranked one."""
    assert facts.design
    design = facts.design.design
    mark = Emphasis("What may be said.")
    days = [one.last for one in facts.retrievals if one.last]
    ranked_on = f"as ranked on {day(max(days))}" if days else "as ranked on a date that no capture states"
    if design == "ranked":
        return say(f"{{mark}} The sample is the most visible posts, {ranked_on}; older survivors are favoured. It "
                   "is not a probability sample: results describe these posts, carry no intervals beyond the items "
                   "coded, and no weighting repairs that.",
                   mark=mark)  # fmt: skip
    if facts.draw and not facts.draw.intervals:
        why = facts.draw.why.rstrip(".") or "inclusion probabilities are not known"
        return say(f"{{mark}} Results describe the drawn posts and carry no intervals beyond the items coded: {why}.",
                   mark=mark)  # fmt: skip
    words = say("{mark} Every post of the frame had a known chance of being drawn. Estimates weight by it, and their "
                "intervals generalise to the frame and no further.", mark=mark)  # fmt: skip
    if design == "ranked+audit":
        text = "The ranked posts were certain to be taken; how they differ from the whole is the bias of visibility."
        words = join(words, (text,))
    return words


def _flow(facts: MethodFacts) -> Words:
    whole = facts.flow_all
    assert whole
    verb = "was" if whole.drawn == 1 else "were"
    drawn = Link(count(whole.drawn), "table-flow")
    table = Reference("table-flow")
    words = say("Of {found} found, {drawn} {verb} drawn "
                "({table}).", found=Link(counted(whole.found, "post"), "table-flow"),
                drawn=drawn, verb=verb, table=table)  # fmt: skip
    if whole.refilled:
        text = f"{_capital(counted(whole.refilled, 'post'))} took the place of ones that were left out."
        words = join(words, (text,))
    if whole.shortfall:
        which = listing([f"#{row.hashtag} by {count(row.shortfall)}" for row in facts.flow if row.shortfall])
        words = join(words, say("The frame fell short of the quotas by {short}: {which}. What was missing was not "
                                "moved to "
                                "other hashtags.", short=Link(counted(whole.shortfall, "post"), "table-flow"),
                                which=which))  # fmt: skip
    return words


FLOW_COLUMNS = {
    "found": "Found", "outside_dates": "Outside dates", "duplicate": "Duplicate", "in_frame": "In frame",
    "quota": "Quota", "examined": "Examined", "ineligible": "Ineligible", "refilled": "Refilled", "by_hand": "By hand",
    "drawn": "Drawn", "shortfall": "Shortfall",
}  # fmt: skip


def _flow_table(facts: MethodFacts) -> TableBlock:
    lines = [*facts.flow, facts.flow_all] if facts.flow_all and len(facts.flow) > 1 else list(facts.flow)
    said = [name for name in FLOW_COLUMNS
            if name not in ("outside_dates", "by_hand") or any(getattr(row, name) for row in lines)]  # fmt: skip
    columns = (Column("hashtag", "Hashtag"), *(Column(name, FLOW_COLUMNS[name], "count") for name in said))
    rows = [("all" if row is facts.flow_all else f"#{row.hashtag}", *(getattr(row, name) for name in said))
            for row in lines]  # fmt: skip
    notes = ["Found: distinct posts. Duplicate: counted under another hashtag. Ineligible: left out on examination. "
             "Refilled: taken in place of a post that was left out."]  # fmt: skip
    if len(lines) > 1:
        notes.append("In the last row a post found under several hashtags counts once.")
    return TableBlock("flow", Table("From what was found to what was drawn", *without_empty(columns, rows), notes))


def _comments(facts: MethodFacts) -> Words:
    assert facts.design
    if facts.design.comments == 0:
        return ("Comments were not sampled.",)
    rule = COMMENT_RULES.get(facts.design.comment_rule, facts.design.comment_rule)
    limit = f"Up to {counted(facts.design.comments or 0, 'comment')} of each post"
    verb = "was" if facts.design.comments == 1 else "were"
    words: Words = (f"{limit} {verb} taken, {rule}, or all where there were fewer.",)
    if facts.draw and facts.draw.comments:
        words = join(words, (f"That made {counted(facts.draw.comments, 'comment')}.",))
    if facts.design.comment_rule != "random":
        words = join(words, ("Taken this way, comments stand for no others: no interval reaches beyond those "
                              "coded.",))
    return words
