"""The screening desk: its order, its quota, every decision and its undoing, and that the draw means the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sampling.rows import a_comment, a_post, post_id

from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.clock import Ticking
from resilens.record.store import Draft, Record
from resilens.sampling.deciding import bring_in, exclude, include, mark_duplicate, undo
from resilens.sampling.desk import Desks, Material, desks
from resilens.sampling.draw import Standing, as_it_stands, draw
from resilens.study.model import Study

MakeCorpus = Callable[..., Corpus]
DESIGNS = ("mixed", "random", "ranked", "ranked+audit")
OUTSIDE = "outside"


def a_study(**sample: Any) -> Study:
    return Study.model_validate({
        "study": {"title": "Cats"},
        "hashtag": [
            {"name": "cattax", "volumes": [{"as_of": "2025-05-01", "discussions": "3000"}]},
            {"name": "猫税", "volumes": [{"as_of": "2025-05-01", "discussions": "1000"}]},
        ],
        "sample": {"posts": 12, "comments": 3, "seed": 7, **sample},
    })  # fmt: skip


def rows_of(posts: int = 40) -> dict[str, list[dict[str, Any]]]:
    tags = [["cattax"] if number % 4 else ["CatTax", "猫税"] for number in range(posts)]
    return {
        "posts": [a_post(f"{number:03}", tag, likes=number) for number, tag in enumerate(tags)]
        + [a_post(OUTSIDE, ["dogs"])],
        "comments": [a_comment(f"{number:03}-{place}", f"{number:03}") for number in range(posts)
                     for place in range(number % 7)] + [a_comment("outside-0", OUTSIDE)],
    }  # fmt: skip


class Screening:
    """A study being screened."""

    def __init__(self, corpus: Corpus, record: Record, folder: Path, **sample: Any) -> None:
        self.corpus, self.record, self.folder = corpus, record, folder
        self.material = Material.of(corpus, a_study(**sample))
        record.append(Draft("lead.noted", "lead-1", {"lead_id": "lead-1", "text": "seen on Weibo"}, "mei"))

    def desks(self) -> Desks:
        return desks(self.corpus, self.material, self.record)

    def include(self, name: str, actor: str = "mei", **more: Any) -> Any:
        return include(self.corpus, self.material, self.record, name, actor, **more)

    def exclude(self, name: str, actor: str = "mei", reason: str = "off topic", **more: Any) -> Any:
        return exclude(self.corpus, self.material, self.record, name, actor, reason, **more)

    def duplicate(self, name: str, original: str, actor: str = "mei") -> Any:
        return mark_duplicate(self.corpus, self.material, self.record, name, original, actor)

    def bring_in(self, name: str, hashtag: str = "cattax", actor: str = "mei", **more: Any) -> Any:
        return bring_in(self.corpus, self.material, self.record, name, "lead-1", hashtag, actor, **more)

    def undo(self, actor: str = "mei", **more: Any) -> Any:
        return undo(self.record, actor, **more)

    def drawn(self) -> Any:
        return draw(self.corpus, self.material.study, self.record, self.folder / "sample", redraw=True).kept.draw


@pytest.fixture
def screening(corpus_of: MakeCorpus, record: Record, tmp_path: Path) -> Screening:
    return Screening(corpus_of(**rows_of()), record, tmp_path)


def drawn_ids(made: Any) -> set[str]:
    return {item.item_id for item in made.posts}


def test_an_untouched_desk_has_open_what_the_draw_takes_in_its_order(screening: Screening) -> None:
    stand, made = screening.desks(), screening.drawn()
    assert stand.posts == drawn_ids(made)
    desk = stand.by_hashtag["cattax"]
    assert (desk.quota, desk.included, desk.sampled, desk.count("open")) == (9, 0, 9, 9)
    assert [one.state for one in desk.candidates] == ["open"] * 9 + ["later"] * 21
    assert [one.place for one in desk.candidates] == list(range(1, 31))
    by_rank = sorted((item for item in made.posts if item.hashtag == "cattax"), key=lambda item: item.rank)
    assert [one.post_id for one in desk.candidates[:9]] == [item.item_id for item in by_rank]
    assert desk.next_after() == desk.candidates[0]


def test_a_post_left_out_opens_the_next_in_the_order(screening: Screening) -> None:
    order = [one.post_id for one in screening.desks().by_hashtag["cattax"].candidates]
    screening.include(order[0])
    screening.exclude(order[1], reason="advertisement")
    desk = screening.desks().by_hashtag["cattax"]
    assert [one.post_id for one in desk.candidates] == order, "no decision changes the order"
    assert [one.state for one in desk.candidates[:10]] == ["included", "excluded"] + ["open"] * 8
    assert (desk.included, desk.sampled) == (1, 9)
    assert (desk.candidates[1].reason, desk.candidates[1].actor) == ("advertisement", "mei")
    following = desk.next_after(order[5])
    assert following is not None
    assert following.post_id == order[6]
    screening.duplicate(order[2], order[0])
    assert screening.desks().by_hashtag["cattax"].candidates[10].state == "open"


@pytest.mark.parametrize("design", DESIGNS)
def test_once_nothing_is_open_drawing_again_gives_exactly_the_posts_included(
    corpus_of: MakeCorpus, record: Record, tmp_path: Path, design: str
) -> None:
    screening = Screening(corpus_of(**rows_of()), record, tmp_path, design=design)
    screening.drawn()
    turn = 0
    for hashtag in screening.material.quotas:
        while (candidate := screening.desks().by_hashtag[hashtag].next_after()) is not None:
            turn += 1
            if turn % 3 == 0:
                screening.exclude(candidate.post_id)
            else:
                screening.include(candidate.post_id)
    stand = screening.desks()
    included = {one.post_id for desk in stand.by_hashtag.values() for one in desk.candidates
                if one.decision == "include"}  # fmt: skip
    assert not any(desk.unreached for desk in stand.by_hashtag.values())
    assert [desk.included for desk in stand.by_hashtag.values()] == [9, 3]
    made = screening.drawn()
    assert drawn_ids(made) == included
    assert {item.inclusion_probability is None for item in made.posts} == {design == "ranked"}


MOVES = st.lists(
    st.tuples(st.sampled_from(["include", "exclude", "duplicate", "bring in", "undo", "next"]), st.integers(0, 40),
              st.sampled_from(["mei", "jon"])), max_size=25,
)  # fmt: skip


@given(moves=MOVES, design=st.sampled_from(DESIGNS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_decided_the_desk_and_the_draw_agree(
    corpus_of: MakeCorpus, tmp_path_factory: pytest.TempPathFactory, moves: list[Any], design: str
) -> None:
    folder = tmp_path_factory.mktemp("moves")
    with Record.open(folder / "work.sqlite", Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as record:
        screening = Screening(_once(corpus_of), record, folder, design=design)
        for move, number, actor in moves:
            name = post_id(OUTSIDE) if number == 40 else post_id(f"{number:03}")
            before = _included(screening.desks())
            try:
                _carry_out(screening, move, name, actor)
            except InputError:
                assert _included(screening.desks()) == before, "what is refused changes nothing"
                continue
            if move == "bring in":
                assert before <= _included(screening.desks()), "no included post gives way to a lead"
        stand = screening.desks()
        made = screening.drawn()
        assert stand.posts == drawn_ids(made)
        assert made.by_hand == bool(stand.leads)
        for hashtag, desk in stand.by_hashtag.items():
            assert desk.sampled == sum(item.hashtag == hashtag for item in made.posts)
            assert desk.included + desk.count("open") == desk.sampled
            assert desk.sampled + desk.shortfall >= desk.quota
        known = {item.inclusion_probability is not None for item in made.posts}
        assert known == {design != "ranked" and not stand.leads}
        assert record.verify(views=True).sound


_corpora: dict[Any, Corpus] = {}


def _once(corpus_of: MakeCorpus) -> Corpus:
    if corpus_of not in _corpora:
        _corpora.clear()
        _corpora[corpus_of] = corpus_of(**rows_of())
    return _corpora[corpus_of]


def _included(stand: Desks) -> set[str]:
    return {one.post_id for desk in stand.by_hashtag.values() for one in desk.candidates if one.state == "included"}


def _carry_out(screening: Screening, move: str, name: str, actor: str) -> None:
    if move == "include":
        screening.include(name, actor)
    elif move == "exclude":
        screening.exclude(name, actor)
    elif move == "duplicate":
        screening.duplicate(name, post_id("000"), actor)
    elif move == "bring in":
        screening.bring_in(name, actor=actor)
    elif move == "undo":
        screening.undo(actor)
    else:
        following = screening.desks().by_hashtag["cattax"].next_after()
        if following:
            screening.include(following.post_id, actor)


def test_a_post_the_design_does_not_come_to_is_refused_and_a_lead_brings_it_in(screening: Screening) -> None:
    desk = screening.desks().by_hashtag["cattax"]
    late, last = desk.candidates[20].post_id, desk.candidates[8].post_id
    with pytest.raises(InputError, match="stands at place 21, and the quota of 9 is filled by place 9"):
        screening.include(late)
    with pytest.raises(InputError, match="only a lead can bring it in"):
        screening.include(post_id(OUTSIDE))
    assert not screening.desks().emptied
    event = screening.bring_in(late, reason="the first letter to Li Hua")
    assert event.body["lead"] == "lead-1"
    stand = screening.desks()
    desk = stand.by_hashtag["cattax"]
    assert stand.emptied
    assert (desk.included, desk.sampled) == (1, 9), "it fills a place of the quota"
    found = desk.candidate(late)
    assert found is not None
    assert (found.place, found.state) == (0, "included")
    gone = desk.candidate(last)
    assert gone is not None
    assert gone.state == "later", "the last place of the design is given up"
    made = screening.drawn()
    assert {item.inclusion_probability for item in made.items} == {None}
    (row,) = [item for item in made.items if item.item_id == late]
    assert (row.rank, row.reason) == (0, "brought in by lead lead-1: the first letter to Li Hua")
    screening.undo()
    assert not screening.desks().emptied
    assert all(item.inclusion_probability for item in screening.drawn().posts)


def test_a_lead_to_a_post_that_the_design_takes_anyway_empties_nothing(screening: Screening) -> None:
    screening.bring_in(screening.desks().by_hashtag["cattax"].candidates[3].post_id)
    assert not screening.desks().emptied
    assert all(item.inclusion_probability for item in screening.drawn().posts)


def test_a_post_from_outside_the_frame_fills_the_hashtag_it_is_brought_in_under(screening: Screening) -> None:
    screening.bring_in(post_id(OUTSIDE), "#猫税")
    stand = screening.desks()
    assert [lead.hashtag for lead in stand.leads] == ["猫税"]
    assert stand.by_hashtag["猫税"].included == 1
    made = screening.drawn()
    (row,) = [item for item in made.posts if item.item_id == post_id(OUTSIDE)]
    assert (row.hashtag, row.stratum) == ("猫税", "猫税")
    assert post_id(OUTSIDE) in {item.cluster_id for item in made.items if not item.is_post}, "its comments come along"
    flow = draw(screening.corpus, screening.material.study, screening.record, screening.folder / "sample").flow
    line = next(row for row in flow if row["hashtag"] == "猫税")
    assert (line["quota"], line["drawn"], line["by_hand"], line["shortfall"]) == (3, 3, 1, 0)


def test_included_posts_do_not_give_way_to_a_lead_and_a_place_left_is_filled_by_it(screening: Screening) -> None:
    order = [one.post_id for one in screening.desks().by_hashtag["cattax"].candidates]
    for name in order[:9]:
        screening.include(name)
    with pytest.raises(InputError, match="is full with 9 included posts"):
        screening.bring_in(order[25])
    screening.exclude(order[4])
    screening.bring_in(order[25])
    desk = screening.desks().by_hashtag["cattax"]
    assert (desk.included, desk.count("open")) == (9, 0)
    assert drawn_ids(screening.drawn()) >= {*order[:4], *order[5:9], order[25]}


def test_an_included_post_that_is_no_longer_reached_is_said(screening: Screening) -> None:
    order = [one.post_id for one in screening.desks().by_hashtag["cattax"].candidates]
    screening.exclude(order[0])
    screening.include(order[9])
    screening.include(order[0], "jon")
    desk = screening.desks().by_hashtag["cattax"]
    assert [one.post_id for one in desk.unreached] == [order[9]]
    assert order[9] not in drawn_ids(screening.drawn())


def test_undo_goes_back_step_by_step_to_what_held_before(screening: Screening) -> None:
    name = screening.desks().by_hashtag["cattax"].candidates[0].post_id
    other = screening.desks().by_hashtag["cattax"].candidates[1].post_id
    screening.include(name)
    screening.exclude(other)
    screening.exclude(name, reason="unreadable")
    screening.duplicate(name, other)

    def now(item: str) -> str:
        rows = screening.record.view("screening", item_id=item)
        return rows[0]["decision"] if rows else ""

    assert now(name) == "duplicate"
    seen = []
    while (event := screening.undo()) is not None:
        seen.append((event.subject, now(name), now(other)))
    assert seen == [(name, "exclude", "exclude"), (name, "include", "exclude"), (other, "include", ""), (name, "", "")]
    screening.include(name)
    assert screening.undo().kind == "screening.removed"
    assert screening.undo() is None
    assert len(list(screening.record.events("screening.decided"))) == 4 + 2 + 1, "all of it stays on the record"


def test_nobody_takes_back_what_another_decided_since(screening: Screening) -> None:
    name = screening.desks().by_hashtag["cattax"].candidates[0].post_id
    screening.include(name, "mei")
    screening.exclude(name, "jon")
    with pytest.raises(InputError, match="jon decided about this post since"):
        screening.undo("mei")
    screening.undo("jon")
    (row,) = screening.record.view("screening")
    assert (row["decision"], row["actor"]) == ("include", "jon")


def test_a_decision_sent_twice_is_made_once(screening: Screening) -> None:
    desk = screening.desks().by_hashtag["cattax"]
    name, ids = desk.candidates[0].post_id, [UUID(int=number) for number in range(1, 4)]
    first = screening.exclude(name, event_id=ids[0])
    screening.drawn()
    assert screening.exclude(name, event_id=ids[0]) == first, "even after the draw that it names has changed"
    back = screening.undo(event_id=ids[1])
    assert screening.undo(event_id=ids[1]) == back
    assert screening.undo() is None
    brought = screening.bring_in(desk.candidates[20].post_id, event_id=ids[2])
    assert screening.bring_in(desk.candidates[20].post_id, event_id=ids[2]) == brought


def test_duplicates_lead_to_the_first_and_never_in_a_circle(screening: Screening) -> None:
    first, second, third = (post_id(name) for name in ("001", "002", "003"))
    screening.duplicate(second, first)
    assert screening.duplicate(third, second).body["duplicate_of"] == first
    with pytest.raises(InputError, match="no duplicate of itself"):
        screening.duplicate(first, first)
    with pytest.raises(InputError, match="recorded as a duplicate of this post"):
        screening.duplicate(first, third)
    with pytest.raises(InputError, match="is no captured post, so nothing"):
        screening.duplicate(first, "rednote:p:none")
    with pytest.raises(InputError, match="say of which post"):
        screening.duplicate(first, " ")


def test_a_reason_is_one_of_the_study_s_and_a_post_one_of_the_captured(screening: Screening) -> None:
    with pytest.raises(InputError, match="did you mean 'off topic'"):
        screening.exclude(post_id("001"), reason="of topic")
    with pytest.raises(InputError, match="one of off topic, advertisement"):
        screening.exclude(post_id("001"), reason=" ")
    with pytest.raises(InputError, match="is no captured post"):
        screening.exclude("rednote:p:none")
    with pytest.raises(InputError, match="no such lead"):
        bring_in(screening.corpus, screening.material, screening.record, post_id("001"), "none", "cattax", "mei")
    with pytest.raises(InputError, match="the study has no such hashtag; it has #cattax, #猫税"):
        screening.bring_in(post_id(OUTSIDE), "dogs")
    assert not screening.record.view("screening")


def test_a_lead_under_a_hashtag_the_study_gave_up_stops_the_draw_in_words(
    screening: Screening, tmp_path: Path
) -> None:
    screening.bring_in(post_id(OUTSIDE), "猫税")
    smaller = Study.model_validate({"study": {"title": "Cats"}, "hashtag": [{"name": "cattax"}]})
    with pytest.raises(InputError, match="which the study does not have; undo that at the desk"):
        draw(screening.corpus, smaller, screening.record, tmp_path / "sample", redraw=True)


def test_the_flow_as_it_stands_is_that_of_the_next_draw_and_writes_nothing(
    screening: Screening, tmp_path: Path
) -> None:
    def now() -> Standing:
        return as_it_stands(screening.corpus, screening.material.study, screening.record, screening.folder / "sample")

    untouched = now()
    assert (untouched.last, untouched.change) == ("", None)
    assert not screening.record.view("draws")
    screening.drawn()
    assert (now().last, now().change, now().flow) == ("draw-001", None, untouched.flow)
    order = [one.post_id for one in screening.desks().by_hashtag["cattax"].candidates]
    screening.exclude(order[0])
    screening.exclude(order[30 - 1])
    changed = now()
    assert changed.change is not None
    assert changed.change.because == ("decisions at the screening desk",)
    assert not changed.by_hand
    made = draw(screening.corpus, screening.material.study, screening.record, screening.folder / "sample", redraw=True)
    assert made.flow == changed.flow
    for row in made.flow[:-1]:
        desk = screening.desks().by_hashtag[row["hashtag"]]
        for column in ("in_frame", "examined", "ineligible", "drawn", "by_hand"):
            assert len(desk.listed(column)) == row[column], "every number opens what it was counted from"
    assert made.change == changed.change
