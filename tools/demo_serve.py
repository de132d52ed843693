"""Serve the demo: new log-ins at each start, and a first look of three minutes in words.

Usage: ``python tools/demo_serve.py OUT``. The passwords are printed once and kept nowhere.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from api.auth.passwords import hash_password
from api.cli import build
from gis.cli.common import run
from gis.store import open_store
from gis.words import language, say

if TYPE_CHECKING:
    from gis.store import Store

ROLES = ("inspector", "planner", "police")
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LENGTH = 3, 5
STEPS = 5


def drawn() -> str:
    """Draw a password that is easy to type: 74 random bits."""
    groups = ("".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def admit(store: Store, role: str) -> str:
    """Give the demo's log-in of a role a new password and return it."""
    password = drawn()
    if store.user(role) is None:
        store.add_user(role, role, hash_password(password))
    else:
        store.change_user(role, password_hash=hash_password(password))
    return password


def main(folder: Path) -> None:
    """Print log-ins and the first look, then serve until Ctrl-C."""
    location = folder / "helsinki.gpkg"
    lang = language(os.environ.get("GCVAG_LANG"))
    with closing(open_store(str(location))) as store:
        logins = {role: admit(store, role) for role in ROLES}
    print(say("cli", "demo.logins", lang))
    for role, password in logins.items():
        print(f"  {role:<10} {password}")
    print(say("cli", "demo.look", lang))
    for step in range(1, STEPS + 1):
        print(f"  {step}. {say('cli', f'demo.look.{step}', lang)}")
    print(flush=True)
    police = folder / "helsinki.police.gpkg"
    run(build(lang), ["serve", str(location), "--police-store", str(police)], lang)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
