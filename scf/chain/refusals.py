"""What a contract says when it says no: from the bytes of a revert to a stable code, values and
words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scf.chain import abi
from scf.chain.contracts import errors_by_selector, snake
from scf.chain.hashing import from_hex
from scf.chain.words import CALL_WORDS, ERROR_WORDS, Words

REASON_SELECTOR = "0x08c379a0"  # Error(string)
PANIC_SELECTOR = "0x4e487b71"  # Panic(uint256)


@dataclass(frozen=True)
class Refusal:
    """A stable code such as ``over_release``, with the values the contract gave."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


def read_refusal(data: str) -> Refusal:
    """The refusal behind the bytes of a revert; ``reverted`` when the contract gave no reason we
    know.
    """
    selector = data[:10]
    known = errors_by_selector().get(selector)
    try:
        if known:
            name, values = known
            found = abi.decode([kind for _name, kind in values], from_hex(data[10:]))
            return Refusal(
                snake(name), dict(zip([each for each, _kind in values], found, strict=True))
            )
        if selector == REASON_SELECTOR:
            return Refusal("reverted", {"reason": abi.decode(["string"], from_hex(data[10:]))[0]})
        if selector == PANIC_SELECTOR:
            return Refusal("panic", {"number": abi.decode(["uint256"], from_hex(data[10:]))[0]})
    except ValueError:
        return Refusal("reverted", {"data": data[:200]})
    return Refusal("reverted", {"data": data[:200]})


def words_of(code: str) -> Words:
    """The code in words, Chinese and English."""
    return ERROR_WORDS.get(code, ERROR_WORDS["reverted"])


def words_of_call(function: str) -> Words:
    """What a contract's function does, in words; its name where we have none."""
    return CALL_WORDS.get(function, Words(function, function))
