"""A deal on a real chain, with everybody's logins made beforehand."""

import pytest

from scf.rehearsal.people import user_of
from tests.flows.conftest import *  # noqa: F403 - the chain as a fixture
from tests.flows.conftest import Stack
from tests.portals.deal.people import CAST, STRANGERS
from tests.portals.deal.walk import Walk, submitted


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path / "documents")


@pytest.fixture
def walk(stack: Stack) -> Walk:
    """Submitted, in the bank's review."""
    for key in (*CAST, *STRANGERS):
        user_of(key)
    return Walk(stack, submitted(stack))
