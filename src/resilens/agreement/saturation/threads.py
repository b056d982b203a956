"""Which threads did people read, in which order, and which codes did they give there?

What counts is what stands: codings by people, of rounds that may be shown. Machines are left out, and so are rounds
that are still blind. A code that was merged into another counts as that other one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from resilens.agreement.item_facts import Facts, facts_of
from resilens.agreement.saturation.incidence import Incidence
from resilens.coding.codings import codings
from resilens.coding.rounds import blind, round_of, rounds
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Applied:
    """One code that one coder gave to one item in one round; nothing of it beyond that counts here."""

    thread: str
    item: str
    code: str
    coder: str
    round: str


@dataclass(frozen=True)
class ThreadsRead:
    """What was read and coded.

    Parameters
    ----------
    threads
        The posts whose threads were read, in the order in which their first codings came into the record.
    items
        Every item read, with what the corpus says of it; what the corpus no longer has counts for nothing.
    applied
        The codes given.
    earlier
        For each round, the threads that had been read in earlier ones.
    version_of
        For each thread, the lowest version of the codebook under which it was coded.
    coders, rounds, blind
        Who coded, in which rounds; the rounds left out because they are still blind.
    imported
        Whether any coding came from a table, so that its order is the table's.
    """

    threads: tuple[str, ...]
    items: Mapping[str, Facts]
    applied: tuple[Applied, ...]
    earlier: Mapping[str, frozenset[str]]
    version_of: Mapping[str, int]
    coders: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    imported: bool = False

    def incidence(
        self, applied: Iterable[Applied], threads: Collection[str] | None = None,
        called: Callable[[Applied], Iterable[str]] = lambda one: (one.code,),
    ) -> Incidence:  # fmt: skip
        """Codes by thread, in the order of coding.

        A code that is first given when a thread is read once more, in a later round, appeared then: after all threads
        that earlier rounds had read.

        Parameters
        ----------
        applied
            The codes that count.
        threads
            Only these threads; None: all.
        called
            The names under which a code counts: itself, or its pairs with the stages of its item.
        """
        kept = [thread for thread in self.threads if threads is None or thread in threads]
        place = {thread: number for number, thread in enumerate(kept)}
        begun = {name: len(before & place.keys()) for name, before in self.earlier.items()}
        found: set[tuple[str, str]] = set()
        reached: dict[str, int] = {}
        for one in applied:
            for name in called(one) if one.thread in place else ():
                found.add((one.thread, name))
                at = max(place[one.thread], begun.get(one.round, 0) - 1)
                reached[name] = min(at, reached.get(name, at))
        return Incidence.of(kept, found, reached)


def read_threads(
    record: Record, corpus: Corpus, merges: Mapping[str, str], round_id: str = "", coder: str = ""
) -> ThreadsRead:
    """What people read and coded.

    Parameters
    ----------
    record, corpus
        The study's.
    merges
        Codes that were merged, each to the code that stands for it.
    round_id, coder
        Only of this round, of this coder; empty: of all that may be shown.

    Raises
    ------
    InputError
        If the round does not exist or is still blind, or nobody of that name coded.
    """
    closed = tuple(opened.id for opened in rounds(record) if blind(record, opened))
    if round_id and round_of(record, round_id).id in closed:
        raise InputError(f"{round_id} is independent and still open, so its codings are not shown; freeze it first")
    rows = [row for row in codings(record, round_id, coder).to_pylist()
            if row["actor_kind"] != "machine" and row["round_id"] not in closed]  # fmt: skip
    if coder and not rows:
        raise InputError(f"nobody called {coder!r} has coded{f' in {round_id}' if round_id else ''}")
    known = facts_of(corpus, record, {row["item_id"] for row in rows})
    items = {item: facts for item, facts in known.items() if facts.length is not None}
    rows = [row for row in rows if row["item_id"] in items]
    thread_of = {item: found.thread for item, found in items.items()}
    order = _order(record, rows, thread_of)
    places = [opened.id for opened in rounds(record)]
    used = sorted({row["round_id"] for row in rows}, key=lambda name: places.index(name) if name in places else -1)
    return ThreadsRead(
        tuple(order), items, _applied(rows, thread_of, merges), _earlier(rows, thread_of, used),
        _versions(rows, thread_of), tuple(sorted({row["coder"] for row in rows})), tuple(used),
        () if round_id else closed, any(row["actor_kind"] == "import" for row in rows),
    )  # fmt: skip


def _applied(
    rows: Iterable[Mapping[str, Any]], thread_of: Mapping[str, str], merges: Mapping[str, str]
) -> tuple[Applied, ...]:
    found = {
        Applied(thread_of[row["item_id"]], row["item_id"], merges.get(row["code_id"], row["code_id"]), row["coder"],
                row["round_id"]): None
        for row in rows if not row["nothing_applies"]
    }  # fmt: skip
    return tuple(found)


def _order(record: Record, rows: Iterable[Mapping[str, Any]], thread_of: Mapping[str, str]) -> list[str]:
    """The threads of these codings by their first coding on the record, of these rounds and coders."""
    read = {(row["round_id"], row["coder"], thread_of[row["item_id"]]) for row in rows}
    order: dict[str, None] = {}
    for event in record.events("coding.set"):
        thread = thread_of.get((event.body or {}).get("item_id", ""), "")
        if (event.round_id, event.actor, thread) in read:
            order.setdefault(thread)
    return list(order)


def _earlier(
    rows: Iterable[Mapping[str, Any]], thread_of: Mapping[str, str], used: list[str]
) -> dict[str, frozenset[str]]:
    by_round: dict[str, set[str]] = {}
    for row in rows:
        by_round.setdefault(row["round_id"], set()).add(thread_of[row["item_id"]])
    earlier, before = {}, frozenset[str]()
    for name in used:
        earlier[name] = before
        before |= by_round[name]
    return earlier


def _versions(rows: Iterable[Mapping[str, Any]], thread_of: Mapping[str, str]) -> dict[str, int]:
    lowest: dict[str, int] = {}
    for row in rows:
        thread = thread_of[row["item_id"]]
        lowest[thread] = min(row["codebook_version"], lowest.get(thread, row["codebook_version"]))
    return lowest
