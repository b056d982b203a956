"""Which categories do the researchers hold to be saturated in meaning, and what does the codebook say to that?

That no new *code* appears can be counted. That a code's *meaning* holds nothing new any more cannot: it is a judgement,
and the researchers state it (Hennink, Kaiser & Marconi 2017, *Qualitative Health Research* 27, 591-608). Beside their
statement stands what can be checked: when the code's definition, rules, facet or role were last edited, and how many
threads were read since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resilens.agreement.saturation.incidence import Incidence
from resilens.agreement.saturation.threads import ThreadsRead
from resilens.coding.codebook import Version, latest, versions
from resilens.coding.codes import Code, diff
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.words import did_you_mean

MEMO = "saturation"
"""The type of memo that holds such a statement; its `about` names codes or facets."""


@dataclass(frozen=True, slots=True)
class Statement:
    """That a code or a whole facet is saturated in meaning: who said so, when (UTC, ISO 8601), and in which words."""

    about: str
    actor: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Category:
    """One code in use.

    Parameters
    ----------
    code, name, facet
        Its id, its name and its facet's name.
    emergent
        Whether the study's own coding brought it, not the framework.
    threads, first
        In how many threads it was found, and as the how-manieth thread read (from 1) it first appeared.
    created, edited, edited_at
        The versions of the codebook in which it appeared and in which its meaning last changed, and when that was.
    since
        Threads read since that edit, all of their codings made under that version or a later one.
    statements
        What the researchers stated of it or of its facet.
    """

    code: str
    name: str
    facet: str
    emergent: bool
    threads: int
    first: int
    created: int
    edited: int
    edited_at: str
    since: int
    statements: tuple[Statement, ...] = ()

    @property
    def overtaken(self) -> bool:
        """Whether its meaning was edited after it was last stated to be saturated."""
        return bool(self.statements) and self.edited_at > max(one.at for one in self.statements)


def state_meaning_saturation(record: Record, about: str, text: str, actor: str) -> Statement:
    """State that a code or a facet is saturated in meaning; stating it again replaces one's earlier statement.

    Parameters
    ----------
    about
        The id of a code or of a facet of the codebook in force.
    text
        On what grounds.
    actor
        Who states it.

    Raises
    ------
    InputError
        If the codebook has no such code or facet, or no grounds are given.
    """
    version = latest(record)
    codes, facets = (version.codebook.codes, version.codebook.facets) if version else ((), ())
    known = [*(code.id for code in codes), *(facet.id for facet in facets)]
    if about not in known:
        raise InputError(f"the codebook has no code and no facet {about!r}{did_you_mean(about, known)}")
    if not text.strip() or not actor.strip():
        raise InputError("a statement of saturation needs its grounds and the name of who makes it")
    name = f"saturation: {about}, {actor}"
    body = {"memo_id": name, "text": text, "title": f"Meaning of {about}", "type": MEMO, "about": [about]}
    record.append(Draft("memo.written", name, body, actor, "human", codebook_version=version.number if version else 0))
    return next(one for one in statements(record) if one.about == about and one.actor == actor)


def statements(record: Record) -> tuple[Statement, ...]:
    """The statements that stand, the oldest first."""
    return tuple(
        Statement(about, row["actor"], row["at"], row["text"])
        for row in record.view("memos", type=MEMO) for about in row["about"]
    )  # fmt: skip


def categories(record: Record, reading: ThreadsRead, used: Incidence, shipped: frozenset[str]) -> tuple[Category, ...]:
    """Every code in use with its history, in the order of the codebook.

    Parameters
    ----------
    reading, used
        What was read, and all its codes by thread.
    shipped
        The codes that the framework brought.
    """
    history = versions(record)
    if not history:
        return ()
    book, stated = history[-1].codebook, statements(record)
    facets = {facet.id: facet.name for facet in book.facets}
    place = {code: number for number, code in enumerate(used.codes)}
    counts, edits = used.counts, _edits(history)
    found = []
    for code in (code for code in book.codes if code.id in place):
        created, edited = edits[code.id]
        own = tuple(one for one in stated if one.about in (code.id, code.facet))
        since = sum(reading.version_of[thread] >= edited.number for thread in used.threads)
        found.append(Category(
            code.id, code.name, facets[code.facet], code.id not in shipped, int(counts[place[code.id]]),
            int(used.first[place[code.id]]) + 1, created.number, edited.number, edited.at, since, own,
        ))  # fmt: skip
    return tuple(found)


def _edits(history: Sequence[Version]) -> Mapping[str, tuple[Version, Version]]:
    """For each code, the version that brought it and the one that last changed its meaning."""
    edits: dict[str, tuple[Version, Version]] = {}
    before: dict[str, Code] = {}
    for number, version in enumerate(history):
        changes = diff(history[number - 1].codebook, version.codebook) if number else []
        changed = {one.id for one in changes if one.of_meaning}
        for code in version.codebook.codes:
            if code.id not in before:
                edits.setdefault(code.id, (version, version))
            if code.id in changed:
                edits[code.id] = (edits[code.id][0], version)
        before = {code.id: code for code in version.codebook.codes}
    return edits
