"""Items do what the world's tables say: practices by context, births, stages, marks in order, hostility."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from tests.simulate.worlds import Everything, changed, everything

from resilens.simulate.content import FAMILIES, HOSTILE, NOTHING, PARENT, Answering, Content, Vocabulary
from resilens.simulate.streams import Streams
from resilens.simulate.world import ACTIVE, GROUPS, PARENTS, World, world

CIVIL = changed("tiktok-refugees", rates={"psi": 0.0})
CONTEXTS = list(itertools.product(range(len(PARENTS)), range(len(GROUPS)), (False, True), range(len(ACTIVE))))
EACH = 3000
LATE = 110.0
"""A day on which every practice has spread."""


def answering(contexts: list[tuple[int, int, bool, int]], each: int = EACH, day: float = LATE) -> Answering:
    """The same number of items in each context."""
    to, group, across, state = (np.repeat(column, each) for column in zip(*contexts, strict=True))
    return Answering(to.astype(np.int8), group.astype(np.int8), across.astype(np.bool_), state.astype(np.int8),
                     np.full(to.size, day))  # fmt: skip


@cache
def vocabulary(name: str = "civil") -> Vocabulary:
    return Vocabulary(CIVIL if name == "civil" else world(name))


@cache
def civil() -> tuple[Answering, Content]:
    """Items of every context in a world without hostility."""
    asked = answering(CONTEXTS)
    return asked, vocabulary().written(Streams(2), np.arange(asked.time.size, dtype=np.uint64), asked)


@cache
def written() -> Everything:
    return everything(changed("tiktok-refugees", users=20_000))


def weights(own: World, to: int, group: int, across: bool, state: int) -> dict[str, float]:
    """What the table of practices says of a context, once all has spread; small talk's rows where it is silent."""
    for wanted in (PARENTS[to], "none"):
        found: dict[str, float] = {}
        for row in own.practices:
            if (row.to, row.by) == (wanted, GROUPS[group]) and row.across in (None, across):
                found[row.code] = found.get(row.code, 0.0) + row.weights[state]
        if sum(found.values()):
            return {code: weight / sum(found.values()) for code, weight in found.items() if weight}
    raise AssertionError("no row")


@pytest.mark.parametrize("to", range(len(PARENTS)))
def test_practices_follow_the_weights_of_their_context(to: int) -> None:
    """Chi-square over every group, direction and state."""
    asked, content = civil()
    codes, statistic, freedom = vocabulary().codes, 0.0, 0
    for place, context in enumerate(CONTEXTS):
        if context[0] != to:
            continue
        own = content.practice[place * EACH : (place + 1) * EACH]
        expected = weights(CIVIL, *context)
        found = {code: int((own == vocabulary().place(code)).sum()) for code in expected}
        assert sum(found.values()) == EACH, (context, {codes[one] for one in np.unique(own) if one >= 0} - set(found))
        statistic += sum((found[code] - EACH * share) ** 2 / (EACH * share) for code, share in expected.items())
        freedom += len(expected) - 1
    assert 1e-5 < stats.chi2.sf(statistic, freedom) < 1 - 1e-5


def mark_chances(own: World, family: str, practice: str, context: tuple[int, int, bool, int]) -> dict[str, float]:
    """Rows tried in order: share_j times the product of 1 - share_i over the rows before it that apply."""
    to, group, across, state = context
    left, found = 1.0, {}
    for row in own.marks:
        if not row.code.startswith(f"{family}."):
            continue
        applies = (not row.on or any(practice.startswith(start) for start in row.on))
        applies &= (not row.to or PARENTS[to] in row.to) and row.by in (None, GROUPS[group])
        if applies and row.across in (None, across):
            found[row.code] = found.get(row.code, 0.0) + left * row.share[state]
            left *= 1 - row.share[state]
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_marks_are_tried_in_order_with_chances_in_closed_form(family: str) -> None:
    _, content = civil()
    marks, expected, variance = content.family(family), dict.fromkeys(vocabulary().codes, 0.0), 0.0
    spread = dict.fromkeys(vocabulary().codes, 0.0)
    possible = set()
    for place, context in enumerate(CONTEXTS):
        rows = slice(place * EACH, (place + 1) * EACH)
        places, counts = np.unique(content.practice[rows], return_counts=True)
        for practice, count in zip(places, counts, strict=True):
            name = "none" if practice == NOTHING else vocabulary().codes[practice]
            chances = mark_chances(CIVIL, family, name, context)
            assert sum(chances.values()) < 1
            here = marks[rows][content.practice[rows] == practice]
            assert set(np.unique(here)) <= {NOTHING, *(vocabulary().place(code) for code in chances)}
            for code, chance in chances.items():
                found = int((here == vocabulary().place(code)).sum())
                assert stats.binom.cdf(found, count, chance) > 1e-7, (family, code, name, context)
                assert stats.binom.sf(found - 1, count, chance) > 1e-7, (family, code, name, context)
                expected[code] += count * chance
                spread[code] += count * chance * (1 - chance)
                possible.add(code)
    for code in possible:
        found = int((marks == vocabulary().place(code)).sum())
        variance = spread[code]
        assert abs(found - expected[code]) < 4.5 * np.sqrt(variance), code


def test_deflection_and_counter_speech_only_where_their_rows_say() -> None:
    for one, _ in written().both:
        deflects = one.family("politics") == written().simulation.vocabulary.place("politics.deflection")
        assert set(one.answering[deflects]) <= {PARENT["political"]}
        assert one.across[deflects].all()
        counters = one.family("relation") == written().simulation.vocabulary.place("relation.counter-speech")
        assert set(one.answering[counters]) <= {PARENT["hostile"]}
    assert deflects.any()
    assert counters.any()


def test_what_is_answered_is_what_the_parent_does() -> None:
    """Hostility and politics of the parent go before its practice."""
    posts, comments, own = written().chunk.posts, written().chunk.comments, written().simulation.vocabulary
    for items, rows, answers in (
        (posts, comments.post[comments.parent < 0], comments.parent < 0),
        (comments, comments.parent[comments.parent >= 0], comments.parent >= 0),
    ):
        hostile = items.family("affect")[rows] == own.place(HOSTILE)
        political = items.family("politics")[rows] == own.place("politics.overt")
        ledger = np.isin(items.practice[rows], [place for place, code in enumerate(own.codes) if "duizhang" in code])
        to = comments.answering[answers]
        assert (to[hostile] == PARENT["hostile"]).all()
        assert (to[political & ~hostile] == PARENT["political"]).all()
        claims = items.family("politics")[rows] == own.place("politics.identity-claim")
        assert (to[claims & ~hostile] == PARENT["claim"]).all()
        assert (to[ledger & ~hostile & ~political & ~claims] == PARENT["ledger"]).all()
        assert (items.group[rows] != comments.group[answers]).tolist() == comments.across[answers].tolist()
    assert (posts.answering == PARENT["post"]).all()
    assert not (comments.answering == PARENT["post"]).any()


def hostile_share(own: World, to: str) -> float:
    one = Vocabulary(own)
    asked = answering([(PARENT[to], 1, True, 0)], 200_000)
    content = one.written(Streams(3), np.arange(200_000, dtype=np.uint64), asked)
    hostile = content.family("affect") == one.place(HOSTILE)
    assert (content.practice[hostile] == NOTHING).all()
    assert (content.stage[hostile] == NOTHING).all()
    assert (np.delete(content.marks[hostile], FAMILIES.index("affect"), axis=1) == NOTHING).all()
    return float(hostile.mean())


def test_hostility_is_psi_and_more_in_answers_to_politics() -> None:
    own = world("tiktok-refugees")
    assert hostile_share(own, "post") == 0
    assert hostile_share(own, "political") == pytest.approx(own.rates.psi * own.moderation.political_factor, rel=0.05)
    assert hostile_share(own, "tribute") == pytest.approx(own.rates.psi * 0.85, rel=0.06)
    assert hostile_share(CIVIL, "political") == 0


def test_the_share_of_hostile_comments_is_near_psi() -> None:
    comments, own = written().chunk.comments, written().simulation.world
    hostile = comments.family("affect") == written().simulation.vocabulary.place(HOSTILE)
    assert hostile.mean() == pytest.approx(own.rates.psi, rel=0.15)
    politics = np.isin(comments.answering, [PARENT["political"], PARENT["claim"], PARENT["hostile"]])
    assert hostile[politics].mean() > 2 * hostile[~politics].mean()
    posts = written().chunk.posts
    assert not (posts.family("affect") == written().simulation.vocabulary.place(HOSTILE)).any()


def test_stages_are_shown_in_their_share() -> None:
    asked, content = civil()
    does_something = (content.practice >= 0) | (content.marks >= 0).any(axis=1)
    assert not (content.stage[~does_something] >= 0).any(), "small talk shows none"
    for state, (share, code) in enumerate(zip(CIVIL.stages.shown, CIVIL.stages.codes, strict=True)):
        own = content.stage[(asked.state == state) & does_something]
        assert set(np.unique(own)) == {NOTHING, vocabulary().place(code)}
        assert (own >= 0).mean() == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / own.size))


def test_emergent_stages_are_the_authors_states() -> None:
    users = written().simulation.users
    for items in (written().chunk.posts, written().chunk.comments):
        assert (items.state == users.state(items.author, items.time)).all()


def test_prescribed_stages_change_sharply() -> None:
    """Stages change at the very second, in all authors at once, whatever their own states."""
    points = (dt.datetime(2025, 1, 18, 12), dt.datetime(2025, 2, 1, 9, 30))
    own = changed("tiktok-refugees", users=4000, items=6000, stages={"mode": "prescribed", "change_points": points})
    run = everything(own)
    days = [own.day(point) or 0.0 for point in points]
    codes = np.array([run.simulation.vocabulary.place(code) for code in own.stages.codes])
    mixes = []
    for items in (run.chunk.posts, run.chunk.comments):
        stage = (items.time >= days[0]).astype(int) + (items.time >= days[1])
        assert set(stage) == {0, 1, 2}
        assert (items.state == stage).all()
        shown = items.stage >= 0
        assert (items.stage[shown] == codes[stage[shown]]).all()
    posts = run.chunk.posts
    tribute = np.array([code.startswith("practice.tribute") for code in run.simulation.vocabulary.codes] + [False])
    for before, after in ((days[0] - 2, days[0]), (days[0], days[0] + 2)):
        here = (posts.time >= before) & (posts.time < after) & (posts.group == 0)
        mixes.append(tribute[posts.practice[here]].mean())
    assert mixes[0] > 1.5 * mixes[1]


def born_world(practice_to: str = "post", other: float = 1.0) -> World:
    """Posts are dog tributes, born on day 10, or nothing."""
    rows = [{"code": "none", "to": to, "by": by, "weights": (other if to == "post" else 1.0,) * 3}
            for to in ("post", "none") for by in GROUPS]  # fmt: skip
    rows += [{"code": "practice.tribute.dog", "to": practice_to, "by": by, "weights": (1.0, 1.0, 1.0),
              "birth": dt.datetime(2025, 1, 19), "growth": 2.0} for by in GROUPS]  # fmt: skip
    return world("tiktok-refugees").expect(
        practice=rows, mark=[], rates={**world("tiktok-refugees").rates.model_dump(), "psi": 0.0})  # fmt: skip


def share_of_dogs(own: World, day: float) -> float:
    one, many = Vocabulary(own), 40_000
    content = one.written(Streams(5), np.arange(many, dtype=np.uint64), answering([(0, 0, False, 0)], many, day))
    return float((content.practice == one.place("practice.tribute.dog")).mean())


def test_a_practice_spreads_logistically_from_its_birth() -> None:
    own = born_world()
    assert share_of_dogs(own, 3.0) == 0
    assert share_of_dogs(own, 9.999) == 0
    for since in (0.5, 1.0, 3.0, 10.0, 60.0):
        middle = (np.floor((10 + since) * 8) + 0.5) / 8 - 10  # the spread is tabulated every three hours
        grown = 2 / (1 + np.exp(-middle / 2)) - 1
        assert share_of_dogs(own, 10 + since) == pytest.approx(grown / (1 + grown), abs=0.011)


def test_nothing_is_born_before_its_time() -> None:
    own, run = written().simulation.world, written()
    births = {row.code: own.day(row.birth) for row in own.practices if row.birth}
    always = {row.code for row in own.practices if not row.birth}
    assert births
    for items in (run.chunk.posts, run.chunk.comments):
        for code, day in births.items():
            times = items.time[items.practice == run.simulation.vocabulary.place(code)]
            assert code in always or not times.size or times.min() >= np.floor((day or 0.0) * 8) / 8, code


def test_where_no_practice_is_born_yet_nothing_is_done() -> None:
    own = born_world("tribute")
    one, many = Vocabulary(own), 1000
    for day, expected in ((5.0, NOTHING), (30.0, one.place("practice.tribute.dog"))):
        asked = answering([(PARENT["tribute"], 0, False, 0)], many, day)
        assert set(one.written(Streams(5), np.arange(many, dtype=np.uint64), asked).practice) == {expected}


def test_an_items_content_depends_on_nothing_else() -> None:
    asked, content = civil()
    chosen = np.random.default_rng(1).permutation(asked.time.size)[:2000]
    fewer = Answering(*(column[chosen] for column in (asked.to, asked.group, asked.across, asked.state, asked.time)))
    again: Content = vocabulary().written(Streams(2), chosen.astype(np.uint64), fewer)
    columns: tuple[npt.NDArray[np.int16], ...] = (content.practice, content.stage, content.marks)
    for one, other in zip((again.practice, again.stage, again.marks), columns, strict=True):
        assert np.array_equal(one, other[chosen])


def test_nobody_takes_up_a_practice_before_its_birth_whatever_the_hour() -> None:
    """Births at any hour: the spread is tabulated every three hours, and waits for the next of them."""
    own, born = world("twitter-mastodon").expect(items=60_000), dt.datetime(2022, 11, 4, 13, 0)
    (code,) = {row.code for row in own.practices if row.birth == born}
    seen = everything(own)
    posts = seen.chunk.posts
    times = posts.time[posts.practice == seen.simulation.vocabulary.place(code)]
    assert times.size > 100
    assert times.min() >= (own.day(born) or 0.0)
