"""Which segments did people draw, cut, move and join, and which operations belong together?

Each is an operation like any other: it stands until it is taken back. What belongs together is
done together: a segment, the parts cut from it, what was joined to it and what sources made of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from gis import crs
from gis.marks.drawn import KIND as DRAWN
from gis.marks.drawn import drawn_by, line_of
from gis.marks.shape import is_place
from gis.marks.standing import undone_by
from gis.marks.surviving import successors
from gis.network.redrawn import Joint, Move
from gis.network.splits import Cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gis.marks.drawn import Drawn
    from gis.network.redrawn import Edit
    from gis.store import Revision, Store

STANDING: Final = ("applied", "conflict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Segments that belong together, by id, and all that people ever did to them, in order."""

    ids: tuple[str, ...]
    edits: tuple[Edit, ...]


@dataclass(frozen=True, kw_only=True)
class Edits:
    """Every operation on lines ever said, in order.

    `standing` are those to be done, `clashing` those that somebody else's stands against;
    `after` is what sources made of segments.
    """

    told: tuple[Edit, ...]
    standing: frozenset[str]
    clashing: frozenset[str]
    drawn: tuple[Drawn, ...] = ()
    after: Mapping[str, Iterable[str]]

    @cached_property
    def families(self) -> dict[str, Family]:
        """The family of each segment that belongs to one."""
        links = self._links()
        edits: dict[str, list[tuple[int, Edit]]] = defaultdict(list)
        for at, one in enumerate(self.told):
            edits[one.segment_id].append((at, one))
        found: dict[str, Family] = {}
        for start in links:
            if start not in found:
                ids = _reached(start, links)
                theirs = sorted(pair for name in ids for pair in edits.get(name, ()))
                family = Family(ids=tuple(ids), edits=tuple(one for _, one in theirs))
                found |= dict.fromkeys(ids, family)
        return found

    def _links(self) -> dict[str, set[str]]:
        """Say which segments stand beside which: by an operation, or by what sources did."""
        links: dict[str, set[str]] = {}
        pairs = [(one.segment_id, _other(one)) for one in self.told]
        asked = [name for pair in pairs for name in pair]
        seen = set(asked)
        while asked:
            name = asked.pop()
            for heir in self.after.get(name, ()):
                pairs.append((name, heir))
                if heir not in seen:
                    seen.add(heir)
                    asked.append(heir)
        for one, two in pairs:
            links.setdefault(one, set()).add(two)
            links.setdefault(two, set()).add(one)
        return links

    def parts(self) -> set[str]:
        """Return the ids of all parts ever cut from a segment."""
        return {one.child_id for one in self.told if isinstance(one, Cut)}

    def family(self, segment_id: str) -> list[str]:
        """Return the ids of a segment's family, itself first."""
        family = self.families.get(segment_id)
        return (
            [segment_id, *(one for one in family.ids if one != segment_id)]
            if family
            else [segment_id]
        )

    def wholes(self, segment_id: str) -> Iterator[str]:
        """Go from a part to what it was cut from, and from what was joined to what it went into."""
        into = {_other(one): one.segment_id for one in self.told if _other(one) != one.segment_id}
        seen: set[str] = set()
        while (segment_id := into.get(segment_id, "")) and segment_id not in seen:
            seen.add(segment_id)
            yield segment_id

    def touch(self, segment_ids: Iterable[str]) -> bool:
        """Tell whether people ever drew or changed the line of any of the segments."""
        changed = self.families.keys() | {one.segment_id for one in self.drawn}
        return not changed.isdisjoint(segment_ids)

    def paths(self) -> list[Drawn]:
        """Return the drawn paths that stand."""
        return [one for one in self.drawn if one.op_id in self.standing]

    def changing(self) -> list[Family]:
        """Return the families of which some operation stands or waits for an answer."""
        wanted = self.standing | self.clashing
        unique = {family.ids: family for family in self.families.values()}
        return [
            family
            for _, family in sorted(unique.items())
            if any(one.op_id in wanted for one in family.edits)
        ]


def read_edits(store: Store, epsg: int) -> Edits:
    """Read what people did to lines out of the history.

    Parameters
    ----------
    store
        The public store.
    epsg
        Its working CRS.
    """
    told = store.revisions("observation", saying=_SAYING)
    revisions = [r for r in told if r.body["result"] in STANDING]
    undone = {undone_by(r.body) for r in revisions if r.body["kind"] == "undo"}
    kept = {str(r.op_id): r for r in revisions if r.op_id not in undone}
    lineage = store.lineage() if any(r.body["kind"] in _MADE for r in revisions) else []
    return Edits(
        told=tuple(one for r in revisions if (one := _edit(r, epsg)) is not None),
        standing=frozenset(name for name, r in kept.items() if not _clashes(r)),
        clashing=frozenset(name for name, r in kept.items() if _clashes(r)),
        drawn=tuple(drawn_by(revisions, epsg)),
        after=successors(lineage),
    )


def _clashes(revision: Revision) -> bool:
    """Tell an operation that somebody else's stands against; marks and cuts stand beside others."""
    return revision.body["result"] == "conflict" and revision.body["kind"] in ("move", "join")


def _edit(revision: Revision, epsg: int) -> Edit | None:
    """Read an operation on a line; None for any other."""
    make = _MADE.get(revision.body["kind"])
    return None if make is None else make(revision, epsg)


def _cut(revision: Revision, epsg: int) -> Cut | None:
    """Read where a cut was said to be: the point that was shown, else the position."""
    told = (revision.body.get("fields") or {}).get("point") or revision.body.get("fix") or {}
    if not is_place(told):
        return None
    point = _points([[float(told["lon"]), float(told["lat"])]], epsg)
    return Cut(**_named(revision), point=shapely.Point(point[0]), before=_before(revision, epsg))


def _move(revision: Revision, epsg: int) -> Move:
    line = line_of(revision.body["fields"]["line"], epsg)
    return Move(**_named(revision), line=line, before=_before(revision, epsg))


def _before(revision: Revision, epsg: int) -> shapely.LineString | None:
    """Read the line that a segment had when it was cut or moved."""
    before = revision.body.get("before")
    return None if before is None else line_of(before, epsg)


def _join(revision: Revision, _: int) -> Joint:
    return Joint(**_named(revision), other_id=str(revision.body["fields"]["with"]))


_MADE: Final = {"split": _cut, "move": _move, "join": _join}


_SAYING: Final = tuple(f'"kind":"{kind}"' for kind in (*_MADE, DRAWN, "undo"))
"""What the bodies hold of operations on lines, and of what takes them back."""


def _named(revision: Revision) -> dict[str, Any]:
    return {
        "op_id": str(revision.op_id),
        "segment_id": revision.entity_id,
        "at": revision.at,
    }


def _points(degrees: list[list[float]], epsg: int) -> np.ndarray[Any, Any]:
    """Move places into the working CRS."""
    lon, lat = np.array(degrees, dtype="float64").T
    return np.column_stack(crs.project(lon, lat, source=crs.WGS84, target=epsg))


def _other(one: Edit) -> str:
    """Return the other segment of an operation; itself where there is none."""
    if isinstance(one, Cut):
        return one.child_id
    return one.other_id if isinstance(one, Joint) else one.segment_id


def _reached(start: str, links: Mapping[str, set[str]]) -> list[str]:
    """List all that hangs together with a segment, in order of id."""
    found, asked = {start}, [start]
    while asked:
        new = links[asked.pop()] - found
        found |= new
        asked += new
    return sorted(found)
