"""Translations: several a field, one accepted with a reason, outdated ones told, tables brought in row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measures.made import comment, corpus_of, post

from resilens.coding.spans import digest
from resilens.coding.threads import Item, read_items
from resilens.coding.translations import (
    accept_translation,
    accepted_translations,
    add_translation,
    differences,
    fields,
    remove_translation,
    translation_of,
    translations,
    unaccept_translation,
)
from resilens.coding.translations_in import import_translations, propose_translations
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Record

POST, COMMENT = "rednote:p:a", "rednote:c:c1"
TITLE, TEXT, REPLY = "猫税", "欢迎！税已收到[doge]", "谢谢 😀"


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with corpus_of(tmp_path / "corpus", posts=[post("a", title=TITLE, text=TEXT)],
                   comments=[comment("c1", "a", text=REPLY)]) as opened:  # fmt: skip
        yield opened


def add(record: Record, corpus: Corpus, text: str = "Welcome! Tax received", engine: str = "DeepL", field: str = "text",
        item: str = POST) -> str:  # fmt: skip
    event = add_translation(record, corpus, item, field, text, engine=engine, version="2025-01", made_on="2025-01-14",
                            language="en", actor="mei")  # fmt: skip
    return event.subject


def test_one_of_several_is_accepted_with_a_reason_and_another_in_its_place(record: Record, corpus: Corpus) -> None:
    first, second = add(record, corpus), add(record, corpus, "Welcome! The tax has arrived", "ChatGPT")
    accept_translation(record, corpus, first, "keeps the joke", actor="mei")
    assert translation_of(record, first).accepted_by == "mei"
    assert translation_of(record, first).made_by == "DeepL 2025-01, 14 January 2025"
    accept_translation(record, corpus, second, "closer", actor="jon")
    (several,) = translations(record, [POST]).values()
    assert [(one.engine, one.accepted_by, one.reason) for one in several] == [
        ("DeepL", "", ""), ("ChatGPT", "jon", "closer")]  # fmt: skip
    with pytest.raises(InputError, match="is accepted"):
        remove_translation(record, second, actor="mei")
    unaccept_translation(record, POST, "text", actor="mei")
    event = uuid4()
    for _ in range(2):
        remove_translation(record, second, actor="mei", event_id=event)
    assert [one.id for one in translations(record, [POST])[POST, "text"]] == [first]
    assert record.verify(views=True).sound


def test_a_translation_of_an_older_text_is_told_and_shown_no_more(
    record: Record, corpus: Corpus, tmp_path: Path
) -> None:
    one = add(record, corpus)
    accept_translation(record, corpus, one, "the only one", actor="mei")
    assert accepted_translations(record, {POST: {"title": TITLE, "text": TEXT}})[POST, "text"].id == one
    assert accepted_translations(record, {POST: {"title": TITLE, "text": TEXT + "!"}}) == {}
    items = read_items(corpus, [POST, COMMENT])
    states = {(found.item.item_id, found.field): found.state for found in fields(record, items.values())}
    assert states == {(POST, "title"): "untranslated", (POST, "text"): "accepted", (COMMENT, "text"): "untranslated"}
    changed = Item(POST, "post", POST, title=TITLE, text=TEXT + "!")
    assert [found.state for found in fields(record, [changed])] == ["untranslated", "outdated"]
    with (
        corpus_of(tmp_path / "later", posts=[post("a", title=TITLE, text=TEXT + "!")]) as later,
        pytest.raises(InputError, match="another text"),
    ):
        accept_translation(record, later, one, "still right", actor="mei")


def test_what_cannot_be_entered_is_said(record: Record, corpus: Corpus) -> None:
    for item, field, text, more, said in (
        ("rednote:p:z", "text", "x", {}, "no captured item"), (COMMENT, "title", "x", {}, "has no title"),
        (POST, "text", " ", {}, "write the translation"), (POST, "text", "x", {"engine": ""}, "who or what"),
        (POST, "text", "x", {"made_on": "14.1.2025"}, "no date"), (POST, "text", "x", {"language": "?"}, "no language"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=said):
            add_translation(record, corpus, item, field, text, actor="mei", **{"engine": "DeepL"} | more)
    one = add(record, corpus)
    for translation, reason, said in ((one, " ", "say why"), ("t", "x", "there is no translation")):
        with pytest.raises(InputError, match=said):
            accept_translation(record, corpus, translation, reason, actor="mei")
    assert add(record, corpus) == one
    assert record.count("translations") == 1


def test_a_table_comes_in_once_from_any_format(record: Record, corpus: Corpus, tmp_path: Path) -> None:
    header = ["item", "field", "text", "engine", "version", "date", "language", "coder"]
    rows = [["a", "text", "Welcome!\nTax received", "DeepL", "1", "2025-01-14", "en", "mei"],
            ["c1", "", "-thanks", "ChatGPT", "4o", "", "en", "mei"]]  # fmt: skip
    pq.write_table(pa.table(dict(zip(header, zip(*rows, strict=True), strict=True))), tmp_path / "t.parquet")
    csv = '\n'.join(','.join(f'"{cell}"' for cell in row) for row in [header, *rows])
    (tmp_path / "t.csv").write_text(csv, "utf-8")
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append([date(2025, 1, 14) if cell == "2025-01-14" else cell for cell in row])
    book.save(tmp_path / "t.xlsx")
    proposal = propose_translations(tmp_path / "t.parquet", record, corpus)
    assert str(proposal) == "t.parquet: 1 by ChatGPT, 1 by DeepL; 0 there before"
    assert import_translations(record, proposal) == 2
    for name in ("t.csv", "t.xlsx", "t.parquet"):
        again = propose_translations(tmp_path / name, record, corpus)
        assert (again.drafts, again.unchanged, again.refused) == ((), 2, ()), name
    (one,) = translations(record, [POST])[POST, "text"]
    assert (one.text, one.made_on, one.text_sha256) == ("Welcome!\nTax received", "2025-01-14", digest(TEXT))


@pytest.mark.parametrize(("row", "said"), [
    ("nobody,x,DeepL,,", "no captured item"), ("a,,DeepL,,", "write the translation"), ("a,x,,,", "who or what"),
    ("c1,x,DeepL,title,", "has no title"), ("a,x,DeepL,,yesterday", "no date"),
])  # fmt: skip
def test_a_row_that_is_wrong_is_refused_and_nothing_written(
    record: Record, corpus: Corpus, tmp_path: Path, row: str, said: str
) -> None:
    (tmp_path / "t.csv").write_text(f"item,text,engine,field,date\na,fine,DeepL,,\n{row}\n", "utf-8")
    proposal = propose_translations(tmp_path / "t.csv", record, corpus, "mei")
    assert said in str(proposal.refused[0])
    with pytest.raises(InputError):
        import_translations(record, proposal)
    assert not record.count("translations")


def test_a_formula_in_a_workbook_is_no_translation(record: Record, corpus: Corpus, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["item", "text", "engine"], ["a", "=A1", "DeepL"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert "formula" in str(propose_translations(tmp_path / "t.xlsx", record, corpus, "mei").refused[0])


def test_a_table_may_say_of_which_text_it_is(record: Record, corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"item,text,engine,text_sha256\na,fine,DeepL,{digest('older')}\n", "utf-8")
    import_translations(record, propose_translations(tmp_path / "t.csv", record, corpus, "mei"))
    (one,) = translations(record, [POST])[POST, "text"]
    assert one.outdated(TEXT)


def test_differences_are_words_in_english_and_characters_in_chinese() -> None:
    first, second = differences(["The tax is paid", "The tax was paid"])
    assert first == [("The tax ", False), ("is", True), (" paid", False)]
    assert second == [("The tax ", False), ("was", True), (" paid", False)]
    assert differences(["税已收到", "税未收到"])[0] == [("税", False), ("已", True), ("收到", False)]
    assert differences([]) == []
    assert differences(["x"]) == [[("x", False)]]
    assert differences([""]) == [[]]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_the_stretches_of_a_version_are_that_version(versions: list[str]) -> None:
    for text, stretches in zip(versions, differences(versions), strict=True):
        assert "".join(part for part, _ in stretches) == text
