"""Do the computed layers come out the same when they are computed again?

The store is copied, the copy is updated as a whole, and every rendered feature of every public
layer is compared. The store itself is only read.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gis.inventory.behind import catch_up
from gis.inventory.publish import KEYS
from gis.inventory.refresh import is_current, update
from gis.store import restore
from gis.store.base import Fault
from gis.store.past import has_past

if TYPE_CHECKING:
    from gis.store import Store


def derived_faults(store: Store) -> list[Fault]:
    """Compare the computed layers with what their inputs give now.

    Parameters
    ----------
    store
        A public store; one that was never updated, or waits for an update, has nothing to prove.

    Returns
    -------
    faults
        One for each layer that differs, with the number of rows.
    """
    if not store.layer_names() or not is_current(store):
        return []
    with TemporaryDirectory() as folder:
        store.backup(Path(folder) / "kept")
        with closing(restore(Path(folder) / "kept", Path(folder) / "copy.gpkg")) as copy:
            _bring_layers(store, copy)
            catch_up(copy)
            before = _features(copy)
            update(copy)
            after = _features(copy)
    return [
        Fault("derived", f"layer {name}: {count} rows differ from what is kept; run gcvag update")
        for name in sorted({*before, *after})
        if (count := len(before.get(name, set()) ^ after.get(name, set())))
    ]


def _bring_layers(store: Store, copy: Store) -> None:
    """Copy the layers that a backup does not hold: those of a store in a database."""
    held = set(copy.layer_names())
    missing = [name for name in store.layer_names() if name in KEYS and name not in held]
    if missing:
        copy.replace_layers({name: store.layer(name) for name in missing}, keys=KEYS)


def _features(store: Store) -> dict[str, set[bytes]]:
    names = [name for name in store.layer_names() if name in KEYS and has_past(name)]
    return {name: set(store.features(name)) for name in names}
