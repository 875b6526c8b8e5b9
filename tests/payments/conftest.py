"""The chain of the flows, and what must hold after every story told on it."""

from collections.abc import Iterator

import pytest

from scf.runtime.anvil import Anvil
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.flows.conftest import Stack
from tests.flows.conftest import stack as chain
from tests.payments.lives import broken

__all__ = ["chain"]


@pytest.fixture
def stack(chain: Stack, settings, anvil: Anvil) -> Stack:
    """The chain, which the invariants may ask as well."""
    settings.RPC_URL = anvil.url
    return chain


@pytest.fixture
def stays_sound(stack: Stack) -> Iterator[None]:
    """Every invariant holds and nothing is stuck when the story is over."""
    yield
    assert broken() == {}
