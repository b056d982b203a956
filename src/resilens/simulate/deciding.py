"""What would the pair have decided about a sample of a simulated corpus? Screening and codings, from the truth.

The decisions of `simulate.coders`, made for the items that a study drew: as tables for `resilens import`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from resilens import files
from resilens.simulate import coders
from resilens.simulate.simulation import Simulation

COMMENTS_CHOSEN = 50


def truth_of(folder: Path, items: Collection[str]) -> pa.Table:
    """The truth of some items, in the order of the simulation."""
    table = pq.read_table(folder / "truth" / "items.parquet")
    return table.filter(pc.is_in(table.column("item_id"), pa.array(sorted(items), pa.string())))


def write_exclusions(folder: Path, posts: Collection[str], reason: str, path: Path, screener: str) -> int:
    """Write which of some posts are excluded: those that do nothing the study asks about.

    Parameters
    ----------
    folder
        The simulation's.
    posts
        The posts drawn.
    reason
        Why they are excluded, one of the study's reasons.
    path, screener
        The table, and who decided.

    Returns
    -------
    int
        How many posts are excluded.
    """
    about = [column for column in coders.CODED if column != "affect"]
    beside = [item["item_id"] for item in truth_of(folder, posts).to_pylist()
              if all(item[column] is None for column in about)]  # fmt: skip
    _write_screening(path, [(item, "exclude", reason) for item in beside], screener)
    return len(beside)


def write_choices(folder: Path, comments: Collection[str], path: Path, screener: str) -> None:
    """Write which of some comments are chosen: up to 50 a post, those first that carry most codes."""
    by_post: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for item in truth_of(folder, comments).to_pylist():
        codes = sum(item[column] is not None for column in coders.CODED)
        by_post[item["post_id"]].append((-codes, item["item_id"]))
    chosen = [(item, "choose", "") for post in sorted(by_post) for _, item in sorted(by_post[post])[:COMMENTS_CHOSEN]]
    _write_screening(path, chosen, screener)


def _write_screening(path: Path, rows: Sequence[tuple[str, str, str]], screener: str) -> None:
    lines = (f"{item},{decision},{reason},{screener}\n" for item, decision, reason in rows)
    files.write_text(path, "item,decision,reason,screener\n" + "".join(lines))


def write_codings(simulation: Simulation, folder: Path, items: Collection[str], path: Path, unread: int = 0) -> int:
    """Write what two coders make of the items of a sample; the second leaves the last `unread` items unread.

    Returns
    -------
    int
        How many rows the table has.
    """
    truth = truth_of(folder, items)
    codes = simulation.vocabulary.codes
    given = list(coders.codings(simulation.world, simulation.streams, codes, truth))
    second = simulation.world.coders.names[1]
    left = set(truth.column("item_id").to_pylist()[-unread:]) if unread else set()
    given = [one for one in given if one.coder != second or one.item not in left]
    files.write_text(path, coders.header() + coders.lines(given))
    return len(given)

