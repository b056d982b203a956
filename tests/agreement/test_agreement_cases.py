"""The table of cases in which tools go wrong: the values of Resilens, and those of the published wrong formula."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from resilens.results.types import Undefined

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "agreement_cases.py"


@pytest.fixture(scope="module")
def cases() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agreement_cases", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


EXPECTED: dict[str, tuple[float | None, float | None, float | None, float, float | None]] = {
    "identical spans": (1, 1, 1, 1, 1),
    "half overlap": (0.447, None, 0.445, 0.9, 0.299),
    "one codes everything": (0.492, None, -0.005, 0.99, 0.99),
    "chance": (0.043, None, 0.040, 0.52, 0.319),
    "two spans of one against none": (-0.150, None, -0.176, 0.7, 0.333),
    "nobody coded": (None, None, None, 1, None),
    "one rare code": (0.490, None, 0.490, 0.98, 0.299),
    "missing coder": (1, None, 1, 1, 0.167),
    "three coders": (0.611, -0.111, 0.260, 0.867, None),
}


def test_every_case_has_its_answers(cases: ModuleType) -> None:
    assert [case.name for case in cases.CASES] == list(EXPECTED)
    for case in cases.CASES:
        found = [None if isinstance(result, Undefined) else result.value for result in cases.answers(case).values()]
        for value, expected in zip([*found, cases.qualcoder(case)], EXPECTED[case.name], strict=True):
            assert value == (None if expected is None else pytest.approx(expected, abs=5e-4)), case.name


def test_half_overlap_by_hand(cases: ModuleType) -> None:
    """1,000 characters, 100 each, 50 shared: alpha over characters from the two-by-two table."""
    case = next(case for case in cases.CASES if case.name == "half overlap")
    disagree, ones, n = 100, 200, 2000
    assert cases.answers(case)["alpha"].value == pytest.approx(1 - (n - 1) * 2 * disagree / (2 * ones * (n - ones)))


def test_the_table_gives_a_reason_for_every_missing_value(cases: ModuleType) -> None:
    lines = cases.lines()
    assert len([line for line in lines if line.startswith(tuple(EXPECTED))]) == len(EXPECTED)
    assert any(line.startswith("  nobody coded: nobody marked anything") for line in lines)
