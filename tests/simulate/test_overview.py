"""The page of a world: whole in itself, said SYNTHETIC everywhere, the same bytes again, and quiet in a browser."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.simulate.worlds import changed

from resilens.errors import InputError
from resilens.simulate.examples import examples
from resilens.simulate.identifiability import NOT_EVIDENCE, taught
from resilens.simulate.looking import Look, look
from resilens.simulate.overview import DESCRIPTION, PAGE, overview, write_overview
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import presets

NASTY = '<script>alert("x")</script> & 猫'
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


def small(name: str = "tiktok-refugees", **tables: object) -> Simulation:
    return Simulation(changed(name, **{"users": 6000, "items": 3000, **tables}), seed=5)


@cache
def looked(name: str) -> Look:
    return look(small(name))


@cache
def html(name: str) -> str:
    return overview(looked(name), Path("nowhere"))


@pytest.mark.parametrize("name", presets())
def test_every_figure_is_valid_and_says_synthetic(name: str) -> None:
    page = html(name)
    drawn = SVG.findall(page)
    assert len(drawn) == 8  # four figures, each for two widths
    for one in drawn:
        assert ElementTree.fromstring(one).tag == "{http://www.w3.org/2000/svg}svg"
        assert ">SYNTHETIC</text>" in one
        assert "NaN" not in one
    assert page.index("SYNTHETIC") < page.index("<title>") + 20
    assert '<p class="synthetic" role="note"><strong>SYNTHETIC</strong>' in page


@pytest.mark.parametrize("name", presets())
def test_the_page_is_whole_in_itself(name: str) -> None:
    page = html(name)
    assert "<script" not in page
    assert "@import" not in page
    assert all(found.startswith(("data:", "#")) for found in re.findall(r'(?:src|href)="([^"]*)"', page))
    assert not re.search(r"url\((?!#)", page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_same_world_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write_overview(small(), tmp_path / name) for name in ("one", "other"))
    assert one == tmp_path / "one" / PAGE
    assert one.read_bytes() == other.read_bytes()
    assert one.with_name(DESCRIPTION).read_bytes() == other.with_name(DESCRIPTION).read_bytes()
    assert one.read_text("utf-8") == html("tiktok-refugees")


def test_words_of_the_world_are_escaped() -> None:
    milestones = [{"at": "2025-01-15T00:00:00", "name": NASTY}]
    simulation = small(title=NASTY, description=NASTY, event={"name": NASTY, "milestone": milestones}, items=300)
    page = overview(look(simulation), Path("nowhere"))
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; ") >= 4
    assert '<span lang="zh">猫</span>' in page


def test_what_data_can_teach_stands_beside_the_curves() -> None:
    page = html("tiktok-refugees")
    assert NOT_EVIDENCE in page
    assert page.index('id="states-figure"') < page.index('id="identifiability"') < page.index('id="attention-figure"')
    assert (sum(one.by_public for one in taught()), sum(one.by_corpus for one in taught())) == (5, 21)
    assert f"Public figures teach 5 of {len(taught())} parameters" in page


def test_a_bounded_look_says_so() -> None:
    some = look(small(items=60_000, users=20_000), most=100)
    page = overview(some, Path("nowhere"))
    assert not some.whole
    assert some.posts + some.comments < 40_000
    assert "This world is large" in page
    assert f"first {some.posts:,} posts" in page


def test_a_world_without_items_has_a_page() -> None:
    page = overview(look(small(items=0)), Path("nowhere"))
    assert "No posts were written." in page
    assert "No comments were written." in page
    assert len(SVG.findall(page)) == 4


def test_examples_are_whole_short_threads_of_what_was_asked_for() -> None:
    found = examples(looked("tiktok-refugees"))
    assert [one.kind for one in found] == ["tribute", "ledger", "letter"]
    for one in found:
        depths = [said.depth for said in one.said]
        assert depths[0] == 0
        assert all(below <= above + 1 and below >= 1 for above, below in zip(depths, depths[1:], strict=False))
        assert [bool(said.picture) for said in one.said] == [True] + [False] * (len(depths) - 1)
    removed = [said for one in found for said in one.said if said.removed]
    assert html("tiktok-refugees").count("<del>") == len(removed)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_overview(small(items=0), tmp_path / "file")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_it_opens_without_complaint_or_request(browser: Any, tmp_path: Path, width: int, scheme: str) -> None:
    page_file = tmp_path / PAGE
    page_file.write_text(html("tiktok-refugees"), "utf-8")
    said: list[str] = []
    asked: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    outside = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && !e.closest('svg') && "
        "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    shown = page.eval_on_selector_all(
        ".drawing", "all => all.filter(e => getComputedStyle(e).display != 'none').map(e => e.classList[1])"
    )
    context.close()
    assert outside == []
    assert said == []
    assert [url for url in asked if not url.startswith(("data:", page_file.as_uri()))] == []
    assert set(shown) == {"narrow" if width == 320 else "wide"}
