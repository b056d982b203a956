"""docs/claims.md: its example is read and said as it says, and it names every key, status and way to write evidence."""

from __future__ import annotations

import re
from pathlib import Path

from resilens.claims.checking import World, problems
from resilens.claims.claims_file import read
from resilens.claims.findings import completed
from resilens.claims.ledger import STATUSES, Claim, Ledger
from resilens.claims.references import NAMED, parse
from resilens.results import Estimate, Finding

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
(TOML,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
(SAID,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)


def measured(value: float, low: float, high: float) -> dict[str, Finding]:
    share = Estimate(value, low, high, 0.95, 200, 200, "design", "the frame", "mixed")
    return {"practices": Finding("practices", {"practice.tribute: share of posts, all": share})}


def test_the_example_is_read_and_said_as_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "claims.toml").write_text(TOML, encoding="utf-8")
    claims = [completed(one, measured(0.31, 0.25, 0.38)) for one in read(tmp_path / "claims.toml").claims]
    world = World(
        items={"rednote:p:6785e350000000002003c3c4": {"title": 2, "text": 21}}, questions=("practices", "conditions"),
        stages=("stage.absorption",), codes={"practice.receipt": True},
        conditions=("Translation inside the application",), findings=measured(0.42, 0.36, 0.48),
    )  # fmt: skip
    warnings: dict[str, list[str]] = {}
    for problem in problems(claims, world):
        warnings.setdefault(problem.claim, []).append(str(problem))
    assert Ledger(tuple(claims), warnings).lines() == SAID.splitlines()


def test_the_page_names_every_key_status_and_way_to_write_evidence() -> None:
    for name, field in Claim.model_fields.items():
        assert field.alias or name in TOML or f"`{name}`" in TEXT, name
    assert "[[claim.finding]]" in TEXT
    for name, meaning in STATUSES.items():
        assert f"| `{name}` | {meaning} |" in TEXT
    for kind in NAMED:
        assert f"`{kind}:" in TEXT
    written = re.findall(r"^\| (`[^|]+`) \|", TEXT.partition("## How evidence is written")[2], re.MULTILINE)
    for cell in written:
        for one in re.findall(r"`([^`]+)`", cell):
            assert parse(one)
