"""A post and its comments leave as one source and come back as the items they were, in any dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.coding.codings import codings
from resilens.errors import InputError
from resilens.exchange.source_layout import WHOLE_ITEM, Layout, Part, layout_in, memo_guid, with_layout
from resilens.pipeline import OpenStudy, open_study
from resilens.record.events import Draft
from resilens.study.beginning import begin

G = "1ff58b12-6f6f-4b0c-8be5-bbdc91f5"
AT = pa.array([datetime(2025, 1, 14, tzinfo=UTC)], pa.timestamp("ms", tz="UTC"))
TITLE, TEXT, COMMENT = "猫税 😀", "I pay my cat tax.\nHere it is.", "欢迎! Welcome, 😀 friend."


@pytest.fixture
def study(tmp_path: Path) -> Iterator[OpenStudy]:
    """A study with a post and a comment."""
    begin(tmp_path / "s")
    own = {"platform": ["rednote"], "author": pa.nulls(1, pa.string()), "published_at": AT}
    none = pa.array([[]], pa.list_(pa.string()))
    posts = {"post_id": ["rednote:p:p1"], "title": [TITLE], "text": [TEXT], "hashtags": none}
    comments = {"comment_id": ["rednote:c:c1"], "post_id": ["rednote:p:p1"], "parent_id": pa.nulls(1, pa.string())}
    pq.write_table(pa.table(own | posts), tmp_path / "posts.parquet")
    pq.write_table(pa.table(own | comments | {"text": [COMMENT]}), tmp_path / "comments.parquet")
    with open_study(tmp_path / "s") as opened:
        opened.add([tmp_path / "posts.parquet", tmp_path / "comments.parquet"])
        yield opened


def source(study: OpenStudy, text: str = COMMENT) -> tuple[str, str]:
    """The text of the source, and its description."""
    post, comment = (study.vault().pseudonyms.of_address("item", one) for one in ("rednote:p:p1", "rednote:c:c1"))
    whole = f"{TITLE}\n\n{TEXT}\n\n— comment —\n{text}"
    parts = (Part(post, "title", 0, len(TITLE)), Part(post, "text", whole.index(TEXT), len(TEXT)),
             Part(comment, "text", whole.index(text), len(COMMENT)))  # fmt: skip
    return whole, with_layout("", Layout(post, parts))


def project(whole: str, description: str, *selections: tuple[int, int, str]) -> str:
    inner = ""
    for number, (start, end, about) in enumerate(selections):
        inner += f'''<PlainTextSelection guid="{G}2{number:03}" startPosition="{start}" endPosition="{end}"
            name="{whole[start:end]}"><Description>{about}</Description><Coding guid="{G}3{number:03}"
            creatingUser="{G}9000"><CodeRef targetGUID="{G}0000"/></Coding></PlainTextSelection>'''
    return f"""<Users><User guid="{G}9000" name="Ann"/></Users><CodeBook><Codes><Code guid="{G}0000" name="pet"
    isCodable="true"/></Codes></CodeBook><Sources><TextSource guid="{G}1000" name="p" plainTextPath="internal://a.txt">
    <Description>{description}</Description>{inner}<Coding guid="{G}4000" creatingUser="{G}9000">
    <CodeRef targetGUID="{G}0000"/></Coding></TextSource></Sources>"""


def places(whole: str, words: str) -> tuple[int, int, str]:
    return whole.index(words), whole.index(words) + len(words), ""


def test_a_source_of_ours_is_the_items_it_was(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    whole, description = source(study)
    comment = whole.index(COMMENT)
    spans = [places(whole, "猫税"), places(whole, "cat tax.\nHere"), places(whole, "Welcome"),
             (whole.index("Here"), comment + 2, ""), (comment, comment + len(COMMENT), WHOLE_ITEM)]  # fmt: skip
    path = qdpx(project(whole, description, *spans), {"sources/a.txt": whole.encode()})
    proposal = study.propose_project(path)
    assert "one source: one item of the study" in str(proposal)
    assert "selections over several items: each item has its part (1)" in str(proposal)
    assert not proposal.work.memos
    study.import_project(proposal)
    fields = {("rednote:p:p1", "title"): TITLE, ("rednote:p:p1", "text"): TEXT, ("rednote:c:c1", "text"): COMMENT}
    table = codings(study.record).to_pylist()
    words = [(row["item_id"][8], fields.get((row["item_id"], row["field"]), "")[row["start"] : row["end"]])
             for row in table]  # fmt: skip
    assert sorted(words) == [("c", ""), ("c", "Welcome"), ("c", "欢迎"), ("p", ""), ("p", "Here it is."),
                             ("p", "cat tax.\nHere"), ("p", "猫税")]  # fmt: skip
    assert not study.propose_project(path).changes
    assert len(study.captures()) == 2


def test_words_that_were_changed_make_a_document(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    whole, description = source(study)
    changed = whole.replace("Welcome", "Goodbye")
    path = qdpx(project(changed, description, places(whole, "cat tax")), {"sources/a.txt": changed.encode()})
    proposal = study.propose_project(path)
    assert "came from this study and their words were changed since: here they are documents (1)" in str(proposal)
    assert len(proposal.placed.new) == 1
    strange = f"[Resilens] a-{'2' * 16}{description[len('[Resilens] a-') + 16 :]}"
    other = study.propose_project(qdpx(project(whole, strange), {"sources/a.txt": whole.encode()}))
    assert "items of another study" in str(other)


def test_a_memo_that_was_edited_elsewhere_is_the_memo_it_was(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    body = {"memo_id": "m1", "title": "why", "text": "because"}
    study.record.append(Draft("memo.written", "m1", body, "Ann"))
    notes = f'<Notes><Note guid="{memo_guid("m1")}" name="why"><PlainTextContent>%s</PlainTextContent></Note></Notes>'
    assert not study.propose_project(qdpx(notes % "because")).changes
    study.import_project(study.propose_project(qdpx(notes % "for another reason")))
    (memo,) = study.record.view("memos")
    assert (memo["memo_id"], memo["text"]) == ("m1", "for another reason")
    assert not study.propose_project(qdpx(notes % "for another reason")).changes


def test_what_is_synthetic_stays_out_of_a_study_that_is_not(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    for inner, origin in (("<Description>SYNTHETIC: made up</Description>", "X"), ("", "Resilens 1 SYNTHETIC")):
        proposal = study.propose_project(qdpx(inner, origin=origin))
        assert "refused: p.qdpx: this project is SYNTHETIC" in str(proposal)
        with pytest.raises(InputError, match="SYNTHETIC"):
            study.import_project(proposal)


PARTS = st.builds(Part, st.from_regex(r"a-[a-z2-7]{16}", fullmatch=True), st.sampled_from(["title", "text"]),
                  st.integers(0, 10**8), st.integers(0, 10**8))  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.lists(PARTS, max_size=5))
def test_a_layout_comes_out_of_a_description_as_it_went_in(words: str, parts: list[Part]) -> None:
    layout = Layout("a-" + "b" * 16, tuple(parts))
    assert layout_in(with_layout(words, layout)) == (layout, words)
    assert layout_in(with_layout(words, layout).replace("\n", "\r\n"))[0] == layout


def test_a_description_without_a_layout_is_left_as_it_is() -> None:
    assert layout_in("see [Resilens] there") == (None, "see [Resilens] there")
