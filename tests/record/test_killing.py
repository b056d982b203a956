"""Acknowledged is stored: 20 rounds of kill -9 at any moment with five writers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS, WRITERS, SEED = 20, 5, 20250113


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked, which this system cannot do")
def test_acknowledged_is_stored_after_twenty_rounds_of_kill_9(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = Path(__file__).with_name("killing_writers.py")
    command = [
        sys.executable,
        "-W",
        "error",
        str(script),
        str(tmp_path / "work.sqlite"),
        *map(str, (ROUNDS, WRITERS, SEED)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\nkill -9, {ROUNDS} rounds, {WRITERS} writers: {found['acknowledged']} events acknowledged, "
              f"{found['missing']} of them missing, {found['stored']} stored")  # fmt: skip
    assert found["failed"] == 0, done.stderr
    assert (found["missing"], found["repeated"], found["unsound"]) == (0, 0, 0)
    assert found["acknowledged"] > ROUNDS
    # A writer killed between commit and acknowledgement leaves at most the one event it was at.
    assert found["most_unacknowledged"] <= WRITERS
