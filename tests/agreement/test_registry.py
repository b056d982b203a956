"""What the package offers, pinned; and that the registry and it agree."""

from __future__ import annotations

import subprocess
import sys

import pytest

import resilens.agreement as agreement
from resilens.agreement.coefficients.registry import COEFFICIENTS, DEFAULT, coefficient
from resilens.errors import InputError


def test_what_the_package_offers() -> None:
    coefficients = {"brennan_prediger_kappa", "cohen_kappa", "conger_kappa", "fleiss_kappa", "gwet_ac1", "gwet_ac2",
                    "krippendorff_alpha", "percent_agreement", "prevalence", "scott_pi",
                    "specific_agreement"}  # fmt: skip
    unitizing = {"alpha_u_2004", "binary_u_alpha", "cu_alpha", "k_cu_alpha", "u_alpha"}
    saturation = {"chao2", "coverage", "guest_saturation"}
    around = {"COEFFICIENTS", "Agreement", "Coefficient", "How", "Patterns", "Reading", "agree_spans", "agree_table",
              "assess", "read_patterns"}  # fmt: skip
    assert set(agreement.__all__) == coefficients | unitizing | saturation | around
    assert all(hasattr(agreement, name) for name in agreement.__all__)
    assert {entry.function.__name__ for entry in COEFFICIENTS.values()} == coefficients


def test_opening_a_study_does_not_load_it() -> None:
    code = "import sys, resilens.pipeline; assert not [name for name in sys.modules if 'resilens.agreement' in name]"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_function_says_what_it_returns_and_raises() -> None:
    for entry in COEFFICIENTS.values():
        text = entry.function.__doc__ or ""
        assert all(section in text for section in ("Parameters\n", "Returns\n", "Raises\n")), entry.title


def test_the_default_is_in_the_registry() -> None:
    assert set(DEFAULT) <= set(COEFFICIENTS)


def test_an_unknown_coefficient_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match="no coefficient 'fleis'; did you mean 'fleiss'"):
        coefficient("fleis")


def test_a_name_that_several_share_lists_them() -> None:
    with pytest.raises(InputError, match=r"no coefficient 'kappa'; there are cohen \(Cohen's kappa\), fleiss"):
        coefficient("kappa")
