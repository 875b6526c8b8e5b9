"""Which parts a stack has: ours by default, somebody else's when the environment names them."""

import socket

import pytest

from scf.runtime.home import Home, StackError, stack_environment
from scf.runtime.ports import any_free, first_free
from scf.runtime.stack import Stack, without_password


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_without_variables_every_engine_is_ours(home):
    stack = Stack(home, {}, 20260)
    assert all(part.start for part in stack.engines())
    assert [part.name for part in stack.producer(at_once=False)] == ["blocks"]
    assert [part.name for part in stack.programs()] == [
        "signer", "sender", "indexer", "worker", "beat",
    ]  # fmt: skip
    assert stack.environment["DATABASE_URL"].startswith("postgresql://scf_app@/scf?host=")
    assert stack.owner_environment["DATABASE_URL"].startswith("postgresql://scf_owner@")


@pytest.mark.parametrize(
    ("variable", "value", "part"),
    [
        ("DATABASE_URL", "postgresql://app:secret@db.example/scf", "postgres"),
        ("BROKER_URL", "amqp://user:secret@mq.example//", "broker"),
        ("RPC_URL", "http://node.example:8545", "chain"),
    ],
)
def test_one_variable_alone_replaces_one_engine(home, variable, value, part):
    stack = Stack(home, {variable: value}, 20260)
    parts = {engine.name: engine for engine in stack.engines()}
    assert parts[part].start is None
    assert "secret" not in parts[part].address
    assert sum(engine.start is None for engine in parts.values()) == 1
    assert stack.environment[variable] == value


def test_somebody_elses_chain_is_not_mined(home):
    assert Stack(home, {"RPC_URL": "http://node.example"}, 20260).producer(at_once=True) == []


def test_a_taken_port_is_moved_and_named(home, taken):
    home.write_environment({"WEB_PORT": str(taken)})
    stack = Stack(home, {}, 20260)
    assert stack.web_port != taken
    assert any(str(taken) in told and str(stack.web_port) in told for told in stack.moved)


def test_a_taken_port_that_was_asked_for_is_a_clear_error(home, taken):
    with pytest.raises(StackError, match=f"WEB_PORT={taken}"):
        Stack(home, {"WEB_PORT": str(taken)}, 20260)


def test_a_port_once_chosen_is_kept_until_its_part_starts(home):
    first = Stack(home, {}, 20260)
    first.hold_doors()
    try:
        home.write_environment(first.environment)
        second = Stack(home, {}, 20260)
        assert second.web_port != first.web_port
        assert second.events_port != first.events_port
    finally:
        first.close_doors()
    assert Stack(home, {}, 20260).web_port == first.web_port


def test_a_port_lost_before_it_was_kept_is_a_clear_error(home, taken):
    stack = Stack(home, {}, 20260)
    stack.web_port = taken
    with pytest.raises(StackError, match=str(taken)):
        stack.hold_doors()
    stack.close_doors()


def test_a_port_used_before_is_used_again(home):
    port = any_free()
    home.write_environment({"WEB_PORT": str(port)})
    assert Stack(home, {}, 20260).web_port == port


def test_no_two_parts_get_one_port(home):
    port = any_free()
    home.write_environment({"WEB_PORT": str(port), "EVENTS_PORT": str(port)})
    stack = Stack(home, {}, 20260)
    assert len({stack.web_port, stack.events_port, stack.chain.port}) == 3


def test_the_chosen_addresses_can_be_read_by_any_other_process(home):
    stack = Stack(home, {}, 20260)
    home.write_environment(stack.environment)
    assert stack_environment(home.folder) == stack.environment
    assert stack_environment(home.folder / "nowhere") == {}


def test_the_next_free_port_skips_what_is_taken(taken):
    assert first_free(taken) != taken


def test_an_address_is_shown_without_its_password():
    assert without_password("amqp://me:pw@mq.example:5672//") == "amqp://mq.example:5672//"
