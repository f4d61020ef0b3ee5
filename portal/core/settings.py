"""Settings from the environment, checked at start, one clear line per problem."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from portal.core.errors import PortalError

PREFIX = "PORTAL_"
#: A short name, so that a tag fits behind it, and a domain.
_TAGGED = re.compile(r"[A-Za-z0-9]{1,10}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
#: What an address that cannot be read most often lacks.
_SIGNS = "in the user and the password write @ : / ? # % [ ] as %40 %3A %2F %3F %23 %25 %5B %5D"
#: Names that stand in deploy/settings.example for those of the company.
_EXAMPLE = re.compile(r"(?:^|[@./])example\.com(?=$|[:/>])")

#: Every setting with what it means; the README documents each (a test compares).
MEANINGS = {
    "ENV": "development or production",
    "SECRET_KEY": "signs cookies and makes tokens, at least 32 characters; required in production",
    "PRIVACY_KEY": "keys the hashes of erased addresses, at least 32 characters, never changed; required in production",
    "BASE_URL": "the address people use, for example https://talent.example.com; every link in a mail starts with it",
    "DATABASE_URL": "sqlite:////absolute/path or postgresql://user:password@host/name; default is SQLite in DATA_DIR",
    "DATA_DIR": "folder for the database, uploads and generated keys; default var/",
    "TRUSTED_PROXIES": "how many reverse proxies in front of us set X-Forwarded-*; default 0",
    "MAIL_URL": "smtp://, smtps:// or smtp+starttls:// with user:password@host:port; required in production",
    "MAIL_FROM": "the sender, for example Kindred Talent <talent@kindred.example>",
    "RETURN_ADDRESS": "where mail that cannot be delivered comes back to, for example bounce@talent.example.com",
    "REPLY_ADDRESS": "where answers to our mails go, for example reply@talent.example.com",
    "MAILBOX_URL": "imaps:// or imap+starttls:// with user:password@host:port/folder: what comes to these two is there",
    "HOOK_SECRET": "signs mail that your mail server posts to /hooks/bounces, at least 32 characters",
    "REDIS_URL": "Redis or Valkey for limits per network address, when several machines serve",
    "ORG_NAME": "the company's name as candidates know it",
    "TIMEZONE": "the company's IANA time zone, for example Europe/Warsaw",
    "LOG_FORMAT": "text or json",
    "LOG_DAYS": "how many days you keep the log at most; the privacy notice says so, nothing here deletes it",
}


class SettingsError(PortalError):
    """At least one setting is missing or wrong; `problems` has a line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides."""

    env: str
    secret_key: str
    privacy_key: str
    base_url: str
    database_url: str
    data_dir: Path
    trusted_proxies: int
    mail_url: str
    mail_from: str
    redis_url: str
    org_name: str
    timezone: str
    log_format: str
    return_address: str
    reply_address: str
    mailbox_url: str
    hook_secret: str
    #: 0: nobody said.
    log_days: int = 0

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def mail_domain(self) -> str:
        """The domain that Message-IDs carry."""
        address = self.mail_from.rsplit("<", 1)[-1].rstrip("> ")
        return address.rsplit("@", 1)[-1]


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `PORTAL_*` from `environ` (default: the process's, over a `.env` file).

    Raises SettingsError naming every problem at once.
    """
    values = _collect(environ)
    problems: list[str] = []
    env = values.get("ENV", "development")
    if env not in {"development", "production"}:
        problems.append("PORTAL_ENV must be development or production")
    data_dir = Path(values.get("DATA_DIR", "var")).resolve()
    settings = Settings(
        env=env,
        secret_key=_key(values, "SECRET_KEY", env, data_dir, problems),
        privacy_key=_key(values, "PRIVACY_KEY", env, data_dir, problems),
        base_url=_base_url(values, env, problems),
        database_url=_database_url(values, data_dir, problems),
        data_dir=data_dir,
        trusted_proxies=_count(values, "TRUSTED_PROXIES", problems),
        mail_url=_mail_url(values, env, problems),
        mail_from=values.get("MAIL_FROM", "Kindred Talent <talent@kindred.example>"),
        redis_url=values.get("REDIS_URL", ""),
        org_name=values.get("ORG_NAME", "Kindred"),
        timezone=_timezone(values, problems),
        log_format=values.get("LOG_FORMAT", "json" if env == "production" else "text"),
        return_address=_tagged_address(values, "RETURN_ADDRESS", problems),
        reply_address=_tagged_address(values, "REPLY_ADDRESS", problems),
        mailbox_url=_mailbox_url(values, env, problems),
        hook_secret=values.get("HOOK_SECRET", ""),
        log_days=_count(values, "LOG_DAYS", problems, most=3650),
    )
    if settings.hook_secret and (len(settings.hook_secret) < 32 or len(set(settings.hook_secret)) < 8):
        problems.append("PORTAL_HOOK_SECRET must be at least 32 random characters")
    if settings.log_format not in {"text", "json"}:
        problems.append("PORTAL_LOG_FORMAT must be text or json")
    if "@" not in settings.mail_from or "\n" in settings.mail_from or "\r" in settings.mail_from:
        problems.append("PORTAL_MAIL_FROM must hold one mail address")
    if env == "production":
        problems += [
            f"PORTAL_{name} is required in production" for name in ("MAIL_FROM", "ORG_NAME") if name not in values
        ]
        problems += _left_as_it_came(values)
    if problems:
        raise SettingsError(problems)
    return settings


def _left_as_it_came(values: dict[str, str]) -> list[str]:
    """What was copied from settings.example, or from the other key, and would start without a word."""
    problems = [
        f"PORTAL_{name} still holds the example's name, example.com"
        for name in ("BASE_URL", "MAIL_URL", "MAIL_FROM")
        if _EXAMPLE.search(values.get(name, ""))
    ]
    if values.get("SECRET_KEY") and values.get("SECRET_KEY") == values.get("PRIVACY_KEY"):
        problems.append("PORTAL_SECRET_KEY and PORTAL_PRIVACY_KEY must be two different keys")
    return problems


def unknown_settings(environ: Mapping[str, str] | None = None) -> list[str]:
    """Names with our prefix that mean nothing, most often a typing error."""
    return sorted(PREFIX + name for name in set(_collect(environ)) - set(MEANINGS))


def _collect(environ: Mapping[str, str] | None) -> dict[str, str]:
    if environ is None:
        from_file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
        environ = {**from_file, **os.environ}
    return {name[len(PREFIX) :]: value.strip() for name, value in environ.items() if name.startswith(PREFIX) and value}


def _key(values: dict[str, str], name: str, env: str, data_dir: Path, problems: list[str]) -> str:
    given = values.get(name, "")
    if given:
        if len(given) < 32 or len(set(given)) < 8:
            problems.append(f"PORTAL_{name} must be at least 32 random characters")
        return given
    if env == "production":
        problems.append(f"PORTAL_{name} is required in production")
        return ""
    return _kept_key(data_dir / f"{name.lower()}.txt", problems)


def _kept_key(path: Path, problems: list[str]) -> str:
    """A key for development, made once: web and worker are two processes and must agree."""
    try:
        return _make_or_read(path)
    except OSError as error:
        problem = f"PORTAL_DATA_DIR: {path.parent} cannot be used ({error.strerror})"
        if problem not in problems:
            problems.append(problem)
        return ""


def _make_or_read(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _base_url(values: dict[str, str], env: str, problems: list[str]) -> str:
    port = os.environ.get("PORT", "8000")
    url = values.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    parts = _parts(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        problems.append("PORTAL_BASE_URL must look like https://talent.example.com, without a path")
    if env == "production" and parts.scheme != "https":
        problems.append("PORTAL_BASE_URL must begin with https:// in production")
    return url


def _database_url(values: dict[str, str], data_dir: Path, problems: list[str]) -> str:
    url = values.get("DATABASE_URL", f"sqlite:///{data_dir / 'portal.sqlite3'}")
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    is_absolute_sqlite = url.startswith("sqlite:////")
    if not is_absolute_sqlite and not url.startswith("postgresql+psycopg://"):
        problems.append("PORTAL_DATABASE_URL must begin with sqlite://// (an absolute path) or postgresql://")
    return url


def _mail_url(values: dict[str, str], env: str, problems: list[str]) -> str:
    url = values.get("MAIL_URL", "")
    if not url and env == "production":
        problems.append("PORTAL_MAIL_URL is required in production")
    if url:
        parts = _parts(url)
        is_known = parts.scheme in {"smtp", "smtps", "smtp+starttls"}
        # A sign of a password that ends the address there: what was behind it has become a path, with the host in it.
        is_cut = "@" in parts.path + parts.query + parts.fragment
        if not is_known or not parts.hostname or not _has_good_port(url) or is_cut:
            problem = "PORTAL_MAIL_URL must begin with smtp://, smtps:// or smtp+starttls:// and name a host"
            problems.append(f"{problem}{_cure(url)}")
    return url


def _tagged_address(values: dict[str, str], name: str, problems: list[str]) -> str:
    """An address that gets a tag of ours after its name; with it the name has at most 64 characters (RFC 5321)."""
    address = values.get(name, "")
    if address and not _TAGGED.fullmatch(address):
        problems.append(f"PORTAL_{name} must be one address with at most ten letters or digits before the @")
    return address.lower()


def _mailbox_url(values: dict[str, str], env: str, problems: list[str]) -> str:
    url = values.get("MAILBOX_URL", "")
    if url:
        schemes = {"imaps", "imap+starttls"} | ({"imap"} if env != "production" else set())
        parts = _parts(url)
        if parts.scheme not in schemes or not parts.hostname or not parts.username or not _has_good_port(url):
            problems.append(f"PORTAL_MAILBOX_URL must look like imaps://user:password@host/INBOX{_cure(url)}")
    return url


def _cure(url: str) -> str:
    """What to do, where somebody signs in: the address itself holds a password and is not shown."""
    return f"; {_SIGNS}" if "@" in url else ""


def _parts(url: str) -> SplitResult:
    """The parts of an address; none of what is no address at all."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _has_good_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _timezone(values: dict[str, str], problems: list[str]) -> str:
    name = values.get("TIMEZONE", "Europe/Warsaw")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(f"PORTAL_TIMEZONE: there is no time zone called {name}")
    return name


def _count(values: dict[str, str], name: str, problems: list[str], most: int = 10) -> int:
    text = values.get(name, "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= 6) or int(text) > most:
        problems.append(f"PORTAL_{name} must be a whole number from 0 to {most}")
        return 0
    return int(text)


_installed: list[Settings] = []


def install_settings(settings: Settings) -> None:
    """Make `settings` those of this process."""
    _installed[:] = [settings]


def current_settings() -> Settings:
    """The settings of this process; read from the environment at first use."""
    if not _installed:
        install_settings(read_settings())
    return _installed[0]
