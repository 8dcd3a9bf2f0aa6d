"""A process that steps a sender and, when told a moment, kills itself there with SIGKILL.

python -m tests.contracts.sender.stepper DATABASE URL KEY MOMENT
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

from eth_account import Account

from contracts.clients import Rpc
from contracts.clients.rpc import Request
from contracts.sender import Sender, durable_engine

NEVER = "never"
MOMENTS = ("settle", "allocate", "sign", "handed over", "send")


def die() -> None:
    """As if the power went."""
    os.kill(os.getpid(), signal.SIGKILL)


class DiesAfterHandingOver(Rpc):
    """Is killed when the ledger has taken the transactions and before that is written down."""

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        answers = super().batch(requests)
        if any(method == "eth_sendRawTransaction" for method, _ in requests):
            die()
        return answers


def main(database: str, url: str, key: str, moment: str) -> None:
    """Step for ever, or until the moment has come."""
    rpc = DiesAfterHandingOver(url) if moment == "handed over" else Rpc(url)
    sender = Sender(durable_engine(database), Account.from_key(key), rpc, resend_seconds=0.2)
    while True:
        moved = 0
        for step in ("settle", "allocate", "sign", "send"):
            moved += getattr(sender, step)()
            if step == moment:
                die()
        if not moved:
            time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
