"""The lives of subjects retold from their facts: legal walks that end where the rows stand."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from scf.workflow import clocks
from scf.workflow.invariants import Violation
from scf.workflow.models import Fact

Step = tuple[str, UUID | None]


def illegal_walks() -> Iterator[Violation]:
    """Every subject whose facts, in order, are no walk of its machine ending in its status."""
    for kind in clocks.subject_kinds():
        steps_of = _steps_of(kind.machine)
        for pk, status in kind._default_manager.values_list("pk", "status").iterator():
            names = [name for name, _person in steps_of.get(pk, [])]
            if status not in _ends(kind.machine, names):
                details: dict[str, object] = {"status": status, "steps": names}
                yield Violation(f"{kind.machine.kind} {pk}", details)


def facts_without_subject() -> Iterator[Violation]:
    """Steps of a subject whose row is gone."""
    for kind in clocks.subject_kinds():
        known = set(kind._default_manager.values_list("pk", flat=True))
        for pk in _steps_of(kind.machine).keys() - known:
            yield Violation(f"{kind.machine.kind} {pk}")


def one_person_two_eyes() -> Iterator[Violation]:
    """Every step taken by a person who had taken a step it must be separate from."""
    for kind in clocks.subject_kinds():
        for pk, steps in _steps_of(kind.machine).items():
            for place, (name, person) in enumerate(steps):
                rule = kind.machine.steps[name]
                before = {step for step, by in steps[:place] if person and by == person}
                if before & set(rule.separate_from):
                    details: dict[str, object] = {
                        "step": name,
                        "person": person,
                        "before": sorted(before),
                    }
                    yield Violation(f"{kind.machine.kind} {pk}", details)


def _steps_of(machine: Any) -> dict[UUID, list[Step]]:
    # Facts of a subject that are no step of its machine tell something else about it.
    names = {f"{machine.kind}.{name}": name for name in machine.steps}
    rows = Fact.objects.filter(name__in=names).order_by("id")
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for pk, name, person in rows.values_list("subject_id", "name", "person_id").iterator():
        steps[pk].append((names[name], person))
    return steps


def _ends(machine: Any, names: list[str]) -> frozenset[str]:
    # A machine may begin in several statuses: follow all of them at once.
    places = frozenset(machine.initial)
    for name in names:
        rule = machine.steps[name]
        places = frozenset({rule.target}) if places & set(rule.sources) else frozenset()
    return places
