"""Nobody but the owner reads the vault, and a locked one opens with its passphrase alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pyarrow as pa
import pytest

from resilens.corpus import vault
from resilens.corpus.vault import IDENTITIES, Vault
from resilens.errors import InputError

ROWS = pa.Table.from_pylist(
    [{"pseudonym": "u-x", "platform": "rednote", "kind": "account", "native": "6784", "name": "momo"}], IDENTITIES
)


def test_the_vault_is_its_owners_alone(tmp_path: Path) -> None:
    opened = Vault.create(tmp_path / "vault")
    opened.replace_identities("c1", ROWS)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "vault").rglob("*")}
    assert modes == {"key": 0o600, "identities": 0o700, "c1.parquet": 0o600}
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) == 0o700
    assert vault.permission_faults(tmp_path / "vault") == []
    (tmp_path / "vault" / "key").chmod(0o644)
    assert [fault.where for fault in vault.permission_faults(tmp_path / "vault")] == ["vault/key"]


def test_creating_again_keeps_the_key(tmp_path: Path) -> None:
    first = Vault.create(tmp_path / "vault").pseudonyms.of("rednote", "a")
    assert Vault.create(tmp_path / "vault", seed=7).pseudonyms.of("rednote", "a") == first


def test_a_synthetic_key_comes_from_the_seed(tmp_path: Path) -> None:
    one, two = (Vault.create(tmp_path / name, seed=7).pseudonyms.of("rednote", "a") for name in "ab")
    assert one == two
    assert Vault.create(tmp_path / "c", seed=8).pseudonyms.of("rednote", "a") != one


def test_locking_and_unlocking(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    opened = Vault.create(folder)
    before = opened.pseudonyms.of("rednote", "a")
    opened.replace_identities("c1", ROWS)
    assert vault.lock(folder, "four plain words here") == 2
    assert vault.is_locked(folder)
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["c1.parquet.age", "key.age"]
    assert all(b"momo" not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with pytest.raises(InputError, match="locked"):
        Vault.open(folder)
    with pytest.raises(InputError, match="does not open"):
        Vault.open(folder, "wrong")
    again = Vault.open(folder, "four plain words here")
    assert again.pseudonyms.of("rednote", "a") == before
    again.replace_identities("c2", ROWS)
    assert again.captures() == ("c1", "c2")
    assert again.identities("c1").to_pylist() == again.identities("c2").to_pylist() == ROWS.to_pylist()
    assert not (folder / "identities" / "c2.parquet").exists()
    assert vault.unlock(folder, "four plain words here") == 3
    assert Vault.open(folder).identities("c2").to_pylist() == ROWS.to_pylist()


def test_a_missing_key_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="key of the pseudonyms is missing"):
        Vault.open(tmp_path / "vault")
