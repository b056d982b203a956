"""The frameworks that ship are whole; one of a scholar's own is read or refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.study.frameworks import ROLES, framework, names


def test_the_five_frameworks_ship() -> None:
    assert names() == ("boh-2023", "buzzanell-2010", "jing-zhang-2026", "krzyzanowski-2018", "park-choi-2025")


@pytest.mark.parametrize("name", names())
def test_every_code_says_all_that_a_coder_needs(name: str) -> None:
    known = framework(name)
    assert known.name == name
    assert known.source
    for code in known.codes:
        for said in (code.name, code.name_zh, code.definition, code.use_when, code.not_when, code.example, code.source):
            assert said.strip(), code.id
        assert len(code.definition) >= 40, code.id
        assert any("\u4e00" <= character <= "\u9fff" for character in code.name_zh), code.id
        assert code.role in {"", *ROLES}
    assert {code.facet for code in known.codes} == {facet.id for facet in known.facets}
    examples = [code.example for code in known.codes]
    assert len(examples) == len(set(examples))


def test_stages_and_processes_are_those_of_their_authors() -> None:
    assert [code.id for code in framework("boh-2023").codes] == [
        "stage.absorption", "stage.adaptation", "stage.transformation",
    ]  # fmt: skip
    assert [code.id for code in framework("park-choi-2025").codes] == [
        "stage.sensing", "stage.absorption", "stage.adaptation", "stage.transformation",
    ]  # fmt: skip
    assert len(framework("buzzanell-2010").codes) == 5
    assert len(framework("krzyzanowski-2018").codes) == 4


def test_the_studys_framework_refines_the_one_it_extends() -> None:
    study, base = framework("jing-zhang-2026"), framework("boh-2023")
    assert study.extends == "boh-2023"
    assert {code.id for code in base.codes} <= {code.id for code in study.codes}
    assert study.code("stage.absorption").name == "Hypermediated crisis absorption"
    nested = [code.id for code in study.codes if code.parent == "stage.transformation"]
    assert nested == [
        "stage.transformation.display", "stage.transformation.meaning", "stage.transformation.consolidation",
    ]  # fmt: skip


def test_facets_are_independent_of_each_other() -> None:
    study = framework("jing-zhang-2026")
    assert [facet.id for facet in study.facets] == [
        "stage", "practice", "affect", "politics", "identity", "relation", "condition",
    ]  # fmt: skip
    for code in study.codes:
        assert code.id.split(".")[0] == code.facet
        if code.parent:
            assert study.code(code.parent).facet == code.facet


def test_every_role_that_measures_look_for_has_a_code() -> None:
    used = {code.role for code in framework("jing-zhang-2026").codes if code.role}
    assert used == set(ROLES)
    variants = {code.variant for code in framework("jing-zhang-2026").codes if code.role == "tribute" and code.variant}
    assert variants == {"cat", "dog", "other animal", "child", "music", "drawn", "made"}
    linking = {code.role for code in framework("jing-zhang-2026").codes if code.second_item}
    assert linking == {"compares_with", "answers_with_art"}


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        framework("boh-2023").code("stage.sensing")


def test_an_unknown_framework_lists_what_there_is() -> None:
    with pytest.raises(InputError, match="there are boh-2023, buzzanell-2010"):
        framework("zzz")


CODE = """
[[code]]
id = "{id}"
facet = "stage"
name = "n"
name_zh = "名"
definition = "d"
use_when = "u"
not_when = "n"
example = "e"
source = "s"
"""


def refused(folder: Path, text: str) -> str:
    (folder / "own.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        framework("own.toml", folder)
    return str(caught.value)


def test_a_framework_of_ones_own_extends_and_replaces(tmp_path: Path) -> None:
    own = (
        'title = "Mine"\nextends = "boh-2023"\n' + CODE.format(id="stage.relapse") + CODE.format(id="stage.adaptation")
    )
    (tmp_path / "own.toml").write_text(own)
    known = framework("own.toml", tmp_path)
    ids = [code.id for code in known.codes]
    assert ids == ["stage.relapse", "stage.adaptation", "stage.absorption", "stage.transformation"]
    assert known.code("stage.adaptation").definition == "d"
    assert [facet.id for facet in known.facets] == ["stage"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('extends = "own.toml"\n', "extends itself: own.toml -> own.toml"),
        ('extends = "boh-2022"\n', "did you mean 'boh-2023'"),
        ('titel = "x"\n', "unknown key 'titel'; did you mean 'title'?"),
        ("x = \n", "is not TOML"),
        ("[code]\nid = 'a'\n", "write each code under [[code]]"),
        ("[[facet]]\nid = 'stage'\n", "[[facet]] 1 (stage): name is missing"),
        (CODE.format(id="stage.x"), "must begin with its facet"),
        ('extends = "boh-2023"\n' + CODE.format(id="Stage X"), "needs an id such as practice.tribute.cat"),
        ('extends = "boh-2023"\n' + CODE.format(id="stage.x") + "role = 'tributes'\n", "did you mean 'tribute'?"),
        ('extends = "boh-2023"\n' + CODE.format(id="stage.x") + "parent = 'stage.y'\n", "no code of its facet"),
        (
            'extends = "boh-2023"\n' + CODE.format(id="stage.x") + "parent = 'stage.y'\n" + CODE.format(id="stage.y"),
            "stands before its parent",
        ),
        ('extends = "boh-2023"\n' + CODE.format(id="stage.x") + CODE.format(id="stage.x"), "stands twice"),
        ('extends = "boh-2023"\n' + CODE.format(id="stage.x") + "second_item = 'yes'\n", "true or false"),
    ],
)
def test_a_faulty_framework_is_refused_in_words(tmp_path: Path, text: str, word: str) -> None:
    assert word in refused(tmp_path, text)


def test_all_faults_of_a_framework_at_once(tmp_path: Path) -> None:
    assert refused(tmp_path, "titel = 'x'\n[[facet]]\nid = 3\nnmae = 'x'\n").count("\n") == 5
