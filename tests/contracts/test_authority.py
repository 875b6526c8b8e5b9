"""No function that changes state is forgotten by the test of the relayer's powerlessness."""

import json
import re

import pytest

from tests.contracts import toolchain

PLACES = {
    "PartyRegistry": "parties",
    "WalletRegistry": "wallets",
    "DigitalYuan": "token",
    "EscrowVault": "vault",
    "DirectedEscrow": "core",
}


def changing_functions() -> list[tuple[str, str]]:
    found = []
    for contract, place in PLACES.items():
        abi = json.loads((toolchain.CONTRACTS / f"abi/{contract}.json").read_text())["abi"]
        found += [
            (place, entry["name"])
            for entry in abi
            if entry["type"] == "function" and entry["stateMutability"] not in {"view", "pure"}
        ]
    # approve and transferFrom are pure, because they only refuse; they are tried all the same.
    return [*found, ("token", "approve"), ("token", "transferFrom")]


@pytest.mark.parametrize(("place", "function"), changing_functions())
def test_the_relayer_tries_every_function(place, function):
    text = (toolchain.CONTRACTS / "test/invariant/authority.t.sol").read_text()
    names = re.findall(r"function test_(\w+)", text)
    tried = {(name.split("_")[0], part) for name in names for part in name.split("_")[1:]}
    assert (place, function) in tried


def test_no_contract_takes_ether_or_has_a_fallback():
    for contract in PLACES:
        abi = json.loads((toolchain.CONTRACTS / f"abi/{contract}.json").read_text())["abi"]
        assert not [e for e in abi if e["type"] in {"receive", "fallback"}]
        assert not [e for e in abi if e.get("stateMutability") == "payable"]
