"""The quick reading of logs says what the plain one says."""

import secrets

import pytest

from scf.chain import abi
from scf.chain.contracts import KINDS, decode_any_log, decode_log, events_of
from scf.chain.hashing import to_hex
from scf.chain.slices import log_reader

EVENTS = [each for kind in KINDS for each in events_of(kind).values()]
VALUES = {
    "address": lambda: "0x" + secrets.token_hex(20),
    "bytes32": lambda: "0x" + secrets.token_hex(32),
    "bool": lambda: bool(secrets.randbelow(2)),
}


def value_of(kind: str) -> object:
    if kind.startswith("uint"):
        return secrets.randbits(int(kind.removeprefix("uint") or 256))
    return VALUES[kind]()


def log_of(event, values):
    topics, plain = [event.topic], []
    for (_name, kind, is_indexed), value in zip(event.args, values, strict=True):
        if is_indexed:
            topics.append(to_hex(abi.encode([kind], [value])))
        else:
            plain.append((kind, value))
    kinds = [kind for kind, _value in plain]
    return topics, to_hex(abi.encode(kinds, [value for _kind, value in plain]))


QUICK = [each for each in EVENTS if each.read]


@pytest.mark.parametrize("event", QUICK, ids=lambda event: event.name)
def test_every_event_of_plain_words_reads_the_same_both_ways(event):
    for _each in range(20):
        values = [value_of(kind) for _name, kind, _indexed in event.args]
        topics, data = log_of(event, values)
        read = decode_log(event, topics, data)
        assert read == decode_any_log(event, topics, data)
        assert list(read.values()) == values


def test_most_events_are_read_the_quick_way():
    assert len(QUICK) > len(EVENTS) / 2


@pytest.fixture
def minted():
    return next(each for each in QUICK if each.name == "Minted")


@pytest.mark.parametrize(
    ("topic", "word", "why"),
    [
        (1, "0x" + "01" * 32, "does not fit"),
        (2, "0x" + "00" * 29 + "010000", "does not fit"),
        (3, "0x12", "does not fit"),
        (3, "0x" + "12" * 31 + "1 ", "does not fit"),
        (3, "0x" + "12" * 33, "does not fit"),
    ],
    ids=[
        "an address too long",
        "a number out of range",
        "half a word",
        "a gap in a word",
        "a word and a half",
    ],
)
def test_a_topic_that_does_not_fit_is_refused(minted, topic, word, why):
    topics, data = log_of(minted, [value_of(kind) for _name, kind, _indexed in minted.args])
    topics[topic] = word
    with pytest.raises(ValueError, match=why):
        decode_log(minted, topics, data)


def test_data_too_short_or_not_hexadecimal_is_refused(minted):
    topics, data = log_of(minted, [value_of(kind) for _name, kind, _indexed in minted.args])
    for broken in (data[:-2], data[:-2] + "zz", data.removeprefix("0x"), ""):
        with pytest.raises(ValueError, match="too short"):
            decode_log(minted, topics, broken)


def test_a_flag_other_than_zero_or_one_is_refused():
    read = log_reader([("is_on", "bool", False)])
    assert read(["0x" + "00" * 32], "0x" + "01".rjust(64, "0")) == {"is_on": True}
    with pytest.raises(ValueError, match="does not fit"):
        read(["0x" + "00" * 32], "0x" + "02".rjust(64, "0"))


def test_a_text_is_left_to_the_plain_reading():
    assert log_reader([("note", "string", False)]) is None
