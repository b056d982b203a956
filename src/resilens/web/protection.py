"""What is refused before any page is asked, and what does every answer carry?

The workbench answers on this machine alone. Another site that is open in the same browser must be able neither to
write here nor to read; so the host is checked, writes must come from our own pages, and every answer, errors too,
forbids scripts, styles, pictures and connections that are not its own.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qs

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
"""What every answer carries, unless a route says otherwise of its own answer."""

READS = ("GET", "HEAD")
MOST_BYTES = 256 << 20
"""Of one request: a recording that is added must fit."""

_WORDS = {
    400: "This server answers under its own address on this machine only; open the link that `resilens serve` printed.",
    403: "This did not come from a page of this workbench, so nothing was written.",
    409: "Another version of Resilens runs now. Nothing was written; reload the page and do it again.",
    413: "This is too large to be sent in one piece; use `resilens add` on the command line.",
}


class Protection:
    """The application, behind these checks.

    Parameters
    ----------
    application
        What answers.
    hosts
        `host:port` under which it may be asked.
    build
        The build of its pages; a write from a page of another build is refused.
    """

    def __init__(self, application: Application, hosts: Iterable[str], build: str) -> None:
        self._application = application
        self._hosts = frozenset(hosts)
        self._build = build

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name.lower() for name, _ in message["headers"]}
                added = [(name.encode(), value.encode()) for name, value in HEADERS.items()
                         if name.encode() not in named]  # fmt: skip
                message["headers"] = [*message["headers"], *added]
            await send(message)

        refused = self._refused(scope)
        if refused:
            await _refuse(refused, scope, guarded)
        else:
            await self._application(scope, receive, guarded)

    def _refused(self, scope: Scope) -> int:
        """The status with which a request is refused; 0 where it is not."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if host not in self._hosts:
            return 400
        if scope["method"] in READS:
            return 0
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        ours = f"http://{host}"
        if origin not in (None, ours) or site not in (None, "same-origin") or (origin is None and site is None):
            return 403
        if not headers.get("content-length", "").isdecimal() or int(headers["content-length"]) > MOST_BYTES:
            return 413
        given = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])
        return 0 if given == [self._build] else 409


async def _refuse(status: int, scope: Scope, send: Send) -> None:
    """Answer in words: JSON where a script asked, text otherwise."""
    by_script = any(name.lower() == b"x-resilens-script" for name, _ in scope["headers"])
    if by_script or scope["path"].startswith("/api/"):
        content = {"faults": [{"message": _WORDS[status], "where": ""}], "reload": status == 409}
        body, kind = json.dumps(content).encode(), b"application/json"
    else:
        body, kind = _WORDS[status].encode(), b"text/plain; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
