"""What an amount is for, and where it is paid: the nearest word, in the sentence, or nothing."""

from __future__ import annotations

import pytest

from resilens.measures.money import amounts
from resilens.measures.money.purposes import PURPOSES, country, purpose

CASES = [
    ("eggs cost twenty dollars for a dozen", ["eggs"], [""]),
    ("My rent is $1,200 and insulin is $35", ["rent", "insulin"], ["", ""]),
    ("I pay $900 in rent. Eggs are fine.", ["rent"], [""]),
    ("$900. My rent went up.", [""], [""]),
    ("房租三千块，工资八千块", ["rent", "salary"], ["", ""]),
    ("叫一次救护车120块", ["ambulance"], [""]),
    ("在美国看病要300美元", ["health"], ["US"]),
    ("In the US an ambulance is $1,200, in China 120 yuan", ["ambulance", "ambulance"], ["", ""]),
    ("Here in Canada tuition is $7,000.", ["tuition"], ["CA"]),
    ("$5 for that", [""], [""]),
    ("let us pay $5", [""], [""]),
    ("a gasket is $5", [""], [""]),
]


@pytest.mark.parametrize(("text", "purposes", "countries"), CASES, ids=[text for text, *_ in CASES])
def test_the_nearest_word_of_the_sentence(text: str, purposes: list[str], countries: list[str]) -> None:
    found = amounts(text)
    assert [purpose(text, one.start, one.end) for one in found] == purposes
    assert [country(text, one.start, one.end) for one in found] == countries
    assert {*purposes} <= {*PURPOSES, ""}
