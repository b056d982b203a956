"""The reference study's design is read as its authors report it, and a study answers what others ask of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import resilens.study
from resilens.study.frameworks import framework
from resilens.study.model import Study
from resilens.study.reading import read, warnings

EXAMPLE = Path(resilens.study.__file__).parent / "examples" / "tiktok-refugees"


def declared(**sections: Any) -> Study:
    return Study.model_validate({"study": {"title": "x"}, **sections})


def test_the_reference_studys_design() -> None:
    study = read(EXAMPLE)
    assert study.framework == "jing-zhang-2026"
    assert study.study.zone == "UTC+08:00"
    assert len(study.current_questions()) == 4
    assert [phase.start for phase in study.phases][2] == date(2025, 5, 1)
    assert [phase.end for phase in study.phases][1] == date(2025, 4, 30)
    assert {date(2025, 1, day) for day in (14, 17, 19, 20)} <= {mark.date for mark in study.event.milestones}  # type: ignore[union-attr]
    assert study.quota_volumes() == {
        "猫税": 1_454_000, "tiktokrefugees": 3_284_000, "cattax": 46_225_000, "tiktokrefugee": 1_719_000,
    }  # fmt: skip
    views = {hashtag.name: hashtag.volumes[-1].views for hashtag in study.hashtags}
    assert views == {
        "猫税": 110_000_000, "tiktokrefugees": 330_000_000, "cattax": 4_200_000_000, "tiktokrefugee": 160_000_000,
    }  # fmt: skip
    assert (study.sample.posts, study.sample.design, study.sample.comments) == (200, "ranked", 50)
    assert study.sample.rankings == ("likes", "comments", "bookmarks")
    assert [(coder.name, coder.lead) for coder in study.coders] == [("coder A", True), ("coder B", False)]
    assert {condition.actor for condition in study.conditions} == {
        "platform", "state", "politician", "grassroots media", "legacy media",
    }  # fmt: skip
    assert [(group.name, group.role) for group in study.groups] == [("refugees", "newcomer"), ("natives", "host")]
    assert study.stages == ()
    assert framework(study.framework).code("practice.tribute.cat").role == "tribute"


def test_the_studys_own_sources_contradict_each_other_and_that_is_said() -> None:
    said = [str(notice) for notice in warnings(read(EXAMPLE))]
    falling = [notice for notice in said if "cannot fall" in notice]
    assert len(falling) == 2
    assert falling[0].startswith(
        "hashtag #tiktokrefugees: 1,180,000,000 views on 2025-01-17 but 330,000,000 on 2025-05-01"
    )
    assert "20,170,000 discussions on 2025-01-17 but 3,284,000 on 2025-05-01" in falling[1]
    assert any(notice.startswith("hashtag #cattax: holds 88% of the discussions") for notice in said)
    assert any("who started first will be undefined" in notice for notice in said)


def test_notices() -> None:
    volume = {"as_of": "2025-05-01", "discussions": 3}
    study = declared(
        hashtag=[
            {"name": "a"},
            {"name": "b", "volumes": [{"as_of": "2025-05-01", "views": 1}]},
            {"name": "c", "volumes": [volume]},
            {"name": "d", "volumes": [{"as_of": "2025-05-02", "discussions": "3"}]},
        ],
        group=[{"name": "g", "role": "host"}],
        coder=[{"name": "A"}],
    )
    said = [str(notice) for notice in warnings(study)]
    assert said == [
        "group: none has the role 'newcomer'; measures of exchange will be undefined",
        "hashtag #a: has no volume, so no quota can be given to it",
        "hashtag #b: has no discussions, to which quotas are proportional (sample.quota_by)",
        "sample.as_of: quotas would come from volumes of different dates (2025-05-01, 2025-05-02); set it",
        "coder: one coder alone; agreement needs two",
    ]


def test_volumes_that_rise_are_not_odd() -> None:
    dated = [{"as_of": f"2025-05-0{day}", "discussions": 10 * day, "views": 5} for day in (3, 1, 2)]
    assert warnings(declared(hashtag=[{"name": "a", "volumes": dated}])) == []


def test_quota_volumes_follow_the_date_and_the_quantity() -> None:
    volumes = [
        {"as_of": "2025-05-01", "discussions": 5, "views": 50},
        {"as_of": "2025-05-03", "views": 70},
        {"as_of": "2025-04-01", "discussions": 4, "views": 40},
    ]
    hashtag = [{"name": "a", "volumes": volumes}, {"name": "b"}]
    assert declared(hashtag=hashtag).quota_volumes() == {"a": 5, "b": None}
    assert declared(hashtag=hashtag, sample={"quota_by": "views"}).quota_volumes() == {"a": 70, "b": None}
    assert declared(hashtag=hashtag, sample={"as_of": "2025-04-01"}).quota_volumes() == {"a": 4, "b": None}


def test_questions_are_versioned_and_replaced() -> None:
    study = declared(
        question=[
            {"id": "a", "text": "first"},
            {"id": "b", "text": "old"},
            {"id": "a", "text": "second", "version": 2},
            {"id": "c", "text": "new", "replaces": "b"},
        ]
    )
    assert [question.text for question in study.current_questions()] == ["second", "new"]


def test_rules_are_tried_by_order_then_as_written() -> None:
    study = declared(
        group=[
            {"name": "g", "rules": [{"location": ["x"], "order": 2}, {"self_label": ["i am g"]}]},
            {"name": "h", "rules": [{"self_label": ["i am h"], "language": ["en"]}, {"hashtags": ["h"], "order": 3}]},
        ]
    )
    assert [(group.name, rule.basis) for group, rule in study.ordered_rules()] == [
        ("g", "self_label"),
        ("h", "language+self_label"),
        ("g", "location"),
        ("h", "hashtags"),
    ]


def test_nothing_changes_once_read() -> None:
    study = declared()
    with pytest.raises(ValidationError, match="frozen"):
        study.sample.posts = 3  # type: ignore[misc]
    with pytest.raises(ValidationError, match="extra"):
        declared(sampel={})


def sections(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    from resilens.study.json_schema import section_in

    if model not in seen:
        seen.add(model)
        for field in model.model_fields.values():
            inner = section_in(field.annotation)
            if inner is not None:
                sections(inner, seen)
    return seen


def test_every_section_refuses_unknown_keys_and_describes_every_key() -> None:
    known = sections(Study, set())
    assert len(known) == 20
    for section in known:
        assert section.model_config["extra"] == "forbid"
        assert section.model_config["frozen"]
        assert section.__doc__
        for name, field in section.model_fields.items():
            assert field.description, f"{section.__name__}.{name}"
            assert section is Study or field.examples, f"{section.__name__}.{name}"


RATE = {"currency": "CNY", "to": "USD", "rate": 0.1364, "ppp": 0.28, "as_of": date(2025, 1, 15), "source": "a bank"}


def test_rates_are_all_to_one_currency_and_each_currency_has_one() -> None:
    assert declared(rate=[RATE]).rates[0].ppp == 0.28
    for other, what in (
        (RATE, "the same as in rate 1"),
        (RATE | {"currency": "GBP", "to": "EUR"}, "the first rate is to USD"),
        (RATE | {"currency": "USD"}, "a rate of USD to itself"),
    ):
        with pytest.raises(ValidationError, match=what):
            declared(rate=[RATE, other])
    for wrong in ({"rate": 0}, {"rate": float("inf")}, {"currency": "yuan"}, {"ppp": -1.0}):
        with pytest.raises(ValidationError):
            declared(rate=[RATE | wrong])
