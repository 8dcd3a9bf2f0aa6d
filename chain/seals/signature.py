"""What a seal signs: EIP-712 typed data, so that a phone or a contract can check it with ordinary means."""

from dataclasses import dataclass

from coincurve import PrivateKey, PublicKey
from eth_hash.auto import keccak

from chain.errors import LedgerError

DOMAIN_TYPE = keccak(b"EIP712Domain(string name,string version,uint256 chainId)")
SEAL_TYPE = keccak(b"Seal(uint256 number,bytes32 blockHash,bytes32 treeHead)")
DOMAIN_NAME = keccak(b"Tallystick Ledger")
DOMAIN_VERSION = keccak(b"1")
SIGNATURE_BYTES = 65
RECOVERY_OFFSET = 27


class SealInvalid(LedgerError):
    """A seal is not the sealer's signature over this block."""

    def __init__(self, number: int, reason: str) -> None:
        self.number, self.reason = number, reason
        super().__init__(f"the seal of block {number} is not valid: {reason}")


@dataclass(frozen=True)
class Seal:
    """The operator's word for block `number` and all before it. `signature` is r, s, v (27 or 28)."""

    number: int
    block_hash: bytes
    tree_head: bytes
    signature: bytes

    def signer(self, chain_id: int) -> bytes:
        """The address that signed; raises SealInvalid when nothing can be recovered."""
        if len(self.signature) != SIGNATURE_BYTES or self.signature[64] not in (27, 28):
            raise SealInvalid(self.number, "malformed signature")
        compact = self.signature[:64] + bytes([self.signature[64] - RECOVERY_OFFSET])
        digest = seal_digest(chain_id, self.number, self.block_hash, self.tree_head)
        try:
            return public_address(PublicKey.from_signature_and_message(compact, digest, hasher=None))
        except Exception as error:  # coincurve raises bare exceptions
            raise SealInvalid(self.number, "nothing can be recovered from the signature") from error


def seal_digest(chain_id: int, number: int, block_hash: bytes, tree_head: bytes) -> bytes:
    """The EIP-712 digest of a seal."""
    domain = keccak(DOMAIN_TYPE + DOMAIN_NAME + DOMAIN_VERSION + chain_id.to_bytes(32, "big"))
    struct = keccak(SEAL_TYPE + number.to_bytes(32, "big") + block_hash + tree_head)
    return bytes(keccak(b"\x19\x01" + domain + struct))


def public_address(key: PublicKey) -> bytes:
    """The address of a public key."""
    return bytes(keccak(key.format(compressed=False)[1:])[12:])


class Sealer:
    """The holder of the sealing key; the key never appears in its representation."""

    def __init__(self, private_key: bytes) -> None:
        self._key = PrivateKey(private_key)
        self.address = public_address(self._key.public_key)

    def __repr__(self) -> str:
        return f"Sealer(0x{self.address.hex()})"

    def seal(self, chain_id: int, number: int, block_hash: bytes, tree_head: bytes) -> Seal:
        """Sign one block."""
        digest = seal_digest(chain_id, number, block_hash, tree_head)
        compact = self._key.sign_recoverable(digest, hasher=None)
        signature = compact[:64] + bytes([compact[64] + RECOVERY_OFFSET])
        return Seal(number, block_hash, tree_head, signature)
