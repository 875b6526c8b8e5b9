"""The address under which a login gets a new password: signed, for half an hour, once."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from scf.parties.models import User


def reset_link(user: User) -> str:
    """The whole address, under the site's own name whatever name a browser used to ask for it.

    It is void once the password or the mail address changed, or after the next login.
    """
    key = default_token_generator.make_token(user)
    named = {"uidb36": user_pk_to_url_str(user), "key": key}
    path = reverse("account_reset_password_from_key", kwargs=named)
    return f"{settings.PUBLIC_URL}{path}"
