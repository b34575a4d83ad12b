"""Django's settings. What can be set from outside is in `environment.py`, and nowhere else."""

import os
from pathlib import Path

import csp.constants
from django.utils.translation import gettext_lazy as _

from amparo.config.databases import database_settings
from amparo.config.environment import read_environment
from amparo.notices.outgoing import read_mail_server
from amparo.vault.key_files import load_or_make_key
from amparo.vault.keys import Argon2Cost
from amparo.warning.duty.signal_daemon import read_signal_daemon
from amparo.warning.duty.sms_gateway import read_sms_gateway

ENVIRONMENT = read_environment(os.environ)
DATA_DIR = ENVIRONMENT.data_dir
KEY_DIR = ENVIRONMENT.key_dir
PACKAGE_DIR = Path(__file__).resolve().parents[1]

SECRET_KEY = load_or_make_key(KEY_DIR, "django.key").hex()
DEBUG = ENVIRONMENT.debug
ONION = ENVIRONMENT.onion
ALLOWED_HOSTS = [*ENVIRONMENT.allowed_hosts, *([ONION] if ONION else [])]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "amparo.ui",
    "amparo.vocabularies",
    "amparo.vault",
    "amparo.files",
    "amparo.institutions",
    "django_tasks",
    "django_tasks_db",
    "amparo.notices",
    "amparo.cases",
    "amparo.channel",
    "amparo.finding",
    "amparo.linkage",
    "amparo.evidence",
    "amparo.documenting",
    "amparo.reprisals",
    "amparo.protection",
    "amparo.quality",
    "amparo.civic_space",
    "amparo.statistics",
    "amparo.warning",
    "amparo.exchange",
    "amparo.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "amparo.channel.weight.ReportPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "amparo.institutions.gate.StaffGate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "amparo.config.urls"
WSGI_APPLICATION = "amparo.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_settings(ENVIRONMENT.database_url, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "institutions.User"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "amparo.institutions.passwords.StrongEnough"}]
# What a personal key costs to open. May be raised: each is closed anew at its owner's next sign-in.
PASSWORD_COST = Argon2Cost(memory=65536, passes=3, lanes=4)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "case-list"
LOGOUT_REDIRECT_URL = "home"

# What of a dataset others have read in alerts: a release hides nothing behind it.
TOLD_ELSEWHERE = "amparo.warning.watching.outside.told_of_dataset"
CLAMD = ENVIRONMENT.clamd
TSA_URL = ENVIRONMENT.tsa_url
TSA_CA = ENVIRONMENT.tsa_ca
CAPTURE = ENVIRONMENT.capture
CAPTURE_PROXY = ENVIRONMENT.capture_proxy
FEEDS = ENVIRONMENT.feeds
CHANNEL_RATE = ENVIRONMENT.channel_rate
QUICK_EXIT = ENVIRONMENT.quick_exit
# What a receipt costs to try, by version. Add one to raise it, and keep the old: mailboxes made by it open by it.
RECEIPT_COSTS = {1: Argon2Cost(memory=65536, passes=3, lanes=4)}
MAIL_SERVER = read_mail_server(ENVIRONMENT.smtp_url, ENVIRONMENT.mail_from)
SMS_GATEWAY = read_sms_gateway(
    ENVIRONMENT.sms_url, ENVIRONMENT.sms_token, ENVIRONMENT.sms_body, ENVIRONMENT.sms_sign_in, ENVIRONMENT.sms_taken
)
SIGNAL_DAEMON = read_signal_daemon(ENVIRONMENT.signal_url, ENVIRONMENT.signal_number)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Nothing from elsewhere, nothing inline: a page that names a third party tells it who reads.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.constants.NONE],
        "script-src": [csp.constants.SELF],
        "style-src": [csp.constants.SELF],
        "img-src": [csp.constants.SELF],
        "font-src": [csp.constants.SELF],
        "connect-src": [csp.constants.SELF],
        "form-action": [csp.constants.SELF],
        "base-uri": [csp.constants.NONE],
        "frame-ancestors": [csp.constants.NONE],
    }
}
# Nothing is told to other sites. Not "no-referrer": with it browsers send forms with "Origin: null", which is refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
# A year would show on a device that its owner was here.
CSRF_COOKIE_AGE = None
if ENVIRONMENT.https:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Requests are not logged: a log of who asked for what is a list of defenders. Errors name the place, never the values.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"standard-error": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["standard-error"], "level": "WARNING"},
    # Its warnings carry the address that was asked for.
    # A failed task is said by config/background.py, without the traceback that may carry values.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "CRITICAL"},
        # At lower levels Pillow tells what stands in a photo.
        "PIL": {"level": "WARNING"},
    },
}
