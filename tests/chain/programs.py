"""Random but reproducible chains that touch most of the EVM, for comparing engines."""

from random import Random

from eth_account import Account

from chain.core.ledger import Ledger
from tests.chain.support import Wallet, accepted, init_code

REVERT = bytes.fromhex("5f5ffd")
INVALID = bytes.fromhex("fe")
STOP = bytes.fromhex("00")
ENVIRONMENT = [0x30, 0x32, 0x33, 0x34, 0x36, 0x3A, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4A, 0x58, 0x5A]
PRECOMPILES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11]


def push(number: int) -> bytes:
    """PUSH of up to 20 bytes."""
    raw = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    return bytes([0x5F + len(raw)]) + raw


class Programs:
    """Draws code and transactions from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.targets: list[bytes] = []

    def code(self) -> bytes:
        """Straight-line code that ends well, reverts or fails."""
        body = b"".join(self._step() for _ in range(self.random.randint(2, 14)))
        return body + self.random.choice([STOP, STOP, STOP, REVERT, INVALID, push(0) + push(0) + b"\xf3"])

    def _step(self) -> bytes:
        return self.random.choice(
            [
                self._store,
                self._store,
                self._load,
                self._transient,
                self._log,
                self._call,
                self._environment,
                self._create,
                self._block_hash,
                self._hash,
                self._precompile,
                self._copy,
                self._destroy,
                self._other_code,
            ]
        )()

    def _small(self) -> int:
        return self.random.choice([0, 1, 2, 3, 7, 255, 2**64])

    def _store(self) -> bytes:
        return push(self._small()) + push(self._small()) + b"\x55"

    def _load(self) -> bytes:
        return push(self._small()) + b"\x54" + push(self._small()) + b"\x55"

    def _transient(self) -> bytes:
        return push(self._small()) + push(1) + b"\x5d" + push(1) + b"\x5c" + push(self._small()) + b"\x55"

    def _log(self) -> bytes:
        topics = self.random.randint(0, 4)
        return b"".join(push(self._small()) for _ in range(topics)) + push(40) + push(3) + bytes([0xA0 + topics])

    def _call(self) -> bytes:
        target = self.random.choice([*self.targets, (0xDEAD).to_bytes(20, "big")])
        kind = self.random.choice([0xF1, 0xF2, 0xF4, 0xFA])
        value = push(self.random.choice([0, 0, 1])) if kind in (0xF1, 0xF2) else b""
        arguments = push(32) + push(0) + push(40) + push(0) + value + push(int.from_bytes(target, "big"))
        gas = push(self.random.choice([3_000, 60_000]))
        return arguments + gas + bytes([kind]) + push(self._small()) + b"\x55"

    def _environment(self) -> bytes:
        opcode = self.random.choice([code for code in ENVIRONMENT if code != 0x5A])
        return bytes([opcode]) + push(self._small()) + b"\x55"

    def _create(self) -> bytes:
        init = init_code(bytes.fromhex("6001600255"))
        store = b"".join(push(byte) + push(index) + b"\x53" for index, byte in enumerate(init))
        made = push(self.random.randint(0, 1)) + push(len(init)) + push(0) + push(0) + b"\xf5"
        return store + self.random.choice([made, push(len(init)) + push(0) + push(0) + b"\xf0"]) + push(9) + b"\x55"

    def _block_hash(self) -> bytes:
        return push(1) + b"\x43\x03\x40" + push(self._small()) + b"\x55"

    def _hash(self) -> bytes:
        return push(64) + push(0) + b"\x20" + push(self._small()) + b"\x55"

    def _precompile(self) -> bytes:
        number = self.random.choice(PRECOMPILES)
        fill = push(self._small()) + push(0) + b"\x52" + push(self._small()) + push(32) + b"\x52"
        call = push(32) + push(64) + push(self.random.choice([64, 128, 213])) + push(0) + push(number)
        return (
            fill
            + call
            + push(100_000)
            + b"\xfa"
            + push(self._small())
            + b"\x55"
            + push(64)
            + b"\x51"
            + push(5)
            + b"\x55"
        )

    def _copy(self) -> bytes:
        return push(33) + push(1) + push(64) + b"\x5e" + b"\x59" + push(self._small()) + b"\x55"

    def _other_code(self) -> bytes:
        target = self.random.choice([*self.targets, bytes(20)])
        opcode = self.random.choice([0x31, 0x3B, 0x3F])  # BALANCE, EXTCODESIZE, EXTCODEHASH
        return push(int.from_bytes(target, "big")) + bytes([opcode]) + push(self._small()) + b"\x55"

    def _destroy(self) -> bytes:
        return push(0xBEEF) + b"\xff" if self.random.random() < 0.3 else b"\x58\x50"

    def transaction(self, wallet: Wallet) -> bytes:
        """A transaction of any accepted type."""
        choice = self.random.random()
        gas = self.random.choice([130_000, 250_000, 900_000])
        if choice < 0.35 or not self.targets:
            self.targets.append(wallet.next_contract())
            return wallet.sign(data=init_code(self.code()), gas=900_000)
        to = self.random.choice(self.targets)
        data = self.random.randbytes(self.random.choice([0, 4, 40, 700, 1_500]))
        if choice < 0.5:
            return wallet.sign(to, data, gas, gasPrice=self.random.choice([0, 3]), value=self.random.choice([0, 5]))
        if choice < 0.65:
            entry = {"address": f"0x{to.hex()}", "storageKeys": [f"0x{1:064x}", f"0x{7:064x}"]}
            return wallet.sign(to, data, gas, accessList=[entry], type=2)
        if choice < 0.8:
            return wallet.sign(to, data, gas, type=4, authorizationList=self._authorizations(wallet, to))
        return wallet.sign(to, data, gas, maxFeePerGas=2, maxPriorityFeePerGas=self.random.choice([0, 1, 2]))

    def _authorizations(self, wallet: Wallet, to: bytes) -> list[object]:
        return [self._authorization(wallet, to) for _ in range(self.random.randint(1, 3))]

    def _authorization(self, wallet: Wallet, to: bytes) -> object:
        signer = Account.from_key(self.random.choice([17, 18]).to_bytes(32, "big"))
        precompile = self.random.choice(PRECOMPILES).to_bytes(20, "big")
        target = self.random.choice([to, to, bytes(20), precompile, bytes.fromhex(signer.address[2:])])
        chain_id = self.random.choice([wallet.chain_id, wallet.chain_id, 0, 5])
        entry = {"chainId": chain_id, "address": f"0x{target.hex()}", "nonce": self.random.choice([0, 1, 2, 5])}
        return signer.sign_authorization(entry)


def random_chain(ledger: Ledger, seed: int, blocks: int, per_block: int) -> None:
    """Fill a ledger (of `funded_genesis`) from a seed."""
    programs = Programs(seed)
    wallets = [Wallet(1), Wallet(2)]
    programs.targets.append(_authority(17))
    for _ in range(blocks):
        accepted(ledger, *(programs.transaction(programs.random.choice(wallets)) for _ in range(per_block)))
        ledger.produce(0)


def _authority(number: int) -> bytes:
    return bytes.fromhex(Account.from_key(number.to_bytes(32, "big")).address[2:])
