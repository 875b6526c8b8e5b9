"""Who asks: a person at an organization with permissions, or the system itself. Frozen."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """The one who acts. ``permissions`` hold strings of the form ``resource:verb``."""

    person_id: UUID | None = None
    user_id: int | None = None
    organization_id: UUID | None = None
    name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    stepped_up_at: datetime | None = None
    is_system: bool = False

    def can(self, permission: str) -> bool:
        """True when the actor holds the permission; ``system`` steps are never human."""
        return (
            self.is_system
            if permission == "system"
            else permission in self.permissions or self.is_system
        )


SYSTEM = Actor(name="system", is_system=True)
