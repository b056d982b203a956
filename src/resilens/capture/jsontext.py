"""Which records does a JSON file hold: one object a line, an array of them, or one object?

Lines are read one by one; arrays element by element in bounded memory. What cannot be parsed becomes `Broken` with its
line (JSON lines) or position (arrays), and reading goes on behind it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

import orjson

from resilens.capture.delimited import Record
from resilens.capture.limits import LONGEST_ELEMENT, TOO_DEEP, TOO_LONG, too_deep, too_long
from resilens.capture.records import Broken

PIECE = 1 << 20
_PRIVATE_KEYS = (
    "source_url|source_platform_url|user_agent|msToken|device_id|verifyFp|xsec_token|xsecToken|secUid|sec_uid|nickname|"
    "nick_name|unique_id|uniqueId|userUniqueId|user_id|userId|uid|author_name|author_url|author|avatar|image|signature"
)
_TEXTS = r'''"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*[']'''
_PRIVATE = re.compile(
    rf'''(["']?\b(?:{_PRIVATE_KEYS})["']?\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|-?\d+)'''
)
_TOKEN = re.compile(r"((?:msToken|device_id|verifyFp|xsec_token|a_bogus|X-Bogus)=)[^&\"'\s]+")


def scrubbed(text: str, most: int = 300) -> str:
    """The beginning of a record that could not be read, without addresses, tokens, agents and names of accounts."""
    return _TOKEN.sub(r"\1…", _PRIVATE.sub(r'\1"…"', text[:10_000]))[:most]


_UNDEFINED = re.compile(r'"(?:[^"\\]|\\.)*"|\bundefined\b')
_SCRIPT = re.compile(r"\{\s*(?:[A-Za-z_$][\w$]*|'[^'\\]*')\s*:")
_SCRIPT_TOKEN = re.compile(rf"{_TEXTS}|[A-Za-z_$][\w$]*(?=\s*:)|\bundefined\b|,(?=\s*[}}\]])")
_QUOTED = re.compile(r'''\\'|\\.|"''')


def _of_script(found: re.Match[str]) -> str:
    """A piece of an object written in JavaScript, as JSON has it."""
    piece = found[0]
    if piece[0] == "'":
        inner = _QUOTED.sub(lambda one: {"\\'": "'", '"': '\\"'}.get(one[0], one[0]), piece[1:-1])
        return f'"{inner}"'
    if piece[0] == '"':
        return piece
    return "" if piece == "," else "null" if piece == "undefined" else f'"{piece}"'


def parse(text: str) -> Any:
    """Parse JSON, `NaN` and `Infinity` included (as floats), and JavaScript's `undefined`, as in the state of a page.

    An object written in JavaScript (keys without quotation marks or in single ones) is read as what it says.

    Raises
    ------
    ValueError
        If it is no JSON.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if _SCRIPT.match(text):
            text = _SCRIPT_TOKEN.sub(_of_script, text)
        elif "undefined" in text:  # nothing, where it stands for a value; a word of people's where it is in a text
            text = _UNDEFINED.sub(lambda found: "null" if found[0] == "undefined" else found[0], text)
        try:
            return json.loads(text)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def _as_record(number: int, value: Any, unit: str) -> Record | Broken:
    if isinstance(value, dict):
        return Record(number, value)
    kind = "null" if value is None else type(value).__name__
    return Broken(number, f"this {unit} is {kind}, not an object", scrubbed(str(value)) if value is not None else "")


def lines(text: Iterable[str]) -> Iterator[Record | Broken]:
    """The objects of JSON lines."""
    for number, line in enumerate(text, start=1):
        if (record := of_line(number, line)) is not None:
            yield record


def of_line(number: int, line: str) -> Record | Broken | None:
    """The object on a line; an empty line is no record, one of NUL characters a broken one."""
    stripped = (line.replace("\0", "") if "\0" in line else line).strip().strip("\ufeff")
    if not stripped:
        return Broken(number, "the line holds NUL characters only") if "\0" in line else None
    if too_long(line) or too_deep(stripped):
        return Broken(number, f"the line is {TOO_LONG if too_long(line) else TOO_DEEP}", scrubbed(stripped[:10_000]))
    try:
        return _as_record(number, parse(stripped), "line")
    except ValueError:
        cut_short = not line.endswith("\n")
        reason = "the last line is cut short" if cut_short else "the line is not valid JSON"
        return Broken(number, reason, scrubbed(stripped))


class _Window:
    """A moving window over a long text."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.text = ""
        self.position = 0
        self.ended = False

    def more(self) -> bool:
        """Read a further piece; False at the end. What lies before `position` is dropped."""
        piece = self._stream.read(max(PIECE, len(self.text) - self.position))
        self.ended = not piece
        self.text = self.text[self.position :] + piece.replace("\0", "")
        self.position = 0
        return bool(piece)

    def next_mark(self) -> str:
        """The next character that is no blank and no comma, without taking it; empty at the end."""
        while True:
            while self.position < len(self.text):
                mark = self.text[self.position]
                if not (mark.isspace() or mark in ",\ufeff"):
                    return mark
                self.position += 1
            if not self.more():
                return ""


class TooDeepError(ValueError):
    """A value that nests too deeply; it was read to its end, and reading may go on behind it."""


_DECODER = json.JSONDecoder()
_NEXT_OBJECT = re.compile(r"\}\s*,?\s*(?=\{)")


def _value(window: _Window) -> Any:
    """The next value; the window moves behind it.

    Raises
    ------
    ValueError
        If it is no JSON, or ends too early.
    """
    while True:
        begin = window.position
        try:
            value, window.position = _DECODER.raw_decode(window.text, begin)
        except ValueError as error:
            # The value may only be cut by the edge of the window: an error far from the edge is a real one.
            near_edge = getattr(error, "pos", 0) > len(window.text) - 64 or "Unterminated string" in str(error)
            if near_edge and len(window.text) - begin < LONGEST_ELEMENT and window.more():
                continue
            raise
        except RecursionError as error:  # far deeper still: it is not known where it ends
            raise ValueError("nested too deeply") from error
        if too_deep(window.text[begin : window.position]):
            raise TooDeepError(TOO_DEEP)
        if window.position < len(window.text) or not isinstance(value, int | float) or not window.more():
            return value


def _skip_damage(window: _Window) -> bool:
    """Move behind a damaged value, to the beginning of the next object; False where there is none."""
    window.position += 1
    while True:
        found = _NEXT_OBJECT.search(window.text, window.position)
        if found:
            window.position = found.end()
            return True
        window.position = max(window.position, len(window.text) - 64)
        if not window.more():
            return False


def document(stream: TextIO) -> Iterator[Record | Broken]:
    """The objects of a JSON document: the elements of an array, or the one object (or several, one after another).

    The number of a record is its position, from 1.
    """
    window = _Window(stream)
    if window.next_mark() == "[":
        window.position += 1
    number = 0
    while mark := window.next_mark():
        if mark == "]":
            window.position += 1
            continue
        number += 1
        begin = window.text[window.position : window.position + 300]
        try:
            yield _as_record(number, _value(window), "element")
        except TooDeepError:
            yield Broken(number, f"this element is {TOO_DEEP}", scrubbed(begin))
        except ValueError:
            if _skip_damage(window):
                yield Broken(number, "this element is not valid JSON", scrubbed(begin))
            else:
                yield Broken(
                    number, "the file is damaged or cut short here; nothing could be read behind", scrubbed(begin)
                )
                return
