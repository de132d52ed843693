"""Which errors does ``gis`` raise?

Each message is one sentence for a person: what is wrong, where, and what would be right.

GisError           exit 1: the data or the request is at fault
├── CodeError      a value is not in its code list
├── RuleError      a rule table contradicts itself or names something unknown
├── LayerError     a layer breaks its contract (column, type, CRS, geometry)
├── AreaError      an area profile lacks something or is wrong
├── SourceError    a delivered file cannot be read or is not what it says
├── NotFoundError  a thing that was asked for does not exist
└── StoreError     exit 3: the store is at fault
"""

from __future__ import annotations


class GisError(Exception):
    """The data or the request is at fault; the message names what, where and the remedy."""

    exit_code: int = 1


class CodeError(GisError):
    """A value is not in its code list."""


class RuleError(GisError):
    """A rule table contradicts itself or names something unknown."""


class LayerError(GisError):
    """A layer breaks its contract."""


class AreaError(GisError):
    """An area profile lacks something or is wrong."""


class SourceError(GisError):
    """A delivered file cannot be read or is not what it says."""


class NotFoundError(GisError):
    """A thing that was asked for does not exist."""


class StoreError(GisError):
    """The store is missing, damaged, locked or from another version."""

    exit_code: int = 3
