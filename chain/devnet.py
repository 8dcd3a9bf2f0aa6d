"""Print the genesis file of the devnet: `python -m chain.devnet > hardhat-free-devnet/genesis.json`."""

import json
import sys
from typing import Any

from chain.core.rules import GAS_LIMIT
from chain.core.system_contracts import SYSTEM_CONTRACTS

DEVNET_CHAIN_ID = 1337421
GENESIS_TIMESTAMP = 1_735_689_600  # 2025-01-01T00:00:00Z
FORKS_BY_BLOCK = (
    "homesteadBlock", "eip150Block", "eip155Block", "eip158Block", "byzantiumBlock", "constantinopleBlock",
    "petersburgBlock", "istanbulBlock", "muirGlacierBlock", "berlinBlock", "londonBlock", "arrowGlacierBlock",
    "grayGlacierBlock",
)  # fmt: skip
FORKS_BY_TIME = ("shanghaiTime", "cancunTime", "pragueTime")
BLOB_SCHEDULE = {
    "cancun": {"target": 3, "max": 6, "baseFeeUpdateFraction": 3_338_477},
    "prague": {"target": 6, "max": 9, "baseFeeUpdateFraction": 5_007_716},
}


def genesis_document(chain_id: int = DEVNET_CHAIN_ID, timestamp: int = GENESIS_TIMESTAMP) -> dict[str, Any]:
    """A genesis file in geth's format: Prague from block 0, the system contracts, nobody funded."""
    config: dict[str, Any] = {"chainId": chain_id}
    config |= dict.fromkeys(FORKS_BY_BLOCK + FORKS_BY_TIME, 0)
    config |= {"terminalTotalDifficulty": 0, "terminalTotalDifficultyPassed": True, "blobSchedule": BLOB_SCHEDULE}
    return {
        "config": config,
        "nonce": "0x0",
        "timestamp": hex(timestamp),
        "extraData": "0x",
        "gasLimit": hex(GAS_LIMIT),
        "difficulty": "0x0",
        "mixHash": "0x" + "00" * 32,
        "coinbase": "0x" + "00" * 20,
        "baseFeePerGas": "0x0",
        "blobGasUsed": "0x0",
        "excessBlobGas": "0x0",
        "alloc": {
            f"0x{address.hex()}": {"balance": "0x0", "nonce": "0x1", "code": f"0x{code.hex()}"}
            for address, code in SYSTEM_CONTRACTS.items()
        },
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(genesis_document(), indent=2) + "\n")
