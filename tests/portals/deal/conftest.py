"""A deal on a real chain, with everybody's logins made beforehand."""

import pytest

from scf.financing.models import Application
from scf.rehearsal.people import user_of
from tests.flows.conftest import *  # noqa: F403 - the chain as a fixture
from tests.flows.conftest import Further, Stack
from tests.portals.deal.people import CAST, STRANGERS
from tests.portals.deal.walk import Walk, submitted


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path / "documents")


def begun(stack: Stack) -> Walk:
    """Everybody can log in, and Ma has submitted."""
    for key in (*CAST, *STRANGERS):
        user_of(key)
    return Walk(stack, submitted(stack))


@pytest.fixture
def further(request: pytest.FixtureRequest, _documents_root: None) -> Further:
    """As far as the test asks for: ``walk`` or ``funded``."""
    if "funded" in request.fixturenames:
        return Further("walked until funded", lambda stack: begun(stack).until("funded"))
    return Further("submitted", begun) if "walk" in request.fixturenames else Further()


@pytest.fixture
def walk(stack: Stack) -> Walk:
    """Submitted, in the bank's review."""
    return Walk(stack, Application.objects.get())


@pytest.fixture
def funded(walk: Walk) -> Walk:
    """Walked from page to page until the money was in the escrow."""
    return walk
