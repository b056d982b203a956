"""A text in pieces is the text, each piece under the marks that cover it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resilens.coding.passages import Piece, pieces, quoted

SPANS = st.lists(st.tuples(st.integers(-2, 12), st.integers(-2, 14), st.sampled_from("abc")), max_size=6)


@given(st.text("x🐈é\u0301\u202e <", max_size=10), SPANS)
def test_pieces_join_to_the_text_and_know_their_marks(text: str, spans: list[tuple[int, int, str]]) -> None:
    found = pieces(text, spans)
    assert "".join(piece.text for piece in found) == text
    place = 0
    for piece in found:
        for at in range(place, place + len(piece.text)):
            assert set(piece.labels) == {label for start, end, label in spans if start <= at < end}
        place += len(piece.text)


def test_overlapping_marks_and_quotes() -> None:
    assert pieces("my cat tax", [(3, 6, "mei"), (5, 10, "jon")]) == [
        Piece("my "), Piece("ca", ("mei",)), Piece("t", ("mei", "jon")), Piece(" tax", ("jon",)),
    ]  # fmt: skip
    assert pieces("", [(0, 1, "a")]) == []
    assert (quoted("税已收到", 1, 3), quoted("abc", None, None)) == ("已收", "abc")
