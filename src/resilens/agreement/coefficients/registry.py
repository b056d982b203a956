"""Which coefficients are there? Adding one is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from resilens.agreement.coefficients import (
    brennan_prediger,
    cohen,
    conger,
    fleiss,
    krippendorff,
    percent,
    scott,
    specific,
)
from resilens.agreement.coefficients.gwet_ac1 import gwet_ac1
from resilens.agreement.coefficients.gwet_ac1 import recipe as ac1_recipe
from resilens.agreement.coefficients.gwet_ac2 import OF_LEVEL, gwet_ac2
from resilens.agreement.coefficients.gwet_ac2 import recipe as ac2_recipe
from resilens.agreement.coefficients.recipes import Cooked
from resilens.agreement.patterns import Patterns
from resilens.errors import InputError
from resilens.results.types import Result
from resilens.study.words import did_you_mean

NOMINAL = ("nominal",)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement.

    Parameters
    ----------
    title
        Its name as a paper writes it.
    heading
        Its name above a column.
    function
        What scholars call.
    recipe
        Patterns and the level of measurement to its recipe; a level it does not know is read as nominal.
    levels
        The levels of measurement it takes into account.
    coders
        `2` where it is for two coders, `2+` else.
    page
        Its page under docs/agreement/.
    binary
        Whether it is for a code that is there or not.
    """

    title: str
    heading: str
    function: Callable[..., Result]
    recipe: Callable[[Patterns, str], Cooked]
    levels: tuple[str, ...]
    coders: str
    page: str
    binary: bool = False


def _plain(recipe: Callable[[Patterns], Cooked]) -> Callable[[Patterns, str], Cooked]:
    def at_any_level(patterns: Patterns, level: str) -> Cooked:
        return recipe(patterns)

    return at_any_level


def _alpha(patterns: Patterns, level: str) -> Cooked:
    return krippendorff.recipe(patterns, level)


def _ac2(patterns: Patterns, level: str) -> Cooked:
    return ac2_recipe(patterns, OF_LEVEL.get(level, "identity"))


def at_level(name: str, level: str) -> Callable[[Patterns], Cooked]:
    """A coefficient's recipe at a level of measurement."""
    return lambda patterns: COEFFICIENTS[name].recipe(patterns, level)


COEFFICIENTS: dict[str, Coefficient] = {
    "alpha": Coefficient("Krippendorff's alpha", "Alpha", krippendorff.krippendorff_alpha, _alpha,
                         ("nominal", "ordinal", "interval", "ratio", "masi", "jaccard"), "2+", "krippendorff.md"),
    "percent": Coefficient("percent agreement", "Percent", percent.percent_agreement, _plain(percent.recipe), NOMINAL,
                           "2+", "percent.md"),
    "ac1": Coefficient("Gwet's AC1", "AC1", gwet_ac1, _plain(ac1_recipe), NOMINAL, "2+", "gwet_ac1.md"),
    "ac2": Coefficient("Gwet's AC2", "AC2", gwet_ac2, _ac2, ("ordinal", "interval", "ratio"), "2+",
                       "gwet_ac2.md"),
    "cohen": Coefficient("Cohen's kappa", "Cohen κ", cohen.cohen_kappa, _plain(cohen.recipe), NOMINAL, "2",
                         "cohen.md"),
    "scott": Coefficient("Scott's pi", "Scott π", scott.scott_pi, _plain(scott.recipe), NOMINAL, "2", "scott.md"),
    "fleiss": Coefficient("Fleiss's kappa", "Fleiss κ", fleiss.fleiss_kappa, _plain(fleiss.recipe), NOMINAL, "2+",
                          "fleiss.md"),
    "conger": Coefficient("Conger's kappa", "Conger κ", conger.conger_kappa, _plain(conger.recipe), NOMINAL, "2+",
                          "conger.md"),
    "brennan_prediger": Coefficient("Brennan and Prediger's kappa", "Brennan-Prediger κ",
                                    brennan_prediger.brennan_prediger_kappa, _plain(brennan_prediger.recipe), NOMINAL,
                                    "2+", "brennan_prediger.md"),
    "positive": Coefficient("positive agreement", "Positive", specific.specific_agreement, _plain(specific.positive),
                            NOMINAL, "2+", "specific.md", binary=True),
    "negative": Coefficient("negative agreement", "Negative", specific.specific_agreement, _plain(specific.negative),
                            NOMINAL, "2+", "specific.md", binary=True),
    "prevalence": Coefficient("prevalence", "Prevalence", specific.prevalence, _plain(specific.positive_share),
                              NOMINAL, "2+", "specific.md", binary=True),
}  # fmt: skip

DEFAULT = ("alpha", "percent", "ac1", "prevalence", "positive", "negative")
"""What stands side by side unless a scholar asks otherwise; the last three only for a code that is there or not."""

SHARES = ("percent", "prevalence")
"""Coefficients written as per cent."""


def title(name: str) -> str:
    """What a coefficient is called, the unitizing alphas included (`u` is the u-alpha)."""
    return COEFFICIENTS[name].title if name in COEFFICIENTS else f"{name}-alpha"


def heading(name: str) -> str:
    """What stands above its column; `jaccard` is alpha with that distance."""
    if name == "jaccard":
        return "Alpha (Jaccard)"
    return COEFFICIENTS[name].heading if name in COEFFICIENTS else title(name)


def coefficient(name: str) -> Coefficient:
    """A coefficient by its name here.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in COEFFICIENTS:
        # `kappa` is the name of several of them, and near to none: whoever writes it must choose.
        called = [f"{known} ({one.title})" for known, one in COEFFICIENTS.items() if name.lower() in one.title.lower()]
        if len(called) > 1:
            raise InputError(f"there is no coefficient {name!r}; there are {', '.join(called)}")
        near = did_you_mean(name, COEFFICIENTS) or f"; one of {', '.join(COEFFICIENTS)}"
        raise InputError(f"there is no coefficient {name!r}{near}")
    return COEFFICIENTS[name]
