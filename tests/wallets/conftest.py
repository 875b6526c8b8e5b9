"""A real chain with the parties' wallets open and filled."""

from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.flows.conftest import anvil, begins, further, stack

__all__ = ["anvil", "begins", "further", "stack"]
