"""What a lexicon finds is counted right, and near what was said beforehand that it would find."""

from __future__ import annotations

import re

import numpy as np
from tests.simulate.worlds import changed

from resilens.simulate.difficulty import lexica
from resilens.simulate.inventory import lexicon
from resilens.simulate.looking import look
from resilens.simulate.simulation import Simulation


def test_measured_as_one_would_by_hand() -> None:
    looked = look(Simulation(changed("tiktok-refugees", users=8000, items=4000), seed=2))
    found, among = lexica(looked)
    assert among == looked.posts + looked.comments
    words, codes = [], []
    for batch in looked.batches:
        for items, texts in ((batch.chunk.posts, batch.post_texts), (batch.chunk.comments, batch.comment_texts)):
            pairs = zip(texts.title.to_pylist(), texts.text.to_pylist(), strict=True)
            words += [f"{title or ''}\n{re.sub(r'#[^ ]+', '', text)}" for title, text in pairs]
            codes.append(np.column_stack([items.practice, items.marks]))
    assert found == sorted(found, key=lambda one: (-one.items, one.code))
    for one in found[:8]:
        place = looked.simulation.vocabulary.codes.index(one.code)
        own = (np.concatenate(codes) == place).any(axis=1)
        hits = np.array([bool(lexicon(one.code).search(word)) for word in words])
        assert (one.items, one.recall, one.precision) == (own.sum(), hits[own].mean(), own[hits].mean())
        spread = np.sqrt(one.expected_recall * (1 - one.expected_recall) / one.items)
        assert abs(hits[own].mean() - one.expected_recall) < 4.5 * spread


def test_only_so_many_items_are_searched() -> None:
    looked = look(Simulation(changed("tiktok-refugees", users=8000, items=4000), seed=2))
    found, among = lexica(looked, most=500)
    assert among == 500
    assert all(one.items <= 500 for one in found)
    empty = look(Simulation(changed("tiktok-refugees", users=1000, items=0), seed=2))
    assert lexica(empty) == ([], 0)
