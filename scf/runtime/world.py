"""What a stack lives through the first time it starts, and what it says at the end.

Each step is a ``manage.py`` command of an upper room; the runtime starts it as a process and knows
nothing else about it.
"""

from dataclasses import dataclass

Command = tuple[str, ...]


@dataclass(frozen=True)
class World:
    """Commands run once, before the portals open; the chain's clock begins ``days_back`` ago."""

    days_back: int
    commands: tuple[Command, ...]


EMPTY = "empty"
WORLDS: dict[str, World] = {
    EMPTY: World(days_back=0, commands=()),
    "small": World(days_back=0, commands=()),
    "year": World(days_back=0, commands=()),
}
REHEARSALS: tuple[Command, ...] = ()  # run once, after the portals have opened
AFTERWORDS: tuple[Command, ...] = ()  # run at each start, last: who may log in, and how
