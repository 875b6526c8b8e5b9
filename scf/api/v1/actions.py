"""``actions``: what this key's person could do now, from the machine that will decide it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from scf.core.actor import Actor
from scf.workflow.models import Subject


@dataclass(frozen=True)
class Way:
    """How a step of a machine is taken: the verb of the address, whose side it is, and whether a
    person must prove again who it is, which no key can (K24).
    """

    verb: str
    side: str
    needs_step_up: bool = False


class ActionOut(serializers.Serializer[Any]):
    """One thing to do. ``needs_step_up`` ones are done by a person in the portal."""

    name = serializers.CharField()
    href = serializers.CharField()
    needs_step_up = serializers.BooleanField()


def actions_of(
    subject: Subject, ways: Mapping[str, Way], *, address: str, by: Actor
) -> list[dict[str, Any]]:
    """The available steps that this actor's side takes, with their addresses."""
    parties = subject.parties()
    return [
        {
            "name": ways[step].verb,
            "href": f"{address}/{ways[step].verb}",
            "needs_step_up": ways[step].needs_step_up,
        }
        for step in subject.machine.available(subject, by=by)
        if step in ways and parties[ways[step].side] == by.organization_id
    ]
