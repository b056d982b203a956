"""Which part of an address may be stored? No token of a session, and no name of an account."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_SECRET = re.compile(
    r"(?i)token|sign|secret|session|sid$|expire|device|verify|bogus|auth|key$|hmac|nonce|cookie|user|uid|xsec|"
    r"^(?:oh|oe|ccb|edm|efg|_nc_.*|share_.*|apptime|apptraceid|appuid|author_share|wx.*|utm_.*|fbclid|gclid|igsh.*)$"
)
_ACCOUNT = re.compile(
    r"(?i)/user/|/users/|/u/|/people/|/profile/|/@|/add_friend|//space\.bilibili\.com|//weibo\.(?:com|cn)/(?!status|detail)|"
    r"//(?:www\.|mobile\.)?(?:x|twitter)\.com/(?!i/|search|hashtag|home)|"
    r"//(?:www\.)?instagram\.com/(?!p/|reel/|reels/|tv/|explore/|stories/)|did:(?:plc|web):|acct:"
)

MAY_NEED_CLEANING = "[?#]|" + re.sub(r"\(\?!.*?\)", "", _ACCOUNT.pattern)
"""Matches, in any engine, every address that `clean` may change or that may name an account, and a few more."""


def clean(address: str) -> str:
    """The address without fragment and without parameters that hold tokens, signatures or accounts.

    What is no address comes back as it is, up to a `?`.
    """
    if "?" not in address and "#" not in address:
        return address
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return address.partition("?")[0]
    kept = [(name, value) for name, value in query if value and not _SECRET.search(name)]
    # Some image servers take instructions as a bare parameter (`?imageView2/format/png`): nothing is lost without.
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def names_account(address: str) -> bool:
    """Whether an address leads to, or contains, an account's name or id."""
    return _ACCOUNT.search(address) is not None
