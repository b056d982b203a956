"""Placeholder pictures: the same bytes again, all told apart, and near to themselves when copied."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from tests.simulate.worlds import changed

from resilens.simulate.pictures import (
    FAMILIES_EACH,
    FOLDER,
    LARGE,
    MARK,
    SIZE,
    _subjects,
    draw,
    names,
    picture,
    pictures_of,
    write_pictures,
)
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import presets, world

PRACTICES = sorted({row.code for name in presets() for row in world(name).practices})
APART, NEAR = 8, 5
"""Bits of 64 in which the hashes of two pictures differ at least, and those of a picture and its copy at most."""


def hashed(image: Image.Image) -> npt.NDArray[np.bool_]:
    """A difference hash: which of nine grey levels in eight rows is brighter than its neighbour."""
    grey = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS), np.int16)
    return np.asarray(grey[:, 1:] > grey[:, :-1]).ravel()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    draw(folder, PRACTICES)
    return folder


def test_there_is_a_picture_of_every_name(drawn: Path) -> None:
    files = sorted(path.name for path in drawn.iterdir())
    assert files == sorted(name for code in PRACTICES for name in names(code))
    for path in drawn.iterdir():
        with Image.open(path) as image:
            assert (image.format, image.size) == ("PNG", (SIZE, SIZE))
        assert MARK in path.read_bytes()


def test_every_practice_of_the_presets_has_a_subject_and_others_a_ring() -> None:
    assert {code.removeprefix("practice.") for code in PRACTICES} <= set(_subjects())
    assert picture("practice.unheard-of", 0) != picture("practice.unheard-of", 1)


def test_the_same_bytes_again(drawn: Path, tmp_path: Path) -> None:
    draw(tmp_path, PRACTICES[:3])
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (drawn / path.name).read_bytes()


def test_hashes_tell_pictures_apart_and_know_copies(drawn: Path) -> None:
    hashes = []
    for path in sorted(drawn.iterdir()):
        with Image.open(path) as image:
            copy = io.BytesIO()
            image.convert("RGB").resize((150, 150)).save(copy, "JPEG", quality=60)
            hashes.append(hashed(image))
            with Image.open(copy) as again:
                assert (hashed(again) != hashes[-1]).sum() <= NEAR
    every = np.array(hashes)
    differing = (every[:, None] != every[None]).sum(axis=2)
    assert differing[np.triu_indices(len(hashes), 1)].min() >= APART


def test_the_strip_that_says_synthetic_has_letters(drawn: Path) -> None:
    with Image.open(drawn / names("none")[0]) as image:
        strip = np.asarray(image.convert("L"))[-12:]
    assert (strip < 128).sum() > 100
    assert (strip > 200).sum() > 1000


def test_a_simulation_draws_what_its_posts_name(tmp_path: Path) -> None:
    simulation = Simulation(changed("tiktok-refugees", users=4000, items=500), seed=4)
    mine = tmp_path / FOLDER / "mine.png"
    mine.parent.mkdir()
    mine.write_bytes(b"not ours")
    write_pictures(simulation, tmp_path)
    named = {name for batch in simulation.batches() for name in
             pictures_of(simulation, batch.chunk.posts).to_pylist()}  # fmt: skip
    there = {path.name for path in (tmp_path / FOLDER).iterdir()}
    assert named <= there
    assert len(there) % FAMILIES_EACH == 1
    large = Simulation(changed("tiktok-refugees", users=4000, items=LARGE), seed=4)
    write_pictures(large, tmp_path)
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["mine.png"]
