"""How far do independent coders agree, and where do they not?

Plain functions of a table of judgements: long (columns unit, coder, value), wide (a row a unit, a column a coder;
`wide=True`) or an array units x coders with None or NaN where a coder gave nothing. Each returns an Estimate, a
Description or Undefined. `docs/agreement.md` helps to choose.
"""

from resilens.agreement.assessing import Agreement, How, assess
from resilens.agreement.coefficients.brennan_prediger import brennan_prediger_kappa
from resilens.agreement.coefficients.cohen import cohen_kappa
from resilens.agreement.coefficients.conger import conger_kappa
from resilens.agreement.coefficients.fleiss import fleiss_kappa
from resilens.agreement.coefficients.gwet_ac1 import gwet_ac1
from resilens.agreement.coefficients.gwet_ac2 import gwet_ac2
from resilens.agreement.coefficients.krippendorff import krippendorff_alpha
from resilens.agreement.coefficients.percent import percent_agreement
from resilens.agreement.coefficients.registry import COEFFICIENTS, Coefficient
from resilens.agreement.coefficients.scott import scott_pi
from resilens.agreement.coefficients.specific import prevalence, specific_agreement
from resilens.agreement.patterns import Patterns
from resilens.agreement.reading import Reading, read_patterns

__all__ = [
    "COEFFICIENTS",
    "Agreement",
    "Coefficient",
    "How",
    "Patterns",
    "Reading",
    "assess",
    "brennan_prediger_kappa",
    "cohen_kappa",
    "conger_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "krippendorff_alpha",
    "percent_agreement",
    "prevalence",
    "read_patterns",
    "scott_pi",
    "specific_agreement",
]
