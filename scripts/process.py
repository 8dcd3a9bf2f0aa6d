"""What every long-running process does at its start: live no longer than the one that supervises it."""

import os
import threading
import time

PARENT_VARIABLE = "TALLY_SUPERVISOR_PID"
PARENT_CHECK_SECONDS = 0.5


def follow_supervisor() -> None:
    """End this process when the supervisor named in TALLY_SUPERVISOR_PID is gone, even by SIGKILL.

    Without the variable (a process started by hand) nothing happens. Works where parent-death signals do not.
    """
    expected = os.environ.get(PARENT_VARIABLE)
    if expected:
        threading.Thread(target=_watch, args=(int(expected),), name="supervisor-watch", daemon=True).start()


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(0)
