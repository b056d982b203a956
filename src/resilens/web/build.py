"""Which build of the workbench is this? A tab that was opened by another is told to reload."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from resilens import __version__

HERE = Path(__file__).parent


@cache
def build() -> str:
    """Twelve hexadecimal digits of everything a browser is given: scripts, styles, templates, words."""
    seen = hashlib.sha256(__version__.encode())
    for folder in ("static", "templates", "words"):
        for path in sorted((HERE / folder).rglob("*")):
            if path.is_file():
                seen.update(path.relative_to(HERE).as_posix().encode() + path.read_bytes())
    return seen.hexdigest()[:12]
