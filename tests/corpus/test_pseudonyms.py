"""The same account is the same pseudonym, and nothing leads back without the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import pytest

from resilens.corpus.pseudonyms import Pseudonyms

ONE, OTHER = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)


def test_form_and_stability() -> None:
    assert re.fullmatch("u-[a-z2-7]{16}", ONE.of("rednote", "6784c2126c32b433aea773d4"))
    assert ONE.of("rednote", "a") == Pseudonyms(b"1" * 32).of("rednote", "a")
    made = {ONE.of("rednote", "a"), ONE.of("tiktok", "a"), ONE.of("rednote", "b"), OTHER.of("rednote", "a"),
            ONE.of_name("rednote", "a"), ONE.of_address("rednote", "a")}  # fmt: skip
    assert len(made) == 6


@pytest.mark.parametrize("name", ["a", "momo", "阿明", "\ud83d", "x" * 300])
def test_it_is_what_its_notes_say_by_other_means(name: str) -> None:
    message = f"name\x1frednote\x1f{name}".encode("utf-8", "surrogatepass")
    bits = hmac.digest(b"1" * 32, message, "sha256")[:10]
    assert ONE.of_name("rednote", name) == "n-" + base64.b32encode(bits).decode().lower()


def test_quirk_16_a_creator_hash_and_the_id_it_came_from_are_one_account() -> None:
    creator_hash = hashlib.sha256(b"6784c2126c32b433aea773d4").hexdigest()[:16]
    assert ONE.of("rednote", f"hash:{creator_hash}") == ONE.of("rednote", "6784c2126c32b433aea773d4")


def test_names_are_compared_without_case() -> None:
    assert ONE.of_name("x", "@Some") == ONE.of_name("x", "some")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Pseudonyms(b"short")
