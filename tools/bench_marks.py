"""How long until a mark that is sent over HTTP is durable, and until it can be read?

One inspector sends one mark at a time and then reads it from the collection of observations; the
answer to a mark means that it is on the disk. First while the server is at rest, as outdoors, then
one upon the other, while what stands around the marks before is still computed. Use: ``python -m
tools.bench_marks STORE``; the store is copied, the copy is marked.
"""

from __future__ import annotations

import http.client
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gis.store import open_store
from tools.bench import GCVAG, row
from tools.bench_peers import free_port, server

ROUNDS: Final = 30
WARM: Final = 3
REST_S: Final = 2.0
SEED: Final = 1
NAME: Final = "bench"
PASSWORD: Final = "a password of the benchmark"  # noqa: S105 - of a copy that is thrown away


def copied(store: Path, folder: Path) -> Path:
    """Copy a store with what belongs to it, and admit an inspector."""
    for part in filter(Path.is_file, store.parent.glob(f"{store.name}*")):
        shutil.copy(part, folder / part.name)
    copy = folder / store.name
    words = [str(GCVAG), "user", "add", str(copy), NAME, "--role", "inspector", "--password-stdin"]
    subprocess.run(words, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
    return copy


def token(store: Path) -> str:
    """Ask for a token of the inspector."""
    words = [str(GCVAG), "token", "add", str(store), NAME]
    told = subprocess.run(words, check=True, capture_output=True, text=True)
    return str(told.stdout.split()[-1])


def sent(line: http.client.HTTPConnection, key: str, segment_id: str) -> tuple[float, float]:
    """Send a mark, then read it: seconds to the answer, and until the mark is seen."""
    mark = {
        "op_id": str(uuid.uuid4()), "kind": "mark", "segment_id": segment_id, "base_version": None,
        "fields": {"path_class": "gangbana"}, "observed_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    body = json.dumps({"device": NAME, "operations": [mark]})
    head = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    began = time.perf_counter()
    line.request("POST", "/api/sync", body, head)
    (result,) = json.loads(line.getresponse().read())["operations"]
    answered = time.perf_counter() - began
    line.request("GET", f"/ogc/collections/observations/items/{mark['op_id']}", headers=head)
    seen = json.loads(line.getresponse().read())
    if result["result"] != "applied" or seen["properties"]["segment_id"] != segment_id:
        msg = f"the mark of {segment_id} is {result['result']} and reads {seen}"
        raise RuntimeError(msg)
    return answered, time.perf_counter() - began


def main() -> None:
    """Measure both and print one JSON object a line."""
    store = Path(sys.argv[1])
    with closing(open_store(store)) as known:
        ids = sorted(known.narrow("segments", ["segment_id"], limit=None).columns["segment_id"])
    dice = random.Random(SEED)  # noqa: S311 - the same segments in every run
    with tempfile.TemporaryDirectory() as name:
        copy = copied(store, Path(name))
        key, port = token(copy), free_port()
        with server(port, "/ready", GCVAG, "serve", copy, "--port", str(port)):
            for how, rest in (("at_rest", REST_S), ("in_a_row", 0.0)):
                took = []
                for segment_id in dice.sample(ids, WARM + ROUNDS):
                    time.sleep(rest)
                    with closing(http.client.HTTPConnection("127.0.0.1", port)) as line:
                        line.connect()
                        took.append(sent(line, key, segment_id))
                answered, seen = zip(*took[WARM:], strict=True)
                row(f"mark_durable_{how}", statistics.median(answered) * 1000, "ms", len(ids))
                row(f"mark_visible_{how}", statistics.median(seen) * 1000, "ms", len(ids))


if __name__ == "__main__":
    main()
