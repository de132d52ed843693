"""Which groups of routes are there?

To add one: a file with a ``router`` and its name in ``GROUPS``; every route also needs a row in
``api/auth/roles.csv``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.routes import (
    assets,
    decide,
    edits,
    errands,
    features,
    field,
    health,
    imports,
    measures,
    messages,
    metrics,
    ogc,
    pages,
    photos,
    police,
    review,
    segments,
    signwork,
    status,
    sync,
    tiles,
)

if TYPE_CHECKING:
    from fastapi import APIRouter

GROUPS: Final[tuple[APIRouter, ...]] = (
    features.router,  # read most often, so looked for first
    health.router,
    ogc.router,
    edits.router,
    tiles.router,
    status.router,
    decide.router,
    segments.router,
    sync.router,
    measures.router,
    police.router,
    police.pages,
    photos.sending,
    photos.router,
    messages.router,
    imports.router,
    imports.reading,
    metrics.router,
    pages.router,
    pages.data,
    review.router,
    review.data,
    errands.router,
    signwork.router,
    signwork.data,
    field.router,
    field.data,
    assets.router,
)
