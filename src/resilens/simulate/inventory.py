"""Which phrases does the simulator write with, and which words would a coder's lexicon know?

One TOML file per language and code under `phrases/`. Each has the `lexicon` (terms a coder would search for), phrases
that hold one of these terms (`cue`), paraphrases that hold none (`held_out`, never shown to whoever builds a lexicon),
and `confuser` phrases that hold a term without the meaning. No measure and no framework reads these files: a corpus
written with the words that an analysis looks for would be recovered perfectly and prove nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("en", "zh")
NONE = "none"
"""The inventory of items to which no code applies: small talk."""

SLOT = re.compile(r"\{(\w+)\}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOT_A_CODE = ("slots", "things", "openers", "noise")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The phrases of one code in one language; `titles_*` are empty for codes that only comments carry.

    Phrases with a term of `only_us` are those of newcomers alone ("we Americans"), with one of `only_cn` of hosts.
    """

    code: str
    language: str
    lexicon: tuple[str, ...]
    cue: tuple[str, ...]
    held_out: tuple[str, ...]
    confuser: tuple[str, ...]
    titles_cue: tuple[str, ...] = ()
    titles_held_out: tuple[str, ...] = ()
    only_us: tuple[str, ...] = ()
    only_cn: tuple[str, ...] = ()

    def said_in(self, country: str, phrase: str) -> bool:
        """Whether people of a country (`us`, `cn`) would write a phrase."""
        foreign = self.only_cn if country == "us" else self.only_us
        return not any(term in phrase.lower() for term in foreign)

    @property
    def patterns(self) -> int:
        """How many phrases mean the code."""
        return len(self.cue) + len(self.held_out)


@cache
def inventories(language: str) -> dict[str, Inventory]:
    """Every inventory of a language by code, sorted by code."""
    folder = resources.files("resilens.simulate") / "phrases" / language
    found: dict[str, Inventory] = {}
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        code = entry.name.removesuffix(".toml")
        if entry.name.endswith(".toml") and code not in _NOT_A_CODE:
            content = tomllib.loads(entry.read_text("utf-8"))
            found[code] = Inventory(code, language, **{key: tuple(value) for key, value in content.items()})
    return found


@cache
def table(name: str, language: str) -> dict[str, object]:
    """One of the tables beside the inventories: slots, things (with their prices), openers, noise."""
    file = resources.files("resilens.simulate") / "phrases" / language / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def lexicon_pattern(terms: Iterable[str]) -> str:
    """A lexicon as one regular expression (RE2 and Python): letters in any case, whole words; Han terms anywhere."""
    han: list[str] = []
    other: list[str] = []
    for term in terms:
        (han if _HAN.search(term) else other).append(re.escape(term).replace(r"\ ", " "))
    parts = [rf"\b(?:{'|'.join(other)})\b"] if other else []
    return "(?i)" + "|".join([*parts, *han])


@cache
def lexicon(code: str) -> re.Pattern[str]:
    """The lexicon of a code over all languages, as an analyst would search with it."""
    terms = [term for language in LANGUAGES for term in _lexicon_terms(code, language)]
    return re.compile(lexicon_pattern(terms), re.ASCII)


def _lexicon_terms(code: str, language: str) -> tuple[str, ...]:
    found = inventories(language).get(code)
    return found.lexicon if found else ()


def filled(phrase: str) -> str:
    """A phrase with a neutral word in every slot, as the checks of the inventories read it."""
    return SLOT.sub("xyzzy", phrase)
