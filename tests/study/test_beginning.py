"""A study begins whole, and never over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.study.beginning import begin, examples
from resilens.study.reading import read


def test_the_template_is_a_study_as_it_stands(tmp_path: Path) -> None:
    folder = begin(tmp_path / "new" / "study")
    study = read(folder.study_file)
    assert study.study.title == "Untitled study"
    assert study.sample.design == "mixed"
    assert folder.captures.is_dir()
    ignored = (folder.root / ".gitignore").read_text().splitlines()
    assert {"vault/", "captures/", ".staging/", "work.sqlite-*"} <= set(ignored)


def test_the_template_with_every_example_uncommented_is_a_study_too(tmp_path: Path) -> None:
    folder = begin(tmp_path)
    text, prose = [], ("# The design", "# `resilens", "# Facets", "# or the path", "# The first rule", "# Without #")
    for line in folder.study_file.read_text("utf-8").splitlines():
        text.append(line if line.startswith(prose) or not line.startswith("# ") else line[2:])
    folder.study_file.write_text("\n".join(text), "utf-8")
    study = read(tmp_path)
    assert [group.role for group in study.groups] == ["newcomer", "host"]
    assert len(study.coders) == 2
    assert study.event is not None
    assert study.event.milestones
    assert study.quota_volumes() == {"newhere": 1_454_000}


def test_an_example_with_a_title_of_ones_own(tmp_path: Path) -> None:
    assert examples() == ("tiktok-refugees",)
    folder = begin(tmp_path, "tiktok-refugees", 'Say "meow" \\ 猫', synthetic=True)
    study = read(folder.study_file)
    assert study.study.title == 'Say "meow" \\ 猫'
    assert study.study.synthetic is True
    assert len(study.hashtags) == 4
    assert list(folder.captures.iterdir()) == []


def test_a_template_can_be_declared_synthetic(tmp_path: Path) -> None:
    assert read(begin(tmp_path, synthetic=True).study_file).study.synthetic is True


def test_a_study_is_never_begun_over_another(tmp_path: Path) -> None:
    folder = begin(tmp_path)
    before = folder.study_file.read_bytes()
    with pytest.raises(InputError, match="a study is here already"):
        begin(tmp_path, "tiktok-refugees")
    assert folder.study_file.read_bytes() == before


def test_parts_of_a_lost_study_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "work.sqlite").write_bytes(b"x")
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "a.ndjson").write_text("{}")
    with pytest.raises(InputError, match=r"captures, work\.sqlite"):
        begin(tmp_path)
    assert not (tmp_path / "study.toml").exists()


def test_other_files_are_left_alone_and_the_ignore_list_is_added_to(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    (tmp_path / ".gitignore").write_text("*.bak\nvault/")
    begin(tmp_path)
    lines = (tmp_path / ".gitignore").read_text().splitlines()
    assert lines[:2] == ["*.bak", "vault/"]
    assert lines.count("vault/") == 1
    assert "captures/" in lines
    assert (tmp_path / "notes.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("example", "title", "word"),
    [("tiktok-refugee", None, "did you mean 'tiktok-refugees'"), (None, " ", "one line"), (None, "a\nb", "one line")],
)
def test_refusals(tmp_path: Path, example: str | None, title: str | None, word: str) -> None:
    with pytest.raises(InputError, match=word):
        begin(tmp_path / "s", example, title)
    assert not (tmp_path / "s").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    with pytest.raises(InputError, match="is a file"):
        begin(tmp_path / "f")
