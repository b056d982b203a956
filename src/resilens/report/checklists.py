"""Which items of SRQR and JARS-Qual does the study's record speak to, where, and what is left to the authors?

The items are data (`checklists.toml`); a key there names a function here, from the facts to what the record says. A
checklist is filled, never judged: whether an item is reported in full is for the authors to say.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from resilens.report.checklist_answers import ANSWERS, PLACES, Answer
from resilens.report.method_facts import MethodFacts
from resilens.report.model import Block, Link, Paragraph, Reference, Section, TableBlock, listed, say
from resilens.results.tables import Column, Table, count

UNSTATED = "not stated; to be written by the authors"
"""What stands beside an item on which the record is silent."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a checklist: its number, the part of an article it belongs to, what it asks for, and keys of facts."""

    number: int
    part: str
    topic: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist: a name for files, its title, whose numbers it bears, where it was published, and its items."""

    name: str
    title: str
    numbering: str
    source: str
    items: tuple[Item, ...]


@cache
def checklists() -> tuple[Checklist, ...]:
    """The checklists that ship with Resilens.

    Raises
    ------
    ValueError
        If items are not numbered from 1 without a gap, or one names a fact that nothing answers.
    """
    text = (resources.files("resilens.report") / "checklists.toml").read_text(encoding="utf-8")
    return read(text)


def read(text: str, answers: Mapping[str, Callable[[MethodFacts], Answer | None]] = ANSWERS) -> tuple[Checklist, ...]:
    """The checklists that a TOML text holds; errors as of `checklists`."""
    found = []
    for written in tomllib.loads(text)["checklist"]:
        items = tuple(Item(**{**item, "facts": tuple(item["facts"])}) for item in written.pop("items"))
        if [item.number for item in items] != list(range(1, len(items) + 1)):
            raise ValueError(f"the items of {written['name']} are not numbered from 1 to {len(items)}")
        unknown = sorted({key for item in items for key in item.facts} - answers.keys())
        if unknown:
            raise ValueError(f"nothing answers {', '.join(unknown)}, which {written['name']} asks for")
        found.append(Checklist(items=items, **written))
    return tuple(found)


def checklists_section(facts: MethodFacts) -> Section:
    """Appendix: the checklists, filled as far as the record goes.

    Parameters
    ----------
    facts
        What is known; an item on which it is silent says so.
    """
    words = ("Each table says, item by item, what the study's files and its record hold, and where this report tells "
             "it. Items are shortened here. An item may ask for more than a record can hold: whether it is reported in "
             "full is for the authors to judge.",)  # fmt: skip
    return Section("checklists", "Appendix: reporting checklists", (Paragraph(words),),
                   tuple(_part(facts, one) for one in checklists()))  # fmt: skip


def _part(facts: MethodFacts, one: Checklist) -> Section:
    """One checklist: how far it is filled, its table, and the sections it points at."""
    said = [answers_to(facts, item) for item in one.items]
    block = TableBlock(f"checklist-{one.name}", _table(one, said))
    filled = sum(bool(answers) for answers in said)
    words = say("Of {all} items, the record speaks to {filled}; {rest} {are} left to the authors ({table}).",
                all=count(len(one.items)), filled=Link(count(filled), block.id),
                rest=Link(count(len(one.items) - filled), block.id),
                are="is" if len(one.items) - filled == 1 else "are", table=Reference(block.id))  # fmt: skip
    blocks: list[Block] = [Paragraph(words), block]
    places = dict.fromkeys(place for answers in said for answer in answers for place in answer.places)
    if places:
        links = listed([(Link(PLACES[place], place),) for place in places])
        blocks.append(Paragraph(say("The sections it names: {links}.", links=links)))
    return Section(f"checklists-{one.name}", one.title, tuple(blocks))


def answers_to(facts: MethodFacts, item: Item) -> tuple[Answer, ...]:
    """What the record says to an item; nothing where it is silent."""
    return tuple(answer for key in item.facts if (answer := ANSWERS[key](facts)))


def _table(one: Checklist, said: Sequence[Sequence[Answer]]) -> Table:
    columns = (Column("number", "No.", "count"), Column("item", "Item"), Column("record", "What the record says"),
               Column("where", "Where in this report"))  # fmt: skip
    rows = []
    for item, answers in zip(one.items, said, strict=True):
        words = "; ".join(answer.words for answer in answers)
        where = "; ".join(dict.fromkeys(PLACES[place] for answer in answers for place in answer.places))
        rows.append((item.number, f"{item.part}: {item.topic}", words or UNSTATED, where or None))
    return Table(one.title, columns, rows, (f"{one.numbering} Source: {one.source}",))
