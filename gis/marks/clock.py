"""Which moment is meant by a time that a person or a phone wrote?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

LOCAL: Final = ZoneInfo("Europe/Stockholm")


def moment(text: str) -> datetime:
    """Read a time in ISO 8601; one without a zone is local.

    Returns
    -------
    at
        In UTC; a day alone is its first minute.

    Raises
    ------
    ValueError
        If it is no time.

    Examples
    --------
    >>> moment("2026-11-22T08:00").isoformat(), moment("2026-11-22T08:00Z").isoformat()
    ('2026-11-22T07:00:00+00:00', '2026-11-22T08:00:00+00:00')
    """
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=LOCAL)).astimezone(UTC)
