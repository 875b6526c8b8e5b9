"""Events are stored by one COPY, each once, with every sign of their texts."""

import json
from uuid import UUID

import pytest

from scf.chain.event_rows import EventRow, save_events
from scf.chain.models import ChainEvent
from scf.core import clock

BLOCK = "0x" + "0b" * 32
ROW = EventRow(
    UUID(int=1).hex, "Minted", "DigitalYuan", "0x" + "a1" * 20, '{"amount": 18446744073709551615}',
    7, BLOCK, clock.from_timestamp(1_790_000_000), 0, "0x" + "0c" * 32,
)  # fmt: skip


@pytest.mark.parametrize(
    "text", ["back\\slash", "tab\tand\nline", '"quoted"', "元宝", "\\.", "\\N"]
)
def test_a_text_of_an_event_is_stored_as_it_is(db, text):
    save_events(lambda: [ROW._replace(args=json.dumps({"note": text}))])
    assert ChainEvent.objects.get().args == {"note": text}


def test_every_value_of_an_event_is_stored(db):
    save_events(lambda: [ROW])
    stored = ChainEvent.objects.get()
    told = ROW._asdict() | {"id": UUID(ROW.id), "args": {"amount": 2**64 - 1}}
    assert {name: getattr(stored, name) for name in EventRow._fields} == told
    assert (stored.applied_at, stored.deal_id, stored.error, stored.attempts) == (None, None, "", 0)


def test_what_is_stored_already_is_left_alone_and_the_rest_is_stored(db):
    save_events(lambda: [ROW])
    moved = ROW._replace(id=UUID(int=2).hex, block_hash="0x" + "0d" * 32)
    same_place, same_id = (
        ROW._replace(id=UUID(int=3).hex),
        ROW._replace(block_hash="0x" + "0e" * 32),
    )
    save_events(lambda: [ROW, same_place, same_id, moved])
    assert set(ChainEvent.objects.values_list("id", flat=True)) == {UUID(int=1), UUID(int=2)}
