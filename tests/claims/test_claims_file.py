"""claims.toml: any text survives it, its faults have their lines, and its head explains every key."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.claims.claims_file import places, read, state_of, to_toml
from resilens.claims.ledger import STATUSES, Claim, body_of, claim_from, in_order
from resilens.errors import InputError
from resilens.record.kinds import checked_body

from .conftest import SHARE, claim
from .test_references import REFERENCES

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
SENTENCE = TEXT.map(lambda text: f"x{text}x")
EVIDENCE = st.lists(REFERENCES.filter(lambda one: one.kind != "claim"), max_size=3)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SEEN = st.one_of(
    NUMBERS.map(lambda value: {"of": SHARE, "value": value}),
    st.tuples(NUMBERS, NUMBERS).map(lambda ends: {"of": SHARE, "value": ends[0], "low": min(ends), "high": max(ends)}),
    SENTENCE.map(lambda reason: {"of": SHARE, "undefined": reason}),
    SENTENCE.map(lambda sentence: {"of": "measure:practices", "sentence": sentence}),
)
CLAIMS = st.builds(
    lambda name, text, other, rivals, status, pro, con, led, seen: Claim.model_validate({
        "id": name, "text": text, "question": other, "stage": other, "puzzle": other, "rivals": rivals,
        "status": status, "evidence_for": pro, "evidence_against": con, "led_to": led, "finding": seen,
    }),
    st.from_regex(r"[a-z0-9\u4e00-\u4e10][a-z0-9._-]{0,6}", fullmatch=True), SENTENCE, TEXT,
    st.lists(SENTENCE, max_size=3), st.sampled_from(tuple(STATUSES)), EVIDENCE, EVIDENCE,
    st.lists(REFERENCES.filter(lambda one: one.kind in ("code", "claim")), max_size=2), st.lists(SEEN, max_size=2),
)  # fmt: skip


@given(st.lists(CLAIMS, max_size=4, unique_by=lambda one: one.id))
def test_any_claims_survive(tmp_path_factory: pytest.TempPathFactory, claims: list[Claim]) -> None:
    file = tmp_path_factory.getbasetemp() / "claims.toml"
    file.write_bytes(to_toml(claims).encode())
    said = read(file)
    assert said.claims == in_order(claims)
    assert said.state == state_of(claims)
    assert to_toml(said.claims) == to_toml(claims), "and it is written the same again"
    for one in claims:
        body = checked_body("claim.changed", body_of(one))
        assert claim_from(body) == one


def test_claims_stand_in_the_order_of_their_ids_whatever_the_order_they_came_in() -> None:
    names = ["c10", "c2", "art", "c2.b", "2", "10"]
    assert [one.id for one in in_order([claim(name) for name in names])] == ["2", "10", "art", "c2", "c2.b", "c10"]
    assert to_toml([claim("b"), claim("a")]) == to_toml([claim("a"), claim("b")])


def test_a_list_of_several_stands_an_entry_a_line() -> None:
    text = to_toml([claim(evidence_for=["memo:m1", SHARE], rivals=["The ranking."])])
    assert f'evidence_for = [\n    "memo:m1",\n    "{SHARE}",\n]\n' in text
    assert 'rivals = ["The ranking."]\n' in text
    assert "evidence_against =" not in text


def test_the_head_explains_every_key_and_status_and_the_example_can_be_used(tmp_path: Path) -> None:
    empty = to_toml([])
    assert tomllib.loads(empty) == {"state": state_of([])}
    head, example = empty.split("# For example:\n#\n")
    for name, field in Claim.model_fields.items():
        assert f"#   {field.alias or name} " in head, name
    for name, meaning in STATUSES.items():
        assert f"#   {name:<18}{meaning}\n" in head
    (tmp_path / "claims.toml").write_text("".join(line.removeprefix("# ") + "\n" for line in example.splitlines()))
    assert [one.id for one in read(tmp_path / "claims.toml").claims] == ["tribute"]
    assert "For example" not in to_toml([claim()])


BROKEN = """state = "123"

[[claim]]
id = "tribute"
text = "Tribute"
status = "suported"
evidnce_for = ["code:x"]

[[claim]]
id = "two words"
evidence_for = [
    "rednote:p:1",
    "codes:practice.tribute",
]

[[claim]]
id = "c3"
text = ""
evidence_against = ["claim:tribute"]
led_to = ["rednote:p:1"]

[[claim.finding]]
of = "code:x"
value = 1

[[claim.finding]]
of = "measure:x/y"
value = "0.3"

[[claim.finding]]
of = "measure:x/z"
value = 0.3
low = 0.2
"""


def test_all_faults_of_a_hand_edited_file_come_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "claims.toml").write_text(BROKEN, "utf-8")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "claims.toml")
    said = [str(fault) for fault in caught.value.faults]
    expected = "an item (rednote:p:ID, rednote:c:ID [10:25]), measure:NAME/ESTIMATE"
    assert [line.split(f"; write {expected}")[0] for line in said] == [
        "claims.toml:6: claim[1].status: 'suported' is not known here; one of tentative, supported, contested, "
        "refuted, withdrawn; did you mean 'supported'?",
        "claims.toml:7: claim[1].evidnce_for: unknown key; did you mean 'evidence_for'?",
        "claims.toml:9: claim[2].text: missing; it has no default",
        "claims.toml:10: claim[2].id: 'two words' is no id; use letters, digits, full stops, hyphens and underscores",
        "claims.toml:13: claim[2].evidence_for[2]: 'codes:practice.tribute' is no reference; did you mean 'code:'?",
        "claims.toml:18: claim[3].text: must not be empty",
        "claims.toml:19: claim[3].evidence_against: claim:tribute: a claim is no evidence; cite what that claim rests "
        "on",
        "claims.toml:20: claim[3].led_to: rednote:p:1: a claim leads to codes and claims: code:ID, claim:ID",
        "claims.toml:22: claim[3].finding[1]: code:x is no finding; write measure:NAME/ESTIMATE",
        "claims.toml:28: claim[3].finding[2].value: expected a number without quotation marks, not '0.3'",
        "claims.toml:30: claim[3].finding[3]: low and high go together, and with value",
    ]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"[[claim]\n", "claims.toml:1: not TOML"), (b"\xff", "not UTF-8"),
        (b'[[claim]]\nid = "a"\ntext = "x"\nid = "b"\n', "claims.toml:4: not TOML: cannot overwrite a value"),
        (b'[[claims]]\nid = "a"\n', "claims.toml:1: claims: unknown key; did you mean 'claim'?"),
        (b'claim = ["a"]\n', "claims.toml:1: claim[1]: expected a table"),
        (b'[[claim]]\nid = "a"\ntext = "x"\n[[claim]]\nid = "a"\ntext = "y"\n',
         "claims.toml:5: claim[2].id: the same as in claim 1; each must be its own"),
        (b'[[claim]]\nid = "a"\ntext = "x"\nevidence_for = [5]\n',
         "claims.toml:4: claim[1].evidence_for[1]: expected a reference in quotation marks, not 5"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_in_words(tmp_path: Path, raw: bytes, words: str) -> None:
    (tmp_path / "claims.toml").write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read(tmp_path / "claims.toml")
    assert words in str(caught.value)


def test_every_key_of_every_claim_is_found_on_its_line(tmp_path: Path) -> None:
    file = tmp_path / "claims.toml"
    source = to_toml([claim("b", evidence_for=["memo:m1", "memo:m2"]), claim("a", stage="stage.x")])
    file.write_text(source, "utf-8")
    lines, found = source.splitlines(), places(file)
    assert lines[found["b", "evidence_for", 1] - 1].strip() == '"memo:m2",'
    assert lines[found["a", "stage"] - 1] == 'stage = "stage.x"'
    assert lines[found["a",] - 1] == "[[claim]]"
