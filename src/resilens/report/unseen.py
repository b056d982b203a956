"""What could not be seen? What left no trace, what was not captured, and what is known only roughly.

Only what applies to the study is said, each in an entry of its own; a number leads to the table it was counted from.
"""

from __future__ import annotations

from collections.abc import Callable

from resilens.report.method_facts import Coverage, MethodFacts, Pairs
from resilens.report.model import (
    Block,
    Emphasis,
    Link,
    ListBlock,
    Paragraph,
    Reference,
    Section,
    TableBlock,
    Words,
    join,
    listed,
    say,
)
from resilens.results.tables import Column, Table, count, counted

COUNTED = "table-unseen"


def unseen_section(facts: MethodFacts) -> Section | None:
    """What the study could not see; None where nothing was captured, for then it has seen nothing yet.

    Parameters
    ----------
    facts
        What is known of the study. Where a fact is missing its entry is left out, nothing is made up for it.
    """
    if not facts.extent.posts and not facts.extent.comments:
        return None
    entries = [say("{name} {words}", name=Emphasis(f"{name}."), words=words)
               for name, entry in ENTRIES if (words := entry(facts))]  # fmt: skip
    blocks: list[Block] = [ListBlock(tuple(entries))]
    table = _counted(facts)
    if table.rows:
        words = say("{table} counts what of this can be counted and stands in no table of the section on method.",
                    table=Reference(COUNTED))  # fmt: skip
        blocks += [Paragraph(words), TableBlock("unseen", table)]
    return Section("unseen", "What could not be seen", tuple(blocks))


def _readers(_facts: MethodFacts) -> Words:
    return ("Those who read without posting or commenting left nothing to capture.",)


def _removed(facts: MethodFacts) -> Words:
    words = ("What was removed before the first capture, by the platform, upon reports or by its author, is not here.",)
    if facts.captures and not any(one.repeated for one in facts.captures):
        return join(words, ("No item was captured twice, so nothing is known of what was removed later.",))
    return join(words, ("Later absence shows only where an item was looked for again, and its cause stays unknown.",))


def _withheld(_facts: MethodFacts) -> Words:
    return ("What people chose not to write, knowing that they might be watched or moderated, cannot be counted.",)


def _first(_facts: MethodFacts) -> Words:
    return ("The earliest captured item is the earliest that was found, not the earliest that there was.",)


def _frame(facts: MethodFacts) -> Words:
    if facts.frame and facts.frame.retrieved:
        words: Words = ("Only posts that a search returned could be drawn; what it did not return is unknown.",)
        if facts.design and facts.flow and facts.flow_all:
            number = Link(counted(facts.flow_all.in_frame, "post"), "table-flow")
            words = join(words, say("The frame holds {number} and is not the platform.", number=number))
        return words
    return ("What the captures hold is all there is to draw from; no capture says which search it came from, so what "
            "was left behind is unknown.",)  # fmt: skip


def _survivors(facts: MethodFacts) -> Words:
    """A design that nobody wrote down is only a default, and nothing was retrieved by it."""
    design = facts.design.design if facts.design and (facts.draw or facts.hashtags) else ""
    if not design.startswith("ranked"):
        return ()
    words = ("Ranked retrieval favours older posts that had time to gather responses and were not removed; recent, "
             "unnoticed and removed ones are too few.",)  # fmt: skip
    if design == "ranked+audit":
        return join(words, ("The posts drawn at random show by how much, inside the frame alone.",))
    return words


def _threads(facts: MethodFacts) -> Words:
    coverage = facts.coverage
    if not coverage:
        return ()
    if not coverage.declaring:
        return ("No post states how many comments it has: whether any thread was captured whole is not known.",)
    missing = [
        say(f"{{number}} {one if number == 1 else many}", number=Link(counted(number, "", " ").strip(), COUNTED))
        for number, one, many in (
            (_part(coverage), "was captured in part", "were captured in part"),
            (coverage.without, "has none of its comments here", "have none of their comments here"),
            (coverage.threads - coverage.declaring, "states no number of comments", "state no number of comments"),
        ) if number
    ]  # fmt: skip
    if not missing:
        return ()
    words = say("Of {threads}, {missing}; whatever depends on a reply being absent there is a bound.",
                threads=Link(counted(coverage.threads, "thread"), COUNTED), missing=listed(missing))  # fmt: skip
    bound = "Some declared numbers are lower bounds, so a thread that counts as whole may not be."
    return join(words, (bound,)) if coverage.at_least else words


def _part(coverage: Coverage) -> int:
    return max(coverage.declaring - coverage.whole - coverage.without, 0)


def _orphans(facts: MethodFacts) -> Words:
    number = facts.extent.orphans
    if not number:
        return ()
    verb = "answers a post" if number == 1 else "answer posts"
    linked = Link(counted(number, "comment").capitalize(), COUNTED)
    return say(f"{{number}} {verb} that {'was' if number == 1 else 'were'} not captured: what was answered is unknown.",
               number=linked)  # fmt: skip


def _times(facts: MethodFacts) -> Words:
    found = {one.name: one for one in facts.time_bases}
    parts = []
    for names, text in (
        (("unknown",), "no time is known for {items}"),
        (("id_lower_bound",), "for {items} only a latest time is known"),
        (("field_zone_inferred", "field_zone_declared"),
         "for {items} the hour rests on a zone that the platform does not state"),
    ):  # fmt: skip
        own = [found[name] for name in names if name in found]
        items = _items(sum(one.posts for one in own), sum(one.comments for one in own), "table-times")
        if items:
            parts.append(say(text, items=items))
    return _sentence(parts)


def _bounds(facts: MethodFacts) -> Words:
    parts = []
    for name, one, many in (("at_least", "is a lower bound", "are lower bounds"),
                            ("rounded", "is rounded for display", "are rounded for display"),
                            ("unknown", "is not shown", "are not shown")):  # fmt: skip
        number = sum(getattr(row, name) for row in facts.bounds)
        if number:
            parts.append(say("{number} " + (one if number == 1 else many), number=Link(count(number), "table-bounds")))
    return say("Of the counts that posts and comments carry, {parts}.", parts=listed(parts)) if parts else ()


def _quarantine(facts: MethodFacts) -> Words:
    number = sum(records for _, records in facts.quarantine)
    if not number or not facts.captures:
        return ()
    verb = "was" if number == 1 else "were"
    linked = Link(counted(number, "captured record").capitalize(), "table-quarantine")
    return say(f"{{number}} could not be read and {verb} set aside; nothing here counts what was in "
               f"{'it' if number == 1 else 'them'}.", number=linked)  # fmt: skip


def _groups(facts: MethodFacts) -> Words:
    if not facts.groups:
        return ()
    words: Words = ("Groups rest on rules about what accounts display, not on who people are.",)
    if not facts.ungrouped:
        return words
    least = facts.privacy.minimum_cell
    few = facts.ungrouped < least
    number = Link(f"fewer than {counted(least, 'author')}" if few else counted(facts.ungrouped, "author"),
                  "table-groups")  # fmt: skip
    return join(words, say("No rule placed {number}, who are kept as unknown.", number=number))


def _languages(facts: MethodFacts) -> Words:
    items = _items(_unnamed(facts.extent.languages), _unnamed(facts.extent.comment_languages), COUNTED)
    if not items:
        return ()
    return say("The language of {items} is not inferred: where a capture does not state it, only a script that "
               "settles it does, and Latin letters settle none.", items=items)  # fmt: skip


def _unnamed(languages: Pairs) -> int:
    return dict(languages).get("", 0)


def _pictures(facts: MethodFacts) -> Words:
    items = _items(facts.pictures.posts, facts.pictures.comments, COUNTED)
    if not items:
        return ()
    return say("Pictures and recordings go with {items}; the corpus names them and does not hold them, so no count "
               "here sees what they show or what is written or said in them.", items=items)  # fmt: skip


ENTRIES: tuple[tuple[str, Callable[[MethodFacts], Words]], ...] = (
    ("Readers", _readers), ("Removed before capture", _removed), ("Self-censorship", _withheld),
    ("Who was first", _first), ("Beyond the frame", _frame), ("Older survivors", _survivors),
    ("Threads", _threads), ("Comments without their post", _orphans), ("Times", _times), ("Counts", _bounds),
    ("Records not read", _quarantine), ("Groups", _groups), ("Languages", _languages), ("Pictures", _pictures),
)  # fmt: skip
"""What may have stayed out of sight, with what says it of a study; no words where it does not apply."""


def _items(posts: int, comments: int, table: str) -> Words:
    """Posts and comments, never pooled, each number linked to where it was counted; nothing where there are none."""
    return listed([(Link(counted(number, noun), table),) for number, noun in ((posts, "post"), (comments, "comment"))
                   if number])  # fmt: skip


def _sentence(parts: list[Words]) -> Words:
    """Clauses as one sentence; nothing where there are none."""
    words: Words = ()
    for part in parts:
        words += (("; ",) if words else ()) + part
    if not words:
        return ()
    first = words[0]
    start = first[:1].upper() + first[1:] if isinstance(first, str) else first
    return (start, *words[1:], ".")


def _counted(facts: MethodFacts) -> Table:
    """What this section counts that stands in no other table."""
    coverage, extent = facts.coverage, facts.extent
    rows: list[tuple[str, int | None, int | None]] = []
    if coverage and coverage.declaring and coverage.whole < coverage.threads:
        rows += [("threads, all", coverage.threads, None),
                 ("threads captured whole, or declaring no comments", coverage.whole, None),
                 ("threads captured in part", _part(coverage), None),
                 ("threads without any of their comments", coverage.without, None),
                 ("threads that state no number of comments", coverage.threads - coverage.declaring, None)]  # fmt: skip
    rows += [("comments whose post was not captured", None, extent.orphans),
             ("language not known", _unnamed(extent.languages), _unnamed(extent.comment_languages)),
             ("pictures or recordings named, not held", facts.pictures.posts, facts.pictures.comments)]  # fmt: skip
    columns = (Column("what", "What"), Column("posts", "Posts", "count"), Column("comments", "Comments", "count"))
    notes = ("A thread is a post with its comments, and is counted as a post.",)
    return Table("What was not seen, counted", columns, [row for row in rows if row[1] or row[2]], notes)
