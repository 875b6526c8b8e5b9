"""Cutting the segments of a period: where a balance changes, and where interest pauses."""

from dataclasses import replace
from datetime import date, timedelta

from scf.loans.servicing.periods import Period, Segment

ONE_DAY = timedelta(days=1)


def find_segment(period: Period, day: date, *, is_maturity: bool) -> Segment | None:
    """Return the segment that ends on the day, if the period was cut there already.

    On the maturity date itself it must be a segment of no days, so that what is credited then can
    be told apart from what happened before.
    """
    if is_maturity:
        last = period.segments[-1]
        return last if last.start == last.end else None
    return next((segment for segment in period.segments if segment.end == day), None)


def split_at(period: Period, day: date) -> Segment:
    """Cut the segment that holds the day, and return its first part, which ends on the day."""
    held = [
        number
        for number, segment in enumerate(period.segments)
        if segment.start < day <= segment.end
    ]
    number = held[-1] if held else (0 if day <= period.start else len(period.segments) - 1)
    first = period.segments[number]
    rest = Segment(day, first.end, paused=first.paused)
    first.end = day
    period.segments.insert(number + 1, rest)
    return first


def merge_pause(period: Period, first: date, last: date) -> None:
    """Lay a pause over the period; a pause from a day on takes that day's interest too."""
    starts_with_period = first == period.start + ONE_DAY
    start = max(first if starts_with_period else first - ONE_DAY, period.start)
    end = min(last, period.due)
    kept: list[Segment] = []
    for segment in period.segments:
        if segment.end < start or segment.start >= end:
            kept.append(segment)
            continue
        if segment.start < start:
            kept.append(replace(segment, end=start))
        if segment.end > end:
            kept.append(replace(segment, start=end))
    kept.append(Segment(start, end, paused=True))
    period.segments = sorted(kept, key=lambda segment: segment.start)
