"""Which writing systems do many texts show, and in which language are they, all at once?

The rules are `corpus.text.script_of` and `language_of`; here whole columns run through the same character classes, and
only texts with letters that are neither Han nor Latin are looked at one by one. A test holds the two together.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from resilens.corpus.text import EMOJI, HAN, LATIN, NOT_WRITTEN, OTHER, STICKER_CODES, language_of, script_of

BLANKS = r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
"""Python's `\\s` for the engines' patterns, whose own knows ASCII alone."""

_NOT_WRITTEN, _STICKER_CODES = (pattern.replace(r"\s", BLANKS) for pattern in (NOT_WRITTEN, STICKER_CODES))


def with_scripts(items: pa.Table) -> pa.Table:
    """The items with their columns `script` and `language` filled, from title and text together.

    A table without these columns comes back as it is.
    """
    if "script" not in items.column_names:
        return items
    text = pc.fill_null(items.column("text").combine_chunks(), "")
    if "title" in items.column_names:
        text = pc.binary_join_element_wise(pc.fill_null(items.column("title").combine_chunks(), ""), text, "\n")
    for name, values in zip(("script", "language"), scripts_and_languages(text), strict=True):
        items = items.set_column(items.column_names.index(name), name, values)
    return items


def scripts_and_languages(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """`script_of` and `language_of` of every text; an empty place counts as an empty text.

    Parameters
    ----------
    texts
        Strings; as they hold no half surrogate pairs, every one is valid for the engine.
    """
    written = pc.fill_null(texts, "")
    plain = pc.replace_substring_regex(written, _NOT_WRITTEN, " ")
    bare = pc.replace_substring_regex(plain, _STICKER_CODES, " ")
    han, latin, other, emoji = (
        pc.match_substring_regex(bare, f"[{letters}]") for letters in (HAN, LATIN, OTHER, EMOJI)
    )
    emoji = pc.or_(emoji, pc.not_equal(plain, bare))
    script = pc.case_when(
        pc.make_struct(pc.and_(han, latin), han, latin, emoji), "mixed", "han", "latin", "emoji", "none"
    )
    language = pc.if_else(pc.equal(script, "han"), "zh", "")
    return _one_by_one(written, other, script, language) if pc.any(other).as_py() else (script, language)


def _one_by_one(texts: pa.Array, wanted: pa.Array, script: pa.Array, language: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The two columns with the texts that are `wanted` looked at by the rules themselves."""
    chosen = texts.filter(wanted).to_pylist()
    scripts = [script_of(text) for text in chosen]
    languages = [language_of(text, one) for text, one in zip(chosen, scripts, strict=True)]
    return (pc.replace_with_mask(script, wanted, pa.array(scripts, pa.string())),
            pc.replace_with_mask(language, wanted, pa.array(languages, pa.string())))  # fmt: skip
