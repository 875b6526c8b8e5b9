"""What a stack lives through the first time it starts, and what it says at the end.

Each step is a ``manage.py`` command of an upper room; the runtime starts it as a process and knows
nothing else about it.
"""

from dataclasses import dataclass

Command = tuple[str, ...]


@dataclass(frozen=True)
class World:
    """Commands run once, on the engines alone; the chain's clock begins ``days_back`` ago."""

    days_back: int
    commands: tuple[Command, ...]


EMPTY = "empty"
WORLDS: dict[str, World] = {
    EMPTY: World(days_back=0, commands=()),
    "small": World(days_back=500, commands=(("demo_world", "--small"),)),
    "year": World(days_back=800, commands=(("demo_world", "--year"),)),
}
# Run once, after the portals have opened.
REHEARSALS: tuple[Command, ...] = (("rehearse_deal", "--sample"),)
# Run at each start, last: who may log in, and how.
AFTERWORDS: tuple[Command, ...] = (("demo_logins",),)
