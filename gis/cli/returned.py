"""How does the import of marks speak?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from gis.cli.common import out, tell, text

if TYPE_CHECKING:
    from pathlib import Path

    from gis.inventory.returned import Returned
    from gis.words import Language

SOMEBODY: Final = "qfield"
"""Who saw what a file says, where nobody is named with ``--source``."""
SHOWN: Final = 20


def take_marks(
    location: str, file: Path, who: str | None, lang: Language, *, dry_run: bool, still: bool
) -> Returned:
    """Keep the marks of a returned file, or only look at them."""
    from gis.inventory.returned import import_marks, look_at_marks
    from gis.store import open_store

    # A file that is refused leaves nothing behind, no name either: it is looked at first.
    seen = look_at_marks(file, lang)
    if dry_run:
        return seen
    with closing(open_store(location)) as store:
        author = store.person(who or SOMEBODY)
        return import_marks(store, file, author=author, lang=lang, still=still)


def tell_marks(file: Path, found: Returned, lang: Language, *, as_json: bool) -> None:
    """Say what became of the rows; those that do not stand are named, twenty of them."""
    told = found.to_dict()
    if as_json:
        out(told)
        return
    tell(text(lang, "import.marks", file=file.name, **told["counts"]))
    asked = [row for row in told["rows"] if row["result"] in ("conflict", "invalid")]
    for row in asked[:SHOWN]:
        tell("  " + text(lang, "import.markrow", row=row["row"], reason=row["reason"]))
    if len(asked) > SHOWN:
        tell(text(lang, "import.morefaults", n=len(asked) - SHOWN))
