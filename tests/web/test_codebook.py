"""The codebook in the browser: every page, every form, said beforehand, and nobody is told of another's codings."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, comment, post, round_of_two

from resilens.coding import rounds
from resilens.coding.codebook import Code, latest, versions
from resilens.pipeline import OpenStudy
from resilens.record.clock import uuid7, wall
from resilens.record.events import Draft
from resilens.study.frameworks import ROLES
from resilens.web.catalogue import say

WELCOME = "practice.welcome"


def book_of(study: OpenStudy) -> list[Code]:
    return list(study.codebook().codes)


def code_of(study: OpenStudy, code_id: str = WELCOME) -> Code:
    return study.codebook().code(code_id)


def coded(study: OpenStudy, coder: str, item: str, code_id: str = WELCOME, round_id: str = "round-1") -> None:
    body = {"item_id": item, "code_id": code_id}
    study.record.append(Draft("coding.set", item, body, coder, "human", round_id, study_version(study)))


def study_version(study: OpenStudy) -> int:
    found = latest(study.record)
    assert found is not None
    return found.number


def fields(page: str, action: str) -> dict[str, str]:
    """What the form of that action holds when the page is opened."""
    form = re.search(rf'<form method="post" action="{re.escape(action)}\?v=.*?</form>', page, re.S)
    assert form, f"no form for {action}"
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0])
    texts = re.findall(r'<input name="(\w+)" value="([^"]*)"', form[0])
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', form[0], re.S)
    chosen = re.findall(r'<input type="radio" name="(\w+)" value="([^"]*)" checked', form[0])
    for name, options in re.findall(r'<select name="(\w+)">(.*?)</select>', form[0], re.S):
        selected = re.search(r'<option value="([^"]*)" selected', options)
        chosen.append((name, selected[1] if selected else ""))
    return {name: unescape(value) for name, value in [*hidden, *texts, *areas, *chosen]}


def send(visitor: TestClient, page: str, action: str, **given: object) -> str:
    """Fill in the form of a page and send it; where it leads."""
    filled = fields(visitor.get(page).text, action) | given
    answer = visitor.post(address(action), data=filled, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_every_page_says_what_it_is(study: OpenStudy) -> None:
    visitor = client(study)
    index = visitor.get("/codebook").text
    assert "69 codes in use, 7 facets" in index
    assert "69 codes in use lack a colour or a key" in index
    page = visitor.get(f"/codebook/{WELCOME}").text
    for words in (code_of(study).definition, code_of(study).use_when, code_of(study).not_when, "No coding that you"):
        assert words in page.replace("&#39;", "'")
    assert 'aria-current="page"' in page
    forms = [f"{WELCOME}/{form}" for form in ("edit", "rename", "merge", "merge?into=practice.art", "split", "retire")]
    for path in ("-/history", "-/worklist", "-/new", "-/facet", *forms):
        for language in ("en", "zh"):
            answer = visitor.get(f"/codebook/{path}", headers={"Accept-Language": language})
            assert answer.status_code == 200, path


def test_a_code_that_is_not_there_is_said_in_words(study: OpenStudy) -> None:
    visitor = client(study)
    for path in ("practice.welcom", "nobody/edit", f"{WELCOME}/merge?into=nobody", "-/facet?id=nobody"):
        answer = visitor.get(f"/codebook/{path}")
        assert answer.status_code == 422, path
        assert "Traceback" not in answer.text
    assert "did you mean &#39;practice.welcome&#39;" in visitor.get("/codebook/practice.welcom").text


def test_a_definition_is_changed_with_a_reason_and_read_as_a_difference(study: OpenStudy) -> None:
    visitor = client(study)
    before = code_of(study)
    there = f"/codebook/{WELCOME}"
    filled = fields(visitor.get(f"{there}/edit").text, f"{there}/edit")
    unchanged = visitor.post(address(f"{there}/edit"), data=filled, follow_redirects=False)
    assert unchanged.status_code == 303
    assert len(versions(study.record)) == 1, "an unchanged form changes nothing"
    refused = visitor.post(address(f"{there}/edit"), data=filled | {"definition": "Says <b>hello</b>.\r\nTwice."})
    assert (refused.status_code, "say why" in refused.text) == (422, True)
    changes = {"definition": "Says <b>hello</b>.\r\nTwice.", "reason": "shorter", "key": "w", "second_item": "true",
               "anchors": f"{post(1)}\r\n{comment(1)}"}  # fmt: skip
    assert send(visitor, f"{there}/edit", f"{there}/edit", **changes) == there
    after = code_of(study)
    assert (after.definition, after.anchors, after.key) == ("Says <b>hello</b>.\nTwice.", (post(1), comment(1)), "w")
    assert (after.id, after.role, after.name, after.second_item) == (before.id, before.role, before.name, True)
    page = visitor.get(there).text
    assert "<ins>" in page
    assert "&lt;b&gt;hello" in page
    assert "<b>hello" not in page
    assert "欢迎！税已收到" in page, "the anchor itself"
    history = visitor.get("/codebook/-/history", params={"earlier": 1, "later": 2}).text
    assert "needs a second item from now on" in history


def test_a_doubled_form_makes_one_version(study: OpenStudy) -> None:
    visitor, there = client(study), f"/codebook/{WELCOME}/rename"
    filled = fields(visitor.get(there).text, there) | {"name": "Hello", "name_zh": "你好"}
    for _ in range(3):
        answer = visitor.post(address(there), data=filled, follow_redirects=False)
        assert answer.headers["location"] == f"/codebook/{WELCOME}"
    assert [version.actor for version in versions(study.record)] == ["file", MEI]
    assert (code_of(study).name, code_of(study).name_zh, code_of(study).id) == ("Hello", "你好", WELCOME)


def test_whoever_edits_an_older_version_is_told_and_loses_nothing(study: OpenStudy) -> None:
    mei, jon = client(study, MEI), client(study, JON)
    there = f"/codebook/{WELCOME}/edit"
    held = fields(mei.get(there).text, there)
    send(jon, there, there, use_when="whenever it fits", reason="wider")
    mine = held | {"definition": "mine", "reason": "clearer"}
    told = mei.post(address(there), data=mine)
    assert told.status_code == 422
    assert "jon changed the codebook meanwhile" in told.text
    assert "whenever it fits" in told.text
    assert code_of(study).definition != "mine"
    again = mei.post(address(there), data=mine, follow_redirects=False)
    assert again.status_code == 303
    assert (code_of(study).definition, code_of(study).use_when) == ("mine", "whenever it fits")


def test_an_anchor_that_is_no_item_is_refused(study: OpenStudy) -> None:
    visitor, there = client(study), f"/codebook/{WELCOME}/edit"
    filled = fields(visitor.get(there).text, there) | {"anchors": "rednote:p:none"}
    answer = visitor.post(address(there), data=filled)
    assert (answer.status_code, "is no captured item" in answer.text) == (422, True)


def test_codes_and_facets_are_added_and_get_free_keys(study: OpenStudy) -> None:
    visitor = client(study)
    assert send(visitor, "/codebook", "/codebook/-/looks") == "/codebook"
    assert sum(bool(code.key) for code in book_of(study)) == 54
    assert send(visitor, "/codebook/-/facet", "/codebook/-/facet", name="Humour <i>", name_zh="幽默") == "/codebook"
    assert study.codebook().facets[-1].id == "humour-i"
    made = send(visitor, "/codebook/-/new?facet=humour-i", "/codebook/-/new", name="猫 joke", definition="a joke")
    assert made == "/codebook/humour-i.%E7%8C%AB-joke"
    new = code_of(study, "humour-i.猫-joke")
    assert (new.facet, new.colour) == ("humour-i", "#0072b2")
    assert visitor.get(made).status_code == 200
    inside = send(visitor, f"/codebook/-/new?parent={new.id}", "/codebook/-/new", name="Dog joke")
    assert code_of(study, "humour-i.猫-joke.dog-joke").parent == new.id
    assert visitor.get(inside).status_code == 200
    assert send(visitor, f"/codebook/{WELCOME}/edit", f"/codebook/{WELCOME}/edit", place=f"code:{new.id}",
                reason="belongs there") == f"/codebook/{WELCOME}"  # fmt: skip
    assert (code_of(study).facet, code_of(study).parent) == ("humour-i", new.id)


def test_a_code_goes_up_and_down(study: OpenStudy) -> None:
    visitor, there = client(study), f"/codebook/{WELCOME}"
    order = [code.id for code in book_of(study)]
    send(visitor, there, f"{there}/shift", by="-1")
    assert [code.id for code in book_of(study)].index(WELCOME) < order.index(WELCOME)
    send(visitor, there, f"{there}/shift", by="1")
    assert [code.id for code in book_of(study)] == order


def test_retiring_says_what_it_touches_and_is_taken_back(study: OpenStudy) -> None:
    round_of_two(study)
    coded(study, MEI, post(1))
    coded(study, JON, post(1))
    visitor, there = client(study), f"/codebook/{WELCOME}"
    page = visitor.get(f"{there}/retire").text
    assert "1 coding holds it" in page
    assert "mei, round-1: 1" in page
    assert "What others coded in round-1 is not counted here" in page
    assert "No code in use will have the role welcome" in page
    send(visitor, f"{there}/retire", f"{there}/retire", reason="unused")
    assert not code_of(study).active
    assert "Retired: codings that hold it keep it" in visitor.get(there).text
    assert "1 retired" in visitor.get("/codebook").text
    assert "it is retired since" in visitor.get("/codebook/-/worklist").text
    send(visitor, f"{there}/retire", f"{there}/revive", reason="it was used after all")
    assert code_of(study).active
    assert "Nothing waits" in visitor.get("/codebook/-/worklist").text


def test_merging_and_splitting_keep_every_coding(study: OpenStudy) -> None:
    round_of_two(study)
    coded(study, MEI, post(1))
    coded(study, MEI, post(2), "practice.art")
    visitor = client(study)
    page = visitor.get(f"/codebook/{WELCOME}/merge", params={"into": "practice.thanks"}).text
    assert "Merge Welcome into Thanks" in page
    assert "1 coding holds it" in page
    there = f"/codebook/{WELCOME}/merge"
    assert send(visitor, f"{there}?into=practice.thanks", there, reason="the same") == "/codebook/practice.thanks"
    assert study.codebook().merges == {WELCOME: "practice.thanks"}
    assert "It was merged into" in visitor.get(f"/codebook/{WELCOME}").text
    assert "Also stands for what was merged into it" in visitor.get("/codebook/practice.thanks").text
    art = "/codebook/practice.art/split"
    parts = {"part_name": ["Songs", "", "Dances"], "part_name_zh": ["歌", "", ""], "part_definition": ["sung", "", ""],
             "part_use_when": ["", "", ""], "part_not_when": ["", "", ""]}  # fmt: skip
    send(visitor, art, art, **parts, reason="two arts")
    ids = [code.id for code in book_of(study)]
    behind = ids.index("practice.art.reinterpretation") + 1
    assert ids[behind : behind + 2] == ["practice.songs", "practice.dances"]
    assert code_of(study, "practice.songs").role == "art"
    assert len(study.record.view("codings")) == 2
    assert "practice.art" in visitor.get("/codebook/-/worklist").text


def test_splitting_and_keeping_needs_a_narrower_definition(study: OpenStudy) -> None:
    visitor, there = client(study), f"/codebook/{WELCOME}/split"
    part = {name: ["x", "", ""] for name in ("part_name", "part_name_zh", "part_definition", "part_use_when",
                                             "part_not_when")}  # fmt: skip
    filled = fields(visitor.get(there).text, there) | part | {"kept": "kept", "reason": "two things"}
    answer = visitor.post(address(there), data=filled)
    assert (answer.status_code, "must become narrower" in answer.text) == (422, True)
    answer = visitor.post(address(there), data=filled | {"definition": "only this"}, follow_redirects=False)
    assert answer.status_code == 303
    assert code_of(study).definition == "only this"
    assert code_of(study).active


def test_codings_under_an_older_definition_wait_on_the_worklist(study: OpenStudy) -> None:
    round_of_two(study)
    coded(study, MEI, post(1))
    coded(study, JON, post(2))
    visitor, there = client(study), f"/codebook/{WELCOME}/edit"
    send(visitor, there, there, definition="something else", reason="too wide")
    work = visitor.get("/codebook/-/worklist").text
    assert "look again and code anew" in work
    assert ">jon<" not in work.split('class="page"')[1]
    assert "1 coding of this code needs a second look" in visitor.get(f"/codebook/{WELCOME}").text
    listed = visitor.get(f"/codebook/{WELCOME}/items", params={"round_id": "round-1", "coder": MEI, "due": "true"})
    assert f"/coding/round-1#{post(1)}" in listed.text
    hidden = visitor.get(f"/codebook/{WELCOME}/items", params={"round_id": "round-1", "coder": JON})
    assert (hidden.status_code, "round-1 is blind" in hidden.text) == (422, True)
    rounds.freeze(study.record, "round-1", MEI)
    assert "settle it in consensus" in visitor.get("/codebook/-/worklist").text


PAGES = ("", "/-/history", "/-/worklist", f"/{WELCOME}", f"/{WELCOME}/edit", f"/{WELCOME}/rename", f"/{WELCOME}/retire",
         f"/{WELCOME}/split", f"/{WELCOME}/merge?into=practice.art",
         f"/{WELCOME}/items?round_id=round-1&coder=jon")  # fmt: skip


@pytest.mark.parametrize("visitor", [MEI, JON])
def test_no_page_depends_on_what_another_codes_blind(study: OpenStudy, visitor: str) -> None:
    round_of_two(study)
    coded(study, visitor, post(1))
    other = JON if visitor == MEI else MEI
    asking = client(study, visitor)

    def pages() -> list[str]:
        found = [asking.get(f"/codebook{path.replace('jon', other)}").text for path in PAGES]
        return [re.sub(r'name="event" value="[^"]*"', "", page) for page in found]

    before = pages()
    for number in (1, 2, 3):
        coded(study, other, post(number))
    assert pages() == before
    rounds.freeze(study.record, "round-1", MEI)
    if visitor == JON:
        assert "None to show" in asking.get(f"/codebook/{WELCOME}").text
    else:
        assert "α" in asking.get(f"/codebook/{WELCOME}").text
    rounds.reveal(study.record, "round-1", MEI)
    page = asking.get(f"/codebook/{WELCOME}").text
    assert f"<td>{other}</td>" in page
    assert "Krippendorff" in page


def test_the_way_back_leads_to_the_workbench_alone(study: OpenStudy) -> None:
    visitor = client(study)
    page = visitor.get(f"/codebook/{WELCOME}", params={"back": "/consensus/round-1?x=1"}).text
    assert '<a href="/consensus/round-1?x=1" data-key="b">' in page
    assert f"/codebook/{WELCOME}/edit?back=%2Fconsensus%2Fround-1%3Fx%3D1" in page
    there = f"/codebook/{WELCOME}/rename"
    led = send(visitor, f"{there}?back=/consensus/round-1", there, name="Hi")
    assert led == f"/codebook/{WELCOME}?back=%2Fconsensus%2Fround-1"
    for back in ("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"):
        assert "way-back" not in visitor.get(f"/codebook/{WELCOME}", params={"back": back}).text


def test_a_hand_edit_is_taken_in_when_a_page_is_opened(study: OpenStudy) -> None:
    file = study.folder.codebook_file
    file.write_text(file.read_text("utf-8").replace('"Welcome"', '"Hearty welcome"'), "utf-8")
    page = client(study).get("/codebook/-/history").text
    assert "by hand in codebook.toml" in page
    assert "Hearty" in page
    file.write_text("nonsense", "utf-8")
    answer = client(study).get("/codebook")
    assert (answer.status_code, "mend the line" in answer.text) == (422, True)


def test_hostile_words_break_nothing(study: OpenStudy) -> None:
    visitor, there = client(study), f"/codebook/{WELCOME}/edit"
    hostile = "<script>alert(1)</script>\u202e\0'\"&{{ 7*7 }}{% raw %}" + "x" * 100_000
    send(visitor, there, there, definition=hostile, name=hostile[:60], example=hostile, reason=hostile[:60])
    for path in (f"/codebook/{WELCOME}", there, "/codebook/-/history", "/codebook"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert "\0" not in code_of(study).definition


def test_an_identifier_of_another_event_is_refused(study: OpenStudy) -> None:
    other = study.record.append(Draft("quoting.set", "x", {"item_id": "x", "status": "free"}, MEI)).event_id
    visitor, there = client(study), f"/codebook/{WELCOME}/rename"
    filled = fields(visitor.get(there).text, there)
    assert visitor.post(address(there), data=filled | {"event": str(other), "name": "x"}).status_code == 422
    assert visitor.post(address(there), data=filled | {"event": "none"}).status_code == 422
    assert UUID(filled["event"]) != uuid7(wall())


def test_each_role_is_said_in_both_languages() -> None:
    for role, words in ROLES.items():
        assert say(f"codebook.role_{role}", "en") == words
        assert say(f"codebook.role_{role}", "zh") != words
