"""What must be true across rooms; a check is registered here and ``check_invariants`` runs it."""

from scf.reconciliation import walks
from scf.workflow.invariants import invariant

invariant("workflow.status_only_along_the_machine")(walks.illegal_walks)
invariant("workflow.steps_have_their_subject")(walks.facts_without_subject)
invariant("workflow.maker_is_not_checker")(walks.one_person_two_eyes)
