"""What is it that the users of a project did: codings, consensus, memos, and under which names?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from resilens.coding.codings import TARGET
from resilens.coding.rounds import CONSENSUS
from resilens.exchange.project_tree import User

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A coding of the project; `target` has the keys of `TARGET`, `at` is as written; `second_item` is what a code that
    relates two items relates to."""

    coder: str
    item_id: str
    code_id: str
    target: Mapping[str, Any]
    text_sha256: str = ""
    memo: str = ""
    at: str = ""
    guid: str = ""
    second_item: str = ""

    @property
    def unit(self) -> Key:
        """What is coded with what, whoever did it."""
        return (self.item_id, self.code_id, *map(self.target.get, TARGET), self.second_item)

    @property
    def body(self) -> dict[str, Any]:
        """The body of its `coding.set`."""
        return {"item_id": self.item_id, "code_id": self.code_id, **self.target, "text_sha256": self.text_sha256,
                "memo": self.memo, "second_item": self.second_item}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Memo:
    """A memo of the project; `about` names items and codes."""

    memo_id: str
    title: str
    text: str
    about: tuple[str, ...]
    actor: str
    at: str = ""


@dataclass
class Work:
    """All that the users of a project did.

    Parameters
    ----------
    codings, consensus
        What each coder gave, and what the user `consensus` did, each once.
    memos
        What was written.
    notes, losses
        How often something was read in a way that must be said, or not carried.
    users
        What the users are called here.
    """

    codings: dict[Key, Given] = field(default_factory=dict)
    consensus: dict[Key, Given] = field(default_factory=dict)
    memos: dict[str, Memo] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    users: tuple[str, ...] = ()

    def coders(self) -> dict[str, tuple[int, int]]:
        """For each coder, how many codings on how many items."""
        found: dict[str, list[str]] = {}
        for one in self.codings.values():
            found.setdefault(one.coder, []).append(one.item_id)
        return {coder: (len(items), len(set(items))) for coder, items in sorted(found.items())}


def coders_of(users: Iterable[User], known: Iterable[str]) -> dict[str, str]:
    """What each user is called as a coder, by GUID: two are never called alike, and a coder the study has keeps the
    spelling it has there."""
    spelt = {name.strip().casefold(): name for name in known}
    names: dict[str, str] = {}
    for user in users:
        name = user.name or user.short or "user"
        name = CONSENSUS if name.casefold() == CONSENSUS else spelt.get(name.casefold(), name)
        number, plain = 1, name
        while name in names.values():
            number += 1
            name = f"{plain} ({user.short})" if user.short and number == 2 else f"{plain} ({number})"
        names[user.guid] = name
    return names
