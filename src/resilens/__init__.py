"""Resilens: a research workbench for how two online communities meet in a platform crisis.

>>> import resilens
>>> study = resilens.open("my-study")          # doctest: +SKIP
>>> study.add(["captures-folder"])             # doctest: +SKIP
>>> study.draw()                               # doctest: +SKIP
>>> study.run()                                # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resilens.pipeline import OpenStudy

__all__ = ["open"]
__version__ = "0.1.0"


def open(path: str | Path = ".") -> OpenStudy:
    """Open the study in `path`, or in the nearest folder above it that has a study.toml.

    Parameters
    ----------
    path
        The study's folder or any folder inside it.

    Raises
    ------
    resilens.errors.InputError
        If there is no study, or its study.toml has faults (all of them are named).
    """
    from resilens.pipeline import open_study

    return open_study(Path(path))
