"""What does a computation return? A value with its interval, a plain description, or the reason why there is none."""

from resilens.results.types import Basis, Description, Estimate, Finding, Result, Undefined, from_dict, in_unit, to_dict

__all__ = ["Basis", "Description", "Estimate", "Finding", "Result", "Undefined", "from_dict", "in_unit", "to_dict"]
