"""The legal life of one kind of subject: a table of steps, and the only code that writes a status.

``fire`` checks permission and separation of persons, moves the row by compare-and-swap and records
the
fact; ``legal_status`` makes the trigger that refuses from SQL what the table does not allow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pgtrigger
from django.db.models import F, Max, TextChoices
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, NotPermitted, OnePersonTwice
from scf.core.words import Words, listed
from scf.workflow import clocks, facts
from scf.workflow.models import Fact, Subject

Names = str | tuple[str, ...]


def days(count: int) -> timedelta:
    """Calendar days, for ``within``."""
    return timedelta(days=count)


@dataclass(frozen=True)
class Transition:
    """One row of the table: the fact's name is its key in the machine."""

    sources: tuple[str, ...]
    target: str
    permission: str
    separate_from: tuple[str, ...] = ()
    is_each_round_apart: bool = False
    turn: str = ""
    within: timedelta | None = None
    on_silence: str = ""
    told: tuple[str, ...] = ()

    def turn_of(self, subject: Subject) -> dict[str, object]:
        """Whose turn the row becomes: party, role there, and until when; nobody's when the step
        names none.
        """
        if not self.turn:
            return {"turn_party": None, "turn_role": "", "due_at": None}
        party, _colon, role = self.turn.partition(":")
        due_at = clocks.business_now() + self.within if self.within else None
        return {"turn_party": subject.parties().get(party), "turn_role": role, "due_at": due_at}


def _names(given: Names) -> tuple[str, ...]:
    return (str(given),) if isinstance(given, str) else tuple(str(name) for name in given)


def step(
    sources: Names,
    target: str,
    permission: str,
    separate_from: Names = (),
    *,
    is_each_round_apart: bool = False,
    turn: str = "",
    within: timedelta | None = None,
    on_silence: str = "",
    told: Names = (),
) -> Transition:
    """One legal move: from, to, who may, separate from whom; then whose turn (``party:role``), how
    long, what silence does, and which parties are told (none named: all).

    Whoever once took a step stands apart for good, or ``is_each_round_apart``: where a subject goes
    round again only whoever took it last, since it is that wish which is decided.
    """
    return Transition(
        _names(sources),
        str(target),
        str(permission),
        _names(separate_from),
        is_each_round_apart,
        turn,
        within,
        on_silence,
        _names(told),
    )


class Machine:
    """The legal life of one kind of subject, keyed by the fact each step records; ``words`` say
    what a person does who takes a step.
    """

    def __init__(
        self,
        kind: str,
        steps: Mapping[str, Transition],
        *,
        initial: Names,
        words: Mapping[str, Words] | None = None,
    ) -> None:
        self.kind = kind
        self.steps = dict(steps)
        self.words = dict(words or {})
        self.initial = _names(initial)
        first = initial if isinstance(initial, str) else initial[0]
        self._labels = dict(type(first).choices) if isinstance(first, TextChoices) else {}

    def label(self, status: str) -> str:
        """The status in the reader's words; the code itself where the table names none."""
        return str(self._labels.get(status, status))

    def fire(self, subject: Subject, step: str, *, by: Actor, **details: object) -> Fact:
        """Move the subject one step and record ``kind.step``.

        Raises Forbidden without the permission or when maker and checker are one person, Conflict
        when
        the row is not where the table says: of two at the same moment one succeeds.
        """
        rule = self.steps[step]
        if not by.can(rule.permission):
            raise NotPermitted(rule.permission)
        if self._made_by(subject, by.person_id, rule):
            raise OnePersonTwice
        self._move(subject, rule)
        return facts.record_for(rule.told, f"{self.kind}.{step}", subject, by=by, **details)

    def require_possible(self, subject: Subject, step: str) -> None:
        """Refuse early what ``fire`` would refuse for the status. Raises Conflict(wrong_state)."""
        if subject.status not in self.steps[step].sources:
            raise self._refusal(subject.status)

    def available(self, subject: Subject, *, by: Actor) -> list[str]:
        """The steps this actor may take now: feeds the buttons of pages and the ``actions`` of the
        API.
        """
        return [
            name
            for name, rule in self.steps.items()
            if subject.status in rule.sources
            and rule.permission != "system"
            and by.can(rule.permission)
            and not self._made_by(subject, by.person_id, rule)
        ]

    def edges(self) -> Iterator[tuple[str, str]]:
        """Every legal pair of statuses."""
        for rule in self.steps.values():
            for source in rule.sources:
                yield source, rule.target

    def _made_by(self, subject: Subject, person_id: UUID | None, rule: Transition) -> bool:
        if not rule.separate_from or person_id is None:
            return False
        names = [f"{self.kind}.{name}" for name in rule.separate_from]
        made = Fact.objects.filter(subject_id=subject.pk, name__in=names)
        if rule.is_each_round_apart:
            # The last of each name, in the order they were recorded.
            made = Fact.objects.filter(
                pk__in=made.values("name").annotate(last=Max("pk")).values("last")
            )
        return made.filter(person_id=person_id).exists()

    def _move(self, subject: Subject, rule: Transition) -> None:
        # Compare-and-swap: the row moves only if it still is where the table says.
        changes = {"status": rule.target, **rule.turn_of(subject)}
        rows = type(subject)._default_manager.filter(pk=subject.pk)
        if not rows.filter(status__in=rule.sources).update(version=F("version") + 1, **changes):
            raise self._refusal(rows.values_list("status", flat=True).first() or subject.status)
        for name, value in changes.items():
            setattr(subject, name, value)
        subject.version += 1

    def _refusal(self, status: str) -> Conflict:
        """Not possible in this status: which one that is, and what a person could do now."""
        allowed = [
            name
            for name, rule in self.steps.items()
            if status in rule.sources and rule.permission != "system"
        ]
        words = [self.words[name] for name in allowed if name in self.words]
        detail = (
            _("当前为“%(status_words)s”，不能执行此操作；现在可以：%(allowed_words)s")
            if words
            else _("当前为“%(status_words)s”，不能执行此操作；现在没有需要人工办理的步骤")
        )
        return Conflict(
            detail,
            code="wrong_state",
            status=status,
            status_words=self._labels.get(status, status),
            allowed=allowed,
            allowed_words=listed(words),
        )


def legal_status(machine: Machine) -> pgtrigger.Trigger:
    """The trigger that refuses, from SQL too, a first status or a change of status outside the
    table.
    """
    edges = ", ".join(
        f"('{source}', '{target}')" for source, target in sorted(set(machine.edges()))
    )
    initial = ", ".join(f"'{status}'" for status in sorted(machine.initial))
    is_illegal = f"(OLD.status, NEW.status) NOT IN ({edges})"
    refusal = f"'illegal status change of {machine.kind}: % to %', OLD.status, NEW.status"
    return pgtrigger.Trigger(
        name="legal_status",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
        func=f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW.status NOT IN ({initial}) THEN
                    RAISE EXCEPTION 'illegal first status % of {machine.kind}', NEW.status;
                END IF;
            ELSIF OLD.status IS DISTINCT FROM NEW.status AND {is_illegal} THEN
                RAISE EXCEPTION {refusal};
            END IF;
            RETURN NEW;
        """,
    )
