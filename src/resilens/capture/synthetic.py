"""Was a capture made up? What is SYNTHETIC says so in the file, and never enters a study that is not.

Three marks are known: the key `resilens.synthetic` in the metadata of a Parquet file, as the simulator writes it; the
browser that a Zeeschuimer export names; the session token in the addresses of a table.
"""

from __future__ import annotations

from resilens.capture.files import Source
from resilens.errors import Fault, InputError

KEY = "resilens.synthetic"
"""The key in the metadata of a Parquet file; its presence decides, its value may say how the file was made."""

WORD = "SYNTHETIC"
TOKEN = f"xsec_token={WORD}"


def synthetic_mark(source: Source) -> str:
    """By what a capture says that it is synthetic, in words; empty where it does not."""
    if source.schema is not None and KEY.encode() in (source.schema.metadata or {}):
        return f"its metadata hold {KEY}"
    for record in source.head.records:
        agent = record.get("user_agent")
        if isinstance(agent, str) and agent.startswith(WORD):
            return f"its user_agent is {WORD}"
        if any(isinstance(value, str) and TOKEN in value for value in record.values()):
            return f"its addresses hold {TOKEN}"
    return ""


def refuse_synthetic(source: Source, declared: bool) -> None:
    """Keep made-up captures out of a study that is not declared synthetic.

    Parameters
    ----------
    source
        The captured file.
    declared
        Whether study.toml says `synthetic = true`.

    Raises
    ------
    InputError
        If the capture is synthetic and the study is not.
    """
    mark = "" if declared else synthetic_mark(source)
    if mark:
        words = (
            f"this capture is SYNTHETIC ({mark}), and this study is not: what is made up would pass for what people "
            "wrote; add it to a study of its own, with `synthetic = true` under [study] in study.toml"
        )
        raise InputError(Fault(words, source.title))
