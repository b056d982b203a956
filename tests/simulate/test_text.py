"""What a lexicon finds in the text is what the truth says, and what was said beforehand that it would find.

The lexicon of a code reads the title and the text of an item, hashtags aside: which hashtags a post carries is a column
of its own, and one of them (#猫税) is itself a term.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.simulate.worlds import Everything, changed, everything

from resilens.corpus.text import distinct_hashtags, hashtags_in, script_of
from resilens.simulate.bank import CONFUSER, CUE, bank
from resilens.simulate.inventory import LANGUAGES, NONE, lexicon, table
from resilens.simulate.observation import tag_words
from resilens.simulate.text import PARTS, expected
from resilens.simulate.world import World, presets, world

HARD = {"cue_share": 0.6, "confuser_rate": 0.3, "typos": 0.4, "emoji": 0.4, "initials": 0.2, "mixed": 0.2,
        "doubled": 0.3, "wordless": 0.1}  # fmt: skip
CODES = [code for code in bank().codes if code != NONE]
PRICE = re.compile(r"\$\d|¥\d|\d(?:美元|块)")
TAG = re.compile(r"#[^#\s]+?\[话题\]#|#\w+")
SLIP_APART = 2
"""Letters in which a slip of the keyboard differs."""


@cache
def run(name: str) -> Everything:
    if name == "hard":
        return everything(changed("tiktok-refugees", users=15_000, items=4500, text=HARD), seed=3)
    return everything(changed(name, users=15_000, items=4500), seed=3)


def read(one: Everything) -> list[str]:
    """What a lexicon reads of posts and comments: title and text, hashtags aside."""
    words = []
    for _, texts in one.both:
        for title, text in zip(texts.title.to_pylist(), texts.text.to_pylist(), strict=True):
            words.append(f"{title or ''}\n{TAG.sub('', text)}")
    return words


@cache
def matched(name: str) -> dict[str, np.ndarray]:
    """Which items each code's lexicon finds."""
    words = read(run(name))
    return {code: np.array([bool(lexicon(code).search(one)) for one in words]) for code in CODES}


def carried(one: Everything, code: str) -> np.ndarray:
    """Which items carry a code, one row of `PARTS` each."""
    place = one.simulation.vocabulary.codes.index(code) if code in one.simulation.vocabulary.codes else -9
    return np.concatenate([np.column_stack([items.practice, items.marks]) == place for items, _ in one.both])


def column(one: Everything, name: str) -> np.ndarray:
    return np.concatenate([getattr(texts, name) for _, texts in one.both])


# --- the truth of cues and confusers --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*presets(), "hard"])
@pytest.mark.parametrize("code", CODES)
def test_a_lexicon_finds_cues_and_confusers_and_nothing_else(code: str, name: str) -> None:
    one = run(name)
    cue = (column(one, "cues") & carried(one, code)).any(axis=1)
    confused = column(one, "confuser") == bank().codes.index(code)
    wrong = np.flatnonzero(matched(name)[code] != (cue | confused))
    assert [(read(one)[row], bool(cue[row]), bool(confused[row])) for row in wrong[:3]] == []
    assert not (confused & carried(one, code).any(axis=1)).any()


@pytest.mark.parametrize("name", [*presets(), "hard"])
def test_measured_precision_and_recall_are_the_expected(name: str) -> None:
    """Of every code carried by 100 items or more: hits and strays are binomial with the chances of the closed form."""
    one = run(name)
    carrying = {code: int(carried(one, code).any(axis=1).sum()) for code in CODES}
    total = carried(one, CODES[0]).shape[0]
    both = [code for code in CODES if bank().count[:, 0, bank().codes.index(code), CUE].all()]
    foreseen = {row.code: row for row in expected(one.simulation.world, carrying, total)}
    frequent = [code for code in both if carrying[code] >= 100]
    assert len(frequent) >= 5
    for code in frequent:
        own, found = carried(one, code).any(axis=1), matched(name)[code]
        row, many = foreseen[code], carrying[code]
        assert row.items == many
        assert abs(found[own].mean() - row.recall) < 4.5 * np.sqrt(row.recall * (1 - row.recall) / many)
        assert row.precision is not None
        stray = many * row.recall * (1 / row.precision - 1)
        assert abs(found[~own].sum() - stray) < 4.5 * np.sqrt(stray + 1)
        precision = (found & own).sum() / found.sum()
        spread = np.sqrt(row.precision * (1 - row.precision) / found.sum()) + 0.005
        assert abs(precision - row.precision) < 4.5 * spread


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_ends_of_cue_share(share: float) -> None:
    one = everything(changed("tiktok-refugees", users=8000, items=4000,
                             text={"cue_share": share, "confuser_rate": 0.0, "wordless": 0.0}))  # fmt: skip
    words = read(one)
    for code in CODES:
        own = carried(one, code).any(axis=1)
        has_phrases = bank().count[column(one, "language"), 0, bank().codes.index(code), CUE] > 0
        found = np.array([bool(lexicon(code).search(word)) for word in words])
        assert (found == (own & has_phrases if share else np.zeros_like(own))).all(), code
    assert (column(one, "confuser") == -1).all()
    assert column(one, "cues").any() == bool(share)
    for row in expected(one.simulation.world, dict.fromkeys(CODES, 10), 1000):
        assert row.recall == share
        assert row.precision == (1.0 if share else None)


def test_expectations_in_closed_form() -> None:
    easy = changed("quiet", text={"cue_share": 0.5, "confuser_rate": 0.1, "wordless": 0.2})
    (row,) = expected(easy, {"practice.tribute.cat": 400}, 10_000)
    confusers = sum(bool(bank().count[:, 0, place, CONFUSER].all()) for place in range(len(bank().codes)))
    hits, stray = 400 * 0.5 * 0.8, 9600 * 0.1 * 0.8 / confusers
    assert row.recall == pytest.approx(0.4)
    assert row.precision == pytest.approx(hits / (hits + stray))
    assert expected(easy, {"stage.absorption": 5, NONE: 5}, 10) == []


def test_confusers_come_at_their_rate_with_any_code() -> None:
    one = run("hard")
    confuser, wordless = column(one, "confuser"), column(one, "wordless")
    every = [place for place in range(len(bank().codes)) if bank().count[:, 0, place, CONFUSER].all()]
    rate = HARD["confuser_rate"]
    assert (confuser[~wordless] >= 0).mean() == pytest.approx(rate, abs=0.02)
    assert (confuser[wordless] == -1).all()
    assert set(confuser[confuser >= 0]) == set(every)


# --- what else is written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*presets(), "hard"])
def test_scripts_are_those_of_the_text(name: str) -> None:
    for _, texts in run(name).both:
        for title, text, script in zip(texts.title.to_pylist(), texts.text.to_pylist(), texts.script, strict=True):
            assert script_of(f"{title}\n{text}" if title else text) == script, (title, text)


@pytest.mark.parametrize("name", [*presets(), "hard"])
def test_no_text_is_null_and_only_posts_have_titles(name: str) -> None:
    one = run(name)
    for _, texts in one.both:
        assert texts.text.null_count == 0
        assert not [text for text in texts.text.to_pylist() if text != text.strip() or "{" in text or "}" in text]
    assert one.comment_texts.title.null_count == len(one.comment_texts.title)
    written = np.array([title is not None for title in one.post_texts.title.to_pylist()])
    assert not written[one.post_texts.wordless].any()
    assert written.any()


@pytest.mark.parametrize("name", ["tiktok-refugees", "hard"])
def test_the_wordless_have_no_letters(name: str) -> None:
    """Emoji, stickers and hashtags at most."""
    one = run(name)
    wordless = column(one, "wordless")
    share = one.simulation.world.text.wordless
    assert wordless.mean() == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / wordless.size))
    for word in np.array(read(one), object)[wordless]:
        assert script_of(word) in ("none", "emoji"), word
    assert not column(one, "cues")[wordless].any()
    assert (column(one, "thing")[wordless] == -1).all()


@pytest.mark.parametrize("name", presets())
def test_languages_have_their_shares(name: str) -> None:
    """By group and state: the other group's language in its share."""
    one = run(name)
    for items, texts in one.both:
        for group, community in enumerate(one.simulation.world.groups):
            home = LANGUAGES.index(community.language)
            for state in range(3):
                own = (items.group == group) & (items.state == state)
                other, share = (texts.language[own] != home).sum(), community.other_language[state]
                assert stats.binom.cdf(other, own.sum(), share) > 1e-5
                assert stats.binom.sf(other - 1, own.sum(), share) > 1e-5


def test_the_language_is_the_one_written_in() -> None:
    plain = changed("quiet", users=4000, items=3000,
                    text={"mixed": 0, "emoji": 0, "initials": 0, "doubled": 0, "typos": 0})  # fmt: skip
    one = everything(plain.expect(hashtag=[]))
    assert (one.masks == 0).all()
    scripts = Counter((LANGUAGES[language], script_of(word))
                      for word, language in zip(read(one), column(one, "language"), strict=True))  # fmt: skip
    for language, script in (("en", "latin"), ("zh", "han")):
        worded = {one: number for (own, one), number in scripts.items() if own == language and one != "none"}
        assert worded[script] > 0.9 * sum(worded.values())  # some phrases quote a word, and some are an emoji
        assert {"latin", "han"} - {script} - worded.keys()


def test_slips_leave_terms_and_amounts_whole() -> None:
    """Every block of the bank stands twice, row by row: the second time with one pair of letters exchanged."""
    ready, slipped = bank(), 0
    words = ready.text.to_pylist()
    for where in np.ndindex(*ready.count.shape):
        code, count = ready.codes[where[2]], ready.count[where]
        if where[1] and ready.start[where] == ready.start[(where[0], 0, *where[2:])]:
            continue
        for row in range(ready.start[where], ready.start[where] + count):
            right, wrong = words[row], words[row + count]
            apart = [place for place, (one, other) in enumerate(zip(right, wrong, strict=True)) if one != other]
            assert len(apart) in (0, SLIP_APART)
            slipped += bool(apart)
            if apart:
                assert apart[1] == apart[0] + 1
                assert sorted(right) == sorted(wrong)
            if code != NONE:
                assert lexicon(code).findall(right) == lexicon(code).findall(wrong)
            for column_ in (ready.thing, ready.low, ready.high, ready.currency):
                assert np.array_equal(column_[row], column_[row + count], equal_nan=column_.dtype == np.float64)
    assert slipped > 0.9 * len(words) / 2


def test_slips_emoji_and_the_rest_come_at_their_rates() -> None:
    own, one = run("hard").simulation.world.text, run("hard")
    texts = one.comment_texts.text.to_pylist()
    worded = ~one.comment_texts.wordless
    lists: list[Any] = [table("noise", language)[name] for language in LANGUAGES for name in ("emoji", "stickers")]
    emoji = {word for several in lists for word in several}
    ends = np.array([any(text.endswith(word) for word in emoji) for text in texts])
    assert ends[worded].mean() == pytest.approx(own.emoji, abs=0.03)
    assert ends[~worded].mean() == pytest.approx(0.8, abs=0.03)


# --- hashtags and amounts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", presets())
def test_hashtags_in_the_text_are_those_of_the_column(name: str) -> None:
    one = run(name)
    _, lists = tag_words(one.simulation.world)
    assert set(one.masks) <= set(range(1, len(lists)))
    for text, mask in zip(one.post_texts.text.to_pylist(), one.masks, strict=True):
        found = distinct_hashtags(hashtags_in(text, one.simulation.world.platform))
        assert sorted(found) == sorted(lists[mask]), text
    assert not [text for text in one.comment_texts.text.to_pylist() if "#" in text]


def test_tributes_carry_the_hashtags_of_tributes() -> None:
    one = run("tiktok-refugees")
    own: World = one.simulation.world
    tribute = np.array([code.startswith("practice.tribute") for code in one.simulation.vocabulary.codes] + [False])
    cattax = [tag.name for tag in own.hashtags].index("cattax")
    carries = one.masks >> cattax & 1 == 1
    is_tribute = tribute[one.chunk.posts.practice]
    assert carries[is_tribute].mean() > 0.6 > 0.4 > carries[~is_tribute].mean()
    assert (one.masks > 0).all()


@pytest.mark.parametrize("name", ["tiktok-refugees", "hard"])
def test_an_amount_stands_in_the_text_of_whoever_claims_it(name: str) -> None:
    """Where an amount is recorded it stands there as written, once, in the currency of the author's group."""
    ready, one = bank(), run(name)
    truth = zip(ready.text.to_pylist(), ready.thing, ready.low, ready.high, ready.currency, strict=True)
    by_text = {text: (int(thing), low, high, int(currency)) for text, thing, low, high, currency in truth}
    of_thing: dict[int, list[str]] = {}
    for text, (thing, low, *_) in by_text.items():
        if not np.isnan(low):
            of_thing.setdefault(thing, []).append(text)
    of_their_own = [text for text, (_, low, *_) in by_text.items() if np.isnan(low) and PRICE.search(text)]
    seen = 0
    for items, texts in one.both:
        claims = np.flatnonzero(~np.isnan(texts.low))
        words = texts.text.to_pylist()
        assert (texts.currency[claims] == items.group[claims]).all()
        assert (texts.low[claims] <= texts.high[claims]).all()
        for row in claims[:400]:
            claimed = (int(texts.thing[row]), texts.low[row], texts.high[row], int(texts.currency[row]))
            assert claimed in [by_text[text] for text in of_thing[claimed[0]] if text in words[row]]
            seen += 1
        silent = np.flatnonzero(np.isnan(texts.low))
        assert (texts.currency[silent] == -1).all()
        for row in silent:
            assert not PRICE.search(words[row]) or any(text in words[row] for text in of_their_own), words[row]
    assert seen > 50


def test_texts_of_an_item_depend_on_nothing_else() -> None:
    from resilens.simulate.text import Writer

    one = run("tiktok-refugees")
    writer = Writer(one.simulation.world, one.simulation.vocabulary, one.simulation.streams)
    chosen = np.random.default_rng(4).permutation(one.chunk.comments.size)[:500]
    again = writer.texts(one.chunk.comments.taken(chosen))
    assert again.text.to_pylist() == [one.comment_texts.text[int(row)].as_py() for row in chosen]
    assert np.array_equal(again.cues, one.comment_texts.cues[chosen])
    assert again.cues.shape[1] == len(PARTS)


def test_the_default_world_is_read_by_name() -> None:
    assert world("tiktok-refugees").text.cue_share == 0.7
