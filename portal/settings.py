"""The one settings module, read top to bottom; every value that differs by site comes from the environment.

A secret `NAME` may be given as `NAME_FILE`, the path of a file that holds it. Without `DATABASE_URL` and `REDIS_URL`
the embedded services of the checkout are used (`portal.embedded`).
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

# --- Kind of site -----------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# The demo district: sign-ins on the sign-in page, mail to files, a clock that can be set forward. Never in production.
DEMO = env.bool("PORTAL_DEMO", default=False)
STATE_DIR = Path(env.str("PORTAL_STATE_DIR", default=str(BASE_DIR / ".portal")))
SECRET_KEY = env.str("SECRET_KEY", default="") or embedded.secret_key(STATE_DIR)
# Signs the head of the log. Keep it when SECRET_KEY is changed, and outside the database; without it SECRET_KEY signs.
AUDIT_KEY = env.str("AUDIT_KEY", default="")
# Who gets the head of the log by mail every day: an address outside this machine. Empty: it is only written to the log file.
AUDIT_HEAD_TO = env.str("AUDIT_HEAD_TO", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# The address people reach the portal at; it stands in mails and in the QR codes of documents.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Apps -------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_ltree",
    "django_tables2",
    "pghistory",
    "pgtrigger",
    "portal.web",
    "portal.audit",
    "portal.workdays",
    "portal.accounts",
    "portal.organisation",
    "portal.notices",
    "portal.documents",
    "portal.network",
    "portal.obligations",
    "systems",
    "cases",
    "education",
    "responsibility",
    "portal.dashboard",
]
if DEMO:
    INSTALLED_APPS.append("portal.demo")

MIDDLEWARE = [
    "portal.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.audit.middleware.OriginMiddleware",
    # Before anything is done in a person's name: is the session still good?
    "portal.accounts.guards.SessionLimitsMiddleware",
    "portal.accounts.middleware.PreferencesMiddleware",
    # After the change of a temporary password, which comes first.
    "portal.accounts.guards.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.context.page",
                "responsibility.context.programme",
            ],
            "builtins": ["django.templatetags.i18n", "portal.web.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
FILTERS_EMPTY_CHOICE_LABEL = _("All")

# --- PostgreSQL and Redis ---------------------------------------------------------------------------------------------

DATABASES = {
    "default": (env.db_url("DATABASE_URL") if "DATABASE_URL" in env.ENVIRON else embedded.database(STATE_DIR))
    | {
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE_SECONDS", default=60),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.str("TEST_DATABASE_NAME", default="test_portal")},
    }
}
REDIS_URL = env.str("REDIS_URL", default="") or embedded.redis_url(STATE_DIR)
CACHES = {
    "default": {
        "BACKEND": "portal.web.cache.PatientCache",
        "LOCATION": embedded.cache_url(REDIS_URL, database=env.int("CACHE_DATABASE", default=0)),
        "KEY_PREFIX": env.str("CACHE_KEY_PREFIX", default="portal"),
        # A person waits for this: past it the cache is taken as away.
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# --- Celery: it wakes the clock, the relay of mails and long jobs; what is owed is always read from the database -------

CELERY_BROKER_URL = embedded.broker_url(REDIS_URL, database=1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Twice the longest task: a message is given to a second worker only when the first can no longer be at it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Demo, tests and development share one Valkey and never take each other's messages.
    "global_keyprefix": f"{env.str('CACHE_KEY_PREFIX', default='portal')}:",
    "visibility_timeout": 2 * CELERY_TASK_TIME_LIMIT,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = {
    "run-clock": {"task": "portal.obligations.tasks.run_clock", "schedule": 60.0},
    "send-outbox": {"task": "portal.notices.tasks.send_outbox", "schedule": 60.0},
    # Every hour, for a day on which beat was away at one; it is given once a day.
    "give-audit-head": {"task": "portal.notices.tasks.give_audit_head", "schedule": 3600.0},
    # The same: once a day, however often it is asked.
    "verify-log": {"task": "portal.audit.tasks.verify_log", "schedule": 3600.0},
    "follow-new-holders": {"task": "responsibility.tasks.follow_new_holders", "schedule": 300.0},
    "close-final-cases": {"task": "responsibility.tasks.close_final_cases", "schedule": 3600.0},
    # What the day brings to systems, for an hour at which beat was away; as often as one likes.
    "look-over-systems": {"task": "systems.tasks.look_over", "schedule": 3600.0},
    "resume-jobs": {"task": "portal.web.tasks.resume_jobs", "schedule": 60.0},
    # What still lacks its time-stamp, and signed letters without their document: neither depends on a wake that arrived.
    "stamp-documents": {"task": "portal.documents.tasks.stamp_documents", "schedule": 300.0},
    "seal-waiting": {"task": "responsibility.tasks.seal_waiting", "schedule": 300.0},
    "remove-orphans": {"task": "portal.documents.tasks.remove_orphans", "schedule": 3600.0},
}

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Which rules a password obeys. "nist": NIST SP 800-63B and ASVS 5.0, which forbid rules of composition and rotation.
# "mlps2": GB/T 22239-2019 level 3 as auditors read it, which asks for both.
PASSWORD_PROFILE = env.str("PASSWORD_PROFILE", default="nist")
# Passwords known from breaches, searched offline; its format is told in portal/accounts/breached.py. Empty: not asked.
BREACHED_PASSWORDS_FILE = env.str("BREACHED_PASSWORDS_FILE", default="")
_NOT_GUESSED = [
    {"NAME": "portal.accounts.passwords.UnlikeThePerson"},
    {"NAME": "portal.accounts.passwords.NotCommon"},
    {"NAME": "portal.accounts.passwords.BreachedPasswordValidator"},
]
PASSWORD_PROFILES = {
    "nist": [
        {"NAME": "portal.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
        *_NOT_GUESSED,
    ],
    "mlps2": [
        {"NAME": "portal.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 8}},
        {"NAME": "portal.accounts.passwords.CompositionValidator", "OPTIONS": {"classes": 3}},
        {"NAME": "portal.accounts.passwords.NotReusedValidator", "OPTIONS": {"remembered": 5}},
        *_NOT_GUESSED,
    ],
}
if PASSWORD_PROFILE not in PASSWORD_PROFILES:
    raise environ.ImproperlyConfigured(f"PASSWORD_PROFILE is {PASSWORD_PROFILE!r}: write nist or mlps2.")
AUTH_PASSWORD_VALIDATORS = PASSWORD_PROFILES[PASSWORD_PROFILE]
# Days after which a password must be changed; 0: never.
PASSWORD_ROTATION_DAYS = {"nist": 0, "mlps2": 90}[PASSWORD_PROFILE]
# A link that opens an account is not left lying about: an hour, in seconds.
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# Allauth's own keeps a table of addresses beside the user's, and its writes tell which address is known.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "portal.accounts.adapter.display_name"
ACCOUNT_FORMS = {
    "reset_password": "portal.accounts.reset.AskForPassword",
    "change_password": "portal.accounts.password_forms.ChangePasswordForm",
    "reset_password_from_key": "portal.accounts.password_forms.ResetPasswordKeyForm",
}
# A whole town may sit behind one address: few tries per account, many per address. Five wrong passwords close an account
# for ten minutes, one that does not exist just the same; allauth's own 30 sign-ins a minute per address would keep a town
# out at nine in the morning. What gets the page for too many tries is counted by the minute.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/10m/key,100/10m/ip",
    "reset_password": "100/m/ip,5/m/key",
    "reset_password_from_key": "100/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Second factor ----------------------------------------------------------------------------------------------------

# Whether coordinators, heads, case officers, administrators and auditors must have one. Off in the demo, whose listed
# sign-ins work with a password alone; anybody may still set one up.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)
# Encrypts the secrets of apps and recovery codes; several, parted by commas, to change it: the first encrypts, all decrypt.
# Empty: derived from SECRET_KEY, which then must not change.
SECOND_FACTOR_KEY = env.list("SECOND_FACTOR_KEY", default=[])
MFA_ADAPTER = "portal.accounts.factor_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "portal.accounts.factor_forms.CodeForm",
    "reauthenticate": "portal.accounts.factor_forms.ConfirmCodeForm",
    "activate_totp": "portal.accounts.factor_forms.ActivateAppForm",
    "authenticate_webauthn": "portal.accounts.factor_forms.PasskeyForm",
    "login_webauthn": "portal.accounts.factor_forms.PasskeySignInForm",
    "reauthenticate_webauthn": "portal.accounts.factor_forms.ConfirmPasskeyForm",
    "add_webauthn": "portal.accounts.factor_forms.AddPasskeyForm",
    "edit_webauthn": "portal.accounts.factor_forms.RenamePasskeyForm",
}
# A phone's clock may be half a minute off. Safe, since a code's time step is taken once, in the database (factor_forms).
MFA_TOTP_TOLERANCE = 1
# Codes that can be read again can be read by whoever finds the screen open.
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Addresses come from the register and are not proved by a mail; nobody signs up, so nobody takes another's address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# The same town behind one address.
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}

# --- Clues ------------------------------------------------------------------------------------------------------------

# Enclose the keys of the clues: "name:32 bytes in base64", several parted by commas. The first encloses, all open; to rotate,
# put a new one before the others, run `manage.py rotate_clue_keys`, then take the old one out. Empty: derived from SECRET_KEY.
CLUE_KEYS = env.list("CLUE_KEYS", default=[])

# --- Signatures in documents (docs/signatures.md) ---------------------------------------------------------------------

# The name in the certificates of the portal's own authority, which is made by the first document that is sealed.
SIGNING_NAME = env.str("SIGNING_NAME", default="Prevention portal")
# Enclose the private keys of that authority in the database: the first encloses, all open. Empty: derived from SECRET_KEY,
# which then must not change.
SIGNING_PASSPHRASES = env.list("SIGNING_PASSPHRASES", default=[])
# The office's own key instead, in a PKCS#12 file or in a token; `manage.py signing_key use` makes it known.
SIGNING_PKCS12_FILE = env.str("SIGNING_PKCS12_FILE", default="")
SIGNING_PKCS12_PASSPHRASE = env.str("SIGNING_PKCS12_PASSPHRASE", default="")
SIGNING_PKCS11_MODULE = env.str("SIGNING_PKCS11_MODULE", default="")
SIGNING_PKCS11_TOKEN = env.str("SIGNING_PKCS11_TOKEN", default="")
SIGNING_PKCS11_PIN = env.str("SIGNING_PKCS11_PIN", default="")
SIGNING_PKCS11_LABEL = env.str("SIGNING_PKCS11_LABEL", default="")
# PEM of the certificates above the token's.
SIGNING_CHAIN_FILE = env.str("SIGNING_CHAIN_FILE", default="")
# An authority for RFC 3161 time-stamps, seconds for its answer, and PEM of the certificates it is trusted by. Empty: no stamps.
SIGNING_TSA_URL = env.str("SIGNING_TSA_URL", default="")
SIGNING_TSA_TIMEOUT_SECONDS = env.int("SIGNING_TSA_TIMEOUT_SECONDS", default=10)
SIGNING_TSA_ROOTS_FILE = env.str("SIGNING_TSA_ROOTS_FILE", default="")

# --- Sessions ---------------------------------------------------------------------------------------------------------

# Minutes without a request, and minutes since signing in, after which a session ends: for those who work in the portal all
# day with much in reach, and for leaders and staff.
SESSION_LIMITS = {
    "office": (
        env.int("SESSION_OFFICE_IDLE_MINUTES", default=30),
        env.int("SESSION_OFFICE_ABSOLUTE_MINUTES", default=10 * 60),
    ),
    "others": (
        env.int("SESSION_OTHERS_IDLE_MINUTES", default=60),
        env.int("SESSION_OTHERS_ABSOLUTE_MINUTES", default=12 * 60),
    ),
}
# The stored session outlives every limit above, so that the page can say why it ended.
SESSION_COOKIE_AGE = 60 * max(absolute for _idle, absolute in SESSION_LIMITS.values()) + 3600
# However somebody signs in, by password or by passkey.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Shown on the page of sessions. Kept up by SessionLimitsMiddleware twice a minute at most: allauth's own middleware, which
# is not installed, would ask four queries of every request.
USERSESSIONS_TRACK_ACTIVITY = True

# --- Languages and time -----------------------------------------------------------------------------------------------

# The site's own language: of mail to people who have chosen none, and of pages for browsers that ask for neither.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["portal.formats"]

# --- Files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(STATE_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# The faces of the PDFs are read by the server alone; packing them would take a minute and serve nobody.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "zip",
    "gz",
    "br",
    "woff",
    "woff2",
    "ttf",
    "xlsx",
)
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=20 * 1024 * 1024)
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=50 * 1024 * 1024)
# Decisions of agencies come by the million; such a file is never held in memory.
PUNISHMENT_FILE_MAX_BYTES = env.int("PUNISHMENT_FILE_MAX_BYTES", default=2 * 1024 * 1024 * 1024)
# nginx refuses larger bodies; Django streams uploads above 2.5 MB to disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Django's 1,000 would stop the head of a leading group who signs a large batch letter by letter; the size above bounds
# what a request can make us read.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Mail -------------------------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail:///" if DEMO else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = Path(env.str("DEMO_MAIL_DIR", default=str(STATE_DIR / "mail")))
# Seconds for each answer of the server.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT_SECONDS", default=10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

# --- Security ---------------------------------------------------------------------------------------------------------

# Off only where the portal is tried on one machine without TLS (the demo, the tests).
HTTPS = env.bool("PORTAL_HTTPS", default=not (DEBUG or DEMO))
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
# Passkeys on plain http are for trying the portal on one machine, where its name is localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "portal.web.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Log --------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        # Whatever the level of the rest: the line is what proves the log.
        "portal.audit.head": {"level": "INFO"},
    },
}
