"""Recovery codes: shown once when they are made, to print or keep as a file, and made anew."""

from typing import Any
from urllib.parse import quote

from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from scf.parties.selectors import actor_for, count_recovery_codes
from scf.parties.services import note_recovery_codes_made


@method_decorator(never_cache, name="dispatch")
class ShowRecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    """The codes, this one time; afterwards how many are left."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """The file of the codes lies in the page itself: no second address gives them out."""
        context: dict[str, Any] = super().get_context_data(**given)
        if context["can_view_codes"]:
            lines = [
                f"scf · {self.request.user.get_username()}",
                _("每个恢复码只能用一次；生成新的一组后，这些全部作废。"),
                "",
                *context["unused_codes"],
                "",
            ]
            context["file"] = f"data:text/plain;charset=utf-8,{quote(chr(10).join(lines))}"
        return context


class MakeRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """New codes in place of all earlier ones, after proving again who one is."""

    def form_valid(self, form: GenerateRecoveryCodesForm) -> HttpResponse:
        """They are made; the person is told, also when it was somebody else."""
        user = self.request.user
        is_first = count_recovery_codes(user) is None
        response: HttpResponse = super().form_valid(form)
        note_recovery_codes_made(user, is_first=is_first, by=actor_for(user))
        return response
