"""How are the fonts in `src/resilens/report/fonts` made? Subsets of the Noto fonts, without hints, by fontTools.

Not needed to use or test Resilens: the fonts are committed. To make them again (see the README.md beside the fonts):

    pip install fonttools==4.68.0
    python tools/make_fonts.py FOLDER-OF-NOTO-FONTS...

The folders are searched for the files that `FONTS` names.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parents[1] / "src" / "resilens" / "report" / "fonts"

LETTERS = ((0x20, 0x7E), (0xA0, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1D00, 0x1DBF),
           (0x1E00, 0x1FFF))  # fmt: skip
"""Latin with its accents, phonetic letters, Greek, Cyrillic."""
SIGNS = ((0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF))
"""Punctuation, superscripts, currencies, letter-like signs, arrows, mathematics."""
WESTERN = LETTERS + SIGNS
PLAIN = ((0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2027))
SYMBOLS = ((0x2190, 0x2BFF), (0x1F000, 0x1F2FF), (0x1F780, 0x1F7FF))
MATHEMATICS = ((0x2190, 0x22FF), (0x27C0, 0x27FF), (0x1D400, 0x1D7FF))
EVERYTHING = ((0x20, 0x10FFFF),)
EAST_ASIAN_SIGNS = ((0x2010, 0x2027), (0x2030, 0x205E), (0x2160, 0x217F), (0x2460, 0x24FF), (0x2500, 0x257F),
                    (0x25A0, 0x25FF), (0x2E80, 0x2FDF), (0x3000, 0x303F), (0x3040, 0x30FF), (0x3100, 0x312F),
                    (0x3130, 0x318F), (0x31A0, 0x31FF), (0x3200, 0x33FF), (0xFE10, 0xFE1F), (0xFE30, 0xFE4F),
                    (0xFF00, 0xFFEF))  # fmt: skip


@dataclass(frozen=True)
class Font:
    """One font to make.

    Parameters
    ----------
    source
        The file it is cut from, `NAME.ttc#2` for one face of a collection.
    name
        The file that is written.
    ranges
        Code points to keep, both ends included, where the source has them.
    charsets
        Names of Python codecs whose repertoire is kept as well.
    """

    source: str
    name: str
    ranges: tuple[tuple[int, int], ...]
    charsets: tuple[str, ...] = ()


FONTS = (
    Font("NotoSerif-Regular.ttf", "NotoSerif-Regular.ttf", WESTERN),
    Font("NotoSerif-Bold.ttf", "NotoSerif-Bold.ttf", WESTERN),
    Font("NotoSerif-Italic.ttf", "NotoSerif-Italic.ttf", WESTERN),
    Font("NotoSans-Regular.ttf", "NotoSans-Regular.ttf", WESTERN),
    Font("NotoSans-Bold.ttf", "NotoSans-Bold.ttf", WESTERN),
    Font("NotoSans-Italic.ttf", "NotoSans-Italic.ttf", WESTERN),
    Font("NotoSansMono-Regular.ttf", "NotoSansMono-Regular.ttf", PLAIN),
    Font("NotoSansArabic-Regular.ttf", "NotoSansArabic-Regular.ttf", EVERYTHING),
    Font("NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Regular.ttf", EVERYTHING),
    Font("NotoSansThai-Regular.ttf", "NotoSansThai-Regular.ttf", EVERYTHING),
    Font("NotoSansSymbols-Regular.ttf", "NotoSansSymbols-Regular.ttf", SYMBOLS),
    Font("NotoSansSymbols2-Regular.ttf", "NotoSansSymbols2-Regular.ttf", SYMBOLS),
    Font("NotoSansMath-Regular.ttf", "NotoSansMath-Regular.ttf", MATHEMATICS),
    Font("NotoEmoji_400Regular.ttf", "NotoEmoji-Regular.ttf", EVERYTHING),
    Font("NotoSansCJK-Regular.ttc#2", "NotoSansSC-Regular.otf", EAST_ASIAN_SIGNS,
         ("gb2312", "big5-common", "euc_kr-hangul")),
)  # fmt: skip


def repertoire(charset: str) -> set[int]:
    """The code points of a codec; of Big5 its common half alone, of EUC-KR its Hangul alone."""
    name, _, part = charset.partition("-")
    kept = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                character = bytes((lead, trail)).decode(name)
            except UnicodeDecodeError:
                continue
            if part == "common" and not 0xA4 <= lead <= 0xC6:
                continue
            if part == "hangul" and not "\uac00" <= character <= "\ud7a3":
                continue
            kept |= {ord(one) for one in character}
    return kept


def cut(font: Font, source: Path, number: int) -> set[int]:
    """Write one subset; the code points it draws."""
    opened = TTFont(source, fontNumber=number, lazy=False, recalcTimestamp=False)
    wanted = {point for first, last in font.ranges for point in range(first, last + 1)}
    for charset in font.charsets:
        wanted |= repertoire(charset)
    options = Options(hinting=False, desubroutinize=False, notdef_outline=True, name_languages=[0x409],
                      name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], layout_features=["*"], legacy_kern=False,
                      recalc_timestamp=False)  # fmt: skip
    if font.charsets:
        # Vertical, proportional and regional forms would bring glyphs that no report shows.
        options.layout_features = ["ccmp", "locl", "kern", "mark", "mkmk", "ljmo", "vjmo", "tjmo"]
    options.drop_tables += ["DSIG", "FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted & set(opened.getBestCmap()))
    subsetter.subset(opened)
    opened.save(TARGET / font.name)
    print(f"{font.name}: {len(opened.getBestCmap()):,} characters, {(TARGET / font.name).stat().st_size:,} bytes, "
          f"{opened['name'].getDebugName(5)}; {opened['name'].getDebugName(0)}")  # fmt: skip
    return set(opened.getBestCmap())


def write_coverage(points_of: dict[str, set[int]]) -> None:
    """Write which code points each font draws, as ranges, under a hash of the fonts they were read from."""
    fonts = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(TARGET.glob("*.[ot]tf")))).hexdigest()
    lines = [f"# {fonts}"]
    for name, points in points_of.items():
        ordered = sorted(points)
        firsts = [point for point in ordered if point - 1 not in points]
        lasts = [point for point in ordered if point + 1 not in points]
        lines += [f"= {name}", *(f"{first:X} {last:X}" for first, last in zip(firsts, lasts, strict=True))]
    (TARGET / "coverage.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def find(name: str, folders: Iterable[Path]) -> Path:
    """The first file of this name under the folders."""
    for folder in folders:
        for path in sorted(folder.rglob(name)):
            return path
    raise SystemExit(f"{name} is in none of the folders")


def main() -> None:
    """Make every font."""
    folders = [Path(folder) for folder in sys.argv[1:]]
    TARGET.mkdir(parents=True, exist_ok=True)
    points_of = {}
    for font in FONTS:
        name, _, number = font.source.partition("#")
        points_of[font.name] = cut(font, find(name, folders), int(number or -1))
    write_coverage(points_of)


if __name__ == "__main__":
    main()
