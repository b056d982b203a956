"""`resilens agree` as a scholar meets it: a table from anywhere, a study, saturation, and what is wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import resilens
from resilens.cli import main
from resilens.record.events import Draft

POSTS = "post_id,user_id,title,content,create_time,likes,tags\n" + "".join(
    f"67859a50000000001e5e{n:04x},5f000000000000000000000{n % 9},Post {n},My cat {n},2025-01-14 07:00,10,cattax\n"
    for n in range(24)
)
CODES = ("practice.tribute.cat", "affect.humour", "stage.absorption")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line; its exit code, what it printed, and what it complained of."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of 24 threads that two coders read; one code is of the study's own."""
    root = tmp_path_factory.mktemp("study") / "my-study"
    (root.parent / "posts.csv").write_text(POSTS, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["init", str(root), "--example", "tiktok-refugees"])
    with resilens.open(root) as study:
        study.add([root.parent / "posts.csv"], mapping="id=post_id,author=user_id,title=title,text=content,"
                  "time=create_time,likes=likes,hashtags=tags", platform="rednote")  # fmt: skip
        study.codebook()
    book = root / "codebook.toml"
    own = '\n[[code]]\nid = "practice.pun"\nfacet = "practice"\nname = "Pun"\n'
    book.write_text(book.read_text(encoding="utf-8") + own, encoding="utf-8")
    with resilens.open(root) as study:
        rows = ["item_id,coder,code"]
        for n, row in enumerate(POSTS.splitlines()[1:]):
            for coder in ("coder A", "coder B"):
                codes = [CODES[n % 3], *(["practice.pun"] if n in (2, 9) else [])]
                codes = codes if coder == "coder A" or n % 8 else ["affect.humour"]
                rows += [f"{row.split(',')[0]},{coder},{code}" for code in codes]
        (root.parent / "codings.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        study.import_codings(study.propose_codings(root.parent / "codings.csv"))
    return root


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    rows = [f"{n},{coder},{int(n % 5 == 0 if coder == 'x' or n % 7 else n % 2)},p{n // 2}\n"
            for n in range(60) for coder in "xy"]  # fmt: skip
    path.write_text("comment,who,hate,post\n" + "".join(rows), encoding="utf-8")
    return path


LONG = ("--unit", "comment", "--coder", "who", "--value", "hate", "--cluster", "post")


def test_a_long_table_from_anywhere(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "agree", str(table), *LONG)
    assert code == 0
    assert out.startswith("labels.csv: 60 units, two coders; 60 coded twice or more, in 30 threads.")
    assert "Krippendorff's alpha" in out
    code, out, _ = run(capsys, "agree", str(table), *LONG, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["parts"][0]["results"]["alpha"]["result"] == "estimate"


def test_the_paragraph_and_the_apa_table(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "agree", str(table), *LONG, "--paragraph", "--apa", "--coefficient", "alpha",
                       "--coefficient", "cohen")  # fmt: skip
    assert code == 0
    assert out.startswith("Agreement was computed over the 60 units in 30 threads")
    assert "beside Cohen's kappa" in out
    assert "Table 1\n\nAgreement in labels.csv" in out


def test_a_wide_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("unit,x,y\n1,a,a\n2,b,\n3,a,b\n", encoding="utf-8")
    code, out, _ = run(capsys, "agree", str(path), "--wide")
    assert code == 0
    assert "1 of 6 judgements missing" in out


def test_words_in_order_and_what_stands_for_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "words.csv"
    path.write_text("u,x,y,z\n1,low,mid,low\n2,high,high,mid\n3,mid,NA,low\n4,low,low,low\n", encoding="utf-8")
    asked = ("agree", str(path), "--unit", "u", "--wide", "--level", "ordinal")
    code, _, err = run(capsys, *asked)
    assert code == 1
    assert "words.csv: these values have no order" in err
    more = ("--values", "low, mid, high", "--coders", "x,y", "--missing", "NA,99", "--draws", "200", "--seed", "4")
    code, out, _ = run(capsys, *asked, *more, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["values"], found["coders"]) == (["low", "mid", "high"], ["x", "y"])
    assert (found["n_missing"], found["draws"], found["seed"]) == (1, 200, 4)
    code, _, err = run(capsys, "agree", str(path), "--unit", "u", "--wide", "--level", "interval")
    assert code == 1
    assert "words.csv: interval data are numbers" in err


def test_passages_of_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "spans.csv"
    path.write_text("unit,coder,start,end,value,length\n" + "".join(
        f"{n},{coder},0,{5 + (n % 3 if coder == 'B' else 0)},a,20\n" for n in range(25) for coder in "AB"
    ), encoding="utf-8")
    code, out, _ = run(capsys, "agree", str(path), "--spans")
    assert code == 0
    assert "u-alpha" in out
    code, _, err = run(capsys, "agree", str(path), "--spans", "--level", "nominal")
    assert code == 2
    assert "--level does not go with" in err


def test_a_wrong_column_is_said_in_words(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "agree", str(table))
    assert code == 1
    assert "labels.csv: there is no column 'unit'" in err


@pytest.mark.parametrize("arguments", [("--by", "group"), ("--saturation",), ("--round", "round-1")])
def test_what_belongs_to_a_study_does_not_go_with_a_table(
    table: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "agree", str(table), *LONG, *arguments)
    assert code == 2
    assert f"{arguments[0]} does not go with" in err


def test_what_belongs_to_a_table_does_not_go_with_a_study(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--study", str(root), "agree", "--unit", "post")
    assert code == 2
    assert "--unit does not go with" in err


def test_agreement_in_a_study(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--study", str(root), "agree")
    assert code == 0
    assert "before consensus" in out
    assert "Cat tax" in out
    code, out, _ = run(capsys, "--study", str(root), "agree", "--json", "--by", "language", "--coefficient", "alpha")
    found = json.loads(out)
    assert found["n_items"] == 24
    assert list(found["by"]) == ["language"]
    code, out, _ = run(capsys, "--study", str(root), "agree", "--paragraph", "--universe", "touched")
    assert "items to which any of the coders gave any code" in out
    code, out, _ = run(capsys, "--study", str(root), "agree", "--disagreements")
    assert code == 0
    assert "Coders who differ" in out
    assert "Krippendorff" not in out
    code, _, err = run(capsys, "--study", str(root), "agree", "--round", "round-9")
    assert code == 1
    assert "round-9" in err


def test_passages_where_nobody_marked_any_are_undefined(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("--universe", "characters"), ("--coefficient", "u")):
        code, out, _ = run(capsys, "--study", str(root), "agree", *arguments, "--paragraph", "--apa")
        assert code == 0
        assert "no coding to compute it from, so agreement is undefined" in out
        assert "codings of whole items mark no characters" in out
        assert "There is no table to show" in out
        assert "agreement is undefined" in run(capsys, "--study", str(root), "agree", *arguments)[1]


def test_saturation_of_a_study(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--study", str(root), "agree", "--saturation")
    assert code == 0
    assert "What counts is the one code that emerged from the coding" in out
    assert "no sample was drawn" in out
    code, out, _ = run(capsys, "--study", str(root), "agree", "--saturation", "--json", "--base", "3", "--run", "3",
                       "--threshold", "0")  # fmt: skip
    found = json.loads(out)
    assert found["emergent_codes"]["guest"][0]["label"] == "3+3"
    assert found["settings"]["base"] == 3
    code, out, _ = run(capsys, "--study", str(root), "agree", "--saturation", "--apa")
    assert "Coverage and expected number of emergent codes" in out
    code, _, err = run(capsys, "--study", str(root), "agree", "--saturation", "--base", "0")
    assert code == 1
    assert "at least one unit" in err


def test_a_round_that_is_still_blind_stays_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def asked() -> list[dict[str, object]]:
        found = [json.loads(run(capsys, "--study", str(root), "agree", "--json", *more)[1])
                 for more in ((), ("--saturation",))]  # fmt: skip
        return [{key: value for key, value in one.items() if not key.startswith("blind")} for one in found]

    before = asked()
    with resilens.open(root) as study:
        item, opening = "rednote:p:67859a50000000001e5e0000", {"mode": "independent", "coders": ["coder A", "coder B"]}
        study.record.append_all([
            Draft("round.opened", "secret", opening, "coder A", round_id="secret"),
            Draft("coding.set", item, {"item_id": item, "code_id": "practice.letter"}, "coder A", round_id="secret",
                  codebook_version=2),
        ])  # fmt: skip
    assert asked() == before
    for arguments in ((), ("--saturation",), ("--paragraph",), ("--apa",)):
        code, out, _ = run(capsys, "--study", str(root), "agree", *arguments)
        assert code == 0
        assert "letter to li hua" not in out.casefold(), arguments
        assert "secret" in out or arguments == ("--apa",), arguments
    code, _, err = run(capsys, "--study", str(root), "agree", "--round", "secret")
    assert code == 1
    assert "freeze it first" in err


def test_the_same_from_python(root: Path) -> None:
    with resilens.open(root) as study:
        assert study.saturation(base=3, run=3, threshold=0).codes.guest[0].label == "3+3"  # type: ignore[union-attr]
        assert len(study.agreement(interval=False).codes) == 4
        assert study.agreement(interval=False).seed == study.saturation().settings.seed == study.study.study.seed
        said = study.state_saturation("practice.pun", "three puns, all alike", "coder A")
        assert said.about == "practice.pun"
        assert "Pun (coder A" in study.saturation().paragraph()
