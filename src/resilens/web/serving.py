"""How does the workbench start? On this machine alone, with a link for each coder, and the browser opened on it."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Timer

import uvicorn

from resilens.coding.packets import about_packet, unpacked
from resilens.errors import InputError
from resilens.pipeline import OpenStudy
from resilens.study import reading
from resilens.study.words import did_you_mean
from resilens.web.app import application
from resilens.web.desk import Desk
from resilens.web.sessions import Sessions

HOST = "127.0.0.1"
PORT = 8765
"""Where it listens unless told otherwise; the next free port where that one is taken."""

TRIED = 20


def serve(
    study: OpenStudy, port: int | None = None, coder: str = "", open_browser: bool = True,
    told: Callable[[str], None] = print,
) -> None:  # fmt: skip
    """Serve the workbench of a study until it is stopped.

    Parameters
    ----------
    study
        The open study.
    port
        Where to listen; None: `PORT`, or the next one that is free.
    coder
        Print a link for this coder alone; empty: for each coder of the study.
    open_browser
        Whether to open the browser at the coder's link, or at the lead's.
    told
        Told the links, line by line.

    Raises
    ------
    InputError
        If the study declares no coder, or not this one; if the port is taken.
    """
    _run(Desk(study), _coders(study, coder), port, open_browser, told)


def serve_packet(
    path: Path, port: int | None = None, open_browser: bool = True, told: Callable[[str], None] = print
) -> None:
    """Serve a packet to its coder until it is stopped; what is saved stands in the packet's file at once.

    Raises
    ------
    InputError
        If the file is no packet.
    """
    about = about_packet(path)
    told(f"{path.name}: {about.items:,} items of {about.round_id} for {about.coder}. Send this file back when done.")
    with unpacked(path) as folder, OpenStudy(folder, reading.read(folder.study_file)) as study:
        _run(Desk(study), [about.coder], port, open_browser, told)


def _run(
    desk: Desk, coders: Sequence[str], port: int | None, open_browser: bool, told: Callable[[str], None]
) -> None:
    study = desk.study
    listening = _listen(port)
    where = listening.getsockname()[1]
    sessions = Sessions(study.folder.root)
    links = {name: f"http://{HOST}:{where}{sessions.link_for(name)}" for name in coders}
    told(f"{study.study.study.title}: the workbench answers on this machine until you press Ctrl+C.")
    for name, link in links.items():
        told(f"  {name}: {link}")
    told("Each link signs one coder in, once. Who can open the study's folder can read everything in it.")
    if open_browser:
        leads = [declared.name for declared in study.study.coders if declared.lead and declared.name in links]
        Timer(0.7, webbrowser.open, [links[(leads or coders)[0]]]).start()
    config = uvicorn.Config(application(desk, sessions, where), log_level="warning", server_header=False,
                            timeout_keep_alive=75,
                            date_header=False, timeout_graceful_shutdown=3)  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])


def _coders(study: OpenStudy, coder: str) -> Sequence[str]:
    declared = [one.name for one in study.study.coders]
    if not declared:
        raise InputError("study.toml names no coder; add [[coder]] with a name for each person who codes")
    if coder and coder not in declared:
        hint = did_you_mean(coder, declared) or f"; the coders are {', '.join(declared)}"
        raise InputError(f"study.toml names no coder {coder!r}{hint}")
    return [coder] if coder else declared


def _listen(port: int | None) -> socket.socket:
    """A socket that listens on this machine alone."""
    for candidate in [port] if port is not None else range(PORT, PORT + TRIED):
        # The protocol is named, for asyncio lets short answers go at once only where it is: 40 ms each.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, candidate))
        except OSError:
            listening.close()
            continue
        listening.listen(128)
        return listening
    taken = f"port {port} is" if port is not None else f"the ports {PORT} to {PORT + TRIED - 1} are"
    raise InputError(f"{taken} taken by other programs; name another with --port")
