"""Which commands keep accounts and keys: user and token?"""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click

from gis.cli.common import STORE, json_option, out, table, tell, text

if TYPE_CHECKING:
    from gis.words import Language

ROLES = ("inspector", "planner", "police", "admin")
SCOPES = ("full", "desktop")
SHOWN = 12


def commands(lang: Language) -> list[click.Command]:
    """Return the groups user and token, their help in `lang`."""
    users = click.Group("user", help=text(lang, "user.help"), no_args_is_help=True)
    for command in (_add_user(lang), _list_users(lang), _disable_user(lang)):
        users.add_command(command)
    tokens = click.Group("token", help=text(lang, "token.help"), no_args_is_help=True)
    for command in (_add_token(lang), _list_tokens(lang), _revoke_token(lang)):
        tokens.add_command(command)
    return [users, tokens]


def _add_user(lang: Language) -> click.Command:
    @click.command("add", help=text(lang, "user.add"))
    @STORE
    @click.argument("name")
    @click.option("--role", required=True, type=click.Choice(ROLES), help=text(lang, "user.role"))
    @click.option("--password-stdin", is_flag=True, help=text(lang, "user.password"))
    def add(*, location: str, name: str, role: str, password_stdin: bool) -> None:
        from api.auth.passwords import hash_password
        from gis.store import open_store

        if password_stdin:
            password = sys.stdin.readline().rstrip("\n")
        else:
            password = click.prompt(
                text(lang, "user.ask"), hide_input=True, confirmation_prompt=True, err=True
            )
        with closing(open_store(location)) as store:
            store.add_user(name, role, hash_password(password, name))
        tell(text(lang, "user.done", name=name, role=role))

    return add


def _list_users(lang: Language) -> click.Command:
    @click.command("list", help=text(lang, "user.list"))
    @STORE
    @json_option(lang)
    def list_(*, location: str, as_json: bool) -> None:
        from gis.store import open_store

        with closing(open_store(location)) as store:
            rows = [(u.name, u.role, not u.disabled) for u in store.users()]
        if as_json:
            out([{"name": n, "role": r, "active": a} for n, r, a in rows])
        else:
            table(
                ["", text(lang, "user.role"), ""], [(n, r, "✓" if a else "–") for n, r, a in rows]
            )

    return list_


def _disable_user(lang: Language) -> click.Command:
    @click.command("disable", help=text(lang, "user.disable"))
    @STORE
    @click.argument("name")
    def disable(*, location: str, name: str) -> None:
        from gis.store import open_store

        with closing(open_store(location)) as store:
            store.change_user(name, disabled=True)
        tell(text(lang, "user.disabled", name=name))

    return disable


def _add_token(lang: Language) -> click.Command:
    @click.command("add", help=text(lang, "token.add"))
    @STORE
    @click.argument("name")
    @click.option(
        "--scope", type=click.Choice(SCOPES), default="full", help=text(lang, "token.scope")
    )
    def add(*, location: str, name: str, scope: str) -> None:
        from api.auth.identity import new_token
        from gis.store import open_store

        token, token_hash = new_token()
        with closing(open_store(location)) as store:
            store.add_token(token_hash, name, scope)
        tell(token)

    return add


def _list_tokens(lang: Language) -> click.Command:
    @click.command("list", help=text(lang, "token.list"))
    @STORE
    @json_option(lang)
    def list_(*, location: str, as_json: bool) -> None:
        from gis.store import open_store

        with closing(open_store(location)) as store:
            rows = [
                (t.token_hash[:SHOWN], t.user, t.scope, t.revoked_at is None)
                for t in store.tokens()
            ]
        if as_json:
            out([{"token_id": i, "user": u, "scope": s, "active": a} for i, u, s, a in rows])
        else:
            table(["", "", "", ""], [(i, u, s, "✓" if a else "–") for i, u, s, a in rows])

    return list_


def _revoke_token(lang: Language) -> click.Command:
    @click.command("revoke", help=text(lang, "token.revoke"))
    @STORE
    @click.argument("token_id")
    def revoke(*, location: str, token_id: str) -> None:
        from gis.errors import NotFoundError
        from gis.store import open_store

        with closing(open_store(location)) as store:
            found = [t for t in store.tokens() if t.token_hash.startswith(token_id)]
            if len(found) != 1 or not token_id:
                msg = f"{token_id!r} names no key; take an id from 'gcvag token list'."
                raise NotFoundError(msg)
            store.revoke_token(found[0].token_hash)
        tell(text(lang, "token.revoked", token_id=token_id))

    return revoke
