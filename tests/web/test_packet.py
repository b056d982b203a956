"""A packet's own page says whose it is, how far one is, and which file goes home."""

from __future__ import annotations

from pathlib import Path

from tests.web.making import JON, client, round_of_two, study

from resilens.coding.packets import unpacked
from resilens.pipeline import OpenStudy
from resilens.study import reading


def test_the_page_of_a_packet_names_its_coder_and_the_file_that_goes_home(tmp_path: Path) -> None:
    path = tmp_path / "home to mei.packet"
    with study(tmp_path) as made:
        round_of_two(made)
        made.make_packet(JON, path=path)
    with unpacked(path) as folder, OpenStudy(folder, reading.read(folder.study_file)) as packet:
        for language, word in (("en", "Send that file back"), ("zh", "发回")):
            page = client(packet, JON).get("/", headers={"Accept-Language": language})
            assert page.status_code == 200
            assert path.name in page.text
            assert word in page.text
