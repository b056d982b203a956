"""Characters: what cannot be shown is named, what can be drawn is known, and scripts are told apart."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resilens
from resilens.report.characters import drawn, legible, named, printable, rightwards, runs

SOURCE = Path(resilens.__file__).parent
FONTS = SOURCE / "report" / "fonts"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("a\x00b", "a[U+0000]b"), ("\u202eevil\u202c", "[U+202E]evil[U+202C]"), ("\ud800", "[U+D800]"),
     ("\ufffe", "[U+FFFE]"), ("a\r\n\tb", "a b"), ("9 January", "9\u00a0January"),
     ("👩\u200d👧 ❤\ufe0f", "👩\u200d👧 ❤\ufe0f")],
)  # fmt: skip
def test_what_no_document_can_show_is_named(written: str, shown: str) -> None:
    assert legible(written) == shown


@given(st.text())
def test_what_is_legible_can_stand_in_xml(text: str) -> None:
    from lxml import etree

    made = etree.Element("a")
    made.text = named(text)
    assert (etree.fromstring(etree.tostring(made)).text or "") == named(text)
    assert legible(legible(text)) == legible(text)


@pytest.mark.parametrize(
    ("written", "shown", "without"),
    [("猫税 🐈 شكرا שלום ไทย 한국어 日本語", "猫税 🐈 شكرا שלום ไทย 한국어 日本語", ""), ("𓀀!", "[U+13000]!", "𓀀"),
     ("b\u0e31", "b[U+0E31]", "\u0e31"), ("a🏽 👍🏽", "a[U+1F3FD] 👍🏽", "🏽"), ("e\u0301", "e\u0301", ""),
     ("a\ufeffb", "a\u2060b", ""), ("👨\u200d👩\u200d👧\u200d👦", "👨\u200d👩\u200d👧\u200d👦", "")],
)  # fmt: skip
def test_what_no_font_draws_is_named_and_listed(written: str, shown: str, without: str) -> None:
    missing: set[str] = set()
    assert printable(written, missing) == shown
    assert missing == set(without)


def test_chinese_runs_are_told_apart_and_japanese_has_none() -> None:
    assert list(runs("#猫税 (cat)")) == [("#", False), ("猫税", True), (" (cat)", False)]
    assert list(runs("猫の税")) == [("猫の税", False)]
    assert list(runs("")) == []


def test_the_direction_of_a_paragraph_is_that_of_its_first_letter() -> None:
    assert rightwards("12 cats שלום")
    assert not rightwards("... שלום cats")
    assert rightwards("123")


def test_the_coverage_is_that_of_the_fonts_beside_it() -> None:
    """Whoever changes a font and not coverage.txt, or the other way round, learns it here."""
    fonts = sorted(FONTS.glob("*.[ot]tf"))
    lines = (FONTS / "coverage.txt").read_text("ascii").splitlines()
    assert lines[0] == "# " + hashlib.sha256(b"".join(font.read_bytes() for font in fonts)).hexdigest()
    assert {line[2:] for line in lines if line.startswith("=")} == {font.name for font in fonts}
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 8_000_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8")


def test_all_that_resilens_itself_writes_has_a_glyph() -> None:
    """Our own words must print: a text of ours that no font draws fails here, by its code point."""
    without: dict[str, set[str]] = {}
    packages = ("report", "results", "agreement", "claims")
    for path in sorted(path for package in packages for path in (SOURCE / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and path.name != "characters.py":
                bare = {f"U+{ord(one):04X}" for one in node.value if one.isprintable() and not drawn(one)}
                if bare:
                    without[f"{path.name}:{node.lineno}"] = bare
    assert without == {}
