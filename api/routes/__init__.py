"""Which groups of routes are there?

To add one: a file with a ``router`` and its name in ``GROUPS``; every route also needs a row in
``api/auth/roles.csv``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.routes import (
    assets,
    decide,
    features,
    health,
    measures,
    ogc,
    pages,
    review,
    segments,
    status,
    sync,
)

if TYPE_CHECKING:
    from fastapi import APIRouter

GROUPS: Final[tuple[APIRouter, ...]] = (
    health.router,
    ogc.router,
    features.router,
    status.router,
    decide.router,
    segments.router,
    sync.router,
    measures.router,
    pages.router,
    pages.data,
    review.router,
    review.data,
    assets.router,
)
