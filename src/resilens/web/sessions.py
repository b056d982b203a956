"""Who sits at this browser? A link that works once, exchanged for a cookie that names a coder.

The cookie is signed with a key kept in the study's folder (`.serve/key`, readable by its owner alone), so a server
that was started anew still knows its coders. It names the coder to this server on this machine; it is no account.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from resilens import files

FOLDER, KEY = ".serve", "key"
DAYS = 30


class Sessions:
    """Links and cookies of one study.

    Parameters
    ----------
    root
        The study's folder, or that of an opened packet.
    """

    def __init__(self, root: Path) -> None:
        folder = root / FOLDER
        folder.mkdir(exist_ok=True)
        if not (folder / KEY).exists():
            files.write_bytes(folder / KEY, secrets.token_hex(32).encode(), mode=0o600)
        self._signer = URLSafeTimedSerializer((folder / KEY).read_text("ascii"), salt="coder")
        # Cookies are shared by all ports of a machine: each study has a name of its own.
        self.cookie = "resilens-" + hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]
        self._links: dict[str, str] = {}

    def link_for(self, coder: str) -> str:
        """The path of a link that signs this coder in, once."""
        token = secrets.token_urlsafe(24)
        self._links[token] = coder
        return f"/enter/{token}"

    def enter(self, token: str) -> str | None:
        """The coder of a link, which is used up by this; None for any other."""
        return self._links.pop(token, None)

    def signed(self, coder: str) -> str:
        """The value of the coder's cookie."""
        return str(self._signer.dumps(coder))

    def coder(self, cookies: Mapping[str, str]) -> str | None:
        """Whom the cookies name; None where they name nobody, are forged or too old."""
        try:
            return str(self._signer.loads(cookies.get(self.cookie, ""), max_age=DAYS * 24 * 3600))
        except BadSignature:
            return None
