"""What does an item say? Sentences for its codes, in a language, with everything that makes text hard to read.

For each code that an item carries, `cue_share` decides whether its sentence uses a term of that code's lexicon; with
`confuser_rate` a sentence is added that uses a term of a code the item does not carry. Both are kept as truth, so that
the precision and recall of a lexicon are known before it is run: see `expected`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, reduce
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resilens.corpus.text import script_of
from resilens.simulate.bank import (
    CONFUSER,
    CUE,
    EMOJI,
    HAN,
    HELD_OUT,
    LATIN,
    TITLES_CUE,
    TITLES_HELD_OUT,
    Bank,
    bank,
)
from resilens.simulate.content import FAMILIES, NOTHING, Vocabulary
from resilens.simulate.inventory import LANGUAGES, NONE, table
from resilens.simulate.streams import Ids, Streams
from resilens.simulate.threads import Items
from resilens.simulate.world import World

Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int64]

PARTS = ("practice", *FAMILIES)
"""What a sentence can stand for; the columns of `Texts.cues`."""
SHORT = 0.3
"""Share of comments without any code that are one of the very short ones."""
EN, ZH = range(len(LANGUAGES))
_SCRIPTS = np.array(["none", "han", "latin", "mixed", "emoji", "han", "latin", "mixed"])


@dataclass(frozen=True)
class Texts:
    """What items say, and the truth about it.

    Parameters
    ----------
    text, title
        The words; titles are null for comments, and where there are no words.
    script
        As `corpus.text.script_of` finds it in title and text.
    language
        The language written in, as a place in `LANGUAGES`.
    cues
        (N, len(PARTS)) whether the sentence for each code holds a term of its lexicon.
    confuser
        The code whose term stands there without its meaning, as a place in `Bank.codes`; -1 for none.
    wordless
        Whether there are no words at all.
    thing, low, high, currency
        The amount of money claimed: what for, its bounds, its currency; -1 and NaN where none is.
    """

    text: pa.Array
    title: pa.Array
    script: npt.NDArray[np.str_]
    language: npt.NDArray[np.int8]
    cues: npt.NDArray[np.bool_]
    confuser: npt.NDArray[np.int16]
    wordless: npt.NDArray[np.bool_]
    thing: npt.NDArray[np.int16]
    low: Floats
    high: Floats
    currency: npt.NDArray[np.int8]


class Writer:
    """Writes the texts of a world's items.

    Parameters
    ----------
    world, vocabulary, streams
        The world, its codes, its random numbers.
    """

    def __init__(self, world: World, vocabulary: Vocabulary, streams: Streams) -> None:
        self.world, self.streams, self.bank = world, streams, bank()
        known = {code: place for place, code in enumerate(self.bank.codes)}
        self._in_bank = np.array([*(known.get(code, NOTHING) for code in vocabulary.codes), NOTHING])
        self._none = known[NONE]
        self._confusers = np.array([place for place, code in enumerate(self.bank.codes)
                                    if self.bank.count[:, 0, place, CONFUSER].all()])  # fmt: skip
        self._home = np.array([LANGUAGES.index(community.language) for community in world.groups])

    def texts(self, items: Items, tags: pa.Array | None = None) -> Texts:
        """The texts of posts (with `tags`, the words of their hashtags) or of comments (without).

        Parameters
        ----------
        tags
            One text an item, written after everything else.
        """
        ids, drawn = items.id, self.streams.uniform
        language = self._language(items)
        country = self._home[items.group]  # who is at home in English pays in dollars, who is in Chinese, in yuan
        codes = self._in_bank[np.column_stack([items.practice, items.marks])]
        wordless = drawn("text.wordless", ids) < self.world.text.wordless
        cues = self._cues(ids, language, country, codes, wordless)
        slip = drawn("text.slip", ids) < self.world.text.typos
        rows = [self._sentences(f"text.{part}", ids, language, country, codes[:, place], cues[:, place], slip)
                for place, part in enumerate(PARTS)]  # fmt: skip
        bare = (codes < 0).all(axis=1)
        short = bare & ~wordless & (items.depth > 0) & (drawn("text.short", ids) < SHORT)
        talk = self._sentences("text.talk", ids, language, country, np.where(bare & ~short, self._none, NOTHING),
                               np.zeros(ids.size, np.bool_), slip)  # fmt: skip
        rows[0] = np.where(bare, talk, rows[0])
        doubled = self._doubled(ids, language, country, np.where(self.bank.thing[rows[0]] < 0, codes[:, 0], NOTHING),
                                cues[:, 0])  # fmt: skip
        confuser = self._confuser(ids, codes, wordless)
        confusing = self._sentences("text.confusing", ids, language, country, confuser, None, slip)
        worded = [np.where(wordless, NOTHING, one) for one in (*rows, doubled, confusing)]
        clinging, bits = self._clinging(ids, language, short, wordless, tags is not None)
        text, scripts = self._joined(worded, clinging, bits, tags)
        title, title_bits = (pa.nulls(items.size, pa.string()), 0) if tags is None else self._titles(
            ids, language, country, codes[:, 0], cues[:, 0], wordless)  # fmt: skip
        priced = np.where(worded[-2] >= 0, worded[-2], worded[0])  # what is doubled names no thing itself
        return Texts(text, title, _SCRIPTS[scripts | title_bits], language.astype(np.int8), cues,
                     np.where(wordless, NOTHING, confuser).astype(np.int16), wordless,
                     *(np.where(priced >= 0, column[priced], empty) for column, empty in (
                         (self.bank.thing, -1), (self.bank.low, np.nan), (self.bank.high, np.nan),
                         (self.bank.currency, -1))))  # fmt: skip

    def _language(self, items: Items) -> Places:
        other = np.array([community.other_language for community in self.world.groups])[items.group, items.state]
        home = self._home[items.group]
        crosses = self.streams.uniform("text.language", items.id) < other
        return np.where(crosses, 1 - home, home)

    def _cues(
        self, ids: Ids, language: Places, country: Places, codes: Places, wordless: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Whether each code's sentence holds a term; codes without phrases, and small talk, hold none."""
        columns = [self.streams.uniform(f"text.{part}.cue", ids) < self.world.text.cue_share for part in PARTS]
        worded = self.bank.count[language[:, None], country[:, None], codes, CUE] > 0
        return np.asarray(np.column_stack(columns) & (codes >= 0) & worded & ~wordless[:, None], np.bool_)

    def _sentences(
        self, stream: str, ids: Ids, language: Places, country: Places, code: Places,
        cue: npt.NDArray[np.bool_] | None, slip: npt.NDArray[np.bool_], kinds: tuple[int, int] = (CUE, HELD_OUT),
    ) -> Places:  # fmt: skip
        """A row of the bank for each item, -1 where it has no such code; without `cue` a confuser."""
        out = np.full(ids.size, NOTHING)
        own = np.flatnonzero(code >= 0)
        kind = np.full(own.size, CONFUSER) if cue is None else np.where(cue[own], *kinds)
        where = language[own], country[own], code[own], kind
        count = self.bank.count[where]
        row = self.bank.start[where] + self.streams.below(stream, ids[own], count) + count * slip[own]
        out[own] = np.where(count > 0, row, NOTHING)
        return out

    def _doubled(
        self, ids: Ids, language: Places, country: Places, code: Places, cue: npt.NDArray[np.bool_]
    ) -> Places:
        """The same code's sentence in the other language, for those who set a translation beside what they write."""
        doubles = self.streams.uniform("text.doubled", ids) < self.world.text.doubled
        code = np.where(doubles, code, NOTHING)
        never = np.zeros(ids.size, np.bool_)
        return self._sentences("text.doubling", ids, 1 - language, country, code, cue, never)

    def _confuser(self, ids: Ids, codes: Places, wordless: npt.NDArray[np.bool_]) -> Places:
        """The code whose term is used without its meaning: any with phrases that the item does not carry."""
        code = self._confusers[self.streams.below("text.confuser.code", ids, self._confusers.size)]
        taken = self.streams.uniform("text.confuser", ids) < self.world.text.confuser_rate
        return np.where(taken & ~wordless & (codes != code[:, None]).all(axis=1), code, NOTHING)

    def _clinging(
        self, ids: Ids, language: Places, short: npt.NDArray[np.bool_], wordless: npt.NDArray[np.bool_], post: bool
    ) -> tuple[list[pa.Array], npt.NDArray[np.uint8]]:
        """Short comments, initials, words of the other language, emoji and stickers."""
        own, bits, columns = self.world.text, np.zeros(ids.size, np.uint8), []
        drawn = self.streams.uniform
        emoji = drawn("text.emoji", ids) < np.where(wordless & (not post), 0.8, own.emoji)
        stickers = drawn("text.sticker", ids) < 0.5
        chosen = (
            ("short", short),
            ("initials", (drawn("text.initials", ids) < own.initials) & ~wordless),
            ("mixed", (drawn("text.mixed", ids) < own.mixed) & ~wordless),
            ("emoji", emoji & ~stickers),
            ("stickers", emoji & stickers),
        )
        for name, these in chosen:
            words, scripts = _noise(name)
            place = np.where(these, self.streams.below(f"text.{name}.choice", ids, words.counts[language])
                             + words.begins[language], NOTHING)  # fmt: skip
            columns.append(_taken(words.text, place))
            bits |= np.where(these, scripts[place], 0).astype(np.uint8)
        return columns, bits

    def _joined(
        self, rows: list[Places], clinging: list[pa.Array], bits: npt.NDArray[np.uint8], tags: pa.Array | None
    ) -> tuple[pa.Array, npt.NDArray[np.uint8]]:
        parts = [_taken(self.bank.text, row) for row in rows] + clinging
        for row in rows:
            bits = bits | np.where(row >= 0, self.bank.scripts[row], 0).astype(np.uint8)
        if tags is not None:
            parts.append(tags)
            bits = bits | _tag_bits(tags)
        # Arrow drops a row in which every part is null (seen in pyarrow 26), so such a row gets an empty part.
        empty = reduce(pc.and_, map(pc.is_null, parts))
        parts[0] = pc.if_else(empty, "", parts[0])
        return pc.binary_join_element_wise(*parts, " ", null_handling="skip"), bits

    def _titles(
        self, ids: Ids, language: Places, country: Places, code: Places, cue: npt.NDArray[np.bool_],
        wordless: npt.NDArray[np.bool_],
    ) -> tuple[pa.Array, npt.NDArray[np.uint8]]:  # fmt: skip
        """Titles say the same code, with a term only where the text has one; where there are no words there is none."""
        code = np.where(wordless, NOTHING, np.where(code >= 0, code, self._none))
        never = np.zeros(ids.size, np.bool_)
        rows = self._sentences("text.title", ids, language, country, code, cue, never, (TITLES_CUE, TITLES_HELD_OUT))
        return _taken(self.bank.text, rows), np.where(rows >= 0, self.bank.scripts[rows], 0).astype(np.uint8)


@dataclass(frozen=True)
class _Words:
    text: pa.Array
    begins: Places
    counts: Places


@cache
def _noise(name: str) -> tuple[_Words, npt.NDArray[np.uint8]]:
    """One list of `noise.toml` over both languages, with the scripts each entry shows."""
    listed: list[Any] = [table("noise", language)[name] for language in LANGUAGES]
    lists = [list(map(str, several)) for several in listed]
    words = [word for several in lists for word in several]
    counts = np.array([len(several) for several in lists])
    bits = np.array([_bits(word) for word in words], np.uint8)
    return _Words(pa.array(words, pa.string()), np.cumsum(counts) - counts, counts), bits


def _bits(text: str) -> int:
    return {"han": HAN, "latin": LATIN, "mixed": HAN | LATIN, "emoji": EMOJI}.get(script_of(text), 0)


def _tag_bits(tags: pa.Array) -> npt.NDArray[np.uint8]:
    encoded = tags.dictionary_encode()
    bits = np.array([*(_bits(text) for text in encoded.dictionary.to_pylist()), 0], np.uint8)
    return np.asarray(bits[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)], np.uint8)


def _taken(texts: pa.Array, places: Places) -> pa.Array:
    """The texts at places; null where a place is -1."""
    return texts.take(pa.array(places, pa.int64(), mask=places < 0))


@dataclass(frozen=True)
class Expected:
    """What a code's lexicon should find among items of a kind.

    Parameters
    ----------
    code
        The code.
    items
        How many carry it.
    recall, precision
        Expected; precision is None where the code has no confusers and no item.
    """

    code: str
    items: int
    recall: float
    precision: float | None


def expected(world: World, carrying: dict[str, int], total: int) -> list[Expected]:
    """The expected precision and recall of each code's lexicon, in closed form.

    recall = cue_share (1 - wordless): an item that carries the code uses a term in that share.
    precision = hits / (hits + stray), hits = n recall, stray = (N - n) confuser_rate / K (1 - wordless), with K codes
    that have confusers, each as likely. Of a lexicon that reads title and text, hashtags aside: #猫税 is itself a term.

    Parameters
    ----------
    carrying
        How many items carry each code.
    total
        N, all items of that kind.
    """
    ready: Bank = bank()
    confusers = [code for place, code in enumerate(ready.codes) if ready.count[:, 0, place, CONFUSER].all()]
    worded = 1.0 - world.text.wordless
    found = []
    for code in sorted(set(carrying) & set(ready.codes) - {NONE}):
        recall, many = world.text.cue_share * worded, carrying[code]
        hits = many * recall
        stray = (total - many) * world.text.confuser_rate * worded / len(confusers) if code in confusers else 0.0
        found.append(Expected(code, many, recall, hits / (hits + stray) if hits + stray else None))
    return found


