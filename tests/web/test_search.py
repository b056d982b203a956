"""Search in the browser: found, shown as words, taken away under the rules, blind where a round is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from tests.web.making import JON, MEI, client, comment, post, round_of_two

from resilens.coding.rounds import freeze as freeze_round
from resilens.coding.rounds import reveal
from resilens.coding.spans import digest
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft

TITLE = "Hi from Ohio"


def coded(study: OpenStudy, coder: str, code: str, item: str, round_id: str = "round-1", **more: Any) -> None:
    body = {"item_id": item, "code_id": code, **more}
    study.record.append(Draft("coding.set", item, body, coder, round_id=round_id))


def test_the_form_and_what_is_found(study: OpenStudy) -> None:
    visitor = client(study)
    assert "Give a word or phrase" in visitor.get("/search").text
    page = visitor.get("/search", params={"word": "ＣＡＴ"})
    assert page.status_code == 200
    assert f'href="/items/{quote(post(1), safe="")}"' in page.text
    assert "posts 2" in page.text
    assert "<script>alert" not in visitor.get("/search", params={"word": "<script>alert(1)</script>"}).text
    assert "税" in visitor.get("/search", params={"word": "税"}, headers={"Accept-Language": "zh"}).text
    assert "Nothing was found" in visitor.get("/search", params={"word": "%"}).text


@pytest.mark.parametrize(("asked", "words"), [
    ({"word": "a", "since": "14 Jan"}, "no day"), ({"word": "a", "kind": "everything"}, "no kind"),
    ({"word": "a", "platform": "elsewhere"}, "no platform"), ({"word": "a", "offset": "-1"}, "begins at 0"),
])  # fmt: skip
def test_what_makes_no_sense_is_said(study: OpenStudy, asked: dict[str, str], words: str) -> None:
    page = client(study).get("/search", params=asked)
    assert page.status_code == 422
    assert words in page.text


def test_filters_and_kinds_stay_in_the_addresses(study: OpenStudy) -> None:
    page = client(study).get("/search", params={"word": "a", "kind": ["post", "comment"], "group": "refugees"})
    assert "kind=post&amp;kind=comment" in page.text
    assert "group=refugees" in page.text
    assert "2 of 2 texts" in client(study).get("/search", params={"word": "cat", "kind": "post"}).text


def test_a_table_keeps_words_inside_unless_restricted(study: OpenStudy) -> None:
    plain = client(study).get("/search/table", params={"word": "cat"})
    assert plain.content.startswith(b"\xef\xbb\xbf")
    assert plain.headers["content-disposition"] == 'attachment; filename="search.csv"'
    assert "Paying my" not in plain.text
    assert post(1) not in plain.text
    restricted = client(study).get("/search/table", params={"word": "cat", "restricted": "true"})
    assert "Paying my" in restricted.text
    assert post(1) in restricted.text


def test_codes_that_go_together_open_their_items(study: OpenStudy) -> None:
    round_of_two(study, mode="joint")
    empty = client(study).get("/search/together")
    assert "No codes that you may see yet" in empty.text
    for code in ("practice.tribute", "practice.welcome"):
        coded(study, MEI, code, post(1))
    page = client(study).get("/search/together", params={"basis": MEI})
    assert page.status_code == 200
    address = "/search/together/items?one=practice.tribute&amp;other=practice.welcome&amp;by=item&amp;basis=mei"
    assert address in page.text
    assert TITLE in client(study).get(address.replace("&amp;", "&")).text
    assert "practice.tribute,Cat tax" in client(study).get("/search/together/table").text.replace("Tribute", "Cat tax")
    assert client(study).get("/search/together", params={"basis": "nobody"}).status_code == 422


def test_what_is_found_says_nothing_of_a_blind_round(study: OpenStudy) -> None:
    round_of_two(study)
    coded(study, MEI, "practice.welcome", post(1))
    pair = "one=practice.tribute&other=practice.tribute"
    addresses = [f"/search{rest}" for rest in (
        "?word=cat", "?word=secret", "?word=cat&code=practice.tribute", "?word=cat&coder=jon", "/table?word=cat",
        "/together", "/together?basis=mei", "/together?basis=jon", "/together/table", f"/together/items?{pair}",
    )]  # fmt: skip

    def pages() -> list[str]:
        return [client(study).get(address).text for address in addresses]

    before = pages()
    text = "Paying my cat tax 🐈 and 👩‍👩‍👧 say hello #tiktokrefugee"
    coded(study, JON, "practice.tribute", post(1), field="text", start=10, end=17, text_sha256=digest(text),
          memo="secret")  # fmt: skip
    coded(study, JON, "practice.tribute", comment(1), memo="secret")
    memo = {"memo_id": "m", "text": "a secret cat"}
    study.record.append(Draft("memo.written", "m", memo, JON, round_id="round-1"))
    assert pages() == before
    assert "secret" in client(study, JON).get("/search?word=secret").text
    freeze_round(study.record, "round-1", MEI, leads=[MEI])
    assert pages() == before
    reveal(study.record, "round-1", MEI, leads=[MEI])
    assert pages() != before
