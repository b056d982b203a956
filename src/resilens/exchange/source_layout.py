"""How does a source say that it is an item of a study, and which texts of which items its text is made of?

In its Description, in a paragraph that anybody may leave alone: `[Resilens] ITEM; ITEM FIELD AT LENGTH; ...`. Items are
named by their local ids (`Pseudonyms.of_address`), which lead nowhere without the study's key; places are code points
of the source's text with `\\n` newlines. A post with its comments is one source with many parts. The field `whole` is
a stretch that stands for an item whose words are not there; `picture` names the file of which the source is a redacted
copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from resilens.exchange.code_tree import guid_from, plain_guid

WHOLE = "whole"
"""In place of a field: words that stand for an item, and are not its own."""

PICTURE = "picture"
"""In place of a field: a file of the study, of which the source is a redacted copy."""

WHOLE_ITEM = "[Resilens] the whole item"
"""The description of a selection that stands for all of the item on whose words it lies: in a source of several items
only one can be coded as a whole source."""

_SPAN = re.compile(r"\[Resilens\] (title|text) (\d{1,9}) to (\d{1,9})")
_ID = r"a-[a-z2-7]{16}"
_PART = rf"; ?({_ID}) (title|text|{WHOLE}|{PICTURE}) (\d{{1,9}}) (\d{{1,9}})"
_LAYOUT = re.compile(rf"(?:\A|\n\n)\[Resilens\] ({_ID})((?:{_PART})*)\.?(?=\s*\Z|\n\n)")


class Part(NamedTuple):
    """A field of an item (by its local id) inside the text of a source, or `WHOLE`; or a file, with `PICTURE`."""

    item: str
    field: str
    at: int
    length: int


class Layout(NamedTuple):
    """Which item a source is, and what its text is made of."""

    item: str
    parts: tuple[Part, ...] = ()


def span_mark(field: str, start: int, end: int) -> str:
    """The description of a selection that stands for a span of an item whose words are not there."""
    return f"[Resilens] {field} {start} to {end}"


def span_in(description: str) -> tuple[str, int, int] | None:
    """The span that a description says (`span_mark`); None where it says none."""
    found = _SPAN.fullmatch(description.strip())
    return (found[1], int(found[2]), int(found[3])) if found else None


def relation_name(code_id: str, coder: str) -> str:
    """What a link is called that leads from a coding to the second item of a code that relates two."""
    return f"{code_id} ({coder})"


def memo_guid(memo_id: str) -> str:
    """The GUID of the note that a memo leaves as: its id where that is one (it came from another program)."""
    return plain_guid(memo_id) or guid_from("memo", memo_id)


def with_layout(description: str, layout: Layout) -> str:
    """A description that says the layout at its end; `layout_in` takes it apart again."""
    parts = "".join(f"; {' '.join(map(str, part))}" for part in layout.parts)
    return "\n\n".join(part for part in (description, f"[Resilens] {layout.item}{parts}") if part)


def layout_in(description: str) -> tuple[Layout | None, str]:
    """The layout that a description says, None where there is none, and the description without it."""
    text = re.sub("\r\n?", "\n", description)
    found = _LAYOUT.search(text)
    if not found:
        return None, description
    parts = tuple(_parts(found[2]))
    return Layout(found[1], parts), (text[: found.start()] + text[found.end() :]).strip("\n")


def _parts(written: str) -> Iterable[Part]:
    for item, field, at, length in re.findall(_PART, written):
        yield Part(item, field, int(at), int(length))
