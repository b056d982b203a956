"""Comments at the desk: what the rule proposes, what a person changes, and what that does to chances and the draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from tests.sampling.rows import a_comment, a_post, comment_id, post_id
from tests.sampling.test_desk import a_study

from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Draft, Record
from resilens.sampling.choosing import Comments, change_comments, comments_of
from resilens.sampling.draw import draw
from resilens.study.model import Study

POST = post_id("000")


@pytest.fixture
def corpus(corpus_of: Callable[..., Corpus]) -> Corpus:
    names = [(f"{post:03}-{number}", f"{post:03}") for post in range(14) for number in range(6)]
    return corpus_of(
        posts=[a_post(f"{post:03}", ["cattax", "猫税"][: 1 + post % 2]) for post in range(14)],
        comments=[a_comment(name, post, likes=number) for number, (name, post) in enumerate(names)],
    )


def reads(corpus: Corpus, study: Study, record: Record, folder: Path) -> dict[str, list[tuple[str, float | None]]]:
    found: dict[str, list[tuple[str, float | None]]] = {}
    for item in draw(corpus, study, record, folder / "sample", redraw=True).kept.draw.items:
        if not item.is_post:
            found.setdefault(item.cluster_id, []).append((item.item_id, item.inclusion_probability))
    return found


@pytest.mark.parametrize("rule", ["random", "top", "thread"])
def test_what_the_rule_proposes_is_ticked_and_what_the_draw_reads(
    corpus: Corpus, record: Record, tmp_path: Path, rule: str
) -> None:
    study = a_study(comment_rule=rule, posts=14)
    read = reads(corpus, study, record, tmp_path)
    for post in read:
        found = comments_of(corpus, study, record, post)
        assert list(found.chosen) == list(found.proposed) == [name for name, _ in read[post]]
        assert (len(found.captured), found.limit, found.by_hand, found.emptied) == (6, 3, (), False)


def _change(corpus: Corpus, study: Study, record: Record, reason: str = "an answer with art") -> Comments:
    before = comments_of(corpus, study, record, POST)
    other = next(name for name in before.captured if name not in before.chosen)
    change_comments(corpus, study, record, POST, {before.chosen[0]: False, other: True}, "mei", reason)
    return comments_of(corpus, study, record, POST)


@pytest.mark.parametrize("rule", ["random", "top", "thread"])
def test_a_change_by_hand_overrules_the_rule_and_empties_the_chances_of_that_thread_alone(
    corpus: Corpus, record: Record, tmp_path: Path, rule: str
) -> None:
    study = a_study(comment_rule=rule, posts=14)
    before = reads(corpus, study, record, tmp_path)
    after = _change(corpus, study, record)
    assert after.emptied == (rule == "random")
    assert len(after.by_hand) == 2
    read = reads(corpus, study, record, tmp_path)
    assert [name for name, _ in read[POST]] == list(after.chosen)
    assert {chance for _, chance in read[POST]} == {None}
    assert {post: rows for post, rows in read.items() if post != POST} == {
        post: rows for post, rows in before.items() if post != POST
    }
    said = list(record.events("sample.drawn"))[-1].body
    assert said is not None
    assert "because there is a change in comments chosen or left by hand" in said["reason"]
    rows = draw(corpus, study, record, tmp_path / "sample").kept.draw.items
    assert {row.reason for row in rows if row.item_id in after.by_hand} == {"chosen by hand: an answer with art"}


def test_going_back_to_the_rule_takes_the_change_back(
    corpus: Corpus, record: Record, tmp_path: Path
) -> None:
    study = a_study()
    untouched = reads(corpus, study, record, tmp_path)
    changed = _change(corpus, study, record)
    back = {name: name in changed.proposed for name in changed.captured}
    events = change_comments(corpus, study, record, POST, back, "jon")
    assert [event.kind for event in events] == ["comment.removed"] * 2
    assert comments_of(corpus, study, record, POST).by_hand == ()
    assert reads(corpus, study, record, tmp_path) == untouched


def test_a_change_needs_a_reason_a_comment_of_the_post_and_keeps_the_limit(
    corpus: Corpus, record: Record
) -> None:
    study = a_study()
    found = comments_of(corpus, study, record, POST)
    other = next(name for name in found.captured if name not in found.chosen)
    for ticked, reason, words in (
        ({found.chosen[0]: False}, " ", "say why the rule is overruled"),
        ({comment_id("001-0"): True}, "why", "is no captured comment of"),
        ({other: True}, "why", "at most 3"),
    ):
        with pytest.raises(InputError, match=words):
            change_comments(corpus, study, record, POST, ticked, "mei", reason)
    assert not record.view("comment_choices")
    assert change_comments(corpus, study, record, POST, dict.fromkeys(found.chosen, True), "mei") == []


def test_sent_twice_is_done_once(corpus: Corpus, record: Record) -> None:
    study = a_study()
    found = comments_of(corpus, study, record, POST)
    ticked = dict.fromkeys(found.chosen, False)
    for _ in range(2):
        change_comments(corpus, study, record, POST, ticked, "mei", "spam", UUID(int=5))
    assert len(list(record.events("comment.chosen"))) == 3
    assert comments_of(corpus, study, record, POST).chosen == ()


def test_under_the_rule_judged_the_choices_are_the_rule(
    corpus: Corpus, record: Record, tmp_path: Path
) -> None:
    study = a_study(comment_rule="judged", posts=14)
    assert comments_of(corpus, study, record, POST).proposed == ()
    names = [comment_id(f"000-{number}") for number in (4, 1, 2)]
    for name in names:
        change_comments(corpus, study, record, POST, {name: True}, "mei")
    found = comments_of(corpus, study, record, POST)
    assert (list(found.chosen), found.by_hand, found.emptied) == (names, (), False)
    change_comments(corpus, study, record, POST, {names[1]: False}, "mei")
    assert [name for name, _ in reads(corpus, study, record, tmp_path)[POST]] == [names[0], names[2]]


def test_a_choice_without_a_reason_overrules_no_rule(corpus: Corpus, record: Record) -> None:
    study = a_study()
    before = comments_of(corpus, study, record, POST)
    other = next(name for name in before.captured if name not in before.chosen)
    body = {"comment_id": other, "post_id": POST, "chosen": True}
    record.append(Draft("comment.chosen", other, body, "mei", "import"))
    assert comments_of(corpus, study, record, POST) == before
