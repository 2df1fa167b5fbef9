# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The settings of the web, from the environment variables KNOPENKAART_* (docs/reference/settings.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from knopenkaart_web.conf import environment, logs

PACKAGE_DIR = Path(__file__).resolve().parent.parent
_env = environment.system()

DATA_DIR: Path = _env.read("DATA_DIR", Path.cwd() / "var", environment.folder)
DEBUG: bool = _env.read("DEBUG", False, environment.flag)
ALLOWED_HOSTS: list[str] = _env.read("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], environment.hosts)
_public = not environment.LOCAL_HOSTS.issuperset(ALLOWED_HOSTS)
HTTPS: bool = _env.read("HTTPS", _public, environment.flag)
TRUSTED_PROXIES: list[str] = _env.read("TRUSTED_PROXIES", [], environment.networks)
CONTACT: str = _env.read("CONTACT", "", environment.contact)
SECURITY_CONTACT: str = _env.read("SECURITY_CONTACT", "", environment.contact)
MAIL: dict[str, Any] = _env.read("MAIL_URL", environment.console_mail(), environment.mail)
MAIL_FROM: str = _env.read("MAIL_FROM", "", environment.sender)
BASE_URL: str = _env.read("BASE_URL", environment.usual_base_url(ALLOWED_HOSTS, https=HTTPS), environment.base_url)
FRESH_MONTHS: int = _env.read("FRESH_MONTHS", 12, environment.number(1, 60))
REMIND_WEEKS: int = _env.read("REMIND_WEEKS", 6, environment.number(1, 52))
MUNICIPALITY_TOKENS: Path | None = _env.read("MUNICIPALITY_TOKENS", None, environment.existing_file(".css"))
VOCABULARY: Path | None = _env.read("VOCABULARY", None, environment.existing_file(".toml"))
UPLOAD_MAX_BYTES: int = _env.read("UPLOAD_MAX_MB", 10, environment.number(1, 100)) * 1024 * 1024
RUN_SECONDS: int = _env.read("RUN_SECONDS", 180, environment.number(10, 3600))
REACH_SECONDS: int = _env.read("REACH_SECONDS", 1800, environment.number(10, 36_000))
RUN_MEMORY_BYTES: int = _env.read("RUN_MEMORY_MB", 3072, environment.number(512, 65536)) * 1024 * 1024
RUN_WORKERS: int = _env.read("RUN_WORKERS", 2, environment.number(1, 16))
LOG_LEVEL: str = _env.read("LOG_LEVEL", "INFO", environment.choice("DEBUG", "INFO", "WARNING", "ERROR"))
STATIC_COLLECTED: bool = _env.read("STATIC_COLLECTED", False, environment.flag)
DATABASES: dict[str, dict[str, Any]] = {
    "default": _env.read("DATABASE_URL", environment.sqlite(DATA_DIR / "knopenkaart.sqlite3"), environment.database)
}
_secret: str = _env.read("SECRET_KEY", "", environment.secret)
_env.finish()
SECRET_KEY = _secret or environment.kept_secret(DATA_DIR)

INSTALLED_APPS = [
    "knopenkaart_web.conf",
    "knopenkaart_web.audit",
    "knopenkaart_web.accounts",
    "knopenkaart_web.places",
    "knopenkaart_web.visits",
    "knopenkaart_web.cards",
    "knopenkaart_web.operation",
    "knopenkaart_web.freshness",
    "knopenkaart_web.monitor",
    "knopenkaart_web.runs",
    "knopenkaart_web.pages",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "huey.contrib.djhuey",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "knopenkaart_web.conf.middleware.extra_headers",
    "knopenkaart_web.conf.middleware.bounded_requests",
    "knopenkaart_web.conf.middleware.no_nul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "knopenkaart_web.conf.middleware.one_edition",
]
ROOT_URLCONF = "knopenkaart_web.conf.urls"
WSGI_APPLICATION = "knopenkaart_web.conf.wsgi.application"
ASGI_APPLICATION = "knopenkaart_web.conf.asgi.application"
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
    }
]
environment.private_folder(DATA_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["knopenkaart_web.accounts.backends.LimitedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "studies"
LOGOUT_REDIRECT_URL = "studies"
# Of a name from one address; and of a name from wherever, so that nobody can be locked out from one place.
LOGIN_ATTEMPTS = 5
LOGIN_ATTEMPTS_PER_NAME = 20
LOGIN_ATTEMPTS_PER_ADDRESS = 30
LOGIN_PAUSE_MINUTES = 15

# Language and time
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

# Static files: Vite has already put a hash in the names of what it builds
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [PACKAGE_DIR / "static"] if (PACKAGE_DIR / "static").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*/build/.+-[0-9A-Za-z_-]{8,}\..+$"

# Safety
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS] if HTTPS else []
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Only a proxy that we were told about may say that the visitor came by https.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A table of 200 columns of which each is a new indicator, with eight fields that name it.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 3
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Mail
EMAIL_BACKEND: str = MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH: str | None = MAIL.get("EMAIL_FILE_PATH")
EMAIL_HOST: str = MAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT: int = MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER: str = MAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = MAIL.get("EMAIL_USE_SSL", False)
# A mail server that does not answer must not keep an editor waiting.
EMAIL_TIMEOUT = 15
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = MAIL_FROM or f"knopenkaart@{urlsplit(BASE_URL).hostname}"

# Background work
HUEY = {
    "huey_class": "huey.SqliteHuey",
    "name": "knopenkaart",
    "filename": str(DATA_DIR / "runs.sqlite3"),
    "immediate": False,
    "results": False,
    "utc": True,
    "consumer": {"workers": RUN_WORKERS, "worker_type": "thread", "max_delay": 2.0},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": logs.Lines, "format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"told_once": {"()": "django.utils.log.CallbackFilter", "callback": logs.is_told_once}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        "django.request": {"filters": ["told_once"]},
    },
}
