"""Is a computed layer noticed that does not say what its inputs give?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gis import areas, inventory
from gis.inventory.proving import derived_faults
from gis.store import create_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store import Store

TOWN = """<osm version="0.6">
<node id="1" lat="56.1610" lon="15.5860" version="1"/>
<node id="2" lat="56.1612" lon="15.5880" version="1"/>
<node id="3" lat="56.1620" lon="15.5881" version="1"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="cycleway"/></way>
<way id="2" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="footway"/></way>
</osm>"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give the inventory of two paths."""
    file = tmp_path / "town.osm"
    file.write_text(TOWN, encoding="utf-8")
    with closing(create_store(tmp_path / "t.gpkg", areas.load("karlskrona").to_json())) as made:
        inventory.import_file(made, file)
        inventory.update(made)
        yield made


def test_layers_that_come_from_their_inputs_are_proved(store: Store) -> None:
    assert store.count("segments") == 2
    assert derived_faults(store) == []


def test_a_row_that_is_not_what_its_inputs_give_is_named(store: Store) -> None:
    row = store.layer("segments", limit=1)
    store.update_layers({"segments": row.assign(path_class="gangbana", reason_sv="Nej.")})
    state = store.layers_state()
    (fault,) = derived_faults(store)
    assert (fault.code, fault.message.split(";")[0]) == (
        "derived",
        "layer segments: 2 rows differ from what is kept",
    )
    assert store.layers_state() == state


def test_a_store_that_waits_for_an_update_has_nothing_to_prove(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "town.osm"
    file.write_text(TOWN.replace("cycleway", "path"), encoding="utf-8")
    inventory.import_file(store, file)
    assert derived_faults(store) == []
