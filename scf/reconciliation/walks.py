"""The lives of subjects retold from their facts: legal walks that end where the rows stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from scf.workflow import clocks
from scf.workflow.invariants import Violation
from scf.workflow.machine import Transition
from scf.workflow.models import Fact

Told = tuple[str, UUID | None]  # the step's name, and the person who took it


def illegal_walks() -> Iterator[Violation]:
    """Every subject whose facts, in order, are no walk of its machine ending in its status."""
    for kind in clocks.subject_kinds():
        machine = kind.machine
        told = _told(machine, machine.steps)
        for pk, status in (
            kind._default_manager.order_by("pk").values_list("pk", "status").iterator()
        ):
            steps = [name for name, _person in told.get(pk, [])]
            if status not in _ends(machine, steps):
                yield Violation(f"{machine.kind} {pk}", {"status": status, "steps": steps})


def facts_without_subject() -> Iterator[Violation]:
    """Steps of a subject whose row is gone."""
    for kind in clocks.subject_kinds():
        known = set(kind._default_manager.order_by("pk").values_list("pk", flat=True))
        for pk in sorted(_told(kind.machine, kind.machine.steps).keys() - known):
            yield Violation(f"{kind.machine.kind} {pk}")


def one_person_two_eyes() -> Iterator[Violation]:
    """Every step taken by a person who before took one it must be separate from, or who took it
    last where each round stands apart.
    """
    for kind in clocks.subject_kinds():
        rules = kind.machine.steps
        # A machine may also keep a step apart from a fact that is none, such as ``created``.
        told = _told(
            kind.machine, set(rules).union(*(rule.separate_from for rule in rules.values()))
        )
        for pk, steps in told.items():
            for step, person, before in _both_by_one(steps, rules):
                details = {"step": step, "person": person, "before": before}
                yield Violation(f"{kind.machine.kind} {pk}", details)


def _both_by_one(
    steps: list[Told], rules: Mapping[str, Transition]
) -> Iterator[tuple[str, UUID, list[str]]]:
    done: dict[UUID, set[str]] = defaultdict(set)
    last: dict[str, UUID | None] = {}
    for step, person in steps:
        if person is not None:
            rule = rules.get(step)
            apart = set(rule.separate_from) if rule else set()
            mine = {name for name, who in last.items() if who == person}
            clash = apart & (mine if rule and rule.is_each_round_apart else done[person])
            if clash:
                yield step, person, sorted(clash)
            done[person].add(step)
        last[step] = person


def _told(machine: Any, names: Iterable[str]) -> dict[UUID, list[Told]]:
    short = {f"{machine.kind}.{name}": name for name in names}
    rows = Fact.objects.filter(name__in=short).order_by("id")
    told: dict[UUID, list[Told]] = defaultdict(list)
    for pk, name, person in rows.values_list("subject_id", "name", "person_id").iterator():
        told[pk].append((short[name], person))
    return told


def _ends(machine: Any, steps: list[str]) -> frozenset[str]:
    # A machine may begin in several statuses: follow all of them at once.
    places = frozenset(machine.initial)
    for step in steps:
        rule = machine.steps[step]
        places = frozenset({rule.target}) if places & set(rule.sources) else frozenset()
    return places
