"""The grammar of references: everything that can be written is read back the same, and what cannot says why."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.claims.references import Reference, parse
from resilens.corpus.schema import PLATFORMS


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("rednote:p:6785e350", Reference("item", "rednote:p:6785e350")),
        (" xhs:c:12 ", Reference("item", "rednote:c:12")),
        ("rednote:c:12 [10:25]", Reference("item", "rednote:c:12", "", "text", 10, 25)),
        ("rednote:p:12[title 0 : 8]", Reference("item", "rednote:p:12", "", "title", 0, 8)),
        ("a-c2fxk3m7q5w4z6ab", Reference("local", "a-c2fxk3m7q5w4z6ab")),
        ("a-c2fxk3m7q5w4z6ab [1:2]", Reference("local", "a-c2fxk3m7q5w4z6ab", "", "text", 1, 2)),
        ("measure:practices", Reference("measure", "practices")),
        ("measure:practices/practice.tribute: share of posts, all",
         Reference("measure", "practices", "practice.tribute: share of posts, all")),
        ("measure:ritual/welcome/thanks", Reference("measure", "ritual", "welcome/thanks")),
        ("condition:Translation inside the application [beta]",
         Reference("condition", "Translation inside the application [beta]")),
        ("lead:微博 3", Reference("lead", "微博 3")), ("code:practice.tribute", Reference("code", "practice.tribute")),
        ("memo:m1", Reference("memo", "m1")), ("claim:c2", Reference("claim", "c2")), ("erased", Reference("erased")),
        ("erased [10:25]", Reference("erased")),
    ],
)  # fmt: skip
def test_every_kind_is_read(written: str, expected: Reference) -> None:
    assert parse(written) == expected
    assert parse(str(expected)) == expected


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "is no reference"), ("codes:practice.tribute", "did you mean 'code:'?"),
        ("rednot:p:12", "did you mean 'rednote:'?"), ("rednote:x:12", "write an item"), ("6785e350", "write an item"),
        ("measure:", "names nothing; write measure:NAME"), ("lead: ", "names nothing; write lead:ID"),
        ("rednote:c:1 [5:5]", "ends at 5, before it begins"), ("rednote:c:1 [5-9]", "is no reference"),
        ("rednote:c:1\nrednote:c:2", "on one line"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_is_expected(written: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        parse(written)


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1).map(str.strip).filter(bool)
NATIVES = st.text(st.sampled_from("abz019-_.:"), min_size=1, max_size=12)
PLACES = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda pair: (pair[0], sum(pair)))
ITEMS = st.builds("{}:{}:{}".format, st.sampled_from(PLATFORMS), st.sampled_from("pc"), NATIVES)
REFERENCES = st.one_of(
    ITEMS.map(lambda item: Reference("item", item)),
    st.builds(lambda item, field, place: Reference("item", item, "", field, *place), ITEMS,
              st.sampled_from(("text", "title")), PLACES),
    st.builds(Reference, st.sampled_from(("condition", "lead", "memo", "code", "claim")), NAMES),
    st.builds(lambda name, estimate: Reference("measure", name, estimate),
              NAMES.map(lambda name: name.replace("/", "-")), NAMES | st.just("")),
    st.just(Reference("erased")),
)  # fmt: skip


@given(REFERENCES)
def test_any_reference_is_read_as_it_was_written(reference: Reference) -> None:
    assert parse(str(reference)) == reference
