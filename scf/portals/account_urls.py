"""The addresses of allauth we use, by allauth's own names: no sign-up, no e-mail addresses."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from scf.portals.account import ActivateTotp, DeactivateTotp, security
from scf.portals.password import SetPassword, ask, asked, recover
from scf.portals.recovery_codes import MakeRecoveryCodes, ShowRecoveryCodes

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", ask, name="account_reset_password"),
    path("password/reset/sent/", asked, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        SetPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("password/recover/", recover, name="password_recover"),
    path("security/", security, name="mfa_index"),
    path("code/", second_factor.authenticate, name="mfa_authenticate"),
    path("code/again/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("code/activate/", ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("code/deactivate/", DeactivateTotp.as_view(), name="mfa_deactivate_totp"),
    path("code/recovery/", ShowRecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("code/recovery/again/", MakeRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
]
