"""What is sought, where, and among which items?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from resilens.coding.rounds import blind, rounds
from resilens.coding.sight import Sees
from resilens.corpus.schema import PLATFORMS
from resilens.errors import Fault, InputError
from resilens.record.store import Record
from resilens.search.folding import fold
from resilens.study.words import did_you_mean

KINDS = ("post", "comment", "coding", "memo", "lead", "claim")
"""What can be searched, in the order in which results come."""

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

LONGEST = 200
"""Characters of a word or phrase."""

_OF_ITEMS = frozenset({"code", "coder", "group", "since", "until", "hashtag", "language", "platform"})
KNOWS: Mapping[str, frozenset[str]] = {
    "post": _OF_ITEMS, "comment": _OF_ITEMS, "coding": _OF_ITEMS,
    "memo": frozenset({"code", "coder"}), "lead": frozenset({"code", "coder"}), "claim": frozenset(),
}  # fmt: skip
"""Which filters each kind knows. A kind is left out where a filter is used that it does not know."""


@dataclass(frozen=True, slots=True)
class Query:
    """A word or phrase, and where it is sought.

    Parameters
    ----------
    word
        What is sought; case, width and compatibility forms make no difference (`folding`).
    whole_word
        Whether Latin letters must not go on beside it.
    kinds
        Of `KINDS`; empty: all.
    code, coder
        Only items to which this code was given, or that this coder coded; only such codings; memos and leads about the
        code, by the coder.
    group
        Of the item's author; a person's decision before the study's rules.
    since, until
        The first and the last day of the study on which an item was published.
    hashtag
        Of the post, or of the post that a comment stands under; `#` and case make no difference.
    language, platform
        As in the corpus: `zh`, `rednote`; `unknown` finds items whose language was not inferred.

    Raises
    ------
    InputError
        With every fault at once.
    """

    word: str
    whole_word: bool = False
    kinds: tuple[str, ...] = ()
    code: str = ""
    coder: str = ""
    group: str = ""
    since: date | None = None
    until: date | None = None
    hashtag: str = ""
    language: str = ""
    platform: str = ""

    def __post_init__(self) -> None:
        written = {field.name: getattr(self, field.name) for field in fields(self)}
        faults = [Fault("holds a character that no text has; leave it out", name) for name, value in written.items()
                  if isinstance(value, str) and _UNWRITABLE.search(value)]  # fmt: skip
        if not fold(self.word.strip()):
            faults.append(Fault("is empty; give a word or phrase to look for", "word"))
        if len(self.word) > LONGEST:
            faults.append(Fault(f"is longer than {LONGEST} characters; look for a part of it", "word"))
        for where, given, known in (("kind", self.kinds, KINDS), ("platform", (self.platform,), ("", *PLATFORMS))):
            faults += [Fault(f"no {where} {name!r}{did_you_mean(name, known)}; one of {', '.join(known)}", where)
                       for name in given if name not in known]  # fmt: skip
        if self.since and self.until and self.since > self.until:
            faults.append(Fault(f"{self.since} is after {self.until}; turn them round", "since"))
        if faults:
            raise InputError(faults)

    @property
    def filters(self) -> frozenset[str]:
        """The names of the filters in use."""
        return frozenset(field.name for field in fields(self) if field.name in _OF_ITEMS and getattr(self, field.name))

    @property
    def searched(self) -> tuple[str, ...]:
        """The kinds that are searched: those asked for that know every filter in use."""
        return tuple(kind for kind in KINDS if kind in (self.kinds or KINDS) and self.filters <= KNOWS[kind])

    @property
    def left_out(self) -> tuple[str, ...]:
        """The kinds asked for that do not know a filter in use."""
        return tuple(kind for kind in KINDS if kind in (self.kinds or KINDS) and kind not in self.searched)

    def wants(self, *kinds: str) -> bool:
        """Whether any of these is searched."""
        return bool(set(kinds) & set(self.searched))


def outside(record: Record, coder: str = "") -> Sees:
    """What may be told on the command line, where nobody is signed in: all but rounds that are still blind.

    Parameters
    ----------
    record
        The record; its rounds are read once.
    coder
        Whose own work may be told in any case, as in exports.
    """
    closed = {found.id for found in rounds(record) if blind(record, found)}

    def sees(row: Mapping[str, Any]) -> bool:
        return row["round_id"] not in closed or bool(coder and coder == (row.get("coder") or row.get("actor")))

    return sees


