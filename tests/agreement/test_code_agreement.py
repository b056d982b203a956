"""Agreement on one code is what the study's agreement says of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pytest

from resilens.agreement.code_agreement import agreement_on_code
from resilens.agreement.item_facts import facts_of
from resilens.agreement.study_agreement import agreement_of
from resilens.coding.codes import Codebook
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.results.types import Undefined


def test_it_is_the_line_of_the_whole(
    coding_desk: Any, corpus_of: Callable[[int], Corpus], small_book: Codebook
) -> None:
    for number in range(24):
        for coder in "ABC"[: 2 + number % 2]:
            given = ["practice.tribute"] if number % 3 == 0 and (coder != "B" or number % 9) else []
            coding_desk.code(coder, f"rednote:p:{number:02d}", *given)
            coding_desk.code(coder, f"rednote:c:{number:02d}", "stage.adapt")
    coding_desk.code("gpt", "rednote:p:01", "practice.tribute", kind="machine")
    record, corpus = coding_desk.record, corpus_of(24)

    def threads(items: Collection[str]) -> dict[str, str]:
        return {item: facts.thread for item, facts in facts_of(corpus, record, items).items()}

    whole = agreement_of(record, corpus, small_book, round_id="round-1", draws=100, seed=4)
    for line in whole.codes:
        found = agreement_on_code(record, threads, line.of, "round-1", draws=100, seed=4)
        assert found == {name: line.cells[name] for name in ("alpha", "percent")}
    unused = agreement_on_code(record, threads, "tone.warm", "round-1", draws=100)
    assert isinstance(unused["alpha"].result, Undefined)
    coding_desk.open("round-2", "joint")
    with pytest.raises(InputError, match="joint"):
        agreement_on_code(record, threads, "tone.warm", "round-2")
