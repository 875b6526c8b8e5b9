"""Working days of the demo's years, and when which buyer buys.

The lunar feasts are listed by year; 调休 is not told, so a Saturday is never worked.
"""

from datetime import date, timedelta

DAY = timedelta(days=1)
SPRING = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
    2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip
DRAGON = {
    2024: (6, 10), 2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16),
    2030: (6, 5), 2031: (6, 24), 2032: (6, 12), 2033: (6, 1), 2034: (6, 20), 2035: (6, 10),
}  # fmt: skip
MOON = {
    2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22),
    2030: (9, 12), 2031: (10, 1), 2032: (9, 19), 2033: (9, 8), 2034: (9, 27), 2035: (9, 16),
}  # fmt: skip
FIXED = frozenset(
    {
        (1, 1),
        (4, 4),
        (4, 5),
        *((5, day) for day in range(1, 6)),
        *((10, day) for day in range(1, 8)),
    }
)
DEAD = timedelta(days=7)  # before and after 春节 nobody buys
PEAK, BUSY_END, USUAL, SLACK = 5, 2, 2, 1
PEAKS = {
    "qingye": frozenset({2, 3, 8, 9, 10}),
    "shuncheng": frozenset({3, 4, 5, 9, 10, 11}),
}
QUARTER_ENDS = frozenset({3, 6, 9, 12})
BUNCHED_FROM = 20  # day of a quarter's last month from which orders bunch


def is_working(day: date) -> bool:
    """Whether the bank works on a day: no weekend and no feast."""
    feasts = {table.get(day.year) for table in (DRAGON, MOON)}
    month_day = (day.month, day.day)
    return day.weekday() < 5 and month_day not in FIXED | feasts and not is_spring(day)


def is_spring(day: date) -> bool:
    """Whether a day lies in the dead fortnight around 春节."""
    feast = SPRING.get(day.year)
    return feast is not None and abs(day - date(day.year, *feast)) <= DEAD


def working_day(day: date) -> date:
    """The day itself when the bank works on it, otherwise the last working day before it."""
    while not is_working(day):
        day -= DAY
    return day


def next_working_day(day: date) -> date:
    """The day itself when the bank works on it, otherwise the first working day after it."""
    while not is_working(day):
        day += DAY
    return day


def working_days_before(day: date, count: int) -> date:
    """The ``count``-th working day before a day."""
    for _each in range(count):
        day = working_day(day - DAY)
    return day


def weight(buyer: str, day: date) -> int:
    """How likely a buyer is to have an order funded on a day, against other days; 0 is never."""
    if not is_working(day):
        return 0
    peaks = PEAKS.get(buyer)
    season = USUAL if peaks is None else PEAK if day.month in peaks else SLACK
    bunched = day.month in QUARTER_ENDS and day.day >= BUNCHED_FROM
    return season * (BUSY_END if bunched else 1)
