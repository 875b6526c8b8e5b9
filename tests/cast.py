"""The demo's own cast as fixtures, by the names of demo.md in pinyin."""

import pytest

from scf.core.actor import Actor
from scf.parties.models import Organization
from tests.factories.parties import party, somebody, stepped_up


@pytest.fixture
def yuanfan(db: None) -> Organization:
    """The bank."""
    return party("yuanfan")


@pytest.fixture
def dongling(db: None) -> Organization:
    """Another bank, which has nothing to do with any of it."""
    return party("dongling")


@pytest.fixture
def hengyan(db: None) -> Organization:
    """The core enterprise."""
    return party("hengyan")


@pytest.fixture
def jinhe(db: None) -> Organization:
    """The buyer of golden deal 1."""
    return party("jinhe")


@pytest.fixture
def tongze(db: None) -> Organization:
    """A supplier of the core enterprise."""
    return party("tongze")


@pytest.fixture
def yuandai(db: None) -> Organization:
    """The public warehouse."""
    return party("yuandai")


@pytest.fixture
def chen(db: None) -> Actor:
    """The bank's account manager: proposes programmes and limits, invites."""
    return somebody("chen")


@pytest.fixture
def zhou(db: None) -> Actor:
    """The bank's reviewer."""
    return somebody("zhou")


@pytest.fixture
def yi(db: None) -> Actor:
    """The bank's approver, with the second factor just shown."""
    return stepped_up(somebody("yi"))


@pytest.fixture
def luo(db: None) -> Actor:
    """The bank's operations: pays out, with the second factor just shown."""
    return stepped_up(somebody("luo"))


@pytest.fixture
def shen(db: None) -> Actor:
    """The bank's accountant."""
    return somebody("shen")


@pytest.fixture
def wei(db: None) -> Actor:
    """Sales at the core enterprise."""
    return somebody("wei")


@pytest.fixture
def lan(db: None) -> Actor:
    """The signer of the core enterprise."""
    return stepped_up(somebody("lan"))


@pytest.fixture
def ku(db: None) -> Actor:
    """The warehouse clerk of the core enterprise: ships."""
    return somebody("ku")


@pytest.fixture
def bai(db: None) -> Actor:
    """The finance clerk of the core enterprise: invoices."""
    return somebody("bai")


@pytest.fixture
def ma(db: None) -> Actor:
    """The buyer's maker."""
    return somebody("ma")


@pytest.fixture
def nuo(db: None) -> Actor:
    """The buyer's checker and signer."""
    return stepped_up(somebody("nuo"))


@pytest.fixture
def he(db: None) -> Actor:
    """The buyer's warehouse clerk: accepts, sees no prices."""
    return somebody("he")


@pytest.fixture
def delta(db: None) -> Actor:
    """The supplier's maker."""
    return somebody("delta")


@pytest.fixture
def dong(db: None) -> Actor:
    """The supplier's checker and signer."""
    return somebody("dong")


@pytest.fixture
def opal(db: None) -> Actor:
    """The operator of the platform."""
    return somebody("opal")


@pytest.fixture
def sly(db: None) -> Actor:
    """Somebody with every right at another bank: a stranger to every deal here."""
    return stepped_up(somebody("sly"))
