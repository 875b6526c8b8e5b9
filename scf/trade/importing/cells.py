"""One cell of a spreadsheet or csv file, as text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """What a person would read in the cell; ``is_number`` when the file holds it as a number.

    Text is kept as it stands, also when it begins with = + - or @ (B38): it is never evaluated, and
    every export writes it as text.
    """

    text: str
    is_number: bool = False


def column_letter(position: int) -> str:
    """The spreadsheet's name of a column, counted from 0: A, B … Z, AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
