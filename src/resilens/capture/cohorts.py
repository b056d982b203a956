"""How many accounts, and how many items by them, were registered on each day?

When an account was registered can be read from its id on some platforms. That is an inference about a person: it is
offered as counts only, off unless the study allows it, and small counts are withheld.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from resilens.capture.groups import registered_on
from resilens.corpus.engine import Corpus
from resilens.corpus.vault import Vault
from resilens.errors import Fault, InputError

SMALLEST = 5
"""Days with fewer accounts are withheld."""


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Accounts, posts and comments by the day of registration.

    Parameters
    ----------
    days
        (day, accounts, posts, comments), in order, of days with at least `smallest` accounts.
    withheld_days, withheld_accounts
        How many days had fewer, and their accounts together.
    unknown_accounts
        Accounts whose ids do not tell.
    """

    days: tuple[tuple[date, int, int, int], ...]
    withheld_days: int
    withheld_accounts: int
    unknown_accounts: int
    smallest: int = SMALLEST

    def between(self, first: date, last: date) -> tuple[int, int, int]:
        """Accounts, posts and comments of the cohorts shown from one day to another, both included."""
        chosen = [row[1:] for row in self.days if first <= row[0] <= last]
        return (sum(row[0] for row in chosen), sum(row[1] for row in chosen), sum(row[2] for row in chosen))


def account_cohorts(
    corpus: Corpus, vault: Vault, allowed: bool, zone: tzinfo = UTC, smallest: int = SMALLEST
) -> Cohorts:
    """Count the authors of the corpus by the day on which their accounts were registered.

    Parameters
    ----------
    corpus, vault
        The study's.
    allowed
        The study's `privacy.account_cohorts`.
    zone
        Whose days are counted.
    smallest
        Days with fewer accounts than this are withheld.

    Raises
    ------
    InputError
        If the study does not allow it.
    """
    if not allowed:
        raise InputError(
            Fault("cohorts of accounts are personal inference and off; set account_cohorts = true under [privacy], "
                  "which notes it in the ethics ledger", "study.toml: privacy.account_cohorts")  # fmt: skip
        )
    registered = registered_on(vault, zone)
    authors = set(corpus.frame(corpus.table("authors").select("author")).column("author").to_pylist())
    counted: dict[str, Counter[date]] = {"authors": Counter(registered[one] for one in authors if one in registered)}
    for name in ("posts", "comments"):
        named = corpus.table(name).drop_null("author")
        rows = corpus.frame(named.group_by("author").agg(items=named.count()))
        counted[name] = Counter()
        for author, items in zip(rows.column("author").to_pylist(), rows.column("items").to_pylist(), strict=True):
            if author in registered:
                counted[name][registered[author]] += items
    shown = {day for day, accounts in counted["authors"].items() if accounts >= smallest}
    withheld = [accounts for day, accounts in counted["authors"].items() if day not in shown]
    return Cohorts(
        tuple((day, counted["authors"][day], counted["posts"][day], counted["comments"][day]) for day in sorted(shown)),
        len(withheld), sum(withheld), len(authors) - sum(counted["authors"].values()), smallest,
    )  # fmt: skip
