"""A study file is read, or every fault in it is named with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.study.reading import read, warnings

MINIMAL = '[study]\ntitle = "A study"\n'


def faults(folder: Path, text: str | bytes) -> list[str]:
    file = folder / "study.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        read(file)
    return [str(fault) for fault in caught.value.faults]


def test_the_smallest_study_has_the_recommended_defaults(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(MINIMAL)
    study = read(tmp_path)
    assert study.sample.design == "mixed"
    assert (study.sample.posts, study.sample.comments, study.sample.comment_rule) == (200, 50, "random")
    assert study.sample.rankings == ("likes", "comments", "bookmarks")
    assert study.privacy.quoting == "paraphrase"
    assert study.privacy.account_cohorts is False
    assert study.study.zone == "UTC"
    assert warnings(study) == []


def test_all_faults_at_once_each_on_its_line(tmp_path: Path) -> None:
    text = """\
[study]
title = "x"
zone = "Asia/Shanghai"
[[hashtag]]
name = "#猫税"
volumes = [
  { as_of = 2025-05-01, views = "1,5M" },
  { as_of = 2025-05-02, discusions = 3 },
]
[sample]
postz = 3
design = "mxed"
[[coder]]
name = "A"
lead = "yes"
[[condition]]
name = "t"
actor = "sate"
kind = "media"
[[stage]]
code = "adaptation"
start = 2025-01-01
[[phase]]
name = "p"
start = 2025-01-02
end = 2025-01-01
"""
    found = faults(tmp_path, text)
    assert [line.split(": ")[0] + ": " + line.split(": ")[1] for line in found] == [
        "study.toml:3: study.zone",
        "study.toml:5: hashtag[1].name",
        "study.toml:7: hashtag[1].volumes[1].views",
        "study.toml:8: hashtag[1].volumes[2].discusions",
        "study.toml:11: sample.postz",
        "study.toml:12: sample.design",
        "study.toml:15: coder[1].lead",
        "study.toml:18: condition[1].actor",
        "study.toml:21: stage[1].code",  # parts that contradict each other are found beside parts that are wrong
        "study.toml:26: phase[1].end",
    ]
    assert found[4] == "study.toml:11: sample.postz: unknown key; did you mean 'posts'?"
    assert "write the name alone, as '猫税'" in found[1]
    assert found[3].endswith("did you mean 'discussions'?")
    assert found[5].endswith("did you mean 'mixed'?")
    assert found[8].endswith("did you mean 'stage.adaptation'?")


def test_an_unknown_key_near_to_nothing_lists_the_keys(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, MINIMAL + "[[coder]]\nname = 'A'\nxyzzy = 1\n")
    assert found == "study.toml:5: coder[1].xyzzy: unknown key; the keys here are name, lead"


def test_a_key_already_given_is_not_suggested(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, MINIMAL + "[[coder]]\nname = 'A'\nnames = 'B'\n")
    assert "did you mean 'name'" not in found


def test_framework_inside_a_section_says_where_it_belongs(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, MINIMAL + "framework = 'boh-2023'\n")
    assert found.startswith("study.toml:3: study.framework: belongs to no section")


def test_a_missing_key_names_the_line_of_its_section(tmp_path: Path) -> None:
    assert faults(tmp_path, "\n\n[sample]\nposts = 3\n") == ["study.toml:1: study: missing; every study needs it"]
    (found,) = faults(tmp_path, MINIMAL + "\n[[question]]\ntext = 'Why?'\n")
    assert found == "study.toml:4: question[1].id: missing; it has no default"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("posts = '200'", "expected a whole number without quotation marks, not '200'"),
        ("posts = 0", "out of range"),
        ("posts = true", "expected a whole number"),
        ("rankings = 'likes'", "expected a list in square brackets"),
        ("rankings = []", "needs at least one entry"),
        ("as_of = 20250501", "is not a date; write it as 2025-05-01"),
        ("as_of = 2025-05-01T10:00:00", "without a time of day"),
        ("audit = 0.5", "means nothing with the design 'mixed'"),
        ("rankings = ['likes', 'likes']", "'likes' stands twice"),
    ],
)
def test_values_of_the_wrong_kind_are_said_in_words(tmp_path: Path, line: str, word: str) -> None:
    (found,) = faults(tmp_path, f"{MINIMAL}[sample]\n{line}\n")
    assert found.startswith("study.toml:4: sample.")
    assert word in found


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("[study]\ntitle = Untitled\n", 2, "text needs quotation marks"),
        ("[study]\ntitle = 'a'\ntitle = 'b'\n", 3, "stands above already"),
        ("[study\n", 1, "not TOML"),
        ("[study]\ntitle = 'a'\n猫税 = 1\n", 3, "need quotation marks"),
        ('[study]\ntitle = """a\nb\n', 3, "not TOML"),
    ],
)
def test_broken_toml_names_its_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    (found,) = faults(tmp_path, text)
    assert found.startswith(f"study.toml:{line}: not TOML")
    assert word in found


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, "[study]\ntitle = '小红书'\n".encode("gb18030"))
    assert found.startswith("study.toml:2: not UTF-8 text")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(MINIMAL, encoding="utf-8-sig")
    assert read(tmp_path).study.title == "A study"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "study.toml")


@pytest.mark.parametrize(
    ("text", "where", "word"),
    [
        ("[[coder]]\nname='A'\n[[coder]]\nname='a'\n", "6: coder[2].name", "the same as in coder 1"),
        ("[[coder]]\nname='A'\nlead=true\n[[coder]]\nname='B'\nlead=true\n", "8: coder[2].lead", "at most one"),
        ("[[coder]]\nname='Consensus'\n", "4: coder[1].name", "choose another name"),
        ("[[hashtag]]\nname='CatTax'\n[[hashtag]]\nname='cattax'\n", "6: hashtag[2].name", "the same"),
        ("[[group]]\nname='unknown'\n", "4: group[1].name", "choose another name"),
        ("[[group]]\nname='g'\nrules=[{order=2}]\n", "5: group[1].rules[1]", "says nothing"),
        ("[[group]]\nname='g'\nrules=[{account_from=2025-01-01}]\n", "5: group[1].rules[1]", "does not allow"),
        ("[[question]]\nid='q'\ntext='t'\n[[question]]\nid='q'\ntext='u'\n", "6: question[2]", "the same"),
        ("[[question]]\nid='q'\ntext='t'\nreplaces='r'\n", "6: question[1].replaces", "no question has the id"),
        (
            "[[phase]]\nname='a'\nstart=2025-01-01\n[[phase]]\nname='b'\nstart=2025-02-01\n",
            "8: phase[2].start",
            "no end",
        ),
        (
            "[[phase]]\nname='a'\nstart=2025-01-01\nend=2025-02-01\n[[phase]]\nname='b'\nstart=2025-02-01\n",
            "9: phase[2].start",
            "phases do not overlap",
        ),
        ("[[hashtag]]\nname='h'\nvolumes=[{as_of=2025-01-01}]\n", "5: hashtag[1].volumes[1]", "has no number"),
        (
            "[[hashtag]]\nname='h'\nvolumes=[{as_of=2025-01-01,views=1},{as_of=2025-01-01,views=2}]\n",
            "5: hashtag[1].volumes[2].as_of",
            "two volumes of 2025-01-01",
        ),
        (
            "[sample]\nas_of=2025-05-02\n[[hashtag]]\nname='h'\nvolumes=[{as_of=2025-05-01,discussions=1}]\n",
            "4: sample.as_of",
            "#h has no discussions of 2025-05-02",
        ),
        ("[sample]\nstart=2025-05-02\nend=2025-05-01\n", "5: sample.end", "before the start"),
        (
            "[[condition]]\nname='c'\nactor='users'\nkind='media'\nstage='stage.x'\n",
            "7: condition[1].stage",
            "not a stage",
        ),
    ],
)
def test_parts_that_contradict_each_other(tmp_path: Path, text: str, where: str, word: str) -> None:
    (found,) = faults(tmp_path, MINIMAL + text)
    assert found.startswith(f"study.toml:{where}")
    assert word in found


def test_an_unknown_framework_names_the_nearest(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, "framework = 'boh-2032'\n" + MINIMAL)
    assert found == "study.toml:1: framework: unknown framework 'boh-2032'; did you mean 'boh-2023'?"


def test_a_framework_of_ones_own_is_found_beside_the_study(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, "framework = 'own.toml'\n" + MINIMAL)
    assert found.startswith("study.toml:1: framework: the framework file own.toml cannot be read")
    (tmp_path / "own.toml").write_text('extends = "park-choi-2025"\n')
    text = "framework = 'own.toml'\n" + MINIMAL + "[[stage]]\ncode = 'stage.sensing'\nstart = 2025-01-01\n"
    (tmp_path / "study.toml").write_text(text)
    assert read(tmp_path).framework == "own.toml"


def test_adjacent_phases_do_not_overlap_in_any_order(tmp_path: Path) -> None:
    later = "[[phase]]\nname='b'\nstart=2025-02-02\n"
    earlier = "[[phase]]\nname='a'\nstart=2025-01-01\nend=2025-02-01\n"
    (tmp_path / "study.toml").write_text(MINIMAL + later + earlier)
    assert [phase.start for phase in read(tmp_path).phases] == [date(2025, 2, 2), date(2025, 1, 1)]
