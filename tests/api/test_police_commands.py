"""Do the commands that hold the police store publish what is due, and nothing more?"""

from __future__ import annotations

import json
import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.cli import build
from gis.controls import open_police, records
from gis.controls.access import reads
from gis.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

SITES = ("sites", "--kind", "driver", "-n", "1")
REPORT = ("report", "--year", "2026", "-o")


def hold(location: Path, days: int) -> str:
    """Keep a control that ended some days ago in the police store beside a store."""
    now = datetime.now(UTC)
    begun = now - timedelta(days=days, hours=1)
    told = {
        "kind": "driver",
        "segment_id": "s000000000000000",
        "reason": "event",
        "started_at": begun.isoformat(),
        "ended_at": (begun + timedelta(hours=1)).isoformat(),
        "note": "Vid skolan",
    }
    police = str(location.with_suffix(".police.gpkg"))
    with (
        closing(open_store(str(location))) as public,
        closing(open_police(police, public)) as secret,
    ):
        return records.add_control(secret, told, author="o1", now=now)


def published(location: Path) -> list[str]:
    """Read the published figures as text."""
    with closing(open_store(str(location))) as store:
        return [str((one.entity_id, one.body)) for one in store.revisions("control_figure")]


@pytest.mark.parametrize(
    "words", [SITES, ("promises",), REPORT], ids=["sites", "promises", "report"]
)
@pytest.mark.parametrize("days", [29, 31])
def test_a_command_publishes_what_is_due(location: Path, words: tuple[str, ...], days: int) -> None:
    control_id = hold(location, days)
    command, *more = words
    if command == "report":
        more.append(str(location.with_suffix(".pdf")))
    done = CliRunner().invoke(build("sv"), [command, str(location), *more])
    assert done.exit_code == 0, done.output
    shown = published(location)
    assert len(shown) == (days > 30)
    assert all("'driver_controls'" in one and "'counted': 1" in one for one in shown)
    assert not [one for one in shown if control_id in one or "skolan" in one]


def test_without_a_police_store_none_is_made_by_reading(location: Path) -> None:
    for words in (["promises", str(location)], ["report", str(location), "--year", "2026", "-o",
                                                str(location.with_suffix(".pdf"))]):  # fmt: skip
        assert CliRunner().invoke(build("sv"), words).exit_code == 0
    assert not location.with_suffix(".police.gpkg").exists()


OWN = (
    "id,clause,label_sv,unit,period,target,counting_rule,recorded_by,evidence,public_delay\n"
    "training,Two days,Två utbildningsdagar,days,calendar_year,2,one a day,planner,record,P0D\n"
)


def test_a_municipality_hands_in_its_own_promises(location: Path) -> None:
    file = location.with_suffix(".csv")
    file.write_text(OWN, encoding="utf-8")
    words = ["promises", str(location), "--table", str(file), "--from", "2026-01-01", "--json"]
    for year, n in (("2026", 1), ("2025", 16)):
        done = CliRunner().invoke(build("sv"), [*words, "--year", year])
        assert done.exit_code == 0, done.output
        assert len(json.loads(done.stdout)["promises"]) == n


def test_a_read_by_command_stands_in_the_log_under_the_account_of_the_computer(
    location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "anna")
    sites, figures = ["sites", str(location), "--kind", "driver"], ["promises", str(location)]
    for words in (sites, figures):
        assert CliRunner().invoke(build("sv"), words).exit_code == 0
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)  # a container without accounts
    assert CliRunner().invoke(build("sv"), figures).exit_code == 0
    with (
        closing(open_store(str(location))) as public,
        closing(open_police(str(location.with_suffix(".police.gpkg")), public)) as secret,
    ):
        told = [(one["user"], one["route"]) for one in reads(secret, public.names())]
        assert "anna" not in public.names().values()
    assert told == [
        ("anna", "gcvag sites"), ("anna", "gcvag promises"),
        (f"uid {os.getuid()}", "gcvag promises"),
    ]  # fmt: skip


def test_visits_are_drawn_by_command_and_repeated_by_the_seed(location: Path) -> None:
    period = ["--draw", "2027-01-01", "2027-01-31", "3"]
    words = ["sites", str(location), "--kind", "driver", *period, "--seed", "7", "--json"]
    told = [json.loads(CliRunner().invoke(build("sv"), words).stdout)["draw"] for _ in range(2)]
    assert told[0]["visits"] == told[1]["visits"]
    assert len(told[0]["visits"]) == 3
    spoken = CliRunner().invoke(build("sv"), words[:-1]).stdout
    assert "Lottade besök, frö 7" in spoken
    assert told[0]["visits"][0]["day"] in spoken
