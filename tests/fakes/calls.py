"""Reading calls of our contracts back from their bytes, and writing logs and errors as they do."""

from dataclasses import dataclass
from typing import Any

import rlp

from scf.chain import abi
from scf.chain.answers import Header, Log
from scf.chain.contracts import artefact, events_of, kind_of, snake
from scf.chain.hashing import from_hex, keccak256, to_hex
from scf.chain.models import Contract
from scf.chain.typed_data import FIELDS

INSTRUCTION = f"({','.join(kind for _field, _name, kind in FIELDS)})"


@dataclass(frozen=True)
class Transaction:
    """A signed transaction, read back from its bytes."""

    tx_hash: str
    nonce: int
    max_fee: int
    to: str
    data: str

    @classmethod
    def read(cls, raw: bytes) -> "Transaction":
        fields = rlp.decode(raw[1:])
        number = [int.from_bytes(each) for each in fields[:5]]
        return cls(
            to_hex(keccak256(raw)), number[1], number[3], to_hex(fields[5]), to_hex(fields[7])
        )


def read_call(to: str, data: str) -> tuple[str, str, dict[str, Any]]:
    """Contract, function, and the values by name with those of the instruction, if there is one."""
    contract = Contract.objects.get(address=to).name
    for entry in artefact(kind_of(contract))["abi"]:
        if entry["type"] != "function":
            continue
        kinds = [abi.type_of(each) for each in entry["inputs"]]
        signature = f"{entry['name']}({','.join(kinds)})"
        if to_hex(abi.selector(signature)) == data[:10]:
            values = abi.decode(kinds, from_hex(data[10:]))
            given = dict(zip(kinds, values, strict=True)).get(INSTRUCTION, [])
            names = [each for each, _name, _kind in FIELDS]
            plain = {
                snake(each["name"]): value
                for each, value in zip(entry["inputs"], values, strict=True)
            }
            return contract, entry["name"], plain | dict(zip(names, given, strict=False))
    raise AssertionError(f"{contract} has no function {data[:10]}")


def write_log(
    contract: str,
    event: str,
    instruction: dict[str, Any],
    header: Header,
    index: int,
    tx: Transaction,
) -> Log:
    kind = next(each for each in events_of(kind_of(contract)).values() if each.name == event)
    known = {
        **instruction,
        "wallet": instruction.get("payee"),
        "from": instruction.get("payee"),
        "key": instruction.get("new_key"),
    }
    values = {name: known.get(name) or zero(type_) for name, type_, _indexed in kind.args}
    topics = [kind.topic]
    topics += [
        to_hex(abi.encode([type_], [values[name]])) for name, type_, indexed in kind.args if indexed
    ]
    plain = [(type_, values[name]) for name, type_, indexed in kind.args if not indexed]
    data = to_hex(abi.encode([type_ for type_, _value in plain], [value for _type, value in plain]))
    return Log(tx.to, tuple(topics), data, header.number, header.hash, index, tx.tx_hash)


def zero(kind: str) -> Any:
    if kind == "bool":
        return False
    if kind == "address":
        return "0x" + "00" * 20
    return 0 if kind.startswith("uint") else "0x" + "00" * int(kind.removeprefix("bytes"))


def write_error(name: str, values: list[Any]) -> str:
    for kind in ("DigitalYuan", "DirectedEscrow", "WalletRegistry", "PartyRegistry"):
        for entry in artefact(kind)["abi"]:
            if entry["type"] == "error" and entry["name"] == name:
                kinds = [abi.type_of(each) for each in entry["inputs"]]
                return to_hex(
                    abi.selector(f"{name}({','.join(kinds)})") + abi.encode(kinds, values)
                )
    raise AssertionError(f"no contract has the error {name}")
