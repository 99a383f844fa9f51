"""Settings of Django in code: one set for every workspace; what differs between workspaces (folder,
database, who is let in) belongs to the application (``application.py``).
"""

from __future__ import annotations

import pkgutil
import threading
from pathlib import Path
from typing import Any

_configuring = threading.Lock()
IDLE_SECONDS = 30 * 60
"""A session ends after so long without a request."""
LONGEST_SECONDS = 12 * 3600
"""A session ends after so long in any case."""
FAILURES = 5
"""Wrong passwords after which an account is locked."""
LOCKED_HOURS = 1
LEAST_CHARACTERS = 12
"""Of a password (ASVS 5.0 asks for 8, and recommends 15)."""
LARGEST_BODY = 20_000_000
"""Bytes of a request: an uploaded workbook."""
MOST_FIELDS = 20_000
ROOMS = "hengtan.web.rooms"
SESSION = "hengtan_session"
"""The cookie of a session."""
OURS = "django.contrib.auth.password_validation"


def rooms() -> list[str]:
    """The rooms of the application that keep something: packages of ``web/rooms`` with models."""
    place = str(Path(__file__).parent / "rooms")
    names = sorted(m.name for m in pkgutil.iter_modules([place]) if m.ispkg)
    return [f"{ROOMS}.{name}" for name in names]


def configure() -> None:
    """Set Django up, once in a process."""
    from django.apps import apps
    from django.conf import settings

    with _configuring:
        if not settings.configured:
            settings.configure(**_settings())
        if not apps.ready:
            import django

            django.setup()


def _settings() -> dict[str, Any]:
    return {
        "DEBUG": False,
        "SECRET_KEY": "set by the application",
        "ALLOWED_HOSTS": ["*"],  # asked for each application by guard.py
        "ROOT_URLCONF": "hengtan.web.urls",
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django_htmx",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "allauth.socialaccount",
            "allauth.socialaccount.providers.openid_connect",
            "allauth.usersessions",
            "axes",
            *rooms(),
        ],
        "MIDDLEWARE": [
            "hengtan.web.guard.Guard",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "hengtan.web.guard.Forgery",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "hengtan.web.who.Who",
            "hengtan.web.say.InLanguage",
            "django_htmx.middleware.HtmxMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "allauth.usersessions.middleware.UserSessionsMiddleware",
            "axes.middleware.AxesMiddleware",
            "hengtan.web.answers.Answers",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "DIRS": [str(Path(__file__).parent / "templates")],
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "hengtan.web.rooms.people.trying.context",
                        "hengtan.web.say.context",
                    ],
                    "builtins": ["hengtan.web.say"],
                },
            }
        ],
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "APPEND_SLASH": False,
        "USE_TZ": True,
        "TIME_ZONE": "Asia/Shanghai",
        "USE_I18N": True,
        "LANGUAGE_CODE": "zh-hans",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": LARGEST_BODY,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": MOST_FIELDS,
        "LOGGING_CONFIG": None,
        **_signing_in(),
        **_cookies(),
    }


def _signing_in() -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "people.Account",
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "hengtan.web.rooms.people.signing_in.Backend",
        ],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{OURS}.MinimumLengthValidator", "OPTIONS": {"min_length": LEAST_CHARACTERS}},
            {"NAME": f"{OURS}.UserAttributeSimilarityValidator"},
            {"NAME": f"{OURS}.CommonPasswordValidator"},
            {"NAME": f"{OURS}.NumericPasswordValidator"},
            {"NAME": "hengtan.web.rooms.people.passwords.Profile"},
        ],
        "LOGIN_URL": "/account/login/",
        "LOGIN_REDIRECT_URL": "/",
        "ACCOUNT_ADAPTER": "hengtan.web.rooms.people.signing_in.Accounts",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "/account/login/",
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
        "ACCOUNT_SESSION_REMEMBER": False,
        # a whole house behind one address begins its day; wrong passwords lock the account (axes)
        "ACCOUNT_RATE_LIMITS": {"login": "600/m/ip", "login_failed": "30/m/ip"},
        "ACCOUNT_FORMS": {"login": "hengtan.web.rooms.people.signing_in.SignIn"},
        "SOCIALACCOUNT_ADAPTER": "hengtan.web.rooms.people.signing_in.OtherDoors",
        "SOCIALACCOUNT_PROVIDERS": {
            "openid_connect": {"provider_class": "hengtan.web.rooms.people.oidc.Provider"}
        },
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        # a link, not a form: browsers would hold the provider against the form-action of our policy
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "衡碳 Hengtan",
        "MFA_TOTP_TOLERANCE": 1,  # a clock may be half a minute off
        "MFA_FORMS": {"authenticate": "hengtan.web.rooms.people.signing_in.Code"},
        "MFA_ADAPTER": "allauth.mfa.adapter.DefaultMFAAdapter",
        "USERSESSIONS_TRACK_ACTIVITY": False,
        "AXES_FAILURE_LIMIT": FAILURES,
        "AXES_COOLOFF_TIME": LOCKED_HOURS,
        "AXES_LOCKOUT_PARAMETERS": ["username"],
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_USERNAME_CALLABLE": "hengtan.web.rooms.people.signing_in.name_tried",
        "AXES_LOCKOUT_CALLABLE": "hengtan.web.rooms.people.signing_in.locked",
        "AXES_VERBOSE": False,
        "AXES_ENABLE_ADMIN": False,
        "SILENCED_SYSTEM_CHECKS": ["axes.W003"],
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "shared_limits",
            }
        },
    }


def _cookies() -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": SESSION,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_AGE": IDLE_SECONDS,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_NAME": "hengtan_csrf",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_FAILURE_VIEW": "hengtan.web.answers.forged",
    }
