"""How far do independent coders agree, and where do they not?

Plain functions of a table of judgements: long (columns unit, coder, value), wide (a row a unit, a column a coder;
`wide=True`) or an array units x coders with None or NaN where a coder gave nothing. Each returns an Estimate, a
Description or Undefined. `docs/agreement.md` helps to choose. For passages, the unitizing alphas of a table of spans;
for saturation, three rules on plain counts. `agree_table` and `agree_spans` say everything of a file at once.
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
from resilens.agreement.coefficients.unitizing import binary_u_alpha, cu_alpha, k_cu_alpha, u_alpha
from resilens.agreement.coefficients.unitizing_2004 import alpha_u_2004
from resilens.agreement.patterns import Patterns
from resilens.agreement.reading import Reading, read_patterns
from resilens.agreement.saturation.guest import guest_saturation
from resilens.agreement.saturation.richness import chao2, coverage
from resilens.agreement.table_agreement import agree_table
from resilens.agreement.table_spans import agree_spans

__all__ = [
    "COEFFICIENTS",
    "Agreement",
    "Coefficient",
    "How",
    "Patterns",
    "Reading",
    "agree_spans",
    "agree_table",
    "alpha_u_2004",
    "assess",
    "binary_u_alpha",
    "brennan_prediger_kappa",
    "chao2",
    "cohen_kappa",
    "conger_kappa",
    "coverage",
    "cu_alpha",
    "fleiss_kappa",
    "guest_saturation",
    "gwet_ac1",
    "gwet_ac2",
    "k_cu_alpha",
    "krippendorff_alpha",
    "percent_agreement",
    "prevalence",
    "read_patterns",
    "scott_pi",
    "specific_agreement",
    "u_alpha",
]
