"""The section on reliability and saturation: what it shows, what it keeps back, and what it does not claim."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from io import StringIO
from pathlib import Path

import pytest

import resilens
from resilens.cli import main
from resilens.coding.rounds import freeze
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft
from resilens.report.build import report_of
from resilens.report.facts import gather
from resilens.report.html import render
from resilens.report.method_facts import MethodFacts
from resilens.report.model import TableBlock, walk
from resilens.report.reliability import reliability_section

POSTS = "post_id,user_id,title,content,create_time,likes,tags\n" + "".join(
    f"67859a50000000001e5e{n:04x},5f000000000000000000000{n % 9},Post {n},My cat {n},2025-01-14 07:00,{n},cattax\n"
    for n in range(24)
)
CODES = ("practice.tribute.cat", "affect.humour", "stage.absorption")
OWN = '\n[[code]]\nid = "practice.pun"\nfacet = "practice"\nname = "Pun"\n'


def item(n: int) -> str:
    return f"rednote:p:67859a50000000001e5e{n:04x}"


@pytest.fixture
def study(tmp_path: Path) -> Iterator[OpenStudy]:
    """Twenty-four threads, read by two coders in one round that came from a table; one code is the study's own."""
    root = tmp_path / "my-study"
    with pytest.raises(SystemExit):
        main(["init", str(root), "--example", "tiktok-refugees"])
    (tmp_path / "posts.csv").write_text(POSTS, encoding="utf-8")
    with resilens.open(root) as opened:
        opened.add([tmp_path / "posts.csv"], platform="rednote", mapping="id=post_id,author=user_id,title=title,"
                   "text=content,time=create_time,likes=likes,hashtags=tags")  # fmt: skip
        opened.codebook()
        opened.folder.codebook_file.write_text(opened.folder.codebook_file.read_text(encoding="utf-8") + OWN,
                                               encoding="utf-8")  # fmt: skip
        opened.codebook()
        rows = ["item_id,coder,code"]
        for n in range(24):
            for coder in ("coder A", "coder B"):
                codes = [CODES[n % 3], *(["practice.pun"] if n in (2, 9) else [])]
                codes = codes if coder == "coder A" or n % 8 else ["affect.humour"]
                rows += [f"{item(n)},{coder},{code}" for code in codes]
        (tmp_path / "codings.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        opened.import_codings(opened.propose_codings(tmp_path / "codings.csv"))
        yield opened


def facts_of(study: OpenStudy) -> MethodFacts:
    with study.corpus() as corpus:
        return gather(study.folder, study.study, corpus, study.record)


def page(facts: MethodFacts) -> str:
    return render(report_of(facts))["index.html"].decode()


def section(html: str) -> str:
    found = re.search(r'<section id="reliability".*?(?=<section id="unseen")', html, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found[0])).split())


def test_agreement_and_saturation_stand_after_codings(study: OpenStudy) -> None:
    facts = facts_of(study)
    names = [part.id for part in report_of(facts).sections]
    others = [name for name in names if name != "captured"]
    assert others == ["brief", "method", "codings", "reliability", "unseen", "codebook", "checklists", "appendix"]
    text = section(page(facts))
    for words in ("Before consensus.", "24 items in 24 threads, coded independently by coder A and coder B in round-1",
                  "Krippendorff's alpha for each code", "(2004) customary lines", f"seed {facts.seed}",
                  "What counts is the one code that emerged from the coding", "Guest, Namey and Chen (2020)",
                  "have not stated saturation of meaning"):  # fmt: skip
        assert words in text, words


def test_nothing_is_claimed_of_a_frame_that_no_chance_sample_was_drawn_from(study: OpenStudy) -> None:
    text = section(page(facts_of(study)))
    assert "Nothing here is claimed of a wider frame: no sample was drawn" in text
    study.draw()
    text = section(page(facts_of(study)))
    assert "Nothing here is claimed of a wider frame: posts taken by rank are the most visible ones" in text
    assert "95% CI from" not in text.split("Coverage and expected number")[1].split("Table")[0]


def test_what_must_be_read_with_alpha_stands_next_to_it(study: OpenStudy) -> None:
    (part,) = [part for part in walk(report_of(facts_of(study)).sections) if part.id == "reliability-agreement"]
    blocks = {block.name: block.table for block in part.blocks if isinstance(block, TableBlock)}
    names = [column.name for column in blocks["agreement-codes"].columns]
    assert names[:9] == ["code", "alpha", "alpha_low", "alpha_high", "percent", "ac1", "prevalence", "positive",
                         "negative"]  # fmt: skip
    assert {"below_0.667", "below_0.800"} <= set(names)


def test_the_data_behind_the_figure_are_its_numbers(study: OpenStudy) -> None:
    files = render(report_of(facts_of(study)))
    (name,) = [name for name in files if name.endswith("saturation.csv")]
    rows = list(csv.DictReader(StringIO(files[name].decode())))
    assert {row["list"] for row in rows} == {"emergent codes", "emergent code-stage pairs"}
    assert [row["coding_order"] for row in rows[:3]] == ["0", "0", "1"]


def test_no_platform_id_is_in_the_section(study: OpenStudy) -> None:
    html = page(facts_of(study))
    assert "rednote:p:" not in section(html)
    assert "67859a5" not in section(html)


def test_a_blind_round_is_named_and_nothing_of_it_is_told(study: OpenStudy) -> None:
    before = section(page(facts_of(study)))
    opening = {"mode": "independent", "coders": ["coder A", "coder B"]}
    study.record.append_all([
        Draft("round.opened", "secret", opening, "coder A", round_id="secret"),
        *(Draft("coding.set", item(n), {"item_id": item(n), "code_id": "practice.letter"}, coder, round_id="secret",
                codebook_version=2) for n in range(24) for coder in ("coder A", "coder B")),
    ])  # fmt: skip
    after = section(page(facts_of(study)))
    assert "Letter to Li Hua" not in after
    assert "secret is left out: still blind." in after
    assert after.replace("secret is left out: still blind. ", "") == before
    freeze(study.record, "secret", "coder A")
    assert "Letter to Li Hua" in section(page(facts_of(study)))


def test_a_study_coded_only_by_machines_or_not_at_all_has_no_section(
    study: OpenStudy, empty_facts: MethodFacts
) -> None:
    assert reliability_section(empty_facts) is None
    facts = facts_of(study)
    assert facts.saturation
    assert reliability_section(replace(facts, agreement=None)) is not None
    assert reliability_section(replace(facts, agreement=None, saturation=None)) is None


def test_synthetic_is_on_the_figure(study: OpenStudy) -> None:
    files = render(report_of(replace(facts_of(study), synthetic=True)))
    drawn = [content.decode() for name, content in files.items() if "saturation" in name and name.endswith(".svg")]
    assert drawn
    assert all("SYNTHETIC" in one for one in drawn)


def test_the_report_is_the_same_bytes_twice(study: OpenStudy) -> None:
    first, second = (render(report_of(facts_of(study))) for _ in range(2))
    assert first == second
