"""``manage.py advance_day``: the days go by, with the chain driven here or by other processes."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scf.core import clock
from scf.workflow import clocks
from tests.flows.conftest import Stack


@pytest.fixture
def own_stack(stack: Stack, settings, anvil, tmp_path, monkeypatch) -> Stack:
    """The settings name the chain and the keystore of the stack."""
    settings.RPC_URL = anvil.url
    settings.SIGNER_KEYSTORES = str(tmp_path / "keystores")
    monkeypatch.setenv("SIGNER_PASSWORD", "a password of the tests")
    return stack


def advance(to: str, *flags: str) -> str:
    out = StringIO()
    call_command("advance_day", "--to", to, *flags, stdout=out)
    return out.getvalue()


def test_each_day_is_told_and_the_chain_goes_with_them(own_stack):
    told = advance("2026-03-12", "--own")

    assert [line[:10] for line in told.splitlines()[:3]] == [
        "2026-03-09",
        "2026-03-10",
        "2026-03-11",
    ]
    assert clocks.business_date() == date(2026, 3, 12)
    chain_now = clock.from_timestamp(own_stack.node.next_time())
    assert clock.shanghai_date(chain_now) == date(2026, 3, 12)


def test_a_day_before_the_open_one_and_a_day_to_come_are_refused_in_words(own_stack):
    for wrong in ("2026-03-01", "2999-01-01"):
        with pytest.raises(CommandError, match="营业日只能从 2026-03-09 向前"):
            advance(wrong, "--own")
    clocks.open_day(clock.today())
    with pytest.raises(CommandError, match="营业日已是今天"):
        advance(clock.today().isoformat(), "--own")
