"""What the templates in ``templates/parts`` are given: everything counted and worded beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

Words = str | Promise
BAR_WIDTH = 1000


@dataclass(frozen=True)
class Chip:
    """A status in words; ``tone`` is blue, green, orange, red or grey, never the only carrier."""

    label: Words
    tone: str = "grey"
    title: Words = ""


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, for what, and until when."""

    who: Words
    what: Words
    due_at: datetime | None = None
    is_mine: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Segment:
    """One part of a money bar, in fen; ``x`` and ``width`` are thousandths of the bar."""

    label: Words
    amount_minor: int
    tone: str
    x: int = 0
    width: int = 0


@dataclass(frozen=True)
class MoneyBar:
    """Where a sum of money is: its parts in order, and the sum."""

    label: Words
    total_minor: int
    segments: tuple[Segment, ...]


def money_bar(label: Words, parts: Sequence[tuple[Words, int, str]]) -> MoneyBar:
    """A bar of ``(label, fen, tone)`` parts; widths are whole thousandths that fill the bar.

    A part of nothing is left out beside others: a reader looks for money, not for zeros.
    """
    total = sum(amount for _label, amount, _tone in parts)
    parts = [part for part in parts if part[1]] or parts[:1]
    segments, passed, x = [], 0, 0
    for words, amount, tone in parts:
        passed += amount
        end = passed * BAR_WIDTH // total if total else 0
        segments.append(Segment(words, amount, tone, x, end - x))
        x = end
    return MoneyBar(label, total, tuple(segments))


@dataclass(frozen=True)
class TimelineRow:
    """One fact in words: when, who, what; with its chain transaction and how deep it lies."""

    at: datetime
    title: Words
    anchor: str = ""
    who: Words = ""
    text: Words = ""
    amount_minor: int | None = None
    tx_hash: str = ""
    tx_url: str = ""
    confirmations: int | None = None
    is_final: bool = False
    tone: str = "grey"


@dataclass(frozen=True)
class LineRow:
    """One line of an order or delivery; quantities come as texts with their unit."""

    number: int | str
    goods: Words
    quantity: str
    unit_price: str
    amount_minor: int
    chip: Chip | None = None
    details: Sequence[tuple[Words, str]] = ()
    url: str = ""


@dataclass(frozen=True)
class LineTable:
    """The lines with their sum."""

    rows: Sequence[LineRow]
    total_minor: int
    caption: Words = ""


@dataclass(frozen=True)
class Fact:
    """A label with its value for ``parts/facts.html``; money goes in ``amount_minor``."""

    label: Words
    value: Words = ""
    amount_minor: int | None = None
    url: str = ""
    is_mono: bool = False


@dataclass(frozen=True)
class Empty:
    """Instead of an empty list: what will stand here, and the first thing to do."""

    title: Words
    text: Words = ""
    action: Words = ""
    url: str = ""


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the reader, as a line of the home page."""

    title: Words
    url: str
    text: Words = ""
    amount_minor: int | None = None
    turn: Turn | None = None
    chip: Chip | None = None


@dataclass(frozen=True)
class Home:
    """A home page: one sentence, what waits for me, goods that may go, where the money is, the
    deals that go on and whom each waits for, and the empty words.
    """

    sentence: Words
    waiting: Sequence[Waiting] = ()
    bars: Sequence[MoneyBar] = ()
    ready: Sequence[Waiting] = ()
    going: Sequence[Waiting] = ()
    empty: Empty = field(default_factory=lambda: Empty(""))
