"""Do codes that go together have the right counts, the right items, and nothing of a blind round?"""

from __future__ import annotations

import pytest
from tests.search.made import CHINESE, ENGLISH, ONE, TWO, coded

from resilens.coding.codes import Code, Codebook, Facet
from resilens.coding.rounds import freeze, open_round, reveal
from resilens.coding.sight import visible
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Record
from resilens.search.query import outside
from resilens.search.together import Together, together

BOOK = Codebook("", (Facet("practice", "Practice"),), (
    Code("welcome", "practice", "Welcome"), Code("tribute", "practice", "Cat tax"),
    Code("unused", "practice", "Unused"),
))  # fmt: skip


def found(record: Record, corpus: Corpus, viewer: str = "mei", basis: str = "consensus", by: str = "item") -> Together:
    return together(record, corpus, BOOK, visible(record, viewer), basis, by)


def test_counts_jaccard_and_what_is_behind(record: Record, corpus: Corpus) -> None:
    open_round(record, "round-3", "joint", ["mei"], "mei")
    for item, codes in ((ONE, ("tribute", "welcome")), (CHINESE, ("welcome",)), (ENGLISH, ("welcome", "gone")),
                        (TWO, ("tribute",))):  # fmt: skip
        for code in codes:
            coded(record, "mei", item, code, "round-3")
    items = found(record, corpus)
    assert items.codes == ("welcome", "tribute", "gone")
    assert (items.count("welcome", "tribute"), items.count("welcome", "welcome"), items.read) == (1, 3, 4)
    assert items.jaccard("welcome", "tribute") == 1 / 4
    assert items.jaccard("unused", "unused") is None
    assert items.behind("tribute", "welcome") == [(ONE,)]
    threads = found(record, corpus, by="thread")
    assert (threads.count("welcome", "tribute"), threads.read) == (1, 2)
    assert threads.behind("tribute", "welcome") == [(CHINESE, ENGLISH, ONE)]
    assert threads.jaccard("welcome", "tribute") == 1 / 2
    assert [row[0::2] for row in items.table().rows] == [("welcome", "tribute", 1, 2), ("welcome", "gone", 1, 1)]
    assert items.to_dict()["pairs"][0]["jaccard"] == 1 / 4


def test_nothing_of_a_round_that_may_not_be_told_of(record: Record, corpus: Corpus) -> None:
    for coder in ("mei", "jon"):
        coded(record, coder, ONE, "welcome", "round-2")
    assert found(record, corpus).codes == ("welcome", "tribute")  # of round 1
    assert found(record, corpus).read == 2
    assert found(record, corpus, "jon", "jon").codes == ("welcome", "receipt")
    with pytest.raises(InputError, match="may be shown"):
        found(record, corpus, "mei", "jon")
    with pytest.raises(InputError, match="one of item, thread"):
        found(record, corpus, by="post")
    freeze(record, "round-2", "mei")
    assert found(record, corpus).read == 2
    assert together(record, corpus, BOOK, outside(record)).read == 3
    reveal(record, "round-2", "mei")
    assert found(record, corpus).read == 3
    assert found(record, corpus).count("welcome", "welcome") == 1  # the latest round of ONE is round 2, and both agree
