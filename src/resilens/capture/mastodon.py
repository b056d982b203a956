"""Where are things in what Mastodon's servers answer: statuses, contexts, searches, timelines?

A status goes by the number that the answering server gives it, since replies name what they answer by that number only.
Accounts go by `name@server`, which is the same everywhere. A reply does not name the beginning of its thread: it is
found by following the answers through the whole file. What is not public is quarantined without its content.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from resilens.capture import values
from resilens.capture.chains import UNNAMED, Chains
from resilens.capture.files import Head, Record, Source
from resilens.capture.layouts import layout, read
from resilens.capture.markup import text_of
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedComment, Person
from resilens.capture.traces import ERASED

PLATFORM = "mastodon"
PARTS = ("ancestors", "status", "statuses", "descendants")
"""Where statuses lie in answers, in the order of a thread."""

HIDDEN = {
    "private": "for followers only", "direct": "for those mentioned only", "limited": "for some followers only",
    "mutuals_only": "for mutual followers only", "local": "for this server's members only",
}  # fmt: skip
"""Visibilities that are not public, in words; everything else is readable by anyone."""

QUOTED = "quote-inline"
"""Class of the line with which older servers show what is quoted; no author wrote it."""

STATUS = layout(
    "statuses", PLATFORM,
    fields={
        "id": "id", "post": "start", "parent": "in_reply_to_id",
        "author": "account_id", "author_name": "account.username", "title": "spoiler_text", "text": "said",
        "time": "created_at", "hashtags": "tags.*.name",
        "likes": "favourites_count", "comments": "replies_count", "shares": "reblogs_count",
        "media": "media_attachments.*.url", "type": "media_attachments.0.type", "url": "url|uri",
    },
    kinds={"image": "image", "gifv": "video", "video": "video"}, without="text",
    flags={
        "sensitive": "sensitive", "repost": "reblog=*", "unlisted": "visibility=unlisted", "opted_out": "opted_out",
        "quotes_another": "quote|quote_id|quoted_status_id=*",
    },
)  # fmt: skip


def account_name(named: Any, address: Any) -> str | None:
    """`name@server`: from `acct` where it says so, else with the server of the account's address."""
    name = values.known_text(named)
    if name is None:
        return None
    name = name.strip().lstrip("@")
    if "@" in name:
        return name
    try:
        server = urlsplit(values.text(address) or "").hostname
    except ValueError:
        server = None
    return f"{name}@{server}" if server else name


def _person(account: Any) -> str | None:
    return account_name(values.first(account, "acct", "username"), values.first(account, "url", "uri"))


def _opted_out(account: Any) -> bool:
    """Whether an account asks not to be found or collected: by its settings, or by a word in its description."""
    if not isinstance(account, dict):
        return False
    said = f"{values.text(account.get('note')) or ''} {account.get('fields') or ''}".lower()
    return account.get("noindex") is True or account.get("indexable") is False or "nobot" in said


def statuses(found: Any) -> list[Any] | None:
    """The statuses of an answer, or the one that it is; None where it is no answer of Mastodon's."""
    if not isinstance(found, dict):
        return None
    if "account" in found and ("content" in found or "reblog" in found):
        return [found]
    inside: list[Any] = []
    known = False
    for part in PARTS:
        if part in found:
            known, held = True, found[part]
            inside += held if isinstance(held, list) else [held]
    if isinstance(found.get("context"), dict):
        known, inside = True, [*inside, *(statuses(found["context"]) or ())]
    return inside if known else None


def _focus(found: dict[str, Any]) -> tuple[str, str | None] | None:
    """The status that a context is about, which it does not hold, with the one that it answers."""
    before, after = values.objects(found.get("ancestors")), values.objects(found.get("descendants"))
    own = {values.identifier(one.get("id")) for one in after}
    for one in after:
        answered = values.identifier(one.get("in_reply_to_id"))
        if answered and answered not in own:
            return answered, values.identifier(before[-1].get("id")) if before else None
    return None


def chains(source: Source) -> Chains:
    """Which status answers which, through the whole file."""
    answers: dict[str, str | None] = {}
    for record in source.records():
        if not isinstance(record, Record):
            continue
        for part in (record.values, record.values.get("context")):
            focus = _focus(part) if isinstance(part, dict) else None
            if focus is not None:
                answers.setdefault(*focus)
        for status in statuses(record.values) or ():
            if isinstance(status, dict) and (native_id := values.identifier(status.get("id"))):
                answers[native_id] = values.identifier(status.get("in_reply_to_id"))
    return Chains(answers.items())


def status(line: int, found: Any, answers: Chains) -> Iterator[Captured]:
    """A status, and behind a boost the one that it passes on."""
    if not isinstance(found, dict):
        yield Broken(line, "this is no status: not an object")
        return
    if found.get("resilens") == "erased":
        yield Broken(line, ERASED)
        return
    passed_on = found.get("reblog")
    hidden = hidden_as(found) or hidden_as(passed_on)
    if hidden is not None:
        yield Broken(line, hidden)
    elif not isinstance(found.get("account"), dict):
        yield Broken(line, "neither a status nor an answer with statuses")
    else:
        yield _status(line, found, answers)
    if isinstance(passed_on, dict):
        yield from status(line, {**passed_on, "reblog": None}, answers)


def hidden_as(found: Any) -> str | None:
    """Why a status may not be kept, None where it is public."""
    said = values.first(found, "visibility")
    if values.first(found, "local_only") is True:
        said = "local"
    known = isinstance(said, str) and said in HIDDEN
    return f"not public: {HIDDEN[said]} (visibility {said}); its content is not kept" if known else None


def _status(line: int, found: dict[str, Any], answers: Chains) -> Captured:
    native_id, passed_on = values.identifier(found.get("id")), found.get("reblog")
    start, held = answers.start(native_id) if native_id else (None, True)
    shown = passed_on if isinstance(passed_on, dict) else found
    flat = {
        **found, "start": start, "account_id": _person(found["account"]), "opted_out": _opted_out(found["account"]),
        "said": text_of(values.text(shown.get("content")) or "", QUOTED),
        **{name: shown.get(name) for name in ("spoiler_text", "media_attachments", "tags", "sensitive")},
    }  # fmt: skip
    captured = read(STATUS, line, flat)
    if isinstance(captured, Broken):
        return captured
    if isinstance(captured, CapturedComment):
        captured.text = with_warning(found.get("spoiler_text"), captured.text)
        if not held:
            captured.flags += (UNNAMED,)
    captured.mentions = _mentions(shown)
    return captured


def with_warning(warning: Any, text: str | None) -> str | None:
    """A reply has no title: its content warning stands before its text."""
    said = values.text(warning)
    return "\n\n".join(part for part in (said, text) if part) or None


def _mentions(found: dict[str, Any]) -> tuple[Person, ...]:
    """Accounts mentioned, by the short name that the text shows."""
    named = [(_person(one), values.known_text(one.get("username"))) for one in values.objects(found.get("mentions"))]
    return tuple(Person(account, name) for account, name in named if account and name)


class Mastodon:
    """Answers of Mastodon's interface, or the statuses in them one by one."""

    name = "mastodon"
    title = "Mastodon"
    recognised = (
        "JSON with `content`, `account.acct` and `in_reply_to_id` (statuses), alone or within `ancestors[]` and "
        "`descendants[]` (contexts) or `statuses[]` (searches)"
    )
    reads = (
        "statuses and replies with text out of HTML, content warnings as titles (before the text of a reply), "
        "hashtags, counts, pictures; contexts, also beside their status (`status`, `context`); a boost as an item of "
        "its own, and what it passes on as another; accounts that opted out (`noindex`, `indexable: false`, `#nobot`) "
        "flagged"
    )
    drops = (
        "the content of everything not public (quarantined with the reason), avatars and names for display, polls, "
        "link cards, descriptions of pictures, the content of quoted statuses (that it quotes is flagged), languages, "
        "edits, the counts of a boost (they are those of what it passes on)"
    )
    infers = (
        "the beginning of a thread, through the answers of the whole file. A status goes by the number that the "
        "answering server gives it: contexts meet their statuses in other files of one server, and what was captured "
        "at two servers counts twice; counts are those that this server knows of"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """JSON in which a status is found."""
        if head.format not in ("json", "json-lines"):
            return None
        for record in head.records:
            for one in statuses(record) or ():
                if isinstance(values.inner(one, "account", "acct"), str) and "in_reply_to_id" in one:
                    return Recognition("statuses of Mastodon (`account`, `content`, `in_reply_to_id`)")
        return None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every status of every answer."""
        answers = chains(source)
        for record in source.records():
            if not isinstance(record, Record):
                yield record
                continue
            inside = statuses(record.values)
            for one in [record.values] if inside is None else inside:
                yield from status(record.line, one, answers)
