"""What was captured? How much, of which days, how completely, and how sure its times and counts are."""

from __future__ import annotations

from resilens.report.method_facts import Daily, MethodFacts, Pairs
from resilens.report.model import (
    Block,
    FigureBlock,
    Link,
    Note,
    Paragraph,
    Reference,
    Section,
    TableBlock,
    Words,
    join,
    say,
)
from resilens.results import figures, time_axis
from resilens.results.plotted import data_of
from resilens.results.tables import Column, Table, count, counted, listing, share, span

BASES = {
    "field": "stated by the platform with its zone",
    "field_zone_inferred": "stated without a zone, the zone inferred from the ids",
    "field_zone_declared": "stated without a zone, the zone declared by the researchers",
    "id_exact": "rebuilt from the id",
    "id_lower_bound": "not later than the id says",
    "unknown": "unknown",
}
SCRIPTS = {"latin": "Latin", "han": "Han", "mixed": "Han and Latin together", "emoji": "emoji alone",
           "none": "none (no text)", "other": "other scripts"}  # fmt: skip
LANGUAGES = {"en": "English", "zh": "Chinese", "": "undetermined"}
"""Languages by name; others keep their ISO 639-1 code."""


def material(facts: MethodFacts) -> Section:
    """How much was captured, how completely, and the captured volume a day."""
    if not facts.extent.posts and not facts.extent.comments:
        return Section("method-material", "Captured material", (Paragraph(("Nothing has been captured yet.",)),))
    blocks: list[Block] = [Paragraph(join(_extent(facts), _composition(facts)))]
    if facts.coverage:
        blocks.append(Paragraph(_coverage(facts)))
    if facts.daily:
        blocks += _volume(facts)
    return Section("method-material", "Captured material", tuple(blocks))


def _extent(facts: MethodFacts) -> Words:
    extent = facts.extent
    words = say("The captures hold {posts} and {comments} by {authors}", posts=counted(extent.posts, "post"),
                comments=counted(extent.comments, "comment"), authors=counted(extent.authors, "author"))  # fmt: skip
    if extent.first and extent.last:
        words += (f", published {span(extent.first, extent.last)} ({facts.zone})",)
    words += (".",)
    if extent.undated:
        verb = "has" if extent.undated == 1 else "have"
        words += (f" {counted(extent.undated, 'item').capitalize()} {verb} no known time.",)
    return words


def _composition(facts: MethodFacts) -> Words:
    extent = facts.extent
    sentences = []
    if extent.orphans:
        verb = "belongs to a post" if extent.orphans == 1 else "belong to posts"
        sentences.append(f"{counted(extent.orphans, 'comment').capitalize()} {verb} not captured.")
    if len(extent.platforms) > 1:
        sentences.append(f"By platform, posts came from {_parts(extent.platforms)}.")
    for unit, scripts, languages in (("posts", extent.scripts, extent.languages),
                                     ("comments", extent.comment_scripts, extent.comment_languages)):  # fmt: skip
        if scripts:
            shown = _parts(tuple((SCRIPTS.get(name, name), number) for name, number in scripts))
            inferred = _parts(tuple((LANGUAGES.get(name, name), number) for name, number in languages))
            tail = f"; languages inferred: {inferred}" if inferred else ""
            sentences.append(f"By script, {unit} were in {shown}{tail}.")
    return (" ".join(sentences),) if sentences else ()


def _parts(pairs: Pairs) -> str:
    return listing([f"{name} ({count(number)})" for name, number in pairs])


def _coverage(facts: MethodFacts) -> Words:
    coverage = facts.coverage
    assert coverage
    if not coverage.declaring:
        return ("No post states how many comments it has, so how completely threads were captured is not known.",)
    missing = coverage.threads - coverage.declaring
    words = say(
        "Of {threads}, {declaring} {state} how many comments they have, {declared} in all; {captured} of these {were} "
        "captured ({part}).",
        threads=counted(coverage.threads, "post"), declaring=count(coverage.declaring),
        state="states" if coverage.declaring == 1 else "state", were="was" if coverage.captured == 1 else "were",
        declared=f"{'at least ' if coverage.at_least else ''}{count(coverage.declared)}",
        captured=count(coverage.captured),
        part=share(coverage.captured / coverage.declared) if coverage.declared else "none being declared",
    )  # fmt: skip
    verb = "was" if coverage.whole == 1 else "were"
    words = join(words, (f"{counted(coverage.whole, 'thread').capitalize()} {verb} captured whole.",))
    if coverage.without:
        text = f"Of {counted(coverage.without, 'post')} that {'declares' if coverage.without == 1 else 'declare'} " \
               "comments, none was captured."  # fmt: skip
        words = join(words, (text,))
    if missing:
        words = join(words, (f"{counted(missing, 'post').capitalize()} {'states' if missing == 1 else 'state'} no "
                             f"number.",))
    return words


def _volume(facts: MethodFacts) -> list[Block]:
    rows = [figures.DayCount(_tag(row.hashtag), row.day, row.posts) for row in facts.daily if row.posts]
    if not rows:
        return []
    phases = [time_axis.Period(phase.name, phase.first, phase.last) for phase in facts.phases]
    moments = [time_axis.Moment(one.label, one.day) for one in facts.milestones]
    key = figures.caption_key(rows, phases, moments)
    scale = " The vertical axis is a root scale." if figures.skewed([row.posts for row in facts.daily]) else ""
    caption = (f"Captured posts by day of publication ({facts.zone}) and hashtag. {_caution(facts)}{scale} "
               f"{key}".strip(),)
    wide, narrow = (
        figures.captured_volume_figure(rows, phases, moments, synthetic=facts.synthetic, width=width)
        for width in (time_axis.WIDE, time_axis.NARROW)
    )
    busiest = max(facts.daily, key=lambda row: (row.posts, row.day, row.hashtag))
    words = say("{figure} shows the captured posts by day, {table} their sums. It is the volume that was captured, "
                "not the "
                "attention that the event received.", figure=Reference("figure-volume"),
                table=Reference("table-volume-sums"))  # fmt: skip
    description = (f"The largest value is {counted(busiest.posts, 'post')}, of {_tag(busiest.hashtag)}, on "
                   f"{span(busiest.day, busiest.day)}.")  # fmt: skip
    data = data_of(wide)
    assert data is not None
    return [Paragraph(words), FigureBlock("volume", caption, description, wide, data, narrow), _sums(facts.daily)]


def _tag(hashtag: str) -> str:
    return f"#{hashtag}" if hashtag else "none of the hashtags"


def _caution(facts: MethodFacts) -> str:
    if facts.frame and facts.frame.retrieved:
        return "Posts as the search returned them; what was removed before is missing, so older days are survivors."
    return "Posts as captured; what was removed before is missing, so older days are survivors."


def _sums(daily: tuple[Daily, ...]) -> TableBlock:
    rows = []
    for hashtag in dict.fromkeys(row.hashtag for row in daily):
        comments = sum(row.comments for row in daily if row.hashtag == hashtag)
        own = [row for row in daily if row.hashtag == hashtag and row.posts]
        peak = max(own, key=lambda row: (row.posts, -row.day.toordinal()), default=None)
        days = [row.day for row in own]
        rows.append((_tag(hashtag), sum(row.posts for row in own), comments, len(own), min(days, default=None),
                     max(days, default=None), peak.day if peak else None, peak.posts if peak else None))  # fmt: skip
    columns = (Column("hashtag", "Hashtag"), Column("posts", "Posts", "count"), Column("comments", "Comments", "count"),
               Column("days", "Days with posts", "count"), Column("first", "First post", "date"),
               Column("last", "Last post", "date"), Column("peak", "Busiest day", "date"),
               Column("peak_posts", "Posts that day", "count"))  # fmt: skip
    notes = ("A post with several of the hashtags is counted under each.",)
    return TableBlock("volume-sums", Table("Captured volume by hashtag", columns, rows, notes))


def times_and_counts(facts: MethodFacts) -> Section:
    """Where times come from, how sure counts are, and what could not be read."""
    blocks: list[Block] = []
    if facts.time_bases:
        columns = (Column("basis", "Time"), Column("posts", "Posts", "count"), Column("comments", "Comments", "count"))
        rows = [(BASES.get(one.name, one.name), one.posts, one.comments) for one in facts.time_bases]
        words = say("Days and weeks are those of {zone}. {table} says what times rest on.", zone=facts.zone,
                    table=Reference("table-times"))  # fmt: skip
        blocks.append(Paragraph(join(words, _zones(facts))))
        blocks.append(TableBlock("times", Table("What the times of posts and comments rest on", columns, rows)))
    if facts.bounds:
        names = ("exact", "rounded", "at_least", "unknown")
        titles = ("Exact", "Rounded", "At least", "Not shown")
        sure = (Column("count", "Count"), *(Column(name, title, "count")
                                               for name, title in zip(names, titles, strict=True)))  # fmt: skip
        counts = [(one.name, *(getattr(one, name) for name in names)) for one in facts.bounds]
        blocks.append(Paragraph(say("Counts are as the platform showed them, and not all are exact ({table}): some are "
                                    "rounded for display and some are lower bounds. Each keeps its bound.",
                                    table=Reference("table-bounds"))))  # fmt: skip
        notes = ("Items by how sure each count is. Rounded: shortened for display, as 7.6万. At least: a lower "
                 "bound, as 1万+.",)
        blocks.append(TableBlock("bounds", Table("How sure the counts are", sure, counts, notes)))
    blocks += _quarantine(facts)
    return Section("method-times", "Times, counts, and what could not be read", tuple(blocks))


def _zones(facts: MethodFacts) -> Words:
    zones = dict.fromkeys((one.time_zone, one.time_zone_basis) for one in facts.captures if one.time_zone)
    if not zones:
        return ()
    said = listing([f"{zone} ({basis})" if basis else zone for zone, basis in zones])
    return (f"Times captured without a zone were read as {said}.",)


def _quarantine(facts: MethodFacts) -> list[Block]:
    read = sum(one.read for one in facts.captures)
    if not facts.captures:
        return []
    records = counted(read, "record")
    if not facts.quarantine:
        return [Paragraph((f"Every one of the {records} read could be used.",) if read != 1
                          else ("The one record read could be used.",))]  # fmt: skip
    total = sum(number for _, number in facts.quarantine)
    verb = "was" if total == 1 else "were"
    words = say(f"Of {records} read, {{number}} {verb} set aside because {{they}} could not be read ({{table}}).",
                number=Link(count(total), "table-quarantine"), they="it" if total == 1 else "they",
                table=Reference("table-quarantine"))  # fmt: skip
    columns = (Column("reason", "Reason"), Column("records", "Records", "count"))
    blocks: list[Block] = [Paragraph(words)]
    blocks.append(TableBlock("quarantine", Table("Records that could not be read, by "
                                                 "reason", columns, facts.quarantine)))
    if read and total / read > 0.05:
        blocks.append(Note((f"That is {share(total / read)} of what was read: look at them before relying on the "
                            f"rest.",),
                           caution=True))  # fmt: skip
    return blocks
