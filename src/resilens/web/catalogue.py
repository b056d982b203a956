"""What does the interface say, in English and in Simplified Chinese? One catalogue: a file of `words/` a screen.

An entry has `en` and `zh`, and `en_one` where English says it differently of one; values stand in braces: `{n} items`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "words"
LANGUAGES = {"en": "English", "zh": "简体中文"}
FIRST = "en"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every entry by its name, `screening.include`."""
    entries: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for name, entry in _flat(tomllib.loads(path.read_text("utf-8"))):
            entries[f"{path.stem}.{name}"] = entry
    return entries


def _flat(content: Mapping[str, Any], above: str = "") -> list[tuple[str, dict[str, str]]]:
    found = []
    for name, value in content.items():
        if "en" in value and isinstance(value["en"], str):
            found.append((above + name, value))
        else:
            found += _flat(value, f"{above}{name}.")
    return found


def say(name: str, language: str, **values: Any) -> str:
    """An entry in a language, its values put in; English where the language lacks it.

    Raises
    ------
    KeyError
        If there is no such entry, or it needs a value that is not given.
    """
    entry = catalogue()[name]
    key = "en_one" if language == "en" and values.get("n") == 1 and "en_one" in entry else language
    words = entry.get(key) or entry[FIRST]
    shown = {name: f"{value:,}" if type(value) is int else value for name, value in values.items()}
    return words.format(**shown) if values else words


def language_for(cookie: str | None, accepted: str | None) -> str:
    """The language chosen on this browser, or the first that it accepts; English otherwise."""
    if cookie in LANGUAGES:
        return str(cookie)
    for part in (accepted or "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag[:2] in LANGUAGES:
            return tag[:2]
    return FIRST
