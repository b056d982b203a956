"""Where are the key of the pseudonyms and the identities behind them kept, and who may read them?

The vault is a folder outside every export, readable by its owner alone. Locking it puts everything in it behind an age
passphrase (the standard `age` programme opens it too); nothing can be added to a study while its vault is locked,
unless the passphrase is given.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage

from resilens.corpus.pseudonyms import Pseudonyms
from resilens.errors import Fault, InputError
from resilens.files import replacing, write_bytes

IDENTITIES = pa.schema([
    ("pseudonym", pa.string()),
    ("platform", pa.string()),
    ("kind", pa.string()),  # account, name or address
    ("native", pa.string()),
    ("name", pa.string()),
])  # fmt: skip
"""Whom a pseudonym stands for: the native id (or the name, or an address that names an account) and the name shown.
For an address that was left out of a table, the pseudonym column holds the item's id."""

_LOCKED = ".age"


class Vault:
    """The opened vault of one study.

    Parameters
    ----------
    folder
        The vault's folder.
    key
        The key of the pseudonyms.
    seal
        What the identities of a locked vault are encrypted to; new ones are then written encrypted as well.
    """

    def __init__(self, folder: Path, key: bytes, seal: pyrage.x25519.Identity | None = None) -> None:
        self.folder = folder
        self._key = key
        self._seal = seal

    @classmethod
    def create(cls, folder: Path, seed: int | str | None = None) -> Vault:
        """Make a vault with a new random key, or with the key that a synthetic study derives from its seed.

        An existing vault is opened and its key kept.

        Raises
        ------
        InputError
            If there is a vault and it is locked.
        """
        if is_locked(folder) or (folder / "key").exists():
            return cls.open(folder)
        key = secrets.token_bytes(32) if seed is None else synthetic_key(seed)
        _private_folder(folder)
        write_bytes(folder / "key", key, mode=0o600)
        return cls(folder, key)

    @classmethod
    def open(cls, folder: Path, passphrase: str | None = None) -> Vault:
        """Open the vault.

        Raises
        ------
        InputError
            If there is no key, the vault is locked and no passphrase is given, or the passphrase is wrong.
        """
        if is_locked(folder):
            if passphrase is None:
                raise InputError(
                    Fault("it is locked; give its passphrase, or unlock it with `resilens vault unlock`", "vault")
                )
            return cls(folder, *_unsealed(folder, passphrase))
        try:
            return cls(folder, (folder / "key").read_bytes())
        except FileNotFoundError:
            raise InputError(
                Fault("the key of the pseudonyms is missing; bring it back from a copy, for without it new captures "
                      "cannot be joined to what is there", "vault/key")  # fmt: skip
            ) from None

    @property
    def pseudonyms(self) -> Pseudonyms:
        """The pseudonyms under this vault's key."""
        return Pseudonyms(self._key)

    @contextmanager
    def identities_writer(self, capture_id: str) -> Iterator[pq.ParquetWriter]:
        """A Parquet writer for the identities of one capture; they replace the earlier ones when the block ends."""
        folder = self.folder / "identities"
        _private_folder(folder)
        path = folder / f"{capture_id}.parquet"
        for left_by_a_kill in folder.glob(f".{path.name}*.tmp"):
            left_by_a_kill.unlink()
        if self._seal is None:
            with replacing(path, mode=0o600) as temporary:
                temporary.touch(mode=0o600)  # the owner's alone from the first byte
                with pq.ParquetWriter(temporary, IDENTITIES) as out:
                    yield out
            return
        # Of a locked vault nothing readable may touch the disk.
        buffer = io.BytesIO()
        with pq.ParquetWriter(buffer, IDENTITIES) as out:
            yield out
        write_bytes(_behind(path), pyrage.encrypt(buffer.getvalue(), [self._seal.to_public()]), mode=0o600)

    def captures(self) -> tuple[str, ...]:
        """The captures whose identities are kept, sorted."""
        names = (path.name.removesuffix(_LOCKED) for path in (self.folder / "identities").glob("*.parquet*"))
        return tuple(sorted({name.removesuffix(".parquet") for name in names if not name.startswith(".")}))

    def identities(self, capture_id: str) -> pa.Table:
        """The identities of one capture, columns as `IDENTITIES`; empty where none are kept."""
        path = self.folder / "identities" / f"{capture_id}.parquet"
        if path.exists():
            return pq.read_table(path, schema=IDENTITIES)
        if self._seal is not None and _behind(path).exists():
            content = pyrage.decrypt(_behind(path).read_bytes(), [self._seal])
            return pq.read_table(io.BytesIO(content), schema=IDENTITIES)
        return IDENTITIES.empty_table()

    def replace_identities(self, capture_id: str, rows: pa.Table) -> None:
        """Write the identities of one capture anew, as `forget` needs it."""
        with self.identities_writer(capture_id) as out:
            out.write_table(rows.cast(IDENTITIES))


def synthetic_key(seed: int | str) -> bytes:
    """The key of a synthetic study: sha256 of its seed. It protects nobody, as nobody is in it."""
    return hashlib.sha256(f"resilens synthetic key\x1f{seed}".encode()).digest()


def is_locked(folder: Path) -> bool:
    """Whether the vault's key is behind a passphrase. While a locking is under way, the plain key still counts."""
    return (folder / f"key{_LOCKED}").exists() and not (folder / "key").exists()


def lock(folder: Path, passphrase: str) -> int:
    """Put the key behind an age passphrase and encrypt the identities; the number of files locked.

    The identities are encrypted to an age identity that lies beside the key, so the slow derivation from the
    passphrase happens once. Every file is written encrypted and flushed before its plain form is removed; the key goes
    last, so a killed locking leaves a vault that opens without the passphrase and can be locked again.

    Raises
    ------
    InputError
        If the passphrase is empty or there is no unlocked vault.
    """
    if not passphrase:
        raise InputError("an empty passphrase locks nothing; choose one of several words")
    if not (folder / "key").exists():
        raise InputError(Fault("there is no unlocked vault to lock", folder.name))
    for left_by_a_kill in folder.glob(f"identities/[!.]*{_LOCKED}"):
        if left_by_a_kill.with_suffix("").exists():
            left_by_a_kill.unlink()
        else:
            raise InputError(Fault("locking was interrupted; unlock the vault with the same passphrase first", "vault"))
    seal = pyrage.x25519.Identity.generate()
    sealed = (folder / "key").read_bytes() + b"\n" + str(seal).encode()
    write_bytes(folder / f"key{_LOCKED}", pyrage.passphrase.encrypt(sealed, passphrase), mode=0o600)
    plain = sorted((folder / "identities").glob("[!.]*.parquet"))
    for path in plain:
        write_bytes(_behind(path), pyrage.encrypt(path.read_bytes(), [seal.to_public()]), mode=0o600)
        path.unlink()
    (folder / "key").unlink()
    return len(plain) + 1


def unlock(folder: Path, passphrase: str) -> int:
    """Take key and identities out from behind the passphrase; the number of files unlocked.

    Raises
    ------
    InputError
        If the vault is not locked or the passphrase is wrong.
    """
    if not (folder / f"key{_LOCKED}").exists():
        raise InputError(Fault("it is not locked", "vault"))
    key, seal = _unsealed(folder, passphrase)
    locked = sorted((folder / "identities").glob(f"[!.]*{_LOCKED}"))
    for path in locked:
        write_bytes(path.with_suffix(""), pyrage.decrypt(path.read_bytes(), [seal]), mode=0o600)
        path.unlink()
    write_bytes(folder / "key", key, mode=0o600)
    (folder / f"key{_LOCKED}").unlink()
    return len(locked) + 1


def permission_faults(folder: Path) -> list[Fault]:
    """What in the vault others on this computer could read, for `resilens doctor`."""
    faults = []
    for path in (folder, *sorted(folder.rglob("*"))) if folder.exists() else ():
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            wanted = "700" if path.is_dir() else "600"
            where = str(path.relative_to(folder.parent))
            faults.append(Fault(f"others may read it (mode {mode:o}); run chmod {wanted} on it", where))
    return faults


def _private_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for private in (folder, *(parent for parent in folder.parents if parent.name == "vault")):
        private.chmod(0o700)


def _behind(path: Path) -> Path:
    """Where the encrypted form of a file of the vault lies."""
    return path.with_name(path.name + _LOCKED)


def _unsealed(folder: Path, passphrase: str) -> tuple[bytes, pyrage.x25519.Identity]:
    """The key, and what the identities are encrypted to."""
    try:
        content = bytes(pyrage.passphrase.decrypt((folder / f"key{_LOCKED}").read_bytes(), passphrase))
    except pyrage.DecryptError:
        raise InputError(Fault("this passphrase does not open it", "vault")) from None
    key, _, seal = content.rpartition(b"\n")
    return key, pyrage.x25519.Identity.from_str(seal.decode())
