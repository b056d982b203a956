"""Which codes did each coder put on what was read, hashtag by hashtag, before any consensus?"""

from __future__ import annotations

from resilens.report.method_facts import CodeUse, MethodFacts
from resilens.report.model import Block, Emphasis, Note, Paragraph, Reference, Section, TableBlock, say
from resilens.results import Description
from resilens.results.tables import Column, Table, listing

UNITS = ("posts", "comments")


def description(use: CodeUse) -> Description:
    """A code's share among the items its coder read: a Description, for it speaks of those items and no others.

    Raises
    ------
    ValueError
        If the coder read nothing under that hashtag.
    """
    if not use.read:
        raise ValueError(f"{use.coder} read no {use.unit} under #{use.hashtag}: there is no share")
    where = f"under #{use.hashtag}" if use.hashtag else "under none of the hashtags"
    return Description(use.n / use.read, use.read, f"{use.unit} {where} that {use.coder} read", "share")


def codings_section(facts: MethodFacts) -> Section | None:
    """Codes by hashtag and coder, posts and comments apart; None where nothing was coded."""
    if not facts.uses:
        return None
    units = [unit for unit in UNITS if any(use.unit == unit for use in facts.uses)]
    words = say(
        "What follows is each coder's own reading, before consensus. The shares describe the items that a coder has read "
        "so far and nothing else; differences between coders are disagreements still to be settled, and no agreement is "
        "computed here. {tables}.",
        tables=_references(units),
    )  # fmt: skip
    mark = Emphasis("Before consensus.")
    note = say("{mark} An item that was read and left without a code counts in the denominator; an unread one does not. "
               "Posts and comments are never pooled.", mark=mark)  # fmt: skip
    blocks: list[Block] = [Note(note), Paragraph(words), *(_block(facts, unit) for unit in units)]
    return Section("codings", "Codings so far", tuple(blocks))


def _references(units: list[str]) -> tuple[str | Reference, ...]:
    if len(units) == 1:
        return Reference(f"table-codes-{units[0]}"), f" holds {units[0]}"
    return Reference("table-codes-posts"), " holds posts, ", Reference("table-codes-comments"), " comments"


def _block(facts: MethodFacts, unit: str) -> TableBlock:
    own = [use for use in facts.uses if use.unit == unit]
    rounds = len({use.round for use in own}) > 1
    columns = [Column("hashtag", "Hashtag"), Column("code", "Code"), Column("coder", "Coder")]
    columns += [Column("round", "Round")] if rounds else []
    columns += [Column("n", "With the code", "count"), Column("read", "Read", "count"), Column("share", "Share", "share")]
    rows = []
    for use in own:
        told = description(use)
        names = [f"#{use.hashtag}" if use.hashtag else "none of them", use.code, use.coder]
        rows.append((*names, *([use.round or None] if rounds else []), use.n, told.n, told.value))
    coders = listing(list(dict.fromkeys(use.coder for use in own)))
    notes = (f"Coders: {coders}. Descriptions without intervals; an item may carry several codes.",)
    return TableBlock(f"codes-{unit}", Table(f"Codes on {unit}, by hashtag and coder, before consensus", columns, rows, notes))
