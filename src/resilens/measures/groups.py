"""How far can the groups be trusted? Rules place accounts, people check some: the confusion matrix of the two.

Groups are an input with error, so every measure that speaks of groups shows this beside it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from resilens.measures.items import UNKNOWN
from resilens.results.tables import Column, Table, Value, counted

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record

ENOUGH = 100
"""So many authors should be placed by a person."""


def decided_groups(record: Record) -> dict[str, str]:
    """The groups that people decided, by author."""
    return {row["author"]: row["group"] for row in record.view("groups") if row["group"]}


def confusion(corpus: Corpus, decided: dict[str, str], groups: tuple[str, ...]) -> Table:
    """How the study's rules and a person placed the same authors: one row a group by rule, one column a group by eye.

    Parameters
    ----------
    decided
        Groups by author, as people decided them.
    groups
        The study's groups, `unknown` the last.
    """
    wanted = ibis.memtable(pa.table({"author": pa.array(sorted(decided), pa.string())}))
    authors = corpus.table("authors").select("author", "group")
    rows = corpus.frame(wanted.join(authors, "author").select("author", "group")).to_pylist()
    pairs = Counter((row["group"] or UNKNOWN, decided[row["author"]]) for row in rows)
    names = [*groups, *sorted({name for pair in pairs for name in pair} - set(groups))]
    columns = [Column("by_rule", "Group by rule"), *(Column(f"by_eye_{name}", f"{name} by eye", "count")
                                                     for name in names)]  # fmt: skip
    table: list[list[Value]] = [[name, *(pairs[name, other] for other in names)] for name in names]
    return Table("Groups as the rules place authors, and as a person did", columns, table)


def caution(decided: int) -> str:
    """What is to be said of how many authors a person placed."""
    if decided >= ENOUGH:
        return ""
    placed = "no author was" if not decided else f"{counted(decided, 'author')} {'was' if decided == 1 else 'were'}"
    return (f"Groups come from the study's rules and have an error that is not known well: {placed} placed by a person "
            f"as a check, and it should be at least {ENOUGH}.")  # fmt: skip
