"""Which captured items does the report show as evidence, under which numbers, and as far as they may be shown?

Items go by numbers of the report, E1, E2, ...: their ids would find them, and their authors, on the platform.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from resilens.report.model import EvidencePlate, Link, Words, join

WORDS = 700
"""Characters of an item's words that a plate shows."""

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；！？、）】》]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """An item that findings show or claims cite.

    Parameters
    ----------
    number
        Its number in this report.
    kind, group, day
        What it is (`post`, `comment`; empty where it is not in the corpus), who wrote it, when.
    quoting
        `free`, `paraphrase` or `do_not_quote`.
    words, paraphrase
        Its own words, only where they may be quoted; what somebody wrote in their place.
    codes
        Names of the codes it carries.
    """

    number: int
    kind: str = ""
    group: str = ""
    day: date | None = None
    quoting: str = ""
    words: str = ""
    paraphrase: str = ""
    codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"E{self.number}"

    @property
    def target(self) -> str:
        """The id of its plate."""
        return f"item-e{self.number}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The items, by their ids, in the order of their numbers."""

    items: Mapping[str, EvidenceItem] = field(default_factory=dict)

    def links(self, ids: Sequence[str]) -> Words:
        """Links to the plates of these items, those that have one, as `E1, E4`."""
        words: Words = ()
        for item in ids:
            if item in self.items:
                words += (*((", ",) if words else ()), Link(self.items[item].label, self.items[item].target))
        return words


def plate(item: EvidenceItem, about: Words = ()) -> EvidencePlate:
    """The plate of an item: its own words, a paraphrase, or neither, as its quoting status has it."""
    told = join((f"Coded as {', '.join(item.codes)}." if item.codes else "",), about)
    name, kind = f"e{item.number}", item.kind or "an item that is not in the corpus"
    if item.quoting == "free" and item.words:
        return EvidencePlate(name, item.label, kind, "quote", item.group, item.day, cut(item.words), about=told)
    if item.quoting == "paraphrase" and item.paraphrase:
        return EvidencePlate(name, item.label, kind, "paraphrase", item.group, item.day, item.paraphrase, about=told)
    return EvidencePlate(name, item.label, kind, "not quoted", item.group, item.day, about=told)


def cut(text: str) -> str:
    """The words a plate shows: without addresses, cut at a word where they are long."""
    clean = _LINK.sub("[link]", text).strip()
    return clean if len(clean) <= WORDS else clean[:WORDS].rsplit(" ", 1)[0] + " …"
