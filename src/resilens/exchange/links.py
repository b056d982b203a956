"""Which parts of a text find an item on its platform, links and ids, and how does a text leave without them?"""

from __future__ import annotations

import re

from resilens.corpus.schema import PLATFORMS
from resilens.exchange.safe_xml import writable

_HOST = r"(?<![a-z0-9-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}/"  # bounded, so that no text takes long
LINK = re.compile(rf"(?:https?://|www\.|{_HOST})[^\s<>\"'，。；！？、）】》]*", re.IGNORECASE)
_ITEM = re.compile(rf"\b(?:{'|'.join(PLATFORMS)}):[pc]:[^\s<>\"'()\[\],;，。；！？、（）】》]+")
_LINK_NAME, _ITEM_NAME = "[link]", "[item]"


def covered(text: str) -> tuple[str, int]:
    """The text with every link as `[link]` and every id of an item as `[item]`, with dots up to its length, so that no
    position moves; and how many there were. What is covered already stays as it is."""
    text, links = LINK.subn(lambda found: _over(found[0], _LINK_NAME), text)
    text, items = _ITEM.subn(lambda found: _over(found[0], _ITEM_NAME), text)
    return text, links + items


def shown(memo: str) -> str:
    """A memo as it leaves, and as what has come back is compared: covered, and without what XML cannot hold."""
    return covered(writable(memo))[0]


def _over(words: str, name: str) -> str:
    return name.ljust(len(words), "·")[: len(words)]
