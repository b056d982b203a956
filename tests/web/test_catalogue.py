"""Every word of the interface stands in the catalogue, in both languages, and nothing stands there unused."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import resilens.web
from resilens.web.catalogue import LANGUAGES, catalogue, language_for, say

HERE = Path(resilens.web.__file__).parent
ISLAND = Path(__file__).parents[2] / "island" / "src"
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
NAMES = ("SYNTHETIC", "UTC", "DOCX", "PDF", "CSV")
_CALL = re.compile(r"""\bt\(\s*["']([\w.-]+?)["']\s*[,)]""")
_BUILT = re.compile(r"""\bt\(\s*["']([\w.-]+?)["']\s*~""")
_CLASS = r"{% block (?:body|main)_class %}.*?{% endblock %}"
_TAGS = re.compile(_CLASS + r"|{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->|<!doctype[^>]*>", re.S)
_SAID = re.compile(r"""\s(?:alt|title|placeholder|aria-label|data-says)="([^"]*)\"""")


def sources() -> str:
    files = [*TEMPLATES, *sorted(HERE.rglob("*.py")), *sorted(ISLAND.rglob("*.ts"))]
    return "\n".join(path.read_text("utf-8") for path in files)


def values(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_both_languages_say_everything_with_the_same_values() -> None:
    for name, entry in catalogue().items():
        assert set(entry) <= {"en", "en_one", "zh"}, name
        assert all(entry.get(language, "").strip() for language in LANGUAGES), name
        assert values(entry["en"]) == values(entry["zh"]), name
        words = re.sub(r"{.*?}", "", entry["zh"])
        assert re.search(r"[\u4e00-\u9fff]", words) or words.isascii() or not re.search(r"[^\W\d_]", words), name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HERE / "templates")))
def test_templates_hold_no_words_of_their_own(path: Path) -> None:
    bare = _TAGS.sub("", path.read_text("utf-8"))
    said = [words for words in _SAID.findall(bare) if re.search(r"[^\W\d_]{2,}", words)]
    text = re.sub(r"<[^>]*>", " ", bare)
    left = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NAMES]
    assert (said, left) == ([], [])


def test_what_is_asked_of_the_catalogue_is_there() -> None:
    missing = {name for path in TEMPLATES for name in _CALL.findall(path.read_text("utf-8"))} - set(catalogue())
    assert missing == set()


def test_nothing_in_the_catalogue_is_unused() -> None:
    text = sources()
    built = tuple(_BUILT.findall(text)) + tuple(re.findall(r"""["'`]([a-z_]+\.[\w.-]*?)(?:["']\s*[+~]|\$?\{)""", text))
    unused = [name for name in catalogue()
              if f'"{name}"' not in text and f"'{name}'" not in text and not (built and name.startswith(built))
              and not name.startswith("coding.")]  # fmt: skip
    assert unused == []


def test_numbers_and_the_one_of_english() -> None:
    assert say("study.captures_state", "en", n=1) == "1 file imported"
    assert say("study.captures_state", "en", n=12345) == "12,345 files imported"
    assert say("study.captures_state", "zh", n=1) == "已导入 1 个文件"


def test_the_language_of_a_browser() -> None:
    assert language_for(None, "fr,zh-TW;q=0.8,en;q=0.5") == "zh"
    assert language_for("en", "zh") == "en"
    assert language_for("xx", None) == "en"
