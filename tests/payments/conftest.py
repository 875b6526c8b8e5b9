"""The chain of the flows, and what must hold after every story told on it."""

from collections.abc import Iterator

import pytest

from scf.financing.models import Application
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.flows.conftest import Further, Stack, anvil, begins
from tests.flows.conftest import stack as chain
from tests.payments.lives import Life, broken, funded

__all__ = ["anvil", "begins", "chain"]


@pytest.fixture
def further(request: pytest.FixtureRequest) -> Further:
    """A funded escrow, where the test asks for its ``life``."""
    return Further("funded", funded) if "life" in request.fixturenames else Further()


@pytest.fixture
def life(stack: Stack) -> Life:
    """Own funds and loan part in the escrow."""
    return Life(stack, Application.objects.get())


@pytest.fixture
def stack(chain: Stack, settings) -> Stack:
    """The chain, which the invariants may ask as well."""
    settings.RPC_URL = chain.chain.url
    return chain


@pytest.fixture
def stays_sound(stack: Stack) -> Iterator[None]:
    """Every invariant holds and nothing is stuck when the story is over."""
    yield
    assert broken() == {}
