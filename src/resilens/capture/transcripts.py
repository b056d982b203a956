"""What is said in a recording, by the subtitles that were captured beside it (SRT or WebVTT)?"""

from __future__ import annotations

import html
import re
from pathlib import Path

from resilens.capture.files import Source

ENDINGS = (".srt", ".vtt")
LONGEST = 1 << 23
"""Characters that are read; a day of talk is a million."""

_TIME = re.compile(r"(?:\d+:)?\d{1,2}:\d{2}[,.]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[,.]\d{1,3}(?:\s.*)?")
_MENTION = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠][^\s@＠:：,，.。!！?？]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")


def is_transcript(path: Path) -> bool:
    """Whether a file is called like subtitles and holds any."""
    return path.suffix.lower() in ENDINGS and transcript(path) is not None


def transcript(path: Path) -> str | None:
    """The words of a file of subtitles, a line a cue, without times, numbers and layout; None where it has none.

    A cue that repeats the one before, as in captions that roll up, is taken once. Speakers' names (`<v NAME>`) go, and
    so does the name in a mention.

    Raises
    ------
    InputError
        If its encoding is not known.
    """
    with Source(path).text() as stream:
        text = stream.read(LONGEST).replace("\0", "").lstrip("\ufeff")
    said: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n").split("\n")
        begin = next((place for place, line in enumerate(lines[:3]) if _TIME.fullmatch(line.strip())), None)
        if begin is None:
            continue
        cue = [_MENTION.sub("@…", html.unescape(_TAG.sub("", line))).strip() for line in lines[begin + 1 :]]
        said += [line for line in cue if line and line not in said[-2:]]
    return "\n".join(said) or None
