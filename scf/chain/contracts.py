"""Our contracts: their artefacts, addresses and calls, and what their logs mean.

The artefacts are read on first use, so that a process that never speaks of a contract pays nothing.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from scf.chain import abi
from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD, Call
from scf.chain.hashing import from_hex, keccak256, to_hex
from scf.chain.models import Contract
from scf.chain.slices import json_writer, log_reader
from scf.chain.typed_data import Domain
from scf.core.errors import Unavailable

ARTEFACTS = Path(settings.BASE_DIR) / "contracts" / "abi"
KINDS = ("PartyRegistry", "WalletRegistry", "DigitalYuan", "DirectedEscrow")
# The coin's own Transfer repeats what our named events say; the others never happen.
SILENT = frozenset({"Transfer", "Approval", "EIP712DomainChanged"})
# What an event is about, most telling first: it holds this queue when it cannot be applied.
REFERENCES = ("agreement_id", "wallet", "from", "party_id", "payee")
NOTHING = frozenset({ZERO_WORD, ZERO_ADDRESS})


@dataclass(frozen=True)
class EventKind:
    """One event of a contract: its name, and its arguments as (name, type, is indexed)."""

    name: str
    topic: str
    args: tuple[tuple[str, str, bool], ...]
    references: tuple[str, ...]  # the arguments that can name what it is about, most telling first
    read: Callable[[Sequence[str], str], dict[str, Any]] | None = field(compare=False)
    write: Callable[[dict[str, Any]], str] = field(compare=False)  # the arguments as JSON


def kind_of(contract: str) -> str:
    """The artefact behind a contract's name: a bank's vault is ``EscrowVault:1``."""
    return contract.partition(":")[0]


@lru_cache(maxsize=16)
def artefact(kind: str) -> dict[str, Any]:
    """The committed ABI and bytecode of a contract."""
    found: dict[str, Any] = json.loads((ARTEFACTS / f"{kind}.json").read_text())
    return found


@lru_cache(maxsize=256)
def function_of(contract: str, function: str) -> dict[str, Any]:
    """The ABI entry of a function. Raises ValueError when the contract has none of that name."""
    entries = artefact(kind_of(contract))["abi"]
    found = [each for each in entries if each["type"] == "function" and each["name"] == function]
    if len(found) != 1:
        raise ValueError(f"{contract} has {len(found)} functions {function}")
    return dict(found[0])


def call_data(call: Call) -> str:
    """The bytes of a call. Raises ValueError for an unknown function or an argument that does not
    fit.
    """
    name, kinds, inputs = _signature(call.contract, call.function)
    if len(inputs) != len(call.args):
        raise ValueError(f"{call.function} takes {len(inputs)} arguments, not {len(call.args)}")
    values = [_arranged(each, value) for each, value in zip(inputs, call.args, strict=True)]
    return to_hex(name + abi.encode(kinds, values))


@lru_cache(maxsize=256)
def _signature(contract: str, function: str) -> tuple[bytes, list[str], list[dict[str, Any]]]:
    # The four bytes a call begins with, and its arguments: as types, and as the ABI names them.
    inputs = function_of(contract, function)["inputs"]
    kinds = [abi.type_of(each) for each in inputs]
    return abi.selector(f"{function}({','.join(kinds)})"), kinds, inputs


def check_call(call: Call) -> None:
    """Raise ValueError when the call could not be made as it stands."""
    call_data(call)


def result_of(contract: str, function: str, data: str) -> Any:
    """What a view answered: one value, or a dict by names in snake_case when it answers a struct
    or several.
    """
    outputs = function_of(contract, function)["outputs"]
    values = abi.decode([abi.type_of(each) for each in outputs], from_hex(data))
    named = [_named(each, value) for each, value in zip(outputs, values, strict=True)]
    if len(named) == 1:
        return named[0]
    return {snake(each["name"]): value for each, value in zip(outputs, named, strict=True)}


def contract_row(name: str) -> Contract:
    """Where a contract lies on this chain. Raises Unavailable(not_deployed) before
    ``deploy_contracts``.
    """
    row = Contract.objects.filter(chain_id=settings.CHAIN_ID, name=name).first()
    if row is None:
        raise not_deployed(name)
    return row


def not_deployed(name: str) -> Unavailable:
    """The refusal for a contract that is not on this chain (yet)."""
    return Unavailable(_("合约 %(name)s 尚未部署"), code="not_deployed", name=name)


def addresses() -> dict[str, str]:
    """Every contract on this chain by name."""
    rows = Contract.objects.filter(chain_id=settings.CHAIN_ID)
    return dict(rows.values_list("name", "address"))


def address_of(name: str) -> str:
    """The address of a contract on this chain. Raises Unavailable(not_deployed)."""
    return contract_row(name).address


def domain_of(name: str) -> Domain:
    """The EIP-712 domain of a contract: signatures for it work nowhere else. Raises
    Unavailable(not_deployed).
    """
    return Domain(kind_of(name), settings.CHAIN_ID, address_of(name))


@lru_cache(maxsize=16)
def events_of(kind: str) -> Mapping[str, EventKind]:
    """Every event of a contract by its topic, but the silent ones."""
    entries = [each for each in artefact(kind)["abi"] if each["type"] == "event"]
    kinds = [_event_kind(each) for each in entries if each["name"] not in SILENT]
    return {each.topic: each for each in kinds}


def decode_log(event: EventKind, topics: Sequence[str], data: str) -> dict[str, Any]:
    """The arguments of a log by name. Raises ValueError when the log is not that event's."""
    if event.read:
        return event.read(topics, data)
    return decode_any_log(event, topics, data)


def decode_any_log(event: EventKind, topics: Sequence[str], data: str) -> dict[str, Any]:
    """As ``decode_log``, whatever the types of the values; slower."""
    indexed = [(name, kind) for name, kind, is_indexed in event.args if is_indexed]
    plain = [(name, kind) for name, kind, is_indexed in event.args if not is_indexed]
    if len(topics) != len(indexed) + 1:
        raise ValueError(f"{event.name} has {len(indexed)} topics, not {len(topics) - 1}")
    values = {
        name: abi.decode([kind], from_hex(topic))[0]
        for (name, kind), topic in zip(indexed, topics[1:], strict=True)
    }
    found = abi.decode([kind for _name, kind in plain], from_hex(data))
    values |= {name: value for (name, _kind), value in zip(plain, found, strict=True)}
    return {name: values[name] for name, _kind, _indexed in event.args}


def reference_of(event: EventKind, args: Mapping[str, Any]) -> str:
    """The agreement, wallet or party an event is about; empty when it is about none."""
    for name in event.references:
        if args[name] not in NOTHING:
            return str(args[name])
    return ""


@lru_cache(maxsize=1)
def errors_by_selector() -> Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]:
    """Every custom error of our contracts: selector -> its name and its values as (name, type)."""
    entries: Iterable[dict[str, Any]] = (
        each for path in sorted(ARTEFACTS.glob("*.json")) for each in artefact(path.stem)["abi"]
    )
    found = {}
    for entry in entries:
        if entry["type"] == "error":
            values = tuple((snake(each["name"]), abi.type_of(each)) for each in entry["inputs"])
            signature = f"{entry['name']}({','.join(kind for _name, kind in values)})"
            found[to_hex(abi.selector(signature))] = (entry["name"], values)
    return found


def snake(name: str) -> str:
    """``agreementId`` as ``agreement_id``; a leading underscore is dropped."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name.strip("_")).lower()


def _event_kind(entry: dict[str, Any]) -> EventKind:
    args = tuple(
        (snake(each["name"]), abi.type_of(each), bool(each["indexed"])) for each in entry["inputs"]
    )
    signature = f"{entry['name']}({','.join(kind for _name, kind, _indexed in args)})"
    names = {name for name, _kind, _indexed in args}
    references = tuple(name for name in REFERENCES if name in names)
    topic = to_hex(keccak256(signature.encode()))
    return EventKind(entry["name"], topic, args, references, log_reader(args), json_writer(args))


def _arranged(parameter: Mapping[str, Any], value: Any) -> Any:
    # Structs given as dicts are put in the ABI's order, also inside lists.
    if "components" not in parameter:
        return value
    if parameter["type"].endswith("]"):
        inner = {**parameter, "type": parameter["type"].rpartition("[")[0]}
        return [_arranged(inner, each) for each in value]
    if isinstance(value, Mapping):
        value = _by_name(parameter, value)
    pairs = zip(parameter["components"], value, strict=True)
    return [_arranged(each, item) for each, item in pairs]


def _by_name(parameter: Mapping[str, Any], value: Mapping[str, Any]) -> list[Any]:
    given = {snake(name): item for name, item in value.items()}
    names = [snake(each["name"]) for each in parameter["components"]]
    if set(given) != set(names):
        raise ValueError(f"a struct of {names} was given {sorted(given)}")
    return [given[name] for name in names]


def _named(parameter: Mapping[str, Any], value: Any) -> Any:
    if "components" not in parameter:
        return value
    if parameter["type"].endswith("]"):
        inner = {**parameter, "type": parameter["type"].rpartition("[")[0]}
        return [_named(inner, each) for each in value]
    pairs = zip(parameter["components"], value, strict=True)
    return {snake(each["name"]): _named(each, item) for each, item in pairs}
