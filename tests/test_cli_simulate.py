"""`resilens simulate` as a scholar meets it: what it prints, what it refuses, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resilens.cli import main
from resilens.simulate import pictures, running
from resilens.simulate.patterns import WHAT

SMALL = ("--users", "2500", "--items", "500")


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Pictures and the page of a world have their own tests, and are drawn here once."""
    if request.node.originalname != "test_it_says_synthetic_and_what_comes_next":
        monkeypatch.setattr(pictures, "draw", lambda *_: None)
        monkeypatch.setattr(running, "write_overview", lambda *_: None)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line; its exit code, what it printed, and what it complained of."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return int(ended.value.code or 0), said.out, said.err


def test_it_says_synthetic_and_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "world"
    code, out, err = run(capsys, "simulate", str(folder), *SMALL, "--seed", "7")
    assert code == 0, err
    assert out.startswith("SYNTHETIC: TikTok refugees meet RedNote natives (world tiktok-refugees, seed 7)")
    assert "what a lexicon should find (recall, precision)" in out
    assert f"resilens --study {folder} add {folder / 'simulated'}" in out
    assert str(folder / "overview.html") in out
    assert "SYNTHETIC" in (folder / "overview.html").read_text(encoding="utf-8")
    assert list((folder / "media").glob("*.png"))
    assert run(capsys, "--study", str(folder), "add", str(folder / "simulated"))[0] == 0
    code, out, _ = run(capsys, "--study", str(folder), "import", "codings", str(folder / "codings.csv"))
    assert code == 0, out


def test_json_gives_the_same_as_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "simulate", str(tmp_path / "world"), *SMALL, "--json")
    said = json.loads(out)
    meta = json.loads((tmp_path / "world" / "meta.json").read_text(encoding="utf-8"))
    assert code == 0
    assert (said["world"], said["seed"]) == ("tiktok-refugees", 1)
    assert {name: said[name] for name in meta["counts"]} == meta["counts"]
    assert said["lexica"] == meta["lexica"]
    assert said["patterns"] == []
    assert {"code", "items", "recall", "precision"} <= set(said["lexica"][0])


def test_patterns_are_judged_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "simulate", str(tmp_path / "world"), "--users", "15000", "--patterns")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("SYNTHETIC")
    judged = [line.split()[1] for line in lines if line.split()[0] in ("pass", "FAIL", "-")]
    assert list(dict.fromkeys(judged)) == list(WHAT)
    assert lines[-1].endswith("not judged")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--users", "5"), ("--users", "5 is out of range", "100")), (("--items", "-3"), ("--items", "-3")),
     (("--seed", "-3"), ("--seed", "0 or more")), (("--users", "999999999"), ("--users", "out of range"))],  # fmt: skip
)  # fmt: skip
def test_a_number_out_of_range_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    code, out, err = run(capsys, "simulate", str(tmp_path / "world"), *arguments)
    assert (code, out) == (1, "")
    assert all(word in err for word in words), err
    assert not (tmp_path / "world").exists()


def test_an_unknown_world_is_refused_with_the_nearest_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "simulate", str(tmp_path / "world"), "--world", "tiktok-refugee")
    assert code == 1
    assert "did you mean 'tiktok-refugees'" in err
    assert not (tmp_path / "world").exists()


def test_a_faulty_world_file_is_refused_with_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    text = 'start = 2025-01-09\nuserz = 5\n\n[event]\ndeadline = "soon"\n'
    text += "\n[observation]\ncollected = 2025-05-01T10:00:00\n"
    file.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "simulate", str(tmp_path / "world"), "--world", str(file))
    assert code == 1
    assert "mine.toml:2: " in err
    assert "did you mean 'users'" in err
    assert "mine.toml:5: " in err
    file.write_text("start = = 1\n", encoding="utf-8")
    code, _, err = run(capsys, "simulate", str(tmp_path / "world"), "--world", str(file))
    assert code == 1
    assert "mine.toml:1" in err


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.docx").write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "simulate", str(tmp_path), *SMALL)
    assert code == 1
    assert "no simulation wrote" in err
    assert (tmp_path / "thesis.docx").read_text(encoding="utf-8") == "mine"


def test_only_worlds_on_rednote_are_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "simulate", str(tmp_path / "w"), "--world", "twitter-mastodon", "--as", "zeeschuimer")
    assert code == 1
    assert "only worlds on rednote" in err
    code, out, _ = run(capsys, "simulate", str(tmp_path / "w"), *SMALL, "--as", "zeeschuimer")
    assert code == 0
    assert "SYNTHETIC" in (tmp_path / "w" / "simulated" / "posts.ndjson").read_text(encoding="utf-8").splitlines()[0]
