"""The XML of a project, in whichever way its program strayed: read with a note, what has no place counted."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.exchange.archive_reading import open_archive
from resilens.exchange.project_tree import Place
from resilens.exchange.qde_reading import ReadProject, read_project

G = "1ff58b12-6f6f-4b0c-8be5-bbdc91f552"
CODE = f'<CodeBook><Codes><Code guid="{G}00" name="a" isCodable="true"/></Codes></CodeBook>'


def read(path: Path) -> ReadProject:
    with open_archive(path) as archive:
        return read_project(archive)


def test_every_kind_of_source_and_selection(qdpx: Callable[..., Path]) -> None:
    coding = f'<Coding guid="{G}%s" creatingUser="{G}90" creationDateTime="2024-05-01T10:00:00Z">' \
             f'<CodeRef targetGUID="{G}00"/></Coding>'  # fmt: skip
    inner = f"""<Users><User guid="{{{G.upper()}90}}" name="Ann" id="A"/></Users>{CODE}<Sources>
    <TextSource guid="{G}10" name="t"><Description>about</Description><PlainTextContent>Hello there</PlainTextContent>
     <PlainTextSelection guid="{G}11" startPosition="0" endPosition="5" name="Hello">{coding % 12}
      <NoteRef targetGUID="{G}80"/></PlainTextSelection>{coding % 13}
     <VariableValue><VariableRef targetGUID="{G}70"/><IntegerValue>3</IntegerValue></VariableValue></TextSource>
    <PictureSource guid="{G}20" name="p" path="internal://x.jpg"><PictureSelection guid="{G}21" firstX="30" firstY="5"
      secondX="10" secondY="50">{coding % 22}</PictureSelection></PictureSource>
    <PDFSource guid="{G}30" path="internal://y.pdf"><PDFSelection guid="{G}31" page="2" firstX="1" firstY="2"
      secondX="3" secondY="4"/><Representation guid="{G}32"><PlainTextContent>pdf words</PlainTextContent>
      <PlainTextSelection guid="{G}33" startPosition="0" endPosition="3"/></Representation></PDFSource>
    <AudioSource guid="{G}40" name="a" path="internal://z.mp3"><Transcript guid="{G}41"><PlainTextContent>said
     </PlainTextContent><SyncPoint guid="{G}42" timeStamp="100" position="0"/><SyncPoint guid="{G}43" timeStamp="900"
      position="4"/><TranscriptSelection guid="{G}44" fromSyncPoint="{G}42" toSyncPoint="{G}43">{coding % 45}
      </TranscriptSelection></Transcript><AudioSelection guid="{G}46" begin="5" end="70"/></AudioSource>
    <VideoSource guid="{G}50" name="v" path="internal://v.mp4"><VideoSelection guid="{G}51" begin="0" end="9"/>
    </VideoSource></Sources>
    <Notes><Note guid="{G}80" name="n" creatingUser="{G}90"><PlainTextContent>a memo</PlainTextContent></Note></Notes>
    <Links><Link guid="{G}81" originGUID="{G}80" targetGUID="{G}21" direction="OneWay"/></Links>"""
    found = read(qdpx(inner, {f"sources/{name}": b"x" for name in ("x.jpg", "y.pdf", "z.mp3", "v.mp4")}))
    text, picture, pdf, audio, video = found.tree.sources
    assert found.tree.users[0].guid == f"{G}90"
    assert (text.text, text.description, text.values) == ("Hello there", "about", {f"{G}70": "3"})
    assert text.selections[0].place == Place(0, 5)
    assert text.selections[0].uses[0].at == "2024-05-01T10:00:00Z"
    assert text.uses[0].code == f"{G}00"
    assert picture.selections[0].place == Place(x1=10, y1=5, x2=30, y2=50)
    assert pdf.selections[0].place == Place(page=2, x1=1, y1=2, x2=3, y2=4)
    assert pdf.transcripts[0].text == "pdf words"
    assert pdf.name == "y"
    assert audio.transcripts[0].selections[0].place == Place(0, 4, begin=100, finish=900)
    assert video.selections[0].place == Place(begin=0, finish=9)
    assert found.tree.notes[0].text == "a memo"
    assert found.tree.links[0].direction == "OneWay"
    assert found.losses == ()
    assert [source.text for source in found.tree.texts()] == ["Hello there", "pdf words", "said\n     "]


def test_oddities_are_read_with_a_note(qdpx: Callable[..., Path]) -> None:
    inner = f"""<Sources><TextSource guid="{G}10" plainTextPath="a.txt"/>
    <TextSource name="both" guid="{G}10" plainTextPath="INTERNAL://b.txt" richTextPath="internal://b.docx"
      ><PlainTextContent>x</PlainTextContent></TextSource>
    <TextSource guid="nothing" name="gone" plainTextPath="internal://c.txt"/>
    <TextSource guid="{G}13" name="latin" plainTextPath="internal://d.txt"/>
    <TextSource guid="{G}15" name="wide" plainTextPath="internal://e.txt"/>
    <PictureSource guid="{G}14" name="film" path="relative:///film.jpg"/><Telepathy/></Sources>{CODE}
    <Sets><Set guid="{G}60" name="s"><MemberCode guid="{G}00"/></Set></Sets><Cases/><Nonsense/>
    <Graphs><Graph guid="{G}61"/></Graphs>"""
    files = {"Sources/a.txt": b"\xef\xbb\xbfone\r\n", "Sources/b.txt": b"two", "Sources/b.docx": b"PK\x03\x04",
             "Sources/d.txt": "é".encode("latin-1"), "Sources/e.txt": "é".encode("utf-16")}  # fmt: skip
    found = read(qdpx(inner, files, inside="Trial.qde", space="urn:QDA-XML:project:0:4"))
    assert [one.text for one in found.tree.sources] == ["\ufeffone\r\n", "two", None, None, "\ufeffé", None]
    assert found.tree.sources[0].name == "a"
    assert len({one.guid for one in found.tree.sources}) == 6
    assert found.tree.sets[0].codes == (f"{G}00",)
    notes, losses = "\n".join(found.notes), "\n".join(found.losses)
    for words in ("'Trial.qde'", "'Sources' and not", "the namespace is 'urn:QDA-XML:project:0:4'", "not in the order",
                  "has no name", "does not begin with internal://", "both in the XML and in a file",
                  "GUID that is none", "GUID of another", "an empty <Cases/>"):  # fmt: skip
        assert words in notes, words
    for words in ("'Nonsense'", "'Telepathy' in 'Sources'", "graphs (1)", "not in the zip (1): 'gone at",
                  "outside the project (1): 'film at relative:///film.jpg'", "neither UTF-8 nor UTF-16",
                  "styled form"):  # fmt: skip
        assert words in losses, words


@pytest.mark.parametrize(("inner", "words"), [
    ("&a;", "not well-formed"), ("<Code>" * 300 + "</Code>" * 300, "nested deeper"), ("<", "not well-formed"),
])  # fmt: skip
def test_xml_that_is_not_to_be_trusted_is_refused(qdpx: Callable[..., Path], inner: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        read(qdpx(inner))
    assert str(refused.value).startswith("p.qdpx: project.qde")


def test_a_doctype_and_what_is_no_project_are_refused(tmp_path: Path) -> None:
    import zipfile

    for xml, words in ((b"<!DOCTYPE a [<!ENTITY a 'x'>]><Project/>", "DOCTYPE"), (b"<CodeBook/>", "not a REFI-QDA"),
                       (b"hello", "not XML"), (b"", "not XML")):  # fmt: skip
        with zipfile.ZipFile(tmp_path / "p.qdpx", "w") as archive:
            archive.writestr("project.qde", xml)
        with pytest.raises(InputError, match=words):
            read(tmp_path / "p.qdpx")


def test_very_many_tags_are_refused_in_bounded_memory(qdpx: Callable[..., Path]) -> None:
    path = qdpx("".join(f"<a{number:x}/>" for number in range(2_100_000)))
    tracemalloc.start()
    with pytest.raises(InputError, match="2,000,000 tags"):
        read(path)
    assert tracemalloc.get_traced_memory()[1] < 120 * 2**20
    tracemalloc.stop()


@pytest.mark.shared
@pytest.mark.parametrize(("name", "codes", "users", "selections", "codings"), [
    ("nvivo15mac__cproctor_nvivo_project", 262, 2, 0, 0), ("qc132__cproctor_demo", 262, 1, 158, 205),
    ("atlasti23win__ponte_target", 3, 2, 0, 0), ("atlasti23win__ponte_blank", 0, 2, 0, 0),
])  # fmt: skip
def test_real_files(shared: Path, name: str, codes: int, users: int, selections: int, codings: int) -> None:
    tree = read(shared / "refi" / f"{name}.qdpx").tree
    assert len(list(tree.codes.walk())) == codes
    assert len(tree.users) == users
    found = [one for source in tree.sources for one in source.selections]
    assert (len(found), sum(len(one.uses) for one in found)) == (selections, codings)
    assert all(source.text is not None and source.name for source in tree.sources)
