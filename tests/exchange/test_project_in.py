"""A coded project becomes codebook, items, a frozen round, consensus and memos; twice the same changes nothing."""

from __future__ import annotations

import hashlib
import stat
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from resilens.coding.codings import codings, final
from resilens.coding.rounds import rounds
from resilens.errors import InputError
from resilens.exchange.project_in import UnclearDialect
from resilens.exchange.project_record import made_at
from resilens.pipeline import OpenStudy, open_study
from resilens.study.beginning import begin

G = "1ff58b12-6f6f-4b0c-8be5-bbdc91f5"
TEXT = "Cats came first 😀😀.\r\nThen @momo and their dogs came.\r\n小红书欢迎你！ Nobody left."
AT = 'creationDateTime="2024-05-01T10:00:00Z"'
WORDS = ("Cats", "first", "dogs", "Nobody left", "came.\r\n小红书欢迎你", "Then")


def utf16(text: str, words: str) -> str:
    """The positions of words as NVivo for Windows writes them."""
    start = len(text[: text.index(words)].encode("utf-16-le")) // 2
    return f'startPosition="{start}" endPosition="{start + len(words.encode("utf-16-le")) // 2}"'


def coding(number: int, code: int = 0, user: int = 0) -> str:
    return f'<Coding guid="{G}1{number:03}" creatingUser="{G}900{user}" {AT}><CodeRef targetGUID="{G}000{code}"/>' \
           f'<NoteRef targetGUID="{G}8000"/></Coding>'.replace(f'<NoteRef targetGUID="{G}8000"/>', "" if number else
           f'<NoteRef targetGUID="{G}8000"/>')  # fmt: skip


def inner(consensus: str = "") -> str:
    spans = "".join(
        f'<PlainTextSelection guid="{G}2{number:03}" {utf16(TEXT, words)}>{coding(number, number % 2)}'
        f"{coding(50 + number, 0, 1) if number < 3 else ''}{consensus if number == 1 else ''}</PlainTextSelection>"
        for number, words in enumerate(WORDS)
    )
    return f"""<Users><User guid="{G}9000" name="Ann"/><User guid="{G}9001" name="Bo"/>
    <User guid="{G}9002" name="consensus"/></Users>
    <CodeBook><Codes><Code guid="{G}0000" name="pet" isCodable="true"><NoteRef targetGUID="{G}8001"/></Code>
    <Code guid="{G}0001" name="time" isCodable="true"/></Codes></CodeBook>
    <Variables><Variable guid="{G}7000" name="age" typeOfVariable="Integer"/></Variables><Cases><Case guid="{G}7001"/>
    </Cases><Sources>
    <TextSource guid="{G}3000" name="interview" plainTextPath="internal://a.txt" {AT}>{spans}
      <PlainTextSelection guid="{G}2103" {utf16(TEXT, "Cats")}/>{coding(90)}</TextSource>
    <PictureSource guid="{G}3001" name="cat" path="internal://b.jpg"><PictureSelection guid="{G}2100" firstX="10"
      firstY="20" secondX="40" secondY="60">{coding(91)}</PictureSelection></PictureSource>
    <VideoSource guid="{G}3002" name="dog" path="internal://c.mp4"><VideoSelection guid="{G}2101" begin="5" end="900">
      {coding(92)}</VideoSelection></VideoSource>
    <PDFSource guid="{G}3003" name="paper" path="relative:///paper.pdf"><PDFSelection guid="{G}2102" page="3"
      firstX="1" firstY="2" secondX="3" secondY="4">{coding(93)}</PDFSelection></PDFSource></Sources>
    <Notes><Note guid="{G}8000" name="why"><PlainTextContent>since it purrs</PlainTextContent></Note>
    <Note guid="{G}8001" name="pets" creatingUser="{G}9001" {AT}><PlainTextContent>all of them</PlainTextContent></Note>
    </Notes><Links><Link guid="{G}8100" originGUID="{G}8001" targetGUID="{G}2001"/>
    <Link guid="{G}8101" originGUID="{G}2000" targetGUID="{G}2001"/></Links>
    <Sets><Set guid="{G}8200" name="all"><MemberCode targetGUID="{G}0001"/><MemberSource targetGUID="{G}3000"/></Set>
    </Sets>"""


FILES = {"Sources/a.txt": b"\xef\xbb\xbf" + TEXT.encode(), "Sources/b.jpg": b"a picture", "Sources/c.mp4": b"a film"}


@pytest.fixture
def study(tmp_path: Path) -> Iterator[OpenStudy]:
    """A study in which nothing was done."""
    begin(tmp_path / "s")
    with open_study(tmp_path / "s") as opened:
        yield opened


def test_a_project_of_nvivo_for_windows(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    path = qdpx(inner(), FILES, name="Cats 2024.qdpx", origin="NVivo 12.6")
    proposal = study.propose_project(path)
    said = str(proposal)
    for words in ("written by NVivo 12.6", "four sources: would be four new documents", "positions count UTF-16 units",
                  "Ann: 10 codings on four items, would go to the round 'Cats 2024' (independent, frozen)",
                  "Bo: three codings on one item", "two new codes: imported.pet, imported.time",
                  "one name mentioned with @", "outside the project (1): 'paper at relative:///paper.pdf'",
                  "parts of PDF pages: the codes stand on the whole item, the place in the memo (1)",
                  "variables, for which there is no place (1)", "cases, for which",
                  "sets of sources and notes, for which there is no place (1)",
                  "when notes were written: here they count from their import (1)",
                  "selections without a code, a note or a link (1)",
                  "links between things other than a note"):  # fmt: skip
        assert words in said, words
    assert list(study.record.view("codings")) == []
    assert study.import_project(proposal) > 0
    table = codings(study.record).to_pylist()
    with study.corpus() as corpus:
        posts = {row["title"]: row for row in corpus.frame(corpus.table("posts")).to_pylist()}
    text = posts["interview"]["text"]
    assert text == TEXT.replace("\r\n", "\n").replace("momo", text[text.index("@") + 1 :][:18])
    spans = [text[row["start"] : row["end"]] for row in table if row["coder"] == "Ann" and row["field"]]
    assert sorted(spans) == sorted(one.replace("\r\n", "\n") for one in WORDS)
    assert all(row["text_sha256"] == hashlib.sha256(text.encode()).hexdigest() for row in table if row["field"])
    assert posts["interview"]["published_at"] == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert (posts["cat"]["kind"], posts["dog"]["kind"], posts["paper"]["kind"]) == ("image", "video", "unknown")
    (region,) = [row for row in table if row["x"] is not None]
    assert (region["media_id"], region["x"], region["y"], region["w"], region["h"]) == (
        hashlib.sha256(b"a picture").hexdigest(), 10, 20, 30, 40
    )  # fmt: skip
    (interval,) = [row for row in table if row["start_ms"] is not None]
    assert (interval["start_ms"], interval["end_ms"]) == (5, 900)
    kept = study.folder.captures / "media" / f"{region['media_id']}.jpg"
    assert kept.read_bytes() == b"a picture"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444
    assert posts["cat"]["media"] == [kept.name]
    memos = {row["memo"] for row in table}
    assert {"since it purrs", "page 3, from 1, 2 to 3, 4"} <= memos
    assert {made_at(row["event_id"], datetime.now(UTC)) for row in table} == {datetime(2024, 5, 1, 10, tzinfo=UTC)}
    (opened,) = rounds(study.record)
    assert (opened.id, opened.mode, opened.state) == ("Cats 2024", "independent", "frozen")
    assert opened.coders == ("Ann", "Bo")
    assert study.codebook().code("imported.time").sets == ("all",)
    (memo,) = study.record.view("memos")
    assert (memo["title"], memo["text"], memo["actor"]) == ("pets", "all of them", "Bo")
    assert memo["about"] == ["imported.pet", posts["interview"]["post_id"]]


def test_the_same_file_again_changes_nothing_and_another_becomes_a_further_round(
    study: OpenStudy, qdpx: Callable[..., Path]
) -> None:
    path = qdpx(inner(), FILES)
    study.import_project(study.propose_project(path))
    head, captures = study.record.verify().head, sorted(study.folder.captures.rglob("*"))
    again = study.propose_project(path)
    assert "nothing would change" in str(again)
    assert study.import_project(again) == 0
    assert study.record.verify().head == head
    assert sorted(study.folder.captures.rglob("*")) == captures
    less = inner().replace(coding(92), "")
    proposal = study.propose_project(qdpx(less, FILES))
    assert proposal.plan.round_id == "p-2"
    assert not proposal.placed.new
    study.import_project(proposal)
    assert not study.propose_project(path).changes
    assert not study.propose_project(qdpx(inner(), FILES)).changes, "what it says stands in p"


def test_what_the_user_consensus_coded_becomes_decisions(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    """Consensus holds time, which Ann gave and Bo did not; what it does not hold stays as the coders left it."""
    path = qdpx(inner(coding(99, 1, 2)), FILES)
    proposal = study.propose_project(path)
    assert "consensus: one code, of which one decision would be written" in str(proposal)
    study.import_project(proposal)
    settled = final(study.record)
    assert [row["code_id"] for row in settled.table.to_pylist() if row["settled"] == "decided"] == ["imported.time"]
    (decision,) = study.record.view("consensus")
    assert decision["applies"] is True
    assert decision["round_id"] == "p"
    assert not study.propose_project(path).changes


def test_the_corpus_comes_from_the_capture_alone(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    study.import_project(study.propose_project(qdpx(inner(), FILES)))
    (capture,) = study.captures()
    assert (capture["reader"], capture["new"], capture["quarantined"]) == ("canonical", 4, 0)
    study.rebuild_corpus()
    assert "nothing would change" in str(study.propose_project(qdpx(inner(), FILES)))


def test_the_same_documents_of_another_export_are_the_same_items(
    study: OpenStudy, qdpx: Callable[..., Path]
) -> None:
    """ATLAS.ti makes new GUIDs for everything at every export."""
    study.import_project(study.propose_project(qdpx(inner(), FILES)))
    other = study.propose_project(qdpx(inner().replace(G, G.replace("1ff5", "2ff5")), FILES, name="q.qdpx"))
    assert not other.placed.new
    assert not other.codebook.new
    assert not other.plan.changes


def test_where_the_dialect_is_not_clear_the_import_stops_with_the_evidence(
    study: OpenStudy, qdpx: Callable[..., Path]
) -> None:
    text = "😀小红书欢迎你们来到这里大家都很高兴看到你们的猫和狗"
    span = f'<PlainTextSelection guid="{G}2000" startPosition="4" endPosition="6"/>'
    path = qdpx(f'<Sources><TextSource guid="{G}3000"><PlainTextContent>{text}</PlainTextContent>{span}</TextSource>'
                f"</Sources>", origin="ATLAS.ti for Windows 23")  # fmt: skip
    with pytest.raises(UnclearDialect, match="--dialect") as unclear:
        study.propose_project(path)
    assert "ATLAS.ti for Windows 23 usually writes codepoint-1" in str(unclear.value)
    assert "utf16-written" in str(unclear.value)
    assert study.propose_project(path, dialect="nvivo").evidence.declared
    with pytest.raises(InputError, match="there is no dialect"):
        study.propose_project(path, dialect="klingon")


def test_a_file_that_changed_meanwhile_is_not_imported(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    proposal = study.propose_project(qdpx(inner(), FILES))
    qdpx(inner(), FILES | {"sources/more.txt": b""})
    with pytest.raises(InputError, match="has changed since this was proposed"):
        study.import_project(proposal)
    assert list(study.record.view("captures")) == []


def test_two_hundred_sources_with_sixteen_thousand_codings(study: OpenStudy, qdpx: Callable[..., Path]) -> None:
    text = "".join(f"word{number} said the {number}th refugee 😀.\r\n" for number in range(80))
    places = [utf16(text, f"word{number} said") for number in range(80)]
    sources = "".join(
        f'<TextSource guid="{one:08}-6f6f-4b0c-8be5-bbdc91f50000" name="s{one}" plainTextPath="internal://{one}.txt">'
        + "".join(f'<PlainTextSelection guid="{one:08}-6f6f-4b0c-8be5-bbdc91f5{n:04}" {place}>'
                  f'<Coding guid="{one:08}-6f6f-4b0c-8be5-bbdc91f6{n:04}" creatingUser="{G}9000" {AT}>'
                  f'<CodeRef targetGUID="{G}0000"/></Coding></PlainTextSelection>' for n, place in enumerate(places))
        + "</TextSource>" for one in range(200)
    )  # fmt: skip
    head = inner().partition("<Variables>")[0]
    path = qdpx(f"{head}<Sources>{sources}</Sources>", {f"sources/{one}.txt": text.encode() for one in range(200)})
    started = time.perf_counter()
    proposal = study.propose_project(path)
    proposed = time.perf_counter()
    study.import_project(proposal)
    print(f"proposed in {proposed - started:.1f} s, imported in {time.perf_counter() - proposed:.1f} s")
    assert len(codings(study.record)) == 16_000
    assert "nothing would change" in str(study.propose_project(path))


@pytest.mark.shared
@pytest.mark.parametrize(("name", "many", "sources"), [
    ("nvivo15mac__cproctor_nvivo_project", 0, 2), ("qc132__cproctor_demo", 205, 2),
    ("atlasti23win__ponte_target", 0, 0), ("atlasti23win__ponte_blank", 0, 0), ("qualcoder40beta_c320464__plain", 3, 1),
    ("qualcoder40beta_c320464__zh_emoji", 4, 1),
])  # fmt: skip
def test_real_files_come_in_whole_and_once(study: OpenStudy, shared: Path, name: str, many: int, sources: int) -> None:
    path = shared / "refi" / f"{name}.qdpx"
    study.import_project(study.propose_project(path))
    assert len(codings(study.record)) == many
    assert len(study.captures()) == (sources > 0)
    assert not sources or study.project().counts["sources"] == sources, "those that nobody coded leave as well"
    assert study.import_project(study.propose_project(path)) == 0
