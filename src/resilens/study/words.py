"""What did the writer mean?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """`; did you mean 'posts'?` for the known word nearest to what was written, or nothing where none is near."""
    by_folded = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(written.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[near[0]]!r}?" if near else ""
