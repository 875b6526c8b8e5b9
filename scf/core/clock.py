"""Aware times and Shanghai dates; the only place that asks the wall clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The wall clock, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Shanghai."""
    return shanghai_date(now())


def shanghai_date(moment: datetime) -> date:
    """The Shanghai calendar date of an aware moment."""
    return moment.astimezone(SHANGHAI).date()


def shanghai_midnight(day: date) -> datetime:
    """00:00 Asia/Shanghai at the start of ``day``: the instant at which an expiry falls (K10)."""
    return datetime.combine(day, time(), SHANGHAI)


def from_timestamp(seconds: int) -> datetime:
    """The aware moment of a Unix time in whole seconds, such as a block's."""
    return datetime.fromtimestamp(seconds, UTC)
