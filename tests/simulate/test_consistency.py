"""A world that contradicts itself is refused in words, each fault with its line, before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.simulate.world import presets, world

PRESET = Path(__file__).parents[2] / "src/resilens/simulate/worlds/tiktok-refugees.toml"

WRONG = (
    ("postponed = 2025-01-21", "postponed = 2025-01-02", "event.postponed: is before the deadline"),
    ("collected = 2025", "collected = 2024", "observation.collected: is before the world begins"),
    ("earlier = 2025-0", "earlier = 2026-0", "observation.earlier: is not earlier than the other capture"),
    ('code = "practice.thanks"', 'code = "practice.thank"', "did you mean 'practice.thanks'?"),
    ('code = "affect.humour"', 'code = "practice.letter"', "no phrases here that mean 'practice.letter'"),
    ('"practice.duizhang.health", ', '"practice.duitzhang", ', "no practice begins with 'practice.duitzhang'"),
    ('name = "cattax"', 'name = "tiktokrefugee"', "hashtag[4].name: 'tiktokrefugee' stands here twice"),
)


def faults_of(tmp_path: Path, text: str) -> str:
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        world(str(file))
    return "\n".join(map(str, caught.value.faults))


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG)
def test_a_contradiction_is_named_with_its_line(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = PRESET.read_text("utf-8")
    assert right in text
    changed = text.replace(right, wrong)
    fault = next(line for line in faults_of(tmp_path, changed).splitlines() if said in line)
    assert wrong.split(" = ")[-1].strip('", ') in changed.splitlines()[int(fault.split(":")[1]) - 1]


def test_what_only_a_whole_world_can_contradict(tmp_path: Path) -> None:
    text = PRESET.read_text("utf-8")
    points = '\n[stages]\nmode = "prescribed"\nchange_points = [2025-02-10T00:00:00, 2025-01-20T00:00:00]\n'
    assert "stage 3 must begin after stage 2" in faults_of(tmp_path, text + points)
    tags = "".join(f'\n[[hashtag]]\nname = "tag{number}"\nweight = 1\n' for number in range(8))
    assert "a world has at most 8 hashtags" in faults_of(tmp_path, text + tags)
    coders = '\n[coders]\nnames = ["A", "A"]\n'
    assert "coders.names: 'A' stands here twice" in faults_of(tmp_path, text + coders)
    shares = text.replace("\nvisitors = 0.", "\nvisitors = 0.99 # 0.", 1)
    assert "makes more than the whole pool" in faults_of(tmp_path, shares)


def test_the_presets_agree_with_themselves() -> None:
    assert [world(name).name for name in presets()] == list(presets())
