"""The house: imports go to a lower floor or stay inside their package, and the front door opens quickly."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "resilens"
GROUND = -1
FLOORS = {
    "errors": GROUND, "files": GROUND, "made_from": GROUND,
    "results": 0, "study": 0, "corpus": 0,
    "record": 1,
    "capture": 2, "sampling": 2, "simulate": 2,
    "coding": 3,
    "agreement": 4, "measures": 4, "exchange": 4,
    "claims": 5,
    "report": 6, "search": 6,  # above claims, which they show
    "outcomes": 6,
    "pipeline": 7, "pipeline_exchange": 7, "pipeline_workbench": 7,
    "erasure": 7, "demo": 7, "doctor": 7, "standing": 7,
    "web": 8, "cli": 8, "cli_shared": 8, "cli_claims": 8, "cli_exchange": 8, "cli_measures": 8, "cli_web": 8,
    "cli_search": 8, "__main__": 8,
    "__init__": 9,
}  # fmt: skip
MAY_USE = {("study", "results"), ("corpus", "results"), ("demo", "pipeline"), ("doctor", "pipeline"),
           ("erasure", "pipeline"), ("pipeline", "erasure"), ("pipeline", "pipeline_exchange"),
           ("pipeline", "pipeline_workbench"), ("__main__", "cli"),
           ("cli", "cli_shared"),
           ("cli", "cli_exchange"), ("cli_exchange", "cli_shared"), ("cli", "cli_claims"),
           ("cli_claims", "cli_shared"), ("cli", "cli_measures"),
           ("cli_measures", "cli_shared"), ("cli", "cli_search"), ("cli_search", "cli_shared"),
           ("cli", "cli_web"), ("cli_web", "cli_shared"), ("cli_web", "web"),
           ("standing", "pipeline"), ("made_from", "files")}  # fmt: skip


def room(path: Path) -> str:
    """The package, or the flat module, a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The rooms of Resilens a file imports, wherever in the file it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("resilens.")}
    return found & FLOORS.keys()


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_down_or_stay_inside(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"{here} has no floor: say in DESIGN and here where it belongs"
    for there in imports(path) - {here}:
        lower = FLOORS[there] < FLOORS[here]
        assert lower or (here, there) in MAY_USE, f"{here} on {FLOORS[here]} imports {there} on {FLOORS[there]}"


def test_help_opens_under_three_tenths_of_a_second_of_its_own_work() -> None:
    """Heavy imports are lazy: none of them is loaded for `--help`. (benchmarks/startup.py prints the time.)"""
    heavy = ["docx", "typst", "ibis", "duckdb", "pandas", "pyarrow", "altair", "vl_convert", "sqlalchemy", "numpy",
             "scipy", "pydantic", "openpyxl", "rich", "lxml", "fastapi", "uvicorn", "jinja2"]  # fmt: skip
    code = (
        "import sys\nfrom resilens.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit as ended: code = ended.code\n"
        f"loaded = sorted(set(sys.modules) & set({heavy!r}))\n"
        "assert not loaded, loaded\nassert code in (0, None), code"
    )
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    print(f"help in {time.perf_counter() - started:.2f} s")
    assert done.returncode == 0, done.stderr
    assert "Usage: resilens" in done.stdout
