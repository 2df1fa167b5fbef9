# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settings: good values are taken, bad ones refused all at once, and an installation is safe without any."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.errors import InputError
from knopenkaart_web.conf import environment, settings
from knopenkaart_web.conf.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference" / "settings.md"


def start(tmp_path: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Python with the settings of these variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KNOPENKAART_")}
    given = {"KNOPENKAART_DATA_DIR": str(tmp_path / "data")} | {f"KNOPENKAART_{name}": value for name, value in variables.items()}
    environ = kept | given | {"DJANGO_SETTINGS_MODULE": "knopenkaart_web.conf.settings", "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False, cwd=tmp_path)


def read(tmp_path: Path, *names: str, **variables: str) -> dict[str, Any]:
    code = f"import json; from django.conf import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names!r}}}, default=str))"
    done = start(tmp_path, code, **variables)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_without_any_setting_it_serves_this_machine_from_sqlite(tmp_path: Path) -> None:
    found = read(tmp_path, "DEBUG", "ALLOWED_HOSTS", "HTTPS", "DATABASES", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    assert (found["DEBUG"], found["HTTPS"], found["SESSION_COOKIE_SECURE"]) == (False, False, False)
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "data" / "knopenkaart.sqlite3")


def test_a_public_host_means_https_with_secure_cookies(tmp_path: Path) -> None:
    names = (
        "HTTPS",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "CSRF_TRUSTED_ORIGINS",
        "SECURE_PROXY_SSL_HEADER",
    )
    found = read(tmp_path, *names, ALLOWED_HOSTS="knopen.example.nl, .example.org", TRUSTED_PROXIES="10.0.0.1")
    assert (found["HTTPS"], found["SESSION_COOKIE_SECURE"], found["CSRF_COOKIE_SECURE"]) == (True, True, True)
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://knopen.example.nl", "https://*.example.org"]
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_without_a_trusted_proxy_nobody_can_claim_https(tmp_path: Path) -> None:
    assert read(tmp_path, "SECURE_PROXY_SSL_HEADER", ALLOWED_HOSTS="knopen.example.nl")["SECURE_PROXY_SSL_HEADER"] is None


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (read(tmp_path, "SECRET_KEY")["SECRET_KEY"] for _ in range(2))
    path = tmp_path / "data" / "secret-key"
    assert first == second == path.read_text()
    assert len(first) >= 64
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("kort")
    assert "settings" in start(tmp_path, "from django.conf import settings; settings.DEBUG").stderr


def test_all_bad_values_are_refused_together(tmp_path: Path) -> None:
    bad = {
        "DEBUG": "misschien",
        "ALLOWED_HOSTS": "*",
        "DATABASE_URL": "mysql://x/y",
        "SECRET_KEY": "kort",
        "UPLOAD_MAX_MB": "0",
        "SECURITY_CONTACT": "bel maar",
        "MUNICIPALITY_TOKENS": "nergens.css",
        "ALOWED_HOSTS": "x",
    }
    done = start(tmp_path, "from django.conf import settings; settings.DEBUG", **bad)
    assert done.returncode != 0
    for name in bad:
        assert f"KNOPENKAART_{name}" in done.stderr


def test_the_secret_never_stands_in_a_message(tmp_path: Path) -> None:
    done = start(
        tmp_path, "from django.conf import settings; settings.DEBUG", SECRET_KEY="geheimpje", DATABASE_URL="mysql://u:wachtwoord@h/d"
    )
    assert "geheimpje" not in done.stderr
    assert "wachtwoord" not in done.stderr


@pytest.mark.parametrize(
    ("convert", "text", "expected"),
    [
        (environment.flag, "Yes", True),
        (environment.flag, "off", False),
        (environment.number(1, 5), "5", 5),
        (environment.hosts, "a.nl, .b.nl,[::1]", ["a.nl", ".b.nl", "[::1]"]),
        (environment.networks, "10.0.0.1, 2001:db8::/32", ["10.0.0.1/32", "2001:db8::/32"]),
        (environment.contact, "mailto:ik@example.nl", "mailto:ik@example.nl"),
        (environment.contact, "https://example.nl/contact", "https://example.nl/contact"),
        (environment.choice("a", "b"), "b", "b"),
        (environment.mail, "console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        (environment.sender, "Gemeente <kaart@example.nl>", "Gemeente <kaart@example.nl>"),
    ],
)
def test_a_good_value_is_taken(convert: Any, text: str, expected: object) -> None:
    assert convert(text) == expected


@pytest.mark.parametrize(
    ("convert", "text"),
    [
        (environment.flag, "ja"),
        (environment.number(1, 5), "6"),
        (environment.number(1, 5), "-1"),
        (environment.number(1, 5), "1.5"),
        (environment.hosts, "https://a.nl"),
        (environment.hosts, "a.nl:8000"),
        (environment.hosts, ","),
        (environment.networks, "10.0.0.300"),
        (environment.contact, "javascript:alert(1)"),
        (environment.choice("a", "b"), "c"),
        (environment.mail, "smtp://"),
        (environment.mail, "smtp://h?tls=ssl"),
        (environment.mail, "smtp://h?slot=1"),
        (environment.mail, "file://host/map"),
        (environment.mail, "file:///"),
        (environment.mail, "mail.example.nl"),
        (environment.sender, "kaart"),
        (environment.sender, "Kaart <kaart@x>\nBcc: iedereen@x"),
        (environment.base_url, "knopen.example.nl"),
        (environment.base_url, "https://example.nl/pad"),
        (environment.base_url, "javascript://x"),
        (environment.database, "sqlite://"),
        (environment.database, "postgresql://host"),
        (environment.database, "postgresql://host:x/name"),
        (environment.folder, __file__),
        (environment.existing_file(".css"), __file__),
    ],
)
def test_a_bad_value_is_refused(convert: Any, text: str) -> None:
    with pytest.raises(ValueError):
        convert(text)


def test_a_database_address_may_hold_any_password() -> None:
    found = environment.database("postgresql://kn%40art:p%2Fw%3F@db.example:5433/knopen?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "kn@art",
        "p/w?",
        "db.example",
        "5433",
        "knopen",
    )
    assert found["OPTIONS"] == {"sslmode": "require"}
    socket = environment.database("postgresql://u:@/name?host=/run/pg")
    assert (socket["HOST"], socket["OPTIONS"]) == ("/run/pg", {})


def test_a_mail_server_may_have_any_password_and_its_usual_port() -> None:
    found = environment.mail("smtp://kn%40art:p%2Fw%3F@mail.example?tls=implicit")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == (
        "mail.example",
        465,
        "kn@art",
        "p/w?",
    )
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (True, False)
    assert environment.mail("smtp://mail.example")["EMAIL_PORT"] == 587
    assert environment.mail("smtp://mail.example:2525?tls=none")["EMAIL_PORT"] == 2525


def test_sqlite_waits_for_its_lock_and_keeps_foreign_keys() -> None:
    found = environment.database("sqlite:////tmp/a%20b.sqlite3")
    assert found["NAME"] == str(Path("/tmp/a b.sqlite3").resolve())
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]


def test_an_unknown_setting_is_a_typing_error() -> None:
    env = Environment({"KNOPENKAART_DEBUGG": "1", "KNOPENKAART_TEST_DATA": "x", "ANDERS": "y"})
    env.read("DEBUG", False, environment.flag)
    with pytest.raises(InputError) as caught:
        env.finish()
    assert [fault.message for fault in caught.value.faults] == ["KNOPENKAART_DEBUGG is not a setting"]


def test_every_setting_stands_in_the_reference_and_nothing_else() -> None:
    documented = set(re.findall(r"^\| `KNOPENKAART_(\w+)`", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == set(settings._env.names)


def test_the_policy_of_the_pages_allows_nothing_from_elsewhere(client: Any, db: None) -> None:
    response = client.get("/static/nergens.css")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert (response.headers["X-Content-Type-Options"], response.headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_deployment_has_nothing_to_warn_about(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.core.management import call_command as c; c('check', deploy=True, fail_level='WARNING')"
    )
    mail = {"MAIL_URL": "smtp://u:p@mail.example.nl", "MAIL_FROM": "Knopenkaart <kaart@example.nl>"}
    done = start(tmp_path, code, ALLOWED_HOSTS="knopen.example.nl", TRUSTED_PROXIES="127.0.0.1", **mail)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("mail", "warned"),
    [
        ({}, {"W002"}),
        ({"MAIL_URL": "file:///tmp/mail"}, {"W002"}),
        ({"MAIL_URL": "smtp://mail.example.nl"}, {"W003"}),
        ({"MAIL_URL": "smtp://u:geheimpje@mail.example.nl?tls=none", "MAIL_FROM": "kaart@example.nl"}, {"W004"}),
        ({"MAIL_URL": "smtp://mail.example.nl?tls=none", "MAIL_FROM": "kaart@example.nl"}, set()),
    ],
)
def test_mail_that_reaches_nobody_or_travels_in_the_open_is_warned_of(tmp_path: Path, mail: dict[str, str], warned: set[str]) -> None:
    code = "import django; django.setup(); from django.core.management import call_command as c; c('check', deploy=True)"
    done = start(tmp_path, code, ALLOWED_HOSTS="knopen.example.nl", TRUSTED_PROXIES="127.0.0.1", **mail)
    assert set(re.findall(r"knopenkaart\.(W\d+)", done.stderr)) == warned
    assert "geheimpje" not in done.stderr


def test_the_password_of_the_mail_server_never_stands_in_a_message(tmp_path: Path) -> None:
    for address in ("smtp://u:geheimpje@mail.example.nl?tls=misschien", "pop://u:geheimpje@h", "smtp://u:geheimpje@h:poort"):
        done = start(tmp_path, "from django.conf import settings; settings.DEBUG", MAIL_URL=address)
        assert done.returncode != 0
        assert "KNOPENKAART_MAIL_URL" in done.stderr
        assert "geheimpje" not in done.stderr


def test_mail_links_lead_to_the_public_address(tmp_path: Path) -> None:
    assert read(tmp_path, "BASE_URL")["BASE_URL"] == "http://localhost:8000"
    assert read(tmp_path, "BASE_URL", ALLOWED_HOSTS=".example.org,knopen.example.nl")["BASE_URL"] == "https://knopen.example.nl"
    assert read(tmp_path, "BASE_URL", BASE_URL="https://kaart.example/")["BASE_URL"] == "https://kaart.example"


@pytest.mark.parametrize(
    ("variables", "warned"),
    [
        ({"ALLOWED_HOSTS": "knopen.example.nl"}, True),
        ({"ALLOWED_HOSTS": "knopen.example.nl", "HTTPS": "0"}, False),
        ({"ALLOWED_HOSTS": "knopen.example.nl", "TRUSTED_PROXIES": "10.0.0.1"}, False),
        ({}, False),
    ],
)
def test_a_public_site_without_a_known_proxy_is_warned_of(tmp_path: Path, variables: dict[str, str], warned: bool) -> None:
    code = "import django; django.setup(); from django.core.management import call_command as c; c('check')"
    done = start(tmp_path, code, **variables)
    assert done.returncode == 0
    assert ("knopenkaart.W001" in done.stderr) is warned
    assert ("KNOPENKAART_TRUSTED_PROXIES" in done.stderr) is warned


def test_migrations_are_complete(db: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_data_folder_is_not_for_others_on_the_machine(tmp_path: Path) -> None:
    environment.kept_secret(tmp_path / "a" / "data")
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) & 0o007 == 0


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: environment.kept_secret(tmp_path / "data"), range(32)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]
