"""Claims of a study on disk: looked at, checked, listed, and what becomes of them when somebody is forgotten."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import resilens
from resilens.claims.claims_file import NAME
from resilens.claims.studying import check, ledger_of
from resilens.cli import main
from resilens.erasure import carry_out, plan
from resilens.errors import InputError
from resilens.pipeline import OpenStudy
from resilens.results.findings import finding_to_dict

from .conftest import FINDINGS, SHARE

QUOTED = 'They said "pay the tax",\nand everybody laughed about number'
ROWS = "".join(
    f'67859a50000000001e5e{n:04x},5f000000000000000000000{n % 9},Post {n},"{QUOTED.replace(chr(34), chr(34) * 2)} {n}",'
    f"2025-01-14 07:00,{n},cattax\n" for n in range(24)
)  # fmt: skip
POSTS = "post_id,user_id,title,content,create_time,likes,tags\n" + ROWS


def item(n: int) -> str:
    return f"rednote:p:67859a50000000001e5e{n:04x}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four posts, all coded, and a measure."""
    folder = tmp_path_factory.mktemp("claims")
    root = folder / "my-study"
    with pytest.raises(SystemExit):
        main(["init", str(root), "--example", "tiktok-refugees"])
    (folder / "posts.csv").write_text(POSTS, encoding="utf-8")
    (folder / "codings.csv").write_text("item_id,coder,code\n" + "".join(
        f"{item(n)},coder A,practice.tribute.cat\n" for n in range(24)))  # fmt: skip
    with resilens.open(root) as study:
        study.add([folder / "posts.csv"], platform="rednote", mapping="id=post_id,author=user_id,title=title,"
                  "text=content,time=create_time,likes=likes,hashtags=tags")  # fmt: skip
        study.import_codings(study.propose_codings(folder / "codings.csv"))
    return root


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Iterator[OpenStudy]:
    shutil.copytree(made, tmp_path / "study", symlinks=True)
    with resilens.open(tmp_path / "study") as opened:
        yield opened


def write(study: OpenStudy, *blocks: str) -> None:
    ledger_of(study, begin=True)
    with study.folder.claims_file.open("a", encoding="utf-8") as file:
        file.write("\n".join(("", *blocks)))


def block(claim_id: str, *lines: str) -> str:
    question = 'question = "practices"'
    return "\n".join((f'[[claim]]\nid = "{claim_id}"\ntext = "Tribute lets newcomers in."', question, *lines, ""))


def measured(study: OpenStudy) -> None:
    folder = study.folder.results / "measures"
    folder.mkdir(parents=True, exist_ok=True)
    content = {"made_from": {}, "finding": finding_to_dict(FINDINGS["practices"])}
    (folder / "practices.json").write_text(json.dumps(content), "utf-8")


def local(study: OpenStudy, item_id: str) -> str:
    return study.vault().pseudonyms.of_address("item", item_id)


def test_a_study_without_claims_is_left_alone(study: OpenStudy) -> None:
    assert check(study) == []
    assert list(ledger_of(study)) == []
    assert not study.folder.claims_file.exists()


def test_claims_are_read_resolved_completed_and_checked(study: OpenStudy) -> None:
    measured(study)
    cited = [f"{item(3)} [0:9]", local(study, item(4)), SHARE, "condition:nobody", f"{item(3)}0",
             "code:practice.tribute"]  # fmt: skip
    write(study, block("tribute", 'stage = "stage.absorption"', f"evidence_for = {json.dumps(cited)}"))
    ledger = ledger_of(study)
    assert [str(one) for one in ledger["tribute"].evidence_for[:2]] == [f"{item(3)} [0:9]", item(4)]
    assert str(ledger["tribute"].findings[0]) == "0.31 [0.25, 0.38]"
    assert [one.id for one in ledger.for_item(item(4))] == ["tribute"]
    assert ledger.warnings["tribute"][0].startswith("evidence_for[4]: there is no condition 'nobody'")
    assert ledger.warnings["tribute"][1].startswith(f"evidence_for[5]: {item(3)}0 is not in the corpus; did you mean")
    assert ledger.warnings[""] == [f"no claim answers the question {name!r}"
                                   for name in ("conditions", "characteristics", "implications")]  # fmt: skip
    line = study.folder.claims_file.read_text("utf-8").splitlines().index('    "condition:nobody",') + 1
    assert str(check(study)[0]).startswith(f"claims.toml:{line}: claim tribute, evidence_for[4]: ")


def test_a_measure_that_was_not_computed_is_told_from_one_that_does_not_exist(study: OpenStudy) -> None:
    write(study, block("a", 'evidence_for = ["measure:practices/x", "measure:practises"]'))
    assert ledger_of(study).warnings["a"] == [
        "evidence_for[1]: the measure practices has not been computed; run `resilens measure practices`",
        "evidence_for[2]: there is no measure 'practises'; did you mean 'practices'?",
    ]


def test_the_command_line_begins_the_file_lists_and_tells_json(
    study: OpenStudy, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["--study", str(study.folder.root), "claims", *arguments])
        assert ended.value.code == 0
        return capsys.readouterr().out

    assert "No claims yet" in said()
    write(study, block("tribute", f'evidence_for = ["{item(3)}"]'), block("art"))
    assert said().splitlines()[:3] == [
        "art (tentative; 0 for, 0 against; practices): Tribute lets newcomers in.",
        "    look: the claim rests on no evidence; cite items, findings, leads or conditions",
        "tribute (tentative; 1 for, 0 against; practices): Tribute lets newcomers in.",
    ]
    assert said("--item", item(3)).splitlines() == [
        "tribute (tentative; 1 for, 0 against; practices): Tribute lets newcomers in."
    ]
    assert said("--item", item(5)) == f"No claim leans on {item(5)}.\n"
    told = json.loads(said("--json"))
    assert [one["id"] for one in told["claims"]] == ["art", "tribute"]
    assert told["claims"][1]["evidence_for"] == [item(3)]


def test_the_report_shows_them_and_names_no_item_by_its_id(study: OpenStudy) -> None:
    measured(study)
    write(study, block("tribute", f'evidence_for = ["{item(3)} [0:9]", "{item(30)}", "{SHARE}"]'), block("art"))
    ledger_of(study)
    page = study.report().read_text("utf-8")
    assert "Claims by question" in page
    assert re.search(r"E\d+ is not in the corpus\.", page)
    assert "The claim rests on no evidence" in page
    for path in study.folder.report.rglob("*"):
        assert not path.is_file() or b"67859a50000000001e5e" not in path.read_bytes(), path.name
    again = study.report().read_text("utf-8")
    assert again == page


def everything(root: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of claims.toml and of the record, its log included, and the record as SQL."""
    for path in (root / NAME, *root.glob("work.sqlite*")):
        yield path.name, path.read_bytes()
    with sqlite3.connect(root / "work.sqlite") as connection:
        yield "as SQL", "\n".join(connection.iterdump()).encode()
    connection.close()


@pytest.mark.parametrize("taken_in", [True, False], ids=["on the record", "only in the file"])
def test_evidence_of_a_forgotten_item_is_erased(study: OpenStudy, taken_in: bool) -> None:
    """Cited whole, as a span and by its id in the study, named in a comment, and its words in the puzzle."""
    root = study.folder.root
    words = f"{QUOTED} 3"
    puzzle = f"puzzle = {json.dumps('Why? ' + words)}"
    write(study,
          block("tribute", f'evidence_for = ["{item(3)} [0:9]", "{item(4)}"]', f'evidence_against = ["{item(3)}"]'),
          block("art", f'evidence_for = ["{local(study, item(3))} [2:5]"]', f"# as in {item(3)}", puzzle),
          block("words", 'evidence_for = ["memo:m1"]', puzzle))  # fmt: skip
    if taken_in:
        ledger_of(study)
    native = item(3).rpartition(":")[2]
    assert any(native.encode() in content for _, content in everything(root)), "the search itself must find"

    carry_out(study, plan(study, item(3)), "asked by mail")

    for name, content in everything(root):
        for trace in (native, local(study, item(3)), "laughed about number 3"):
            assert trace.encode() not in content, f"{trace} in {name}"
    ledger = ledger_of(study)
    assert list(map(str, ledger["tribute"].evidence_for)) == ["erased", item(4)]
    assert list(map(str, ledger["art"].evidence_for)) == ["erased"]
    assert ledger["words"].puzzle == "Why? [erased]"
    assert ledger.for_item(item(3)) == ()
    assert ledger.warnings["art"][0] == "the claim rests on no evidence any more: all of it was erased"
    assert ledger.warnings["tribute"][0].startswith("evidence_for[1]: evidence erased, because")
    assert study.record.verify(views=True).sound
    file = study.folder.claims_file.read_bytes()
    assert check(study)
    assert study.folder.claims_file.read_bytes() == file, "file and record agree"


def test_words_that_stand_escaped_in_the_file_are_erased_as_well(study: OpenStudy) -> None:
    write(study, block("words", f"puzzle = {json.dumps(QUOTED + ' 3')}"))
    ledger_of(study)
    carry_out(study, plan(study, item(3)), "asked")
    assert ledger_of(study)["words"].puzzle == "[erased]"
    assert b"laughed about number 3" not in study.folder.claims_file.read_bytes()


def test_a_broken_claims_file_stops_the_forgetting_before_anything_is_lost(study: OpenStudy) -> None:
    write(study, '[[claim]]\nid = "x"\n')
    events = len(list(study.record.events()))
    with pytest.raises(InputError, match=r"claims\.toml:\d+: claim\[1\]\.text: missing"):
        carry_out(study, plan(study, item(3)), "asked")
    assert len(list(study.record.events())) == events
    with study.corpus() as corpus:
        posts = corpus.table("posts")
        assert corpus.frame(posts.filter(posts.post_id == item(3))).num_rows == 1
