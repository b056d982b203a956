"""Which place of an item does a row mean: a span of its text, a region of a picture, an interval of a recording?

Offsets count Unicode code points of the stored text, from 0, and the end is not included.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias

from resilens.coding.cells import Cell
from resilens.coding.codings import TARGET, WHOLE
from resilens.errors import InputError
from resilens.record.kinds import checked_body
from resilens.study.words import did_you_mean

Wrong: TypeAlias = list[tuple[str, str]]
"""What is wrong, each with the column it is wrong in, a key of `layout.COLUMNS`."""

_NUMBERS = tuple(name for name in TARGET if name not in ("field", "media_id"))
SHOWN = 60


class Targets:
    """Finds the place a row means.

    Parameters
    ----------
    texts
        The stored texts by item and field.
    """

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts
        self._digests: dict[tuple[str, str], str] = {}

    @staticmethod
    def named(cells: Mapping[str, Cell]) -> bool:
        """Whether a row names any place."""
        return any(str(cells.get(name, "")).strip() for name in (*TARGET, "quote"))

    @staticmethod
    def needs_text(cells: Mapping[str, Cell]) -> bool:
        """Whether a row names a place in a text."""
        return any(str(cells.get(name, "")).strip() for name in ("field", "start", "end", "quote"))

    def of(self, item: str, cells: Mapping[str, Cell]) -> tuple[Mapping[str, Any], str, Wrong]:
        """The target, the SHA-256 of the text it counts in (empty where that is not known), and what is wrong."""
        if not self.named(cells):
            return WHOLE, "", []
        target, wrong = _numbers(cells)
        if wrong:
            return WHOLE, "", wrong
        if self.needs_text(cells):
            return self._span(item, target, cells)
        try:
            checked_body("coding.set", {"item_id": item, "code_id": "-", **target})
        except InputError as error:
            wrong = [(f"{fault.where.removeprefix('coding.set: ')}: {fault.message}", "") for fault in error.faults]
        return target, "", wrong

    def _span(
        self, item: str, target: dict[str, Any], cells: Mapping[str, Cell]
    ) -> tuple[Mapping[str, Any], str, Wrong]:  # fmt: skip
        name = target["field"] or "text"
        known = ("title", "text")
        start, end = target["start"], target["end"]
        quote = str(cells.get("quote", "")).replace("\r\n", "\n")
        if name not in known and not name.startswith("translation:"):
            words = f"no field {name!r}{did_you_mean(name, known)}; it is title, text or translation:ID"
            return WHOLE, "", [(words, "field")]
        if (start is None) != (end is None):
            blank = "start" if start is None else "end"
            return WHOLE, "", [("start and end go together; fill both, or neither", blank)]
        text = self._texts.get(item, {}).get(name)
        if text is None and start is not None and name not in known:
            return target | {"field": name}, "", []  # a span the record may have already; it cannot be a new one
        if text is None:
            return WHOLE, "", [(f"{item} has no {name}", "field")]
        if start is None:
            start, end, words = _place(text, quote)
            if words:
                return WHOLE, "", [(words, "quote" if quote else "field")]
        wrong = _span_wrong(text, start, end, quote)
        return target | {"field": name, "start": start, "end": end}, self._digest(item, name, text), wrong

    def _digest(self, item: str, name: str, text: str) -> str:
        if (item, name) not in self._digests:
            self._digests[item, name] = digest(text)
        return self._digests[item, name]


def digest(text: str) -> str:
    """SHA-256 of a stored text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _numbers(cells: Mapping[str, Cell]) -> tuple[dict[str, Any], Wrong]:
    """The target as written: text in field and media_id, whole numbers elsewhere, None where blank."""
    target: dict[str, Any] = dict(WHOLE)
    wrong: Wrong = []
    for name in TARGET:
        written = str(cells.get(name, "")).strip()
        if name not in _NUMBERS:
            target[name] = written
        elif written.isascii() and written.isdigit():
            target[name] = int(written)
        elif written:
            wrong.append((f"{written!r} is no whole number from 0", name))
    return target, wrong


def _place(text: str, quote: str) -> tuple[int, int, str]:
    """Where a quote stands in a text, or the whole text where there is no quote; or what is wrong."""
    if not quote:
        return 0, len(text), "" if text else "the text is empty; leave the field blank to code the whole item"
    found = _occurrences(text, quote)
    if len(found) == 1:
        return found[0], found[0] + len(quote), ""
    if not found:
        return 0, 0, f"{_shown(quote)} does not stand in the stored text; copy it from an export"
    return 0, 0, f"{_shown(quote)} stands {len(found)} times in the text; say which with start and end"


def _span_wrong(text: str, start: int, end: int, quote: str) -> Wrong:
    if end <= start:
        return [(f"end {end} must be greater than start {start}", "end")]
    if end > len(text):
        return [(f"end {end} lies beyond the text, which has {len(text)} characters (code points)", "end")]
    if not quote or text[start:end] == quote:
        return []
    words = f"the text from {start} to {end} is {_shown(text[start:end])}, not {_shown(quote)}"
    found = _occurrences(text, quote)
    if len(found) == 1:
        words += f"; that stands once, from {found[0]} to {found[0] + len(quote)}: write these offsets if you mean it"
    elif not found:
        words += "; that does not stand in the text; offsets count code points of the stored text"
    else:
        words += f"; that stands {len(found)} times, from {', '.join(map(str, found[:5]))}"
    return [(words, "quote")]


def _occurrences(text: str, quote: str) -> list[int]:
    found, at = [], text.find(quote)
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")
