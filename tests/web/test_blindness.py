"""The blindness matrix: every route, for each coder, the lead and nobody, while a round is open, frozen and revealed.

The routes are taken from the application, so a new one is in the matrix at once; a parameter that no value is known for
fails. The proof while the round is open is by comparison: two studies are alike except that in one the other coder has
coded everything, and every page must come out the same, byte for byte.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.filled import fill
from tests.web.making import JON, MEI, address, client, comment, post, round_of_two, study
from tests.web.routes import MARK, PUBLIC, addresses, routes_of, values

from resilens.coding import noting, rounds
from resilens.coding.assignments import may_read
from resilens.coding.codings import read_items
from resilens.coding.material import read_material
from resilens.coding.working import Work, nothing_applies, set_code
from resilens.pipeline import OpenStudy, open_study

pytestmark = pytest.mark.slow
STATES = ("open", "frozen", "revealed")

def at_work(opened: OpenStudy, coder: str) -> Work:
    asked = rounds.round_of(opened.record, "round-1")
    with opened.corpus() as corpus:
        material = read_material(corpus, opened.sampled_items())

    def find(ids: Any) -> dict[str, Any]:
        return {name: item for name in ids if (item := material.threads.item(name))}

    return Work(opened.record, asked, coder, opened.codebook(), 1, may_read(asked, coder, material), find)


def own_work(opened: OpenStudy, coder: str) -> None:
    codes = [code.id for code in opened.codebook().codes if not code.second_item]
    work = at_work(opened, coder)
    set_code(work, {"item_id": post(1), "code_id": codes[0]}, "why I think so")
    nothing_applies(work, comment(2))
    noting.note(work, "m-own", [post(1)], "a note of one's own")


def other_work(opened: OpenStudy, coder: str) -> None:
    """Everything is coded, with memos, spans and notes that hold the mark."""
    codes = [code.id for code in opened.codebook().codes if not code.second_item]
    work = at_work(opened, coder)
    for place, item in enumerate(opened.sampled_items()):
        if place % 4 == 3:
            nothing_applies(work, item)
            continue
        set_code(work, {"item_id": item, "code_id": codes[place % len(codes)]}, f"{MARK} {place}")
        set_code(work, {"item_id": item, "code_id": codes[-1], "field": "text", "start": 0, "end": 3}, MARK)
    noting.note(work, "m-other", [post(1)], f"a {MARK} note")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, bool], Path]:
    """Studies by the viewer, and whether the other coder worked: alike to the last byte otherwise."""
    base = tmp_path_factory.mktemp("worlds")
    with study(base / "base") as opened:
        round_of_two(opened)
        fill(opened)
    made = {}
    for viewer, other in ((MEI, JON), (JON, MEI)):
        mine = base / f"{viewer}-alone"
        shutil.copytree(base / "base" / "study", mine)
        with open_study(mine) as opened:
            own_work(opened, viewer)
        both = base / f"{viewer}-both"
        shutil.copytree(mine, both)
        with open_study(both) as opened:
            other_work(opened, other)
        made |= {(viewer, False): mine, (viewer, True): both}
    return made


def shown(answer: Any) -> str:
    """A page without the identifiers of its forms, made anew each time, and what is named after the study's folder."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", answer.text)
    text = re.sub(r"resilens-[0-9a-f]{12}", "FOLDER", text)
    return f"{answer.status_code} {answer.headers.get('location', '')} {text}"


def into(opened: OpenStudy, state: str) -> None:
    if state in ("frozen", "revealed"):
        rounds.freeze(opened.record, "round-1", MEI)
    if state == "revealed":
        rounds.reveal(opened.record, "round-1", MEI)


@pytest.fixture
def copied(worlds: dict[tuple[str, bool], Path], tmp_path: Path) -> Any:
    def copy(viewer: str, both: bool, state: str = "open") -> OpenStudy:
        root = tmp_path / f"{viewer}-{both}-{state}"
        shutil.copytree(worlds[viewer, both], root)
        opened = open_study(root)
        into(opened, state)
        return opened

    return copy


@pytest.mark.parametrize("viewer", [MEI, JON])
def test_while_it_is_open_nothing_that_another_does_changes_any_page(copied: Any, viewer: str) -> None:
    with copied(viewer, False) as alone, copied(viewer, True) as both:
        assert read_items(both.record, "round-1", JON if viewer == MEI else MEI)
        ours, theirs, known = client(alone, viewer), client(both, viewer), values(alone)
        asked = answered = 0
        for route in routes_of(ours):
            for path in addresses(known, route) if "GET" in route.methods else ():
                one = shown(ours.get(path, follow_redirects=False))
                other = shown(theirs.get(path, follow_redirects=False))
                assert one == other, f"{path} tells {viewer} of another's codings"
                assert not one.startswith("5"), f"{path}: {one[:300]}"
                answered += one.startswith("200")
                asked += 1
        print(f"\nblindness: {asked} addresses alike for {viewer}, whether or not the other coder has coded; "
              f"{answered} of them show a page")


@pytest.mark.parametrize("viewer", [MEI, JON])
@pytest.mark.parametrize("state", STATES)
def test_another_s_words_are_shown_once_revealed_and_not_before(copied: Any, viewer: str, state: str) -> None:
    with copied(viewer, True, state) as opened:
        visitor, known = client(opened, viewer), values(opened)
        told = [path for route in routes_of(visitor) if "GET" in route.methods for path in addresses(known, route)
                if f"={MARK}" not in path and MARK in visitor.get(path).text]  # fmt: skip
        assert bool(told) == (state == "revealed"), told


@pytest.mark.parametrize("state", STATES)
def test_nobody_sees_anything(copied: Any, state: str) -> None:
    with copied(MEI, True, state) as opened:
        stranger, known = client(opened, signed_in=False), values(opened)
        head = opened.record.head
        for route in routes_of(stranger):
            for method in route.methods - {"HEAD"}:
                for path in addresses(known, route):
                    where = path if method == "GET" else address(path)
                    answer = stranger.request(method, where, follow_redirects=False)
                    assert opened.study.study.title not in answer.text, path
                    if route.path not in PUBLIC:
                        assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"
        assert opened.record.head == head


def test_what_only_the_lead_may_do_is_refused_to_others(copied: Any) -> None:
    from resilens.web.visit import lead_visit

    with copied(JON, False) as opened:
        visitor, known = client(opened, JON), values(opened)
        head = opened.record.head
        for route in routes_of(visitor):
            if any(one.call is lead_visit for one in _dependencies(route.dependant)):
                for method in route.methods - {"HEAD"}:
                    answer = visitor.request(method, address(addresses(known, route)[0]))
                    assert answer.status_code in (403, 422), f"{method} {route.path}: {answer.status_code}"
        assert opened.record.head == head


def _dependencies(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one
        yield from _dependencies(one)


def test_every_route_says_who_may_ask_it(study: OpenStudy) -> None:
    from resilens.web.visit import coder_visit

    for route in routes_of(client(study)):
        known = any(one.call is coder_visit for one in _dependencies(route.dependant))
        assert known or route.path in PUBLIC, f"{route.path} depends on neither Coder nor Lead"
