"""Text out of HTML: paragraphs, hidden parts of links, damage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.capture.markup import text_of

LINK = '<a href="https://e.org/l"><span class="invisible">https://</span><span>e.org/</span><span>l</span></a>'


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hello <span>@<span>u</span></span> &amp; all</p><p>#<span>Cat</span><br>two<br/>three</p>",
         "Hello @u & all\n\n#Cat\ntwo\nthree"),
        (f"<p>see {LINK}!</p>", "see https://e.org/l!"),
        ("plain  text\nhere", "plain text here"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>猫税 🐱</p>", "猫税 🐱"),
        ("a < b &lt; c", "a < b < c"),
        ("a<!-- not seen -->b", "ab"),
        ('<p class="quote-inline">RE: x</p><p>own</p>', "own"),
        ("a\x00b\ud83d", "a\ufffdb\ufffd"),
        ("", ""), ("  ", ""), ("<p></p>", ""),
    ],
)  # fmt: skip
def test_what_a_text_says(markup: str, text: str) -> None:
    assert text_of(markup, "quote-inline") == text


def test_deep_and_unclosed_elements_are_no_trouble() -> None:
    assert text_of("<p><b>" * 5000 + "deep") == "deep"


@given(st.text())
def test_any_text_can_be_read(markup: str) -> None:
    text_of(markup)


@given(st.text(st.characters(whitelist_categories=("L", "N")), min_size=1))
def test_letters_come_back_as_they_are(text: str) -> None:
    assert text_of(f"<p>{text}</p>") == text
