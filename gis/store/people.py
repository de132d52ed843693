"""Who may do something here, and what is the name behind an opaque id?

Outside the chain, so that a person can be forgotten. Passwords and tokens come hashed.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from gis.errors import GisError, NotFoundError
from gis.store.canonical import now, read_time, write_time
from gis.store.forgetting import forget_name
from gis.store.part import Part
from gis.store.records import Token, User

if TYPE_CHECKING:
    from gis.store.database import Row, Tx

_USER: Final = "SELECT name, author, role, password_hash, disabled, created_at FROM account"
_BEARERS: Final = "SELECT token_hash, account, scope, label, created_at, revoked_at FROM token"
_ID_BYTES: Final = 10


class PeoplePart(Part):
    """Names, log-ins and tokens."""

    def person(self, name: str) -> str:
        """Give the opaque id of a name, made at first sight."""
        with self._read() as tx:
            row = tx.one("SELECT author FROM person WHERE name = ?", (name,))
        if row:
            return str(row[0])
        with self._write() as tx:
            return _person(tx, name)

    def names(self) -> dict[str, str]:
        """Read the name of every opaque id; a forgotten one has none."""
        with self._read() as tx:
            rows = tx.rows("SELECT author, name FROM person WHERE name IS NOT NULL ORDER BY name")
        return {str(author): str(name) for author, name in rows}

    def forget(self, author: str) -> None:
        """Erase name, log-in and tokens of a person; the history stays whole.

        The pages that held the name are overwritten and the WAL is folded in, so that no copy
        stays in the file.
        """
        with self._database.erasing(), self._write() as tx:
            named = tx.one("SELECT name FROM person WHERE author = ?", (author,))
            tx.run(_DROP_TOKENS, (author,))
            tx.run("DELETE FROM account WHERE author = ?", (author,))
            if not tx.run("UPDATE person SET name = NULL WHERE author = ?", (author,)):
                msg = f"{author} is nobody's id; ask for the names first"
                raise NotFoundError(msg)
            if named and named[0] is not None:
                forget_name(tx, named[0])

    def add_user(self, name: str, role: str, password_hash: str | None) -> User:
        """Add a log-in; GisError when the name is taken."""
        at = now()
        with self._write() as tx:
            if tx.one("SELECT 1 FROM account WHERE name = ?", (name,)):
                msg = f"the user {name} is there already; take another name"
                raise GisError(msg)
            author = _person(tx, name)
            row = (name, author, role, password_hash, 0, write_time(at))
            tx.run("INSERT INTO account VALUES (?,?,?,?,?,?)", row)
        return _to_user(row)

    def user(self, name: str) -> User | None:
        """Read one log-in."""
        with self._read() as tx:
            row = tx.one(f"{_USER} WHERE name = ?", (name,))
        return _to_user(row) if row else None

    def users(self) -> list[User]:
        """Read all log-ins, by name."""
        with self._read() as tx:
            return [_to_user(row) for row in tx.rows(f"{_USER} ORDER BY name")]

    def change_user(
        self,
        name: str,
        *,
        role: str | None = None,
        password_hash: str | None = None,
        disabled: bool | None = None,
    ) -> User:
        """Change what is given; NotFoundError when there is no such log-in."""
        new = (role, password_hash, None if disabled is None else int(disabled), name)
        with self._write() as tx:
            tx.run(_CHANGE, new)
            row = tx.one(f"{_USER} WHERE name = ?", (name,))
        if row is None:
            msg = f"there is no user {name}; gcvag user list names all"
            raise NotFoundError(msg)
        return _to_user(row)

    def add_token(self, token_hash: str, user: str, scope: str, label: str = "") -> Token:
        """Keep the hash of a token."""
        row = (token_hash, user, scope, label, write_time(now()), None)
        with self._write() as tx:
            if not tx.one("SELECT 1 FROM account WHERE name = ?", (user,)):
                msg = f"there is no user {user}; gcvag user list names all"
                raise NotFoundError(msg)
            tx.run("INSERT INTO token VALUES (?,?,?,?,?,?)", row)
        return _to_token(row)

    def token(self, token_hash: str) -> Token | None:
        """Read one token by its hash, revoked or not."""
        with self._read() as tx:
            row = tx.one(f"{_BEARERS} WHERE token_hash = ?", (token_hash,))
        return _to_token(row) if row else None

    def tokens(self, user: str | None = None) -> list[Token]:
        """Read tokens in order of making."""
        sql = f"{_BEARERS} WHERE ?1 IS NULL OR account = ?1 ORDER BY created_at, token_hash"
        with self._read() as tx:
            return [_to_token(row) for row in tx.rows(sql, (user,))]

    def revoke_token(self, token_hash: str) -> None:
        """Mark a token as revoked."""
        sql = "UPDATE token SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL"
        with self._write() as tx:
            tx.run(sql, (write_time(now()), token_hash))


_DROP_TOKENS: Final = (
    "DELETE FROM token WHERE account IN (SELECT name FROM account WHERE author = ?)"
)
_CHANGE: Final = """
UPDATE account SET role = coalesce(?, role), password_hash = coalesce(?, password_hash),
  disabled = coalesce(?, disabled) WHERE name = ?"""


def _person(tx: Tx, name: str) -> str:
    row = tx.one("SELECT author FROM person WHERE name = ?", (name,))
    if row:
        return str(row[0])
    author = f"p{secrets.token_hex(_ID_BYTES)}"
    tx.run("INSERT INTO person VALUES (?,?,?)", (author, name, write_time(now())))
    return author


def _to_user(row: Row) -> User:
    name, author, role, password_hash, disabled, at = row
    return User(
        name=name,
        author=author,
        role=role,
        password_hash=password_hash,
        disabled=bool(disabled),
        created_at=read_time(at),
    )


def _to_token(row: Row) -> Token:
    token_hash, user, scope, label, created_at, revoked_at = row
    return Token(
        token_hash=token_hash,
        user=user,
        scope=scope,
        label=label,
        created_at=read_time(created_at),
        revoked_at=read_time(revoked_at) if revoked_at else None,
    )
