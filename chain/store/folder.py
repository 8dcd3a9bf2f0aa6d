"""The data folder of a node: who may use it, how it comes into being, what must be in it.

LOCK            held by the running node; names the ledger once it is initialised
ledger/data.mdb the LMDB file; lock.mdb beside it only coordinates readers and may be lost
"""

import faulthandler
import fcntl
import os
import resource
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from chain.store.environment import DATA_FILE, Environment
from chain.store.errors import FileDamaged, FileMissing, FolderInUse, FolderMissing

LOCK_FILE = "LOCK"
LEDGER_FOLDER = "ledger"
UNFINISHED_FOLDER = "ledger.unfinished"
INITIALISED = "initialised"


class FolderLock:
    """Exclusive use of a data folder until `release` or the end of the process, even by SIGKILL."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / LOCK_FILE
        self._descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = self._read().partition(" ")[0] or "unknown"
            os.close(self._descriptor)
            raise FolderInUse(folder, holder) from error
        self.initialised = INITIALISED in self._read()
        self._write(initialised=self.initialised)

    def mark_initialised(self) -> None:
        """From now on a missing ledger is an error, not a new beginning."""
        self._write(initialised=True)

    def _read(self) -> str:
        return os.pread(self._descriptor, 100, 0).decode(errors="replace")

    def _write(self, *, initialised: bool) -> None:
        line = f"{os.getpid()} {INITIALISED if initialised else 'new'}\n".encode()
        os.pwrite(self._descriptor, line.ljust(40), 0)
        os.fsync(self._descriptor)

    def release(self) -> None:
        """Let another node use the folder."""
        os.close(self._descriptor)


def ensure_created(folder: Path, lock: FolderLock, initialise: Callable[[Environment], None]) -> None:
    """Let a locked data folder hold a ledger; a new one is built aside by `initialise` and moved into place.

    Raises FileMissing when there was one.
    """
    ledger = folder / LEDGER_FOLDER
    if not ledger.exists():
        if lock.initialised:
            raise FileMissing(data_file(folder))
        _create(folder, initialise)
    lock.mark_initialised()


def _create(folder: Path, initialise: Callable[[Environment], None]) -> None:
    unfinished = folder / UNFINISHED_FOLDER
    if unfinished.exists():
        shutil.rmtree(unfinished)  # a first start that was killed before anything was promised
    unfinished.mkdir()
    environment = Environment(unfinished)
    initialise(environment)
    environment.close()
    _sync_folder(unfinished)
    unfinished.rename(folder / LEDGER_FOLDER)
    _sync_folder(folder)
    _sync_folder(folder.parent)


def data_file(folder: Path) -> Path:
    """Where the LMDB file of a data folder is."""
    return folder / LEDGER_FOLDER / DATA_FILE


def open_checked(
    folder: Path, verify: Callable[[Environment], None] = lambda _: None, *, readonly: bool = False
) -> Environment:
    """The environment of an initialised data folder, after a child process has opened and read it unharmed.

    What `verify` raises in the child is for the caller to see when it verifies itself.
    Raises FolderMissing, FileMissing, FileDamaged.
    """

    def look() -> None:
        environment = Environment(folder / LEDGER_FOLDER, readonly=readonly)
        environment.read_all_if_short()
        verify(environment)

    if not (folder / LEDGER_FOLDER).exists():
        raise FolderMissing(folder)
    if not data_file(folder).exists():
        raise FileMissing(data_file(folder))
    _survive(look, data_file(folder))
    return Environment(folder / LEDGER_FOLDER, readonly=readonly)


def _survive(check: Callable[[], None], file: Path) -> None:
    """Run `check` in a child: LMDB may crash the process on a damaged page instead of raising."""
    child = os.fork()
    if child == 0:
        _run_quietly(check)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        raise FileDamaged(file, f"reading it kills the reader ({name})")


def _run_quietly(check: Callable[[], None]) -> None:
    code = 1
    try:
        faulthandler.disable()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        check()
        code = 0
    finally:
        os._exit(code)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
