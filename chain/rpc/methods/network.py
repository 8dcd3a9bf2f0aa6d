"""Who the node is: chain id, version, peers, queue, genesis."""

import json
from typing import Any

from eth_hash.auto import keccak

from chain.rpc import hexes
from chain.rpc.node import CLIENT_VERSION, Node, Params, method
from chain.store.schema import META_SEALER


@method("eth_chainId")
def chain_id(node: Node, _: Params) -> str:
    """The chain id."""
    return hex(node.ledger.chain_id)


@method("net_version")
def net_version(node: Node, _: Params) -> str:
    """The chain id in decimal."""
    return str(node.ledger.chain_id)


@method("net_listening")
def listening(_: Node, __: Params) -> bool:
    """There are no peers to listen for."""
    return False


@method("net_peerCount")
def peers(_: Node, __: Params) -> str:
    """A solo ledger has no peers."""
    return "0x0"


@method("web3_clientVersion")
def client_version(_: Node, __: Params) -> str:
    """Name and versions of the node."""
    return CLIENT_VERSION


@method("web3_sha3", least=1)
def sha3(_: Node, params: Params) -> str:
    """keccak256 of the data."""
    return hexes.as_hex(keccak(hexes.data(params[0], "data")))


@method("eth_syncing", "eth_mining")
def syncing(_: Node, __: Params) -> bool:
    """Never: the node makes the blocks itself."""
    return False


@method("eth_accounts")
def accounts(_: Node, __: Params) -> list[str]:
    """The node holds no keys but the sealer's."""
    return []


@method("txpool_status")
def queue_status(node: Node, _: Params) -> dict[str, str]:
    """How many transactions are due, and how many wait behind a nonce gap."""
    due, held = node.ledger.queue_counts()
    return {"pending": hex(due), "queued": hex(held)}


@method("tally_genesis")
def genesis(node: Node, _: Params) -> dict[str, Any]:
    """The genesis file, and its text as it was given."""
    text = node.ledger.genesis.text
    return {"text": text, "genesis": json.loads(text)}


@method("tally_sealer")
def sealer(node: Node, _: Params) -> str:
    """The address whose signature seals the blocks."""
    with node.ledger.view() as view:
        return hexes.as_hex(view.meta(META_SEALER) or b"")
