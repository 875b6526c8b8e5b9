"""All settings, read top to bottom; every variable is typed and named in ``.env.example``.

Business policy is data in tables, never a setting; keys are never here.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from scf.config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ENV = env.text("ENV", "demo")
IS_PRODUCTION = ENV == "prod"
SCF_HOME = Path(env.text("SCF_HOME", "") or BASE_DIR / ".run")

# --- Safety
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text(
    "SECRET_KEY",
    None if IS_PRODUCTION else "demo-only-not-a-secret-demo-only-not-a-secret-0123456789",
)
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", "" if IS_PRODUCTION else "127.0.0.1,localhost,[::1],testserver"
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
if IS_PRODUCTION and (
    DEBUG or "*" in ALLOWED_HOSTS or not ALLOWED_HOSTS or SECRET_KEY.startswith("demo-")
):
    raise ImproperlyConfigured(
        "ENV=prod refuses DEBUG, ALLOWED_HOSTS=* or empty, and a demo SECRET_KEY"
    )
SECURE_COOKIES = env.flag("SECURE_COOKIES", default=IS_PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000 if SECURE_COOKIES else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
# Where a browser finds the event stream: on a port of its own beside the portals, or (0, and always
# in production) under the portals' own address, where a proxy leads /events/ to it.
EVENTS_PORT = 0 if IS_PRODUCTION else env.number("EVENTS_PORT", 0)
EVENTS_ADDRESSES = [
    f"http://{host}:{EVENTS_PORT}" for host in ALLOWED_HOSTS if EVENTS_PORT and "[" not in host
]
CSRF_FAILURE_VIEW = "scf.portals.errors.csrf_failed"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *EVENTS_ADDRESSES],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# --- Rooms, lowest floor first
ROOMS = [
    "scf.workflow",
    "scf.parties",
    "scf.ledger",
    "scf.chain",
    "scf.banks",
    "scf.documents",
    "scf.risk",
    "scf.wallets",
    "scf.credit",
    "scf.trade",
    "scf.payments",
    "scf.loans",
    "scf.financing",
    "scf.onboarding",
    "scf.notifications",
    "scf.reconciliation",
    "scf.api",
    "scf.portals",
    "scf.runtime",
    "scf.rehearsal",
    "scf.config",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    *ROOMS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "scf.portals.middleware.LanguageMiddleware",
    "scf.portals.figures.FiguresMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "scf.portals.middleware.LastSeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "scf.portals.middleware.PlainTextMiddleware",
    "scf.portals.middleware.MethodMiddleware",
    "scf.portals.middleware.RefusalMiddleware",
    "scf.portals.middleware.PortalMiddleware",
    "scf.portals.middleware.RetryMiddleware",
]
ROOT_URLCONF = "scf.config.urls"
WSGI_APPLICATION = "scf.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "scf.portals.context.page",
            ]
        },
    }
]

# --- Engines
DATABASE_URL = env.text("DATABASE_URL", f"postgresql://scf_owner@/scf?host={SCF_HOME / 'pg'}")
DATABASES = {"default": env.database(DATABASE_URL)}
STATEMENT_TIMEOUT_MS = env.number("STATEMENT_TIMEOUT_MS", 30_000)
LOCK_TIMEOUT_MS = env.number("LOCK_TIMEOUT_MS", 4_000)
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"]["connect_timeout"] = 5  # type: ignore[index]
DATABASES["default"]["OPTIONS"]["options"] = (  # type: ignore[index]
    f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counters of failed logins and used codes must be one for all web processes: a table of the
# database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portals_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
BROKER_URL = env.text("BROKER_URL", f"redis+socket://{SCF_HOME / 'valkey.sock'}")
RPC_URL = env.text("RPC_URL", "http://127.0.0.1:8645")
DEMO_CHAIN_ID = 20260
CHAIN_ID = env.number("CHAIN_ID", DEMO_CHAIN_ID)
CHAIN_CONFIRMATIONS = env.number("CHAIN_CONFIRMATIONS", 3)
SIGNER_SOCKET = env.text("SIGNER_SOCKET", str(SCF_HOME / "signer.sock"))
SIGNER_KEYSTORES = env.text("SIGNER_KEYSTORES", str(SCF_HOME / "keystores"))
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000")
DOCUMENTS_ROOT = env.text("DOCUMENTS_ROOT", str(SCF_HOME / "documents"))

# --- People
AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "scf.parties.passwords.LongEnough",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "scf.portals.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Failed passwords and codes: five an account, twenty an address, in a quarter of an hour.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/15m/key", "failed_at_address": "20/15m/ip", "login": "60/m/ip",
    "reset_password": "20/15m/ip,3/15m/key", "reset_password_from_key": "20/15m/ip",
}  # fmt: skip
_FORMS = "scf.portals.password."
ACCOUNT_FORMS = {
    "reset_password": _FORMS + "AskForm", "reset_password_from_key": _FORMS + "NewPasswordForm",
}  # fmt: skip
PASSWORD_RESET_TIMEOUT = 1800  # seconds from the mail on; a link works once
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# How many proxies of ours stand before the portals: so far ``X-Forwarded-For`` is believed, and
# ``X-Forwarded-Proto`` says whether the reader came by HTTPS.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MFA_ADAPTER = "scf.portals.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "scf.portals.second_factor.CodeForm",
    "reauthenticate": "scf.portals.second_factor.CodeAgainForm",
    "activate_totp": "scf.portals.second_factor.FirstCodeForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "scf"
MFA_TOTP_TOLERANCE = 1  # a code typed at the end of its 30 seconds still holds (RFC 6238, 5.2)

# --- Mail
# A person turns it on for themselves; without a server nobody is offered it.
EMAIL_URL = env.text("EMAIL_URL", "" if IS_PRODUCTION else "file:")
MAIL_IS_ON = bool(EMAIL_URL)
_MAIL = env.mail_server(EMAIL_URL, folder=str(SCF_HOME / "mail"))
EMAIL_BACKEND = _MAIL.backend
EMAIL_FILE_PATH = _MAIL.folder  # ``manage.py demo_mail`` reads them out
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.starts_tls, _MAIL.is_tls
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "scf@localhost")

# --- Words and times
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "scf" / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Files
STATIC_URL = "static/"
# Outside production the files are served from where they lie, and nothing has to be collected.
STATIC_ROOT = SCF_HOME / "static" if IS_PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "scf" / "portals" / "static"]
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- API
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "scf API",
    "VERSION": "1",
    "DESCRIPTION": "供应链金融开放接口 / Supply-chain finance for machines. docs/api.md",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStatus": "scf.api.v1.applications.STATUSES",
        "ImportStatus": "scf.api.v1.imports.STATUSES",
        "LoanStatus": "scf.api.v1.loans.STATUSES",
        "OrderLineStatus": "scf.api.v1.orders.LINE_STATUSES",
        "OrderStatus": "scf.api.v1.orders.STATUSES",
        "Currency": "scf.api.v1.orders.CURRENCIES",
    },
}

# --- Worker
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "Asia/Shanghai"
STEP_UP_FOR = timedelta(minutes=5)

# --- Logs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "scf.config.logs.JsonFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": env.text("LOG_LEVEL", "INFO")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
