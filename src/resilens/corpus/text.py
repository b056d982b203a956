"""What is stored of a text, and what does it show: hashtags, stickers, writing systems?

Stored text is the captured text with newlines as `\\n` and mentions replaced by pseudonyms, nothing else: positions of
codings count its code points, so it never changes afterwards. Damage is flagged, never repaired.

The script rule is a handful of character classes without look-around, so the same patterns run in Python (`script_of`)
and inside the query engine (`script_expression`), and a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Letters, by what they say about writing: classes that mean the same in Python's re and in RE2.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
LATIN = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a"
KANA = "\u3041-\u3096\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d"
HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
OTHER = f"{KANA}{HANGUL}\u0370-\u03ff\u0400-\u052f\u0531-\u10ff\u1200-\u1cff\ufb1d-\ufdff\ufe70-\ufefc"
EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff"
)
NOT_WRITTEN = (
    r"(?:@|/?[uU]/)?[una]-[a-z2-7]{16}"  # pseudonyms of mentions
    r"|https?://[^\s]+"
    r"|\[(?:话题|超话)\]#?"  # the platform's marker of a hashtag
)
"""What a text contains that its writer did not write in any script."""
STICKER_CODES = r"\[[^\[\]\s#@]{1,12}\]|:[a-z0-9_]*[a-z][a-z0-9_]*:"

_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPECIAL = re.compile("[\r\x85\u2028\u2029\x00@＠\ufeff\ufffd\ud800-\udfff]|\\?[?#]|回复")
ENGINE_SPECIAL = "[\r\x85\u2028\u2029@＠\ufeff\ufffd\\x00]|[?][?#]|回复"
"""What a text holds of which `stored_text` does not keep every character; for the engines' patterns."""
_NAME = r"[^\s@＠:：,，。!！?？;；#＃()（）\[\]<>\"'“”|/\\\ufeff]+"
_MENTION = re.compile(rf"(?<![A-Za-z0-9._%+-])[@＠]({_NAME}(?:@[A-Za-z0-9.-]+)?)")
_PATH_NAME = "[A-Za-z0-9_-]{2,32}"
_BY_PATH = re.compile(rf"((?<![A-Za-z0-9_])[uU]/|/user/)({_PATH_NAME})")
NAMING_BY_PATH = ("reddit", "lemmy")
"""Platforms where `u/NAME` mentions an account."""
_REPLY = re.compile(r"(?m)^(回复[ \t\u3000]+)([^\n:：@＠]{1,40}?)(?=[ \t\u3000]*[:：])")
_PSEUDONYM = re.compile(r"[una]-[a-z2-7]{16}")
_ENGINE_NAME = _NAME.replace(
    r"\s", r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
).replace(r"\ufeff", r"\x{feff}")
ENGINE_PSEUDONYMS = (
    (rf"[@＠]{_PSEUDONYM.pattern}(?:{_ENGINE_NAME})?(?:@[A-Za-z0-9.-]+)?", "@:."),
    (rf"(?m:^回复[ \t　]+{_PSEUDONYM.pattern}[ \t　]*[:：])", "."),
)
"""The mentions in stored text, each with what to replace it by before `ENGINE_NAMED` is looked for. For the engine,
whose patterns know no look-behind and no `\\s` beyond ASCII."""
ENGINE_NAMED = (
    rf"(?m:(?:^|[^A-Za-z0-9._%+-])[@＠][.…~～]*{_ENGINE_NAME.removesuffix(']+')}.…~～]"
    r"|^回复[ \t　]+[^\n:：@＠ \t　][^\n:：@＠]{0,39}[ \t　]*[:：])"
)
"""A mention of somebody by name; stored text holds none."""
ENGINE_PATH_PSEUDONYM = rf"(?:[uU]|/user)/{_PSEUDONYM.pattern}"
ENGINE_NAMED_BY_PATH = rf"(?:^|[^A-Za-z0-9_])[uU]/{_PATH_NAME}|/user/{_PATH_NAME}"
"""The same two where `u/NAME` mentions an account: the pseudonyms go first."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")

_RULES = (
    re.compile(f"[{HAN}]"), re.compile(f"[{LATIN}]"), re.compile(f"[{OTHER}]"), re.compile(f"[{EMOJI}]"),
)  # fmt: skip
_KANA, _HANGUL = re.compile(f"[{KANA}]"), re.compile(f"[{HANGUL}]")
_NOT_WRITTEN, _STICKER_CODES = re.compile(NOT_WRITTEN), re.compile(STICKER_CODES)
_MAYBE_CODES = re.compile(r"[\[@:]|[una]-")

_TAG = r"\w\u0300-\u036f\u0900-\u0dff\u0e00-\u0e7f\u200c\u200d"
_MARKED_HASHTAG = r"[#＃]([^#＃\[\]\n]{1,80})\[(?:话题|超话)\][#＃]?"
_HASHTAG = re.compile(rf"{_MARKED_HASHTAG}|(?<![&/])[#＃]([{_TAG}]+)(?:[#＃](?![{_TAG}]))?")
_CLOSED_HASHTAG = re.compile(rf"{_MARKED_HASHTAG}|[#＃]([^#＃\n]{{1,60}})[#＃]")
_STICKER = re.compile(r"\[(?!(?:话题|超话)\])[^\[\]\s#@]{1,12}\]|:[a-z0-9_]*[a-z][a-z0-9_]*:")


def stored_text(
    captured: str,
    pseudonym_of_name: Callable[[str], str],
    known: Mapping[str, str] | None = None,
    from_gbk: bool = False,
    platform: str = "",
) -> tuple[str, tuple[str, ...]]:
    """The text as it is stored, and the flags of what was noticed.

    Parameters
    ----------
    captured
        The text as captured.
    pseudonym_of_name
        Gives the pseudonym of a mentioned name whose account is not known.
    known
        Pseudonyms of mentioned accounts by the name they are mentioned with.
    from_gbk
        Whether the capture was saved in a GB encoding, where lost characters show as `??` and `?#`.
    platform
        Where it was written: on Reddit and Lemmy `u/NAME` is a mention, too.

    Returns
    -------
    text, flags
        Newlines (CRLF, CR, NEL, LS, PS) are `\\n`; `@NAME`, `回复 NAME:`, `回复 @NAME :` and Reddit's `u/NAME`
        hold a pseudonym in place of the name. Everything else is as captured, zero-width characters included. Flags:
        see `corpus.schema.FLAGS`.
    """
    by_path = platform in NAMING_BY_PATH and _BY_PATH.search(captured) is not None
    if _SPECIAL.search(captured) is None and not by_path:
        return captured, ()
    flags: set[str] = set()
    text = _NEWLINES.sub("\n", captured)
    if _SURROGATE.search(text):
        text = _PAIR.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
        if _SURROGATE.search(text):
            flags.add("broken_character")
            text = _SURROGATE.sub("\ufffd", text)
    if "\x00" in text:
        flags.add("nul_in_text")
        text = text.replace("\x00", "\ufffd")
    if "\ufeff" in text:
        flags.add("bom_in_text")
    if "\ufffd" in captured or (from_gbk and ("??" in captured or "?#" in captured)):
        flags.add("lossy_encoding")
    if by_path or "@" in text or "＠" in text or "回复" in text:
        text, by_name = _without_names(text, pseudonym_of_name, known or {}, by_path)
        if by_name:
            flags.add("mention_by_name")
    return text, tuple(sorted(flags))


def _without_names(
    text: str, pseudonym_of_name: Callable[[str], str], known: Mapping[str, str], by_path: bool
) -> tuple[str, bool]:
    """`text` with mentioned names replaced, and whether a name stood for an unknown account."""
    by_name = False

    def pseudonym(name: str) -> str:
        nonlocal by_name
        if _PSEUDONYM.fullmatch(name):
            return name
        if name in known:
            return known[name]
        by_name = True
        return pseudonym_of_name(name)

    # The longest name first: `@momo` must not be found inside `@momo酱`. A known name may hold spaces.
    for name in sorted(filter(None, known), key=lambda name: (-len(name), name)):
        text = text.replace(f"@{name}", f"@{known[name]}").replace(f"＠{name}", f"＠{known[name]}")
    text = _REPLY.sub(lambda found: f"{found[1]}{pseudonym(found[2].strip())}", text)

    def mention(found: re.Match[str]) -> str:
        name = found[1].rstrip(".…~～")
        already = _PSEUDONYM.match(name)
        if already or not name:
            return found[0]
        return f"{found[0][0]}{pseudonym(name)}{found[1][len(name) :]}"

    if by_path:
        text = _BY_PATH.sub(lambda found: f"{found[1]}{pseudonym(found[2])}", text)
    return _MENTION.sub(mention, text), by_name


def hashtags_in(text: str, platform: str = "") -> tuple[str, ...]:
    """The hashtags written in a text, without `#` or marker, as written, in order, each once (`hashtag_key`).

    `#话题[话题]#` gives 话题 and `#tag` gives tag; `#tag#` is closed where no tag follows, and on Weibo, where every
    hashtag is closed and may hold spaces. A number alone is not a hashtag.
    """
    if "#" not in text and "＃" not in text:
        return ()
    pattern = _CLOSED_HASHTAG if platform == "weibo" else _HASHTAG
    return distinct_hashtags(marked or plain for marked, plain in pattern.findall(text))


def distinct_hashtags(hashtags: Iterable[str]) -> tuple[str, ...]:
    """Hashtags cleaned of `#`, markers and blanks; of those that differ in case alone, the first as written."""
    kept: dict[str, str] = {}
    for raw in hashtags:
        tag = raw.replace("[话题]", "").replace("[超话]", "").strip("#＃ \t\r\n\u200b\ufeff?") if raw else ""
        if tag and not tag.isdecimal():
            kept.setdefault(hashtag_key(tag), tag)
    return tuple(kept.values())


def hashtag_key(hashtag: str) -> str:
    """What two spellings of one hashtag have in common: NFC, case folded (`TikTokRefugee`, `tiktokrefugee`)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", hashtag).casefold())


def stickers(text: str) -> tuple[str, ...]:
    """Sticker codes in order, with their brackets, repeats kept: `[笑哭R]`, `[doge]`, `:one:`."""
    return tuple(_STICKER.findall(text)) if "[" in text or ":" in text else ()


def script_of(text: str) -> str:
    """The writing systems a text shows: latin, han, mixed, emoji, none or other.

    Letters are counted outside pseudonyms, addresses, hashtag markers and sticker codes. With `o` letters that are
    neither Han nor Latin, `h` Han and `l` Latin ones: *other* where o >= 2 and 3 o >= h + l (one `の` or `ω` does not
    make a text Japanese or Greek), or where only they are there; else *mixed*, *han* or *latin* by what is there; with
    no letters *emoji* where an emoji or a sticker code is there, else *none*.
    """
    return _decide(*_letters(text))


def language_of(text: str, script: str | None = None) -> str:
    """The language the script decides (ISO 639-1), or empty.

    Han alone gives `zh`; among *other*, kana give `ja` and Hangul `ko`. Latin, mixed and all other scripts stay
    empty: they need a language identifier, and none is shipped.
    """
    script = script_of(text) if script is None else script
    if script == "han":
        return "zh"
    if script == "other":
        kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
        if kana or hangul:
            return "ja" if kana >= hangul else "ko"
    return ""


def _letters(text: str) -> tuple[int, int, int, bool]:
    sticker = False
    if _MAYBE_CODES.search(text):
        text = _NOT_WRITTEN.sub(" ", text)
        without = _STICKER_CODES.sub(" ", text)
        sticker, text = without != text, without
    han, latin, other, emoji = _RULES
    if text.isascii():
        return 0, len(latin.findall(text)), 0, sticker
    return (len(han.findall(text)), len(latin.findall(text)), len(other.findall(text)),
            sticker or emoji.search(text) is not None)  # fmt: skip


def _decide(han: int, latin: int, other: int, emoji: bool) -> str:
    if other and ((other >= 2 and 3 * other >= han + latin) or not han + latin):
        return "other"
    if han:
        return "mixed" if latin else "han"
    if latin:
        return "latin"
    return "emoji" if emoji else "none"


def script_expression(text: ir.StringValue) -> ir.StringValue:
    """`script_of` as an Ibis expression over a column of texts."""
    import ibis

    plain = text.re_replace(NOT_WRITTEN, " ")
    bare = plain.re_replace(STICKER_CODES, " ")
    han, latin, other = (bare.re_replace(f"[^{letters}]", "").length() for letters in (HAN, LATIN, OTHER))
    emoji = (plain != bare) | bare.re_search(f"[{EMOJI}]")
    return ibis.cases(
        ((other > 0) & (((other >= 2) & (other * 3 >= han + latin)) | (han + latin == 0)), "other"),
        ((han > 0) & (latin > 0), "mixed"),
        (han > 0, "han"),
        (latin > 0, "latin"),
        (emoji, "emoji"),
        else_="none",
    )

