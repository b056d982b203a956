"""Which codes did each coder put on what was read, hashtag by hashtag, before any consensus?"""

from __future__ import annotations

from resilens.report.method_facts import CodeUse, MethodFacts
from resilens.report.model import (
    Block,
    Emphasis,
    Note,
    Paragraph,
    Reference,
    Section,
    TableBlock,
    Words,
    join,
    say,
)
from resilens.results import Description
from resilens.results.tables import Column, Table, Value, listing

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
    if not facts.uses and not facts.blind:
        return None
    if not facts.uses:
        return Section("codings", "Codings so far", (Paragraph(_blind(facts)),))
    units = [unit for unit in UNITS if any(use.unit == unit for use in facts.uses)]
    words = say(
        "What follows is each coder's own reading, before consensus. The shares describe the items that a coder has "
        "read so far and nothing else; differences between coders are disagreements still to be settled. {tables}.",
        tables=_references(units),
    )  # fmt: skip
    mark = Emphasis("Before consensus.")
    note = say("{mark} An item that was read and left without a code counts in the denominator; an unread one does "
               "not. "
               "Posts and comments are never pooled.", mark=mark)  # fmt: skip
    blocks: list[Block] = [Note(note), Paragraph(join(words, _blind(facts)))]
    blocks += [_block(facts, unit) for unit in units]
    return Section("codings", "Codings so far", tuple(blocks))


def _blind(facts: MethodFacts) -> Words:
    """Rounds whose codes are not shown: nobody may learn from a report what another coder does meanwhile."""
    if not facts.blind:
        return ()
    are, their = ("is", "its") if len(facts.blind) == 1 else ("are", "their")
    return (f"{listing(facts.blind)} {are} still blind: {their} codes are not shown to anybody.",)


def _references(units: list[str]) -> tuple[str | Reference, ...]:
    if len(units) == 1:
        return Reference(f"table-codes-{units[0]}"), f" holds {units[0]}"
    return Reference("table-codes-posts"), " holds posts, ", Reference("table-codes-comments"), " comments"


def _block(facts: MethodFacts, unit: str) -> TableBlock:
    """One row a hashtag and code (and round, where there are several), three columns a coder."""
    own = [use for use in facts.uses if use.unit == unit]
    coders = list(dict.fromkeys(use.coder for use in own))
    several = len({use.round for use in own}) > 1
    columns = [Column("hashtag", "Hashtag"), Column("code", "Code"), *([Column("round", "Round")] if several else [])]
    for coder in coders:
        columns += [Column(f"{coder}: n", f"{coder}: n", "count"), Column(f"{coder}: read", "of", "count"),
                    Column(f"{coder}: share", "share", "share")]  # fmt: skip
    by_key = {(use.hashtag, use.code, use.round, use.coder): use for use in own}
    rows: list[list[Value]] = []
    ids: list[Value] = []
    for hashtag, code, round_ in dict.fromkeys(key[:3] for key in by_key):
        ids.append(code)
        row: list[Value] = [f"#{hashtag}" if hashtag else "outside the sample", facts.names.get(code, code),
                            *([round_] if several else [])]  # fmt: skip
        for coder in coders:
            use = by_key.get((hashtag, code, round_, coder))
            told = description(use) if use else None
            row += [use.n, told.n, told.value] if use and told else [None, None, None]
        rows.append(row)
    notes = ["n: items with the code; of: items read. Descriptions without intervals; an item may carry several codes."]
    caption = f"Codes on {unit}, by hashtag and coder, before consensus"
    whole = Table(caption, [Column("code_id", "Id", "code"), *columns],
                  [[code, *row] for code, row in zip(ids, rows, strict=True)])  # fmt: skip
    return TableBlock(f"codes-{unit}", Table(caption, columns, rows, notes), whole)
