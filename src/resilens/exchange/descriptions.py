"""How does all that Resilens knows of a code go into the one Description other programs have, and come out again?

The definition comes first, as plain text; then a paragraph for each other field, `[Use when] ...`; last `[Id] ...`. A
description with an `[Id]` paragraph is one of ours; any other is a definition and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LABELS = {
    "use_when": "Use when", "not_when": "Not when", "example": "Example", "source": "Source",
    "name_zh": "Chinese name", "role": "Role", "variant": "Variant", "second_item": "Second item", "status": "Status",
    "merged_into": "Merged into", "key": "Key", "id": "Id",
}  # fmt: skip
"""The fields of a code that stand in its Description behind a label, in this order."""

_FIELDS = {label: name for name, label in LABELS.items()}
_LABEL = rf"\[(?:{'|'.join(LABELS.values())})\] "
_PARAGRAPH = re.compile(rf"(?:\A|\n\n)\[({'|'.join(LABELS.values())})\] ")
_LIKE_LABEL = re.compile(rf"^( *)(?={_LABEL})", re.MULTILINE)
_ESCAPED = re.compile(rf"^ ( *)(?={_LABEL})", re.MULTILINE)


def description_of(fields: Mapping[str, str]) -> str:
    """One text of the fields of a code, those that are empty left out; `fields_of` takes it apart again.

    A line of the scholar's own that looks like one of the labels gets a blank before it; newlines are `\\n`.
    """
    told = {name: _LIKE_LABEL.sub(r" \1", one_newline(text)) for name, text in fields.items() if text}
    definition = [told["definition"]] if "definition" in told else []
    return "\n\n".join([*definition, *(f"[{label}] {told[name]}" for name, label in LABELS.items() if name in told)])


def fields_of(description: str) -> dict[str, str]:
    """The fields a description holds, newlines as `\\n`: `definition` alone unless it has an `[Id]` paragraph."""
    text = one_newline(description)
    found = list(_PARAGRAPH.finditer(text))
    if not any(match[1] == LABELS["id"] for match in found):
        return {"definition": text}
    ends = [match.start() for match in found[1:]] + [len(text)]
    fields = {"definition": _ESCAPED.sub(r"\1", text[: found[0].start()])}
    for match, end in zip(found, ends, strict=True):
        fields.setdefault(_FIELDS[match[1]], _ESCAPED.sub(r"\1", text[match.end() : end]))
    return fields


def one_newline(text: str) -> str:
    """The text with every newline as `\\n`: how a program writes newlines is no difference."""
    return re.sub("\r\n?", "\n", text)
