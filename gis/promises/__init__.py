"""How far are the promises of police and municipality kept?

``load`` reads the promise table, ``count`` answers for a year and a viewer, ``counts_for`` tells
whether a new measure counts, ``publish`` lets police figures out after their delay.
"""

from __future__ import annotations

from gis.promises.answer import Asked, count
from gis.promises.inventory import InventoryFigures, inventory_figures
from gis.promises.own import in_force, keep_table
from gis.promises.publish import figures, publish, publish_due, published
from gis.promises.reading import answers, follow_up, measures
from gis.promises.records import (
    MEASURE_KINDS,
    Control,
    Figure,
    Measure,
    Records,
    control_of,
    figure_of,
    measure_of,
)
from gis.promises.settings import PromiseSettings, from_area, from_profile
from gis.promises.standing import Standing, counts_for
from gis.promises.table import PromiseRow, load
from gis.promises.tally import Viewer

__all__ = [
    "MEASURE_KINDS",
    "Asked",
    "Control",
    "Figure",
    "InventoryFigures",
    "Measure",
    "PromiseRow",
    "PromiseSettings",
    "Records",
    "Standing",
    "Viewer",
    "answers",
    "control_of",
    "count",
    "counts_for",
    "figure_of",
    "figures",
    "follow_up",
    "from_area",
    "from_profile",
    "in_force",
    "inventory_figures",
    "keep_table",
    "load",
    "measure_of",
    "measures",
    "publish",
    "publish_due",
    "published",
]
