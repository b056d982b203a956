"""Leads that speak of a post: by its item, its address or id, its hashtags, in this order."""

from __future__ import annotations

from typing import Any

import pytest

from resilens.sampling.matching_leads import matching_leads

POST, URL = "rednote:p:6785e350000000001", "https://www.xiaohongshu.com/explore/6785e350000000001?xsec_token=A"


def a_lead(**given: Any) -> dict[str, Any]:
    return {"lead_id": "l", "text": "", "link": "", "pasted": "", "tags": [], "items": [], **given}


@pytest.mark.parametrize(
    ("lead", "because"),
    [
        ({"items": [POST]}, "item"),
        ({"items": ["rednote:c:1"]}, "item"),
        ({"link": "http://xiaohongshu.com/explore/6785e350000000001?app=1"}, "address"),
        ({"pasted": "看这个 6785e350000000001，很好"}, "address"),
        ({"text": "seen under #CatTax"}, "hashtag"),
        ({"pasted": "#猫税[话题]# 好看"}, "hashtag"),
        ({"tags": ["#cattax"]}, "hashtag"),
        ({"text": "6785e3500000000012 is another"}, None),
        ({"tags": ["cats"], "text": "cattax without a sign"}, None),
        ({"text": None, "link": None, "tags": None, "items": None}, None),
    ],
)
def test_what_makes_a_lead_speak_of_a_post(lead: dict[str, Any], because: str | None) -> None:
    found = matching_leads([a_lead(**lead)], POST, URL, ["cattax", "猫税"], ["rednote:c:1"])
    assert [match.because for match in found] == ([because] if because else [])


def test_the_surest_comes_first_and_hashtags_are_named() -> None:
    leads = [a_lead(tags=["CatTax", "猫税"]), a_lead(link=URL), a_lead(items=[POST])]
    found = matching_leads(leads, POST, URL, ["cattax", "猫税"])
    assert [match.because for match in found] == ["item", "address", "hashtag"]
    assert found[-1].named == ("cattax", "猫税")


def test_a_short_id_and_a_bare_host_name_nothing() -> None:
    assert not matching_leads([a_lead(text="12 cats on https://example.org/")], "reddit:p:12", "https://example.org/")
