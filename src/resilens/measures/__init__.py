"""What did the study find? Each measure turns codes and corpus into a Finding; one file a measure, or one folder.

A measure is a module with a `MEASURE` (see `registry.Measure`): a name, a title, the question it answers, and a
function from `Material` to `Finding`. `practices.py` is the plainest to read first. A value is an Estimate with an
interval, a Description without one, or Undefined with its reason; what must not be concluded stands among the
finding's cautions. To add one, write its file and name it in `registry.MODULES`; one's own goes by an entry point of
the group `resilens.measures`, or by `[[measure]]` in study.toml.
"""

from resilens.measures.material import Material
from resilens.measures.registry import Measure, measures_of

__all__ = ["Material", "Measure", "measures_of"]
