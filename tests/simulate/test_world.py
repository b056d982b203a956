"""Every preset is a world, and a world file that is not one says all that is wrong with it, line by line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pydantic import ValidationError

from resilens.corpus.schema import PLATFORMS
from resilens.errors import InputError
from resilens.simulate.world import GROUPS, PARENTS, practice_kind, presets, world
from resilens.study.frameworks import framework

MINIMAL = """
start = 2025-01-09

[event]
deadline = 2025-01-19T13:00:00

[observation]
collected = 2025-05-01T10:00:00
""" + "".join(
    f'\n[[practice]]\ncode = "none"\nto = "{to}"\nby = "{by}"\nweights = [1, 1, 1]\n'
    for to in ("post", "none") for by in GROUPS
)  # fmt: skip


def written(folder: Path, text: str) -> str:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("name", presets())
def test_every_preset_reads_and_bears_its_name(name: str) -> None:
    read = world(name)
    assert read.name == name
    assert read.platform in PLATFORMS
    ends = read.opens + dt.timedelta(days=read.days)
    assert read.observation.collected.replace(tzinfo=read.opens.tzinfo) >= ends
    assert 0 < (read.day(read.event.deadline) or 0) < read.days


@pytest.mark.parametrize("name", presets())
def test_every_code_of_a_preset_is_one_of_its_framework(name: str) -> None:
    read = world(name)
    known = {code.id for code in framework(read.framework).codes}
    assert {row.code for row in read.practices if row.code != "none"} <= known
    assert {row.code for row in read.marks} | set(read.stages.codes) <= known
    assert all(any(code.startswith(start) for code in known) or start == "none"
               for mark in read.marks for start in mark.on)  # fmt: skip


@pytest.mark.parametrize("name", presets())
def test_no_row_of_a_preset_stands_twice(name: str) -> None:
    rows = [(row.code, row.to, row.by, row.across) for row in world(name).practices]
    assert len(set(rows)) == len(rows)
    marks = [(row.code, row.on, row.to, row.by, row.across) for row in world(name).marks]
    assert len(set(marks)) == len(marks)


def test_births_of_practices_fall_into_the_simulated_days() -> None:
    for read in map(world, presets()):
        assert all(0 <= (read.day(row.birth) or 0) < read.days for row in read.practices)


def test_groups_of_a_quiet_world_are_alike() -> None:
    quiet = world("quiet")
    assert quiet.event.quiet
    assert quiet.newcomer_share == 0.5
    for name in ("visitors", "residents", "posts", "talk", "zones", "other_language", "label_error"):
        assert getattr(quiet.newcomers, name) == getattr(quiet.hosts, name)
    assert quiet.newcomers.other_language == (0.5, 0.5, 0.5)
    tables = [{(row.code, row.to, row.weights) for row in quiet.practices if row.by == by} for by in GROUPS]
    assert tables[0] == tables[1]
    assert all(row.birth is None and row.across is None and len(set(row.weights)) == 1 for row in quiet.practices)
    assert all(row.by is None and row.across is None and row.on == row.to == () for row in quiet.marks)
    answers = [{(row.code, row.weights) for row in quiet.practices if row.to == to} for to in PARENTS[1:]]
    assert all(table == answers[0] for table in answers)


def test_nothing_is_put_off_or_translated_on_mastodon() -> None:
    mastodon = world("twitter-mastodon")
    assert mastodon.event.postponed is None
    assert mastodon.event.translation is None
    assert mastodon.rates.m0 == mastodon.rates.m1


def test_a_world_needs_little(tmp_path: Path) -> None:
    read = world(written(tmp_path, MINIMAL))
    assert read.days == 112
    assert read.rates.phi == 1.0


def test_faults_come_all_at_once_with_line_and_nearest_key(tmp_path: Path) -> None:
    text = MINIMAL.replace("deadline = 2025-01-19T13:00:00", 'deadlin = 2025-01-19T13:00:00\ntranslation = "soon"')
    text += "\n[rates]\ntau_upp = 2.0\npsi = 1.5\n\n[newcomers]\nposts = [1.0, 2.0]\n"
    with pytest.raises(InputError) as caught:
        world(written(tmp_path, text))
    faults = [str(fault) for fault in caught.value.faults]
    lines = text.splitlines()
    for line, words in (
        ("deadlin = 2025-01-19T13:00:00", "did you mean 'deadline'"),
        ('translation = "soon"', "event.translation"),
        ("tau_upp = 2.0", "did you mean 'tau_up'"),
        ("psi = 1.5", "rates.psi"),
        ("posts = [1.0, 2.0]", "newcomers.posts"),
    ):
        place = f"mine.toml:{lines.index(line) + 1}: "
        assert any(fault.startswith(place) and words in fault for fault in faults), (place, words, faults)


def test_a_world_whose_people_have_nothing_to_do_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no \\[\\[practice\\]\\] row with to = 'none' and by = 'hosts'"):
        world(written(tmp_path, MINIMAL[: MINIMAL.rindex("[[practice]]")]))


def test_prescribed_stages_need_their_change_points(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two change_points"):
        world(written(tmp_path, MINIMAL + '\n[stages]\nmode = "prescribed"\n'))


def test_an_unknown_world_names_the_nearest_and_all() -> None:
    with pytest.raises(InputError, match="did you mean 'quiet'"):
        world("quite")
    with pytest.raises(InputError, match="there is quiet, tiktok-refugees, twitter-mastodon"):
        world("zzzzzzzz")


def test_expect_changes_keys_and_checks_them() -> None:
    read = world("quiet")
    assert read.expect(items=7).items == 7
    assert read.expect(items=7).practices == read.practices
    assert read.expect() == read
    with pytest.raises(ValidationError):
        read.expect(days=3)


def test_days_count_from_the_midnight_in_the_worlds_zone() -> None:
    read = world("tiktok-refugees")
    assert read.day(dt.datetime(2025, 1, 9)) == 0
    assert read.day(dt.datetime(2025, 1, 10, 4, tzinfo=dt.UTC)) == 1.5
    assert read.day(None) is None


def test_every_practice_has_its_place_among_the_kinds() -> None:
    codes = [code.id for code in framework("jing-zhang-2026").codes if code.id.startswith("practice.")]
    assert {practice_kind(code) for code in codes} | {practice_kind("none")} <= set(PARENTS)
    assert practice_kind("practice.tribute.cat") == "tribute"
    assert practice_kind("practice.duizhang.work") == "ledger"
    assert practice_kind("practice.guidance") == "help"
