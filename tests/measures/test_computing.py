"""`resilens measure`: only what is stale is computed, findings say what made them, one's own measure counts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import resilens
from resilens.cli import commands
from resilens.errors import InputError
from resilens.measures.registry import MODULES, measures_of
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft
from resilens.results.types import Estimate
from resilens.simulate import simulate

OWN = '''
"""How many posts were read?"""

from resilens.measures import Material, Measure
from resilens.results import Description, Finding


def compute(material: Material) -> Finding:
    return Finding("greetings", {"posts": Description(len(material.posts), len(material.posts), "the posts read")},
                   sentence="{} posts were read.".format(len(material.posts)))


MEASURE = Measure("greetings", "Greetings", "How many posts were read?", compute)
'''


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small simulated study, coded and measured."""
    folder = tmp_path_factory.mktemp("measured") / "world"
    simulate(folder, world="quiet", seed=3, items=2_000, users=5_000)
    with resilens.open(folder) as study:
        study.add([folder / "simulated"])
        study.import_codings(study.propose_codings(folder / "codings.csv"))
        study.measure()
    return folder


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Iterator[OpenStudy]:
    folder = tmp_path / "study"
    shutil.copytree(made, folder)
    with resilens.open(folder) as opened:
        yield opened


def done(study: OpenStudy, *names: str) -> list[str]:
    return [one.measure.name for one in study.measure(*names) if one.done]


def test_nothing_is_computed_twice_and_files_are_there(study: OpenStudy) -> None:
    assert done(study) == []
    folder = study.folder.results / "measures"
    for name in MODULES:
        content = json.loads((folder / f"{name}.json").read_bytes())
        assert content["finding"]["name"] == name
        assert {"study.toml", "the version of resilens", "the captures"} <= content["made_from"].keys()


def test_only_what_uses_what_was_decided_becomes_stale(study: OpenStudy) -> None:
    def decide(kind: str, subject: str, **body: str) -> None:
        study.record.append(Draft(kind, subject, body, "A", "human"))

    decide("memo.written", "m1", memo_id="m1", type="memo", text="no matter")
    assert done(study) == []
    decide("group.assigned", "nobody", author="nobody", group="hosts", reason="as a check")
    found = [one for one in study.measure() if one.done]
    assert {one.measure.name for one in found} == {name for name, uses in used(study).items() if "groups" in uses}
    assert {one.why for one in found} <= {"changed: groups"}


def used(study: OpenStudy) -> dict[str, tuple[str, ...]]:
    return {name: one.uses for name, one in measures_of(study.study, study.folder.root).items()}


def test_a_damaged_file_is_made_again(study: OpenStudy) -> None:
    file = study.folder.results / "measures" / "practices.json"
    before = file.read_bytes()
    file.write_bytes(b"{")
    assert done(study) == ["practices"]
    assert file.read_bytes() == before


def test_an_unknown_measure_is_said_with_the_nearest(study: OpenStudy) -> None:
    with pytest.raises(InputError, match="did you mean 'practices'"):
        study.measure("practises")


def test_a_coder_can_be_named_and_nothing_is_kept(study: OpenStudy) -> None:
    file = study.folder.results / "measures" / "practices.json"
    before = file.read_bytes()
    coder = study.record.view("codings")[0]["coder"]
    (found,) = study.measure("practices", coder=coder)
    assert found.why == f"codings of {coder}"
    assert any(isinstance(result, Estimate) for result in found.finding.estimates.values())
    assert file.read_bytes() == before
    with pytest.raises(InputError, match="nobody called 'nobody'"):
        study.measure("practices", coder="nobody")


def test_ones_own_measure_is_computed_shown_and_stale_when_its_file_changes(study: OpenStudy) -> None:
    root = study.folder.root
    (root / "greetings.py").write_text(OWN, encoding="utf-8")
    design = (root / "study.toml").read_text(encoding="utf-8")
    (root / "study.toml").write_text(design + '\n[[measure]]\nfile = "greetings.py"\n', encoding="utf-8")
    with resilens.open(root) as opened:
        assert "greetings" in done(opened)
        assert done(opened) == []
        (root / "greetings.py").write_text(OWN.replace("were read.", "were read!"), encoding="utf-8")
        (found,) = opened.measure("greetings")
        assert found.why == "changed: greetings.py"
        assert found.finding.sentence.endswith("were read!")


@pytest.mark.parametrize(("content", "said"), [
    ("x = (", "cannot be run"), ("import nothing_of_this_name", "cannot be run"), ("x = 1", "has no MEASURE"),
    (OWN.replace('Measure("greetings"', 'Measure("practices"'), "is taken"),
])  # fmt: skip
def test_a_measure_that_cannot_be_is_said_with_its_file(study: OpenStudy, content: str, said: str) -> None:
    root = study.folder.root
    (root / "own.py").write_text(content, encoding="utf-8")
    design = (root / "study.toml").read_text(encoding="utf-8")
    (root / "study.toml").write_text(design + '\n[[measure]]\nfile = "own.py"\n', encoding="utf-8")
    with resilens.open(root) as opened, pytest.raises(InputError, match=said) as caught:
        opened.measure()
    assert "own.py" in caught.value.faults[0].where


def test_the_command_says_the_sentence_and_every_value_of_what_is_named(study: OpenStudy) -> None:
    run = CliRunner()
    root = ["--study", str(study.folder.root)]
    whole = run.invoke(commands, [*root, "measure"], standalone_mode=False)
    assert whole.exit_code == 0, whole.output
    assert all(f"{name}: " in whole.output for name in MODULES)
    one = run.invoke(commands, [*root, "measure", "practices"], standalone_mode=False)
    assert "practice.tribute: share of posts, all = " in one.output
    content = json.loads(run.invoke(commands, [*root, "measure", "practices", "--json"], standalone_mode=False).output)
    assert content[0]["estimates"]["practice.tribute: share of posts, all"]["result"] in ("estimate", "description")
