"""Which captured items does the report show as evidence, under which numbers, and as far as they may be shown?

Items go by numbers of the report, E1, E2, ...: their ids would find them, and their authors, on the platform.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

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
    translation, translated_by
        The accepted translation of its own words, and by whom or what it was made.
    picture, picture_description
        A picture of its own as it may leave the study, and what of it is covered.
    """

    number: int
    kind: str = ""
    group: str = ""
    day: date | None = None
    quoting: str = ""
    words: str = ""
    paraphrase: str = ""
    codes: tuple[str, ...] = ()
    translation: str = ""
    translated_by: str = ""
    picture: bytes | None = field(default=None, repr=False)
    picture_description: str = ""

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
    """The plate of an item: its own words, a paraphrase, or neither, as its quoting status has it; its picture where
    that may leave and anything of the item is shown."""
    told = join((f"Coded as {', '.join(item.codes)}." if item.codes else "",), about)
    what = (f"e{item.number}", item.label, item.kind or "an item that is not in the corpus")
    shown: dict[str, Any] = {"group": item.group, "day": item.day, "about": told}
    pictured = shown
    if item.picture is not None:
        pictured = shown | {"picture": item.picture, "picture_description": item.picture_description,
                            "about": join((f"{item.picture_description}.",), told)}  # fmt: skip
    if item.quoting == "free" and (item.words or item.picture):
        return EvidencePlate(*what, "quote", words=cut(item.words), translation=cut(item.translation),
                             translated_by=item.translated_by, **pictured)  # fmt: skip
    if item.quoting == "paraphrase" and item.paraphrase:
        return EvidencePlate(*what, "paraphrase", words=item.paraphrase, **pictured)
    return EvidencePlate(*what, "not shown" if item.quoting == "paraphrase" else "not quoted", **shown)


def cut(text: str) -> str:
    """The words a plate shows: without addresses, cut at a word where they are long."""
    clean = _LINK.sub("[link]", text).strip()
    return clean if len(clean) <= WORDS else clean[:WORDS].rsplit(" ", 1)[0] + " …"
