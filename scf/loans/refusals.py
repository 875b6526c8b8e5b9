"""What an action may not do to a loan, whatever the day."""

from scf.loans.actions import Action, RefusedAction
from scf.loans.state import State, undrawn
from scf.loans.terms import Terms


def refuse_over_frame(terms: Terms, state: State, action: Action) -> None:
    """Raise RefusedAction(over_frame) for more than the frame still holds."""
    room = undrawn(terms, state)
    if action.amount_minor > room:
        detail = f"{action.key}: {action.amount_minor} asked, {room} undrawn"
        raise RefusedAction(detail, code="over_frame")


def refuse_before_draw(state: State, action: Action) -> None:
    """Raise RefusedAction(not_drawn) where nothing was lent and nothing is owed."""
    if not (state.drawn_minor or state.costs_owed_minor):
        raise RefusedAction(f"{action.key}: nothing was lent yet", code="not_drawn")
