"""Who says where the history ended?

Beside the store lie ``STORE.head`` (number and hash of a last revision, signed), ``STORE.pub``
and ``STORE.key`` (the Ed25519 pair). The head is written after each commit and never before it:
a head that is behind is fine, one that is ahead means that the tail of the history was cut off.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from gis.errors import StoreError

# One write of one disk sector: a power cut leaves the old head or the new one, never half of each.
_SIZE: Final = 512
_OWNER_ONLY: Final = 0o600
_READABLE: Final = 0o644
_PEM_END: Final = b"-----END PUBLIC KEY-----\n"


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of a revision, and whether the signature holds."""

    seq: int
    hash: str
    signed: bool


def beside(location: str, ending: str) -> Path:
    """Name a file that lies beside the store."""
    return Path(f"{location}.{ending}")


class Signer:
    """Signs heads and links for one store with the key that lies beside it."""

    def __init__(self, location: str, store_id: str) -> None:
        self.store_id = store_id
        self.base = location
        self._key = _load_key(beside(location, "key"))
        self._file: int | None = None

    @property
    def ready(self) -> bool:
        """Tell whether there is a key to sign with."""
        return self._key is not None

    def mint(self) -> str:
        """Make a new pair beside the store and give the public key in hex.

        Public keys from before stay in front of the new one: what they signed can be checked.
        """
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        known = beside(self.base, "pub")
        put_file(beside(self.base, "key"), private, mode=_OWNER_ONLY)
        put_file(known, (known.read_bytes() if known.exists() else b"") + public)
        self._key = key
        return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def write(self, seq: int, digest: str) -> None:
        """Write the head of a commit that is already durable; a full disk leaves it behind."""
        if self._key is not None:
            with suppress(OSError):
                os.pwrite(self._descriptor(), self.sign(seq, digest), 0)

    def sign(self, seq: int, digest: str) -> bytes:
        """Word a head and sign it; nothing when there is no key."""
        signature = self._signed(_head_text(self.store_id, seq, digest)).hex()
        text = json.dumps({"hash": digest, "seq": seq, "signature": signature})
        return text.encode().ljust(_SIZE - 1) + b"\n"

    def sign_link(self, digest: str) -> bytes:
        """Sign the hash of a revision; nothing when there is no key."""
        return self._signed(_link_text(self.store_id, digest))

    def sync(self) -> None:
        """Bring the head to the disk and let go of its file."""
        if self._file is not None:
            with suppress(OSError):
                os.fsync(self._file)
            os.close(self._file)
            self._file = None

    def _signed(self, text: bytes) -> bytes:
        return b"" if self._key is None else self._key.sign(text)

    def _descriptor(self) -> int:
        if self._file is None:
            path = beside(self.base, "head")
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _READABLE)
        return self._file


class Checker:
    """Checks signatures of one store with what lies beside it.

    The head is read at once: make a checker before you look into the store, or a commit in
    between makes the head seem ahead of the history.
    """

    def __init__(self, location: str, store_id: str) -> None:
        self.store_id = store_id
        self._path = beside(location, "head")
        self._said = self._path.read_bytes() if self._path.exists() else None
        self._keys = _load_public(beside(location, "pub"))

    def head(self) -> Head | None:
        """Read the head; None when there is none, not signed when its signature does not hold.

        Raises
        ------
        StoreError
            If the file is there and is no head.
        """
        if self._said is None:
            return None
        try:
            said = json.loads(self._said)
            seq, digest = int(said["seq"]), str(said["hash"])
            signature = bytes.fromhex(said["signature"])
        except (ValueError, KeyError, TypeError) as fault:
            msg = (
                f"{self._path.name} is no signed head; put back the file that belongs to the store"
            )
            raise StoreError(msg) from fault
        text = _head_text(self.store_id, seq, digest)
        return Head(seq, digest, any(_holds(key, signature, text) for key in self._keys[-1:]))

    def link(self, digest: str, signature: bytes) -> bool:
        """Tell whether a key of this store signed the hash of a revision."""
        text = _link_text(self.store_id, digest)
        return any(_holds(key, signature, text) for key in reversed(self._keys))


def _holds(public: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        public.verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _head_text(store_id: str, seq: int, digest: str) -> bytes:
    return f"gcvag-head\n{store_id}\n{seq}\n{digest}".encode()


def _link_text(store_id: str, digest: str) -> bytes:
    return f"gcvag-link\n{store_id}\n{digest}".encode()


def _load_key(path: Path) -> Ed25519PrivateKey | None:
    if not path.exists():
        return None
    with suppress(ValueError):
        key = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    msg = f"{path.name} is no private key; put back the file that belongs to the store"
    raise StoreError(msg)


def _load_public(path: Path) -> list[Ed25519PublicKey]:
    """Read the public keys of a store, oldest first; what is none is left out."""
    if not path.exists():
        return []
    keys = []
    for text in path.read_bytes().split(_PEM_END)[:-1]:
        with suppress(ValueError):
            key = load_pem_public_key(text + _PEM_END)
            keys += [key] if isinstance(key, Ed25519PublicKey) else []
    return keys


def put_file(path: Path, data: bytes, *, mode: int = _READABLE) -> None:
    """Write a small file whole and durable: a new file, synced, renamed."""
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(path)
