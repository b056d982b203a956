"""How does the server do what takes longer than a page may? One job at a time, told how far it is, stopped at will."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from resilens.errors import Fault, InputError

Progress = Callable[[str, int, int | None], None]


class Stopped(Exception):
    """Somebody asked the job to stop."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands.

    Parameters
    ----------
    name
        An entry of the catalogue that says what is done.
    by
        Who asked for it.
    step, done, total
        What is being done now, how much of it, and of how much (None: not known).
    running
        Whether it still runs.
    stopped
        Whether it was stopped before its end.
    faults
        What went wrong.
    """

    name: str
    by: str
    step: str = ""
    done: int = 0
    total: int | None = None
    running: bool = True
    stopped: bool = False
    faults: tuple[Fault, ...] = field(default=())


class Background:
    """The one job of a server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._stop = False

    @property
    def job(self) -> Job | None:
        """The job that runs, or the last one; None before the first."""
        return self._job

    def start(self, name: str, by: str, work: Callable[[Progress], object]) -> None:
        """Begin a job, unless one runs: that one goes on, and its page says what it is.

        Parameters
        ----------
        name, by
            See `Job`.
        work
            Does it; is told how to tell its progress.
        """
        with self._lock:
            if self._job and self._job.running:
                return
            self._job, self._stop = Job(name, by), False
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def stop(self) -> None:
        """Ask the job to stop; it does at its next step. What it has finished is kept."""
        self._stop = True

    def _run(self, work: Callable[[Progress], object]) -> None:
        ended = Job("", "", running=False, faults=(Fault("Resilens itself failed; the server's window says more"),))
        try:
            work(self._told)
            ended = replace(ended, faults=())
        except Stopped:
            ended = replace(ended, faults=(), stopped=True)
        except InputError as error:
            ended = replace(ended, faults=error.faults)
        finally:  # whatever else happens is printed by the thread, and the page must not wait for ever
            self._change(running=False, stopped=ended.stopped, faults=ended.faults)

    def _told(self, step: str, done: int, total: int | None) -> None:
        if self._stop:
            raise Stopped
        self._change(step=step, done=done, total=total)

    def _change(self, **changes: object) -> None:
        with self._lock:
            if self._job is not None:
                self._job = replace(self._job, **changes)  # type: ignore[arg-type]
