"""How is an item or an author forgotten: erased from every file of the study, for good?"""

from resilens.erasure.carrying import Outcome, carry_out
from resilens.erasure.planning import Plan, plan

__all__ = ["Outcome", "Plan", "carry_out", "plan"]
