"""The doctor tells what is unsound, in words, and keeps quiet about what is not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import resilens
from resilens.doctor import examine
from resilens.study.beginning import begin


def study_in(tmp_path: Path) -> Path:
    root = tmp_path / "study"
    begin(root)
    table = tmp_path / "posts.csv"
    table.write_text("post_id,user_id,content,create_time\n"
                     "67859a50000000001e5e0001,u1,words,2025-01-14 07:00\n", "utf-8")  # fmt: skip
    with resilens.open(root) as study:
        study.add([table], platform="rednote")
    return root


def bad(root: Path) -> dict[str, str]:
    return {finding.subject: finding.message for finding in examine(root) if finding.bad}


def test_a_sound_study_has_nothing_bad(tmp_path: Path) -> None:
    assert bad(study_in(tmp_path)) == {}


def test_an_altered_row_of_the_record_is_found(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    with sqlite3.connect(root / "work.sqlite") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE events SET actor = 'somebody else' WHERE seq = 1")
    connection.close()
    assert "record" in bad(root)


def test_an_altered_capture_is_found(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    (raw,) = (root / "captures").glob("*.csv")
    raw.chmod(0o600)
    raw.write_text(raw.read_text("utf-8").replace("words", "lies"), "utf-8")
    assert "posts.csv" in bad(root)["captures"]


def test_a_vault_that_others_can_read_is_found(tmp_path: Path) -> None:
    root = study_in(tmp_path)
    (root / "vault" / "key").chmod(0o644)
    assert "chmod 600" in bad(root)["vault"]


def test_outside_a_study_the_installation_is_still_looked_at(tmp_path: Path) -> None:
    found = examine(tmp_path)
    assert {"versions", "sqlite", "fonts", "study"} == {finding.subject for finding in found}
    assert not any(finding.bad for finding in found)
