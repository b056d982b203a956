"""What was each result made from, and so what is out of date? One small file in `results/` remembers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resilens.files import write_text

NAME = "made-from.json"


class MadeFrom:
    """What the steps of one study were last made from.

    Parameters
    ----------
    folder
        `results/` of the study.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME

    def stale(self, step: str, inputs: Mapping[str, str], output: Path) -> str:
        """Why a step is to be done again, in words; empty where it is up to date.

        Parameters
        ----------
        step
            Its name.
        inputs
            A digest of each thing it is made from, by the words in which a change of it is said.
        output
            What it makes.
        """
        if not output.exists():
            return "not made yet"
        return changed(self._remembered().get(step), inputs)

    def remember(self, step: str, inputs: Mapping[str, str]) -> None:
        """Keep what a step was just made from."""
        content = {**self._remembered(), step: dict(inputs)}
        write_text(self._file, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    def _remembered(self) -> dict[str, dict[str, str]]:
        try:
            return dict(json.loads(self._file.read_bytes()))
        except (FileNotFoundError, ValueError):
            return {}


def changed(before: Mapping[str, str] | None, inputs: Mapping[str, str]) -> str:
    """Which inputs are no longer what they were, in words; empty where none."""
    if before is None:
        return "nothing is known of how it was made"
    words = [name for name, digest in inputs.items() if before.get(name) != digest]
    return f"changed: {', '.join(words)}" if words else ""


def digest(content: Any) -> str:
    """SHA-256 of anything JSON can hold, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
