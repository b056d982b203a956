"""How is a value written in a TOML file that people read and edit?"""

from __future__ import annotations

import re
from typing import Any

_ESCAPED = re.compile('[\x00-\x08\x0a-\x1f\x7f"\\\\]')
_SHORT = {"\b": "\\b", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def written(value: Any) -> str:
    """Text, a number, true or false, or a list of them as TOML; text of several lines between three quotation marks."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if "\n" in value:
        lines = [_escaped(line) for line in value.split("\n")]
        return '"""\n' + "\n".join(lines) + '"""'
    return f'"{_escaped(value)}"'


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}", text)
