# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reads the environment variables KNOPENKAART_*, refuses bad values, and says everything that is wrong at once."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from knopenkaart.errors import Fault, InputError

Value = TypeVar("Value")

PREFIX = "KNOPENKAART_"
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
MIN_SECRET_LENGTH = 32
_TRUE, _FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
_HOST = re.compile(r"^\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^\[[0-9A-Fa-f:]+\]$")
_ADDRESS = re.compile(r"^[^@\s<>\"]+@[^@\s<>\"]+$")
# The port that a way to keep mail secret has, where none is given.
_PORTS = {"starttls": 587, "implicit": 465, "none": 25}
_CONTACT = re.compile(r"^(mailto:)?[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+$|^https://[^\s<>\"]+$|^tel:\+[0-9-]+$")


@dataclass
class Environment:
    """A set of variables that is being read; `finish` raises what was wrong with all of them together."""

    variables: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def read(self, name: str, default: Value, convert: Callable[[str], Value]) -> Value:
        """The value of KNOPENKAART_`name`, or `default` where it is absent or empty; a value that cannot be used is a fault."""
        self.names.append(name)
        text = self.variables.get(PREFIX + name, "").strip()
        if not text:
            return default
        try:
            return convert(text)
        except ValueError as error:
            self.faults.append(Fault(code="settings.value", message=f"{PREFIX}{name}: {error}"))
            return default

    def finish(self) -> None:
        """Raises InputError naming every bad value, and every KNOPENKAART_ variable that nobody reads (a typing error in a name)."""
        unknown = sorted(
            key for key in self.variables if key.startswith(PREFIX) and key.removeprefix(PREFIX) not in {*self.names, *ELSEWHERE}
        )
        self.faults += [Fault(code="settings.unknown", message=f"{key} is not a setting") for key in unknown]
        if self.faults:
            raise InputError(
                "The settings cannot be used.", code="settings.invalid", remedy="See docs/reference/settings.md.", faults=self.faults
            )


# Read by tests and tools outside the settings.
ELSEWHERE = frozenset({"TEST_DATA", "TEST_DATABASE", "CHROMIUM", "CACHE", "URL", "STUDIES"})


def system() -> Environment:
    """The variables of this process."""
    return Environment(os.environ)


def flag(text: str) -> bool:
    """yes or no: 1/0, true/false, yes/no, on/off."""
    lowered = text.lower()
    if lowered not in _TRUE | _FALSE:
        raise ValueError("write 1 or 0")
    return lowered in _TRUE


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number between two bounds, inclusive."""

    def convert(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"write a whole number from {low} to {high}")
        return int(text)

    return convert


def choice(*values: str) -> Callable[[str], str]:
    """One of some words."""

    def convert(text: str) -> str:
        if text not in values:
            raise ValueError(f"write one of {', '.join(values)}")
        return text

    return convert


def hosts(text: str) -> list[str]:
    """Host names separated by commas; a name that starts with a dot holds for its subdomains too. `*` is refused."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    bad = [name for name in names if not _HOST.match(name)]
    if bad or not names:
        raise ValueError(f"not a host name: {', '.join(bad) or 'nothing'} (no scheme, no port, no *)")
    return names


def networks(text: str) -> list[str]:
    """Addresses or networks separated by commas."""
    return [str(ipaddress.ip_network(part.strip(), strict=False)) for part in text.split(",") if part.strip()]


def contact(text: str) -> str:
    """An e-mail address, an https address or tel:+31..."""
    if not _CONTACT.match(text):
        raise ValueError("write an e-mail address, an https:// address or tel:+...")
    return text


def mail(text: str) -> dict[str, Any]:
    """Django's settings of outgoing mail: console:, file:///folder, or smtp://user:password@host:port?tls=starttls|implicit|none.

    A message never repeats the address: it may hold a password.
    """
    parts = urlsplit(text)
    if parts.scheme == "console" and not parts.netloc and not parts.path:
        return console_mail()
    if parts.scheme == "file":
        if parts.netloc or not parts.path.strip("/"):
            raise ValueError("write file:///absolute/folder")
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme == "smtp":
        return _smtp(parts)
    raise ValueError("write console:, file:///folder or smtp://user:password@host:port?tls=starttls")


def console_mail() -> dict[str, Any]:
    """Mail is written to standard output: for trying out."""
    return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}


def _smtp(parts: SplitResult) -> dict[str, Any]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    tls = options.pop("tls", "starttls")
    if not parts.hostname or options or tls not in _PORTS or parts.path.strip("/"):
        raise ValueError("write smtp://user:password@host:port?tls=starttls (or implicit, or none)")
    try:
        port = parts.port or _PORTS[tls]
    except ValueError:
        raise ValueError("the port of the mail server is no number") from None
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "implicit",
    }


def sender(text: str) -> str:
    """Who mail comes from: an address, or a name with an address in < >."""
    address = parseaddr(text)[1]
    if not _ADDRESS.match(address) or any(sign in text for sign in "\r\n"):
        raise ValueError("write an e-mail address, or: Name <address>")
    return text


def base_url(text: str) -> str:
    """The address of the site as it stands in mails: scheme and host, without a path."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        raise ValueError("write https:// and the host name, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def usual_base_url(host_names: list[str], *, https: bool) -> str:
    """The address of the site where nobody gave it: its first host name; on this machine with the usual port."""
    host = next((name for name in host_names if not name.startswith(".")), host_names[0].lstrip("."))
    return f"{'https' if https else 'http'}://{host}{':8000' if host in LOCAL_HOSTS else ''}"


def secret(text: str) -> str:
    """A key of at least 32 characters."""
    if len(text) < MIN_SECRET_LENGTH:
        raise ValueError(f"at least {MIN_SECRET_LENGTH} characters, please")
    return text


def existing_file(suffix: str) -> Callable[[str], Path]:
    """The path of a file that is there and ends in a suffix."""

    def convert(text: str) -> Path:
        path = Path(text).expanduser().resolve()
        if path.suffix.lower() != suffix or not path.is_file():
            raise ValueError(f"there is no such {suffix} file")
        return path

    return convert


def folder(text: str) -> Path:
    """The path of a folder; it need not be there yet."""
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ValueError("this is a file, not a folder")
    return path


def database(text: str) -> dict[str, Any]:
    """Django's settings of a database from sqlite:///path or postgresql://user:password@host:port/name?sslmode=require."""
    parts = urlsplit(text)
    if parts.scheme == "sqlite":
        if not parts.path.strip("/") or parts.netloc:
            raise ValueError("write sqlite:///relative/path or sqlite:////absolute/path")
        return sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme in {"postgres", "postgresql"}:
        name = unquote(parts.path.lstrip("/"))
        if not name:
            raise ValueError("the name of the database is absent")
        return _postgres(name, parts.username, parts.password, parts.hostname, parts.port, dict(parse_qsl(parts.query)))
    raise ValueError("write sqlite:///... or postgresql://...")


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as it is safe for several processes: write-ahead log, transactions that take the lock at once, time to wait for it."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path.expanduser().resolve()),
        # Opening it and setting it up takes longer than most of what is asked of it.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgres(
    name: str, user: str | None, password: str | None, host: str | None, port: int | None, options: dict[str, str]
) -> dict[str, Any]:
    socket = options.pop("host", None)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(user or ""),
        "PASSWORD": unquote(password or ""),
        "HOST": socket or host or "",
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def kept_secret(folder_path: Path) -> str:
    """The secret key of this installation: made once, kept in its data folder, readable by its owner only."""
    private_folder(folder_path)
    path = folder_path / "secret-key"
    if path.exists():
        return _read_secret(path)
    descriptor, draft = tempfile.mkstemp(prefix="secret-key-", dir=folder_path)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(secrets.token_urlsafe(64))
    # Of several processes that start together one is first, and nobody ever reads half a key.
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()
    return _read_secret(path)


def private_folder(path: Path) -> None:
    """Make a folder that others on the machine cannot look into: it holds accounts, sessions, confidential lists and the key.

    Of a folder that is there already the rights are the business of whoever made it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o750)


def _read_secret(path: Path) -> str:
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < MIN_SECRET_LENGTH:
        raise InputError(
            f"The file {path.name} in the data folder holds no usable key.", code="settings.secret", remedy="Remove it; a new one is made."
        )
    return key
