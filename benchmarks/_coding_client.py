"""One coder's browser: sends the requests it is given one after the other and says how long each took.

Read from standard input as JSON: `port`, `headers`, `start` (the moment to begin, seconds since 1970), and `requests`
(kind, method, path, body). Printed as JSON: milliseconds by kind.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from typing import Any


def main(job: dict[str, Any]) -> dict[str, list[float]]:
    connection = http.client.HTTPConnection("127.0.0.1", job["port"], timeout=60)
    connection.connect()
    took: dict[str, list[float]] = {}
    time.sleep(max(0.0, job["start"] - time.time()))
    for kind, method, path, body in job["requests"]:
        content = None if body is None else json.dumps(body).encode()
        started = time.perf_counter()
        connection.request(method, path, content, job["headers"])
        answer = connection.getresponse()
        told = answer.read()
        took.setdefault(kind, []).append(1000 * (time.perf_counter() - started))
        if answer.status != 200 or b'"saved":false' in told:
            raise SystemExit(f"{method} {path}: {answer.status} {told[:300]!r}")
    return took


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
