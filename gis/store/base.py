"""What does every store promise, whatever its engine?

Times are aware datetimes in UTC, bodies are JSON objects, geometry is in the working CRS of the
area. Nothing here knows SQL. An engine that keeps this promise passes the scenario tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, TypedDict, Unpack

from gis.store.records import (
    Body,
    BodyError,
    Delivery,
    Entry,
    Fault,
    Idem,
    Item,
    Kept,
    Lineage,
    RepeatedKeyError,
    Revision,
    StoreBusyError,
    StoreFullError,
    Token,
    User,
    VersionConflictError,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    import geopandas as gpd
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import shapely

    from gis.store.onerow import Cell
    from gis.store.tilereading import Narrow

__all__ = [
    "Body",
    "BodyError",
    "Box",
    "Delivery",
    "Entry",
    "Fault",
    "Frame",
    "Idem",
    "Item",
    "Kept",
    "Lineage",
    "Page",
    "RepeatedKeyError",
    "Revision",
    "Store",
    "StoreBusyError",
    "StoreFullError",
    "Token",
    "User",
    "VersionConflictError",
]

Box: TypeAlias = "tuple[float, float, float, float]"
Frame: TypeAlias = "pd.DataFrame | gpd.GeoDataFrame"


class Page(TypedDict, total=False):
    """Which rows of a layer, and of when: `limit` rows after the key `after`, as of a time."""

    limit: int | None
    after: str | None
    as_of: datetime | None


class History(Protocol):
    """Revisions: appended, read, never changed."""

    def append(self, entries: Sequence[Entry]) -> list[Revision]:
        """Append all entries in one durable transaction, or none.

        Raises
        ------
        VersionConflictError
            If an entry's `expected_version` does not stand.
        RepeatedKeyError
            If an `op_id` came before with other content.
        BodyError
            If a body is no JSON object the history can keep.
        """

    def revisions(
        self,
        entity: str | None = None,
        entity_id: str | Collection[str] | None = None,
        *,
        as_of: datetime | None = None,
        after: int = 0,
        limit: int | None = None,
        saying: Collection[str] = (),
    ) -> list[Revision]:
        """Read revisions in order, those recorded by `as_of`, with `seq` above `after`.

        `entity_id` names one thing or several; of `saying`, the text of the body holds one.
        """

    def state(self, entity: str, *, as_of: datetime | None = None) -> dict[str, Revision]:
        """Read the latest revision of every id of an entity, in order of first appearance."""

    def latest(
        self, entity: str, entity_id: str, *, as_of: datetime | None = None
    ) -> Revision | None:
        """Read the latest revision of one thing."""

    def revision_of(self, op_id: str) -> Revision | None:
        """Read the revision that an operation made."""

    def head(self) -> tuple[int, str]:
        """Read number and hash of the last revision; (0, genesis) when there is none."""

    def transaction(self) -> AbstractContextManager[None]:
        """Hold the writer: what is read and written inside is one transaction, kept at its end."""


class People(Protocol):
    """Names, log-ins and tokens: outside the chain, so that a person can be forgotten."""

    def person(self, name: str) -> str:
        """Give the opaque id of a name, made at first sight."""

    def names(self) -> dict[str, str]:
        """Read the name of every opaque id; a forgotten one has none."""

    def forget(self, author: str) -> None:
        """Erase name, log-in and tokens of a person; the history stays whole."""

    def add_user(self, name: str, role: str, password_hash: str | None) -> User:
        """Add a log-in; GisError when the name is taken."""

    def user(self, name: str) -> User | None:
        """Read one log-in."""

    def users(self) -> list[User]:
        """Read all log-ins, by name."""

    def change_user(
        self,
        name: str,
        *,
        role: str | None = None,
        password_hash: str | None = None,
        disabled: bool | None = None,
    ) -> User:
        """Change what is given; NotFoundError when there is no such log-in."""

    def add_token(self, token_hash: str, user: str, scope: str, label: str = "") -> Token:
        """Keep the hash of a token."""

    def token(self, token_hash: str) -> Token | None:
        """Read one token by its hash, revoked or not."""

    def tokens(self, user: str | None = None) -> list[Token]:
        """Read tokens in order of making."""

    def revoke_token(self, token_hash: str) -> None:
        """Mark a token as revoked."""


class Shelf(Protocol):
    """Settings, idempotency keys, and items that may be dropped again."""

    def meta(self, key: str) -> str | None:
        """Read one setting of the store."""

    def set_meta(self, key: str, value: str) -> None:
        """Write one setting of the store."""

    def claim(self, idem: Idem) -> Idem | None:
        """Take an idempotency key; None when it is new, else what stands under it.

        Raises
        ------
        RepeatedKeyError
            If the key stands with another body.
        """

    def answer(self, idem: Idem) -> None:
        """Keep status and answer under a key that was claimed."""

    def release(self, idem: Idem) -> None:
        """Give an unanswered key back, after a failure that kept nothing."""

    def keep_item(self, shelf: str, key: str, body: bytes, meta: Body | None = None) -> None:
        """Keep or replace an item."""

    def beside(self) -> str:
        """Digest what stands outside the history: people, log-ins, photos, messages."""

    def item(self, shelf: str, key: str) -> Item | None:
        """Read one item."""

    def items(self, shelf: str) -> list[Item]:
        """Read every item of a shelf without its bytes, oldest first."""

    def drop_item(self, shelf: str, key: str) -> bool:
        """Drop an item for good; False when there was none."""


class Deliveries(Protocol):
    """Files as they came, and what a reader made of them."""

    def keep_delivery(
        self,
        delivery: Delivery,
        raw: bytes,
        blobs: Mapping[str, bytes],
        *,
        reader_version: str = "1",
    ) -> Kept:
        """Keep a file for ever; the newest of its kind and source again makes no revision."""

    def deliveries(self, *, as_of: datetime | None = None) -> list[Delivery]:
        """Read what was delivered, oldest first; a file delivered again counts as its newest."""

    def delivery_raw(self, delivery_id: str) -> bytes:
        """Read the file as it came."""

    def delivery_blobs(self, delivery_id: str, reader_version: str = "1") -> dict[str, bytes]:
        """Read what a reader made of the file; empty when that reader has not read it."""

    def put_delivery_blobs(
        self, delivery_id: str, blobs: Mapping[str, bytes], reader_version: str = "1"
    ) -> None:
        """Keep what a reader made of the file, in place of other readers' work."""

    def keep_lineage(self, rows: Sequence[Lineage]) -> None:
        """Remember what became of segments; append-only."""

    def lineage(self, segment_id: str | None = None) -> list[Lineage]:
        """Read what became of a segment, or of all, in order."""


class Layers(Protocol):
    """Computed layers: replaced or updated as a whole, read by window."""

    def replace_layers(
        self,
        layers: Mapping[str, Frame] | Iterable[Mapping[str, Frame]],
        *,
        keys: Mapping[str, str],
        indexes: Mapping[str, Sequence[str]] | None = None,
    ) -> int:
        """Replace these layers in one transaction and give the new state number.

        Of several groups each may be made and written by a process of its own, from when it is
        given, while the next is being made.

        `keys` names the unique text column of each layer, `indexes` further columns to look up by.
        Layers not named stay. A geometry column makes a feature layer, none makes a table.
        """

    def update_layers(
        self, changed: Mapping[str, Frame], *, removed: Mapping[str, Sequence[str]] | None = None
    ) -> int:
        """Replace single rows by key and take away others, in one transaction."""

    def put_row(
        self, name: str, cells: Mapping[str, Cell], shape: shapely.Geometry | None = None
    ) -> int:
        """Write some cells of one row; a row that is not there is made, its other cells null.

        `cells` holds values as a table takes them: times as text, lists and objects as JSON. The
        geometry stays where `shape` is None. Its key is among the cells.
        """

    def put_style(self, name: str, qml: str) -> None:
        """Keep the style that QGIS opens a layer with, in place of the one before."""

    def layer_names(self) -> list[str]:
        """Read the names of the computed layers."""

    def layers_state(self) -> int:
        """Read the number that grows with every replace and update (for caches and ETags)."""

    def layer(
        self,
        name: str,
        *,
        bbox: Box | None = None,
        ids: Sequence[str] | None = None,
        where: Mapping[str, Sequence[str | float]] | None = None,
        **page: Unpack[Page],
    ) -> gpd.GeoDataFrame:
        """Read rows of a layer, in stored order with `bbox` in the working CRS.

        `limit` and `after` page by key; a page stands in the order of the key. `as_of` gives what
        was recorded by then, and nothing before the layer's first state; a layer that is only
        worked on has no past.
        """

    def table(self, name: str) -> pd.DataFrame:
        """Read a layer without geometry."""

    def features(
        self,
        name: str,
        *,
        bbox: Box | None = None,
        limit: int | None = None,
        after: str | None = None,
        as_of: datetime | None = None,
    ) -> list[bytes]:
        """Read rows as rendered GeoJSON features (CRS84), in the order of the key."""

    def feature(self, name: str, key: str, *, as_of: datetime | None = None) -> bytes | None:
        """Read one rendered GeoJSON feature."""

    def count(self, name: str, *, bbox: Box | None = None, as_of: datetime | None = None) -> int:
        """Count the rows of a layer."""

    def extent(self, name: str) -> Box | None:
        """Measure the box of a layer in the working CRS; None when it is empty."""

    def narrow(
        self,
        name: str,
        columns: Sequence[str],
        *,
        bbox: Box | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Narrow:
        """Read geometries and some columns: of a window, or page by page by key."""

    def changed_since(self, name: str, state: int) -> npt.NDArray[np.float64] | None:
        """Measure the boxes of rows that came or went after a state; None: anywhere."""


class Store(History, People, Shelf, Deliveries, Layers, Protocol):
    """Everything an inventory keeps."""

    @property
    def location(self) -> str:
        """The path or address it was opened by."""

    @property
    def kind(self) -> str:
        """``public`` or ``police``."""

    @property
    def store_id(self) -> str:
        """An id minted when the store was made."""

    @property
    def backups(self) -> Path:
        """The folder beside the store's files that its own backups lie in."""

    def area_json(self) -> str:
        """Read the area profile the store was made for."""

    def put_area(self, area_json: str) -> None:
        """Take another profile of the same area; who has the store open elsewhere opens it anew."""

    def verify(self) -> list[Fault]:
        """Look for faults: file, triggers, chain, head, files, layers; empty is good."""

    def occupy(self) -> None:
        """Be the one server of this store until it is closed; StoreBusyError when another is."""

    def backup(self, folder: Path) -> Path:
        """Write an online backup with manifest and hashes into `folder`."""

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
