"""What must be true across rooms; a check is registered here and ``check_invariants`` runs it."""

from scf.reconciliation import chain, walks
from scf.workflow.invariants import invariant

invariant("workflow.status_only_along_the_machine")(walks.illegal_walks)
invariant("workflow.steps_have_their_subject")(walks.facts_without_subject)
invariant("workflow.maker_is_not_checker")(walks.one_person_two_eyes)
invariant("chain.each_wallet_holds_what_the_book_says")(chain.wallets_differ)
invariant("chain.each_vault_holds_what_its_agreements_owe")(chain.vaults_differ)
