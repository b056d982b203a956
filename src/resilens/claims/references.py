"""How is a piece of evidence written, and what does it point at? One small grammar, read here and nowhere else.

    rednote:p:6785e350                        an item: a post (`p`) or a comment (`c`)
    rednote:c:67860c1b [10:25]                the words from code point 10 up to 25 of its text
    rednote:p:6785e350 [title 0:8]            the same of its title
    a-c2fxk3m7q5w4z6ab                        an item by its id in this study
    measure:practices                         a finding as a whole
    measure:practices/share of tribute, all   one of its estimates, by its name
    condition:NAME   lead:ID   memo:ID        a condition of study.toml, a lead, a memo
    code:ID   claim:ID                        a code of the codebook, another claim

Offsets are Unicode code points of stored text, half-open, as those of codings. `erased` stands where evidence was
erased because somebody asked to be forgotten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from resilens.corpus.schema import ALIASES, PLATFORMS
from resilens.study.words import did_you_mean

Kind: TypeAlias = Literal["item", "local", "measure", "condition", "lead", "memo", "code", "claim", "erased"]
Field: TypeAlias = Literal["text", "title"]

NAMED = ("measure", "condition", "lead", "memo", "code", "claim")
"""Kinds that are written with their name in front."""

ERASED_WORD = "erased"
"""What stands in place of an item's id once the item is forgotten."""

EVIDENCE = frozenset({"item", "local", "measure", "condition", "lead", "memo", "code", "erased"})
LED_TO = frozenset({"code", "claim"})

_SPAN = re.compile(r"(\S+)\s*\[\s*(?:(text|title)\s+)?([0-9]+)\s*:\s*([0-9]+)\s*\]")
_ITEM = re.compile(r"([^\W\d_]+):([pc]):([^\s\[\]]+)")
_LOCAL = re.compile(r"a-[a-z2-7]{16}")
_ERASED = re.compile(rf"{ERASED_WORD}(\s*\[[^\[\]]*\])?")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a piece of evidence points at; `str` writes it as it is read.

    Parameters
    ----------
    kind
        What kind of thing it is.
    name
        The item's id, the measure's name, the condition's name, the id of the others; empty for `erased`.
    estimate
        Of a measure: the name of one of its estimates; empty for the finding as a whole.
    field, start, end
        Of an item: a span of its `text` or `title`, in code points; None where the whole item is meant.
    """

    kind: Kind
    name: str = ""
    estimate: str = ""
    field: Field = "text"
    start: int | None = None
    end: int | None = None

    @property
    def of_item(self) -> bool:
        """Whether it points at an item or a span of one."""
        return self.kind in ("item", "local")

    def __str__(self) -> str:
        if self.kind == "erased":
            return ERASED_WORD
        if self.kind == "measure":
            return f"measure:{self.name}/{self.estimate}" if self.estimate else f"measure:{self.name}"
        if self.kind in NAMED:
            return f"{self.kind}:{self.name}"
        if self.start is None:
            return self.name
        return f"{self.name} [{'title ' if self.field == 'title' else ''}{self.start}:{self.end}]"


def parse(written: str) -> Reference:
    """What a reference as written points at.

    Raises
    ------
    ValueError
        If it cannot be read, with what is expected and the nearest valid beginning.
    """
    text = written.strip()
    if _ERASED.fullmatch(text):
        return Reference("erased")
    if not text or any(character in text for character in "\r\n"):
        raise ValueError(f"{written!r} is no reference; write one on one line, {_EXPECTED}")
    kind, colon, name = text.partition(":")
    if colon and kind in NAMED:
        return _named(kind, name)
    span = _SPAN.fullmatch(text)
    item = _item(span[1] if span else text)
    if item is None:
        raise ValueError(f"{written!r} is no reference{_nearest(kind) if colon else ''}; write {_EXPECTED}")
    if span is None:
        return item
    field, start, end = span[2] or "text", int(span[3]), int(span[4])
    if end <= start:
        raise ValueError(f"{written!r} ends at {end}, before it begins; offsets count from 0, the end not included")
    return Reference(item.kind, item.name, "", "title" if field == "title" else "text", start, end)


_EXPECTED = "an item (rednote:p:ID, rednote:c:ID [10:25]), measure:NAME/ESTIMATE, " + ", ".join(
    f"{kind}:{'NAME' if kind == 'condition' else 'ID'}" for kind in NAMED[1:]
)


def _named(kind: str, name: str) -> Reference:
    first, _, estimate = (part.strip() for part in name.partition("/")) if kind == "measure" else (name.strip(), "", "")
    if not first:
        what = "NAME" if kind in ("measure", "condition") else "ID"
        raise ValueError(f"'{kind}:' names nothing; write {kind}:{what}")
    return Reference(kind, first, estimate)  # type: ignore[arg-type]


def _item(written: str) -> Reference | None:
    if _LOCAL.fullmatch(written):
        return Reference("local", written)
    found = _ITEM.fullmatch(written)
    platform = ALIASES.get(found[1], found[1]) if found else ""
    if found is None or platform not in PLATFORMS:
        return None
    return Reference("item", f"{platform}:{found[2]}:{found[3]}")


def _nearest(kind: str) -> str:
    return did_you_mean(kind, (*NAMED, *PLATFORMS, *ALIASES)).replace("'?", ":'?")
