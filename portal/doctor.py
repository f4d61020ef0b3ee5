"""Looking at everything the site needs, one finding a line."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from portal.app import create_app
from portal.backup.adapters import last_made
from portal.company.queries import company_zone, last_restore, setting
from portal.company.states import Setting
from portal.core import migrations
from portal.core.clock import now
from portal.core.db import db
from portal.core.i18n import format_moment, reading_as
from portal.core.leases import last_finished_at
from portal.core.logs import redact
from portal.core.settings import Settings, SettingsError, read_settings, unknown_settings
from portal.outbox.adapters import (
    MailboxReader,
    MailboxTrouble,
    Transport,
    mail_server,
    mailbox_address,
    outcome_of,
)
from portal.outbox.queries import dead_letters, mail_standing, slow_domains, waiting_by_kind, waiting_since
from portal.setup.adapters import look_up
from portal.setup.queries import sender
from portal.setup.states import Seen

_OLD_MAIL = timedelta(hours=1)
#: They are made each night; one that failed is told the day after.
_OLD_BACKUP = timedelta(hours=36)
_SEEN = {
    Seen.FOUND: "found",
    Seen.MISSING: "missing",
    Seen.TWICE: "there twice, which counts as none",
    Seen.UNKNOWN: "could not be checked from here",
}
_LOW_DISK = 500 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """What was looked at, and how it is."""

    subject: str
    text: str
    is_fine: bool


def examine() -> list[Finding]:
    """Look at settings, database, mail, worker and disk; later ones are left out when they cannot be looked at."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return [Finding("settings", problem, False) for problem in error.problems]
    findings = list(_settings(settings))
    with create_app(settings).app_context():
        database = _database()
        findings.append(database)
        findings.append(_mail(settings))
        if database.is_fine:
            findings += [*_taking(), _worker(), _queue(), *_restore(), _sender(settings), _holidays()]
        findings += [*_replies(settings), _backup(settings)]
    return [*findings, _disk(settings)]


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding("settings", f"{settings.env}, {settings.base_url}", True)
    for name in unknown_settings():
        yield Finding("settings", f"{name} means nothing; is it misspelt?", False)


def _database() -> Finding:
    engine = db.engines["write"]
    try:
        problems = migrations.differences(engine)
    except SQLAlchemyError as error:
        return Finding("database", f"cannot be reached ({type(error).__name__})", False)
    if problems:
        return Finding("database", f"{problems[0]}; run: portal db upgrade", False)
    return Finding("database", f"{engine.dialect.name}, at {migrations.head()}", True)


def _mail(settings: Settings) -> Finding:
    if not settings.mail_url:
        return Finding("mail", "no mail server is set; messages go to /dev/mailbox only", not settings.is_production)
    server = mail_server(settings.mail_url)
    try:
        with Transport(server, settings.mail_domain) as transport:
            transport.configure_host()
    except (OSError, ValueError) as error:
        return Finding("mail", f"{server.host}:{server.port} does not take us: {outcome_of(error).text}", False)
    return Finding("mail", f"{server.host}:{server.port} answers, as {settings.mail_from}", True)


def _replies(settings: Settings) -> Iterator[Finding]:
    """Where answers and returned mail go, and whether somebody reads it."""
    if not settings.reply_address:
        yield Finding("replies", "go to whoever looks after the application, at their own address", True)
    else:
        yield Finding("replies", f"go to {settings.reply_address} and into conversations", True)
    if not settings.return_address:
        yield Finding("bounces", "come back to the sender and are not read", True)
    if not settings.mailbox_url:
        is_read = bool(settings.hook_secret) or not (settings.reply_address or settings.return_address)
        how = "is posted to /hooks/bounces" if settings.hook_secret else "is read by nobody"
        yield Finding("incoming", f"no mailbox is set; what comes in {how}", is_read)
        return
    where = mailbox_address(settings.mailbox_url)
    try:
        with MailboxReader(where):
            pass
    except MailboxTrouble as trouble:
        yield Finding("incoming", f"{where.host}:{where.port} cannot be read: {redact(trouble.message)}", False)
    else:
        yield Finding("incoming", f"{where.host}:{where.port} can be read, folder {where.folder}", True)


def _taking() -> Iterator[Finding]:
    """That a server answers does not say that it takes anything: what the workers have found out."""
    for row in slow_domains():
        since = f"since {_moment(row.since)} ({row.said or row.reason})"
        if row.is_own_server:
            yield Finding("mail", f"has taken nothing {since}", False)
        else:
            yield Finding("mail", f"{row.domain} asks us to come back later {since}; {row.waiting_count} wait", True)


def _worker() -> Finding:
    last = last_finished_at()
    if last is None:
        return Finding("worker", "none has run yet; run: portal worker", False)
    standing = mail_standing(now())
    text = f"last sign of life {int((now() - last).total_seconds())} seconds ago"
    return Finding("worker", text, not standing.is_worker_silent)


def _queue() -> Finding:
    count, oldest = waiting_since()
    dead = len(dead_letters())
    is_late = oldest is not None and now() - oldest > _OLD_MAIL
    since = f", the oldest since {_moment(oldest)}" if oldest is not None else ""
    waits = "1 message waits" if count == 1 else f"{count} messages wait"
    return Finding("queue", f"{waits}{since}, {dead} could not be delivered", not is_late and not dead)


def _restore() -> Iterator[Finding]:
    """Mail that waits until an admin has looked at what a restore means."""
    done = last_restore()
    if done is not None and done.is_held:
        count = sum(kind.count for kind in waiting_by_kind())
        waits = "1 message waits" if count == 1 else f"{count} messages wait"
        since = f"a backup of {_moment(done.made_at)} was restored"
        yield Finding("restore", f"{since}; {waits} until an admin lets mail go at /recruiting/admin/mail", False)


def _backup(settings: Settings) -> Finding:
    """How old the newest is; on somebody's own machine nobody needs one."""
    made = last_made()
    if made is None:
        return Finding("backup", "none was made here yet; run: portal backup FILE", not settings.is_production)
    hours = int((now() - made).total_seconds()) // 3600
    age = {0: "less than an hour", 1: "1 hour"}.get(hours, f"{hours} hours" if hours < 48 else f"{hours // 24} days")
    return Finding("backup", f"the newest is {age} old", now() - made <= _OLD_BACKUP or not settings.is_production)


def _moment(instant: datetime) -> str:
    """As the company's clock shows it."""
    with reading_as("en", company_zone()):
        return format_moment(instant)


def _sender(settings: Settings) -> Finding:
    """The sender's domain and its records; their absence is wrong only where real people are written to."""
    found = look_up(settings.mail_domain, sender().selector)
    said = ", ".join(f"{kind.value.upper()} {_SEEN[seen]}" for kind, seen in found.items())
    is_lacking = bool({Seen.MISSING, Seen.TWICE} & set(found.values()))
    return Finding("sender", f"{settings.mail_domain}: {said}", not (is_lacking and settings.is_production))


def _holidays() -> Finding:
    where = setting(Setting.HOLIDAYS)
    if not where["country"]:
        return Finding("holidays", "no country is set, so only weekends and days of your own are off", True)
    return Finding("holidays", "-".join(part for part in (where["country"], where["region"]) if part), True)


def _disk(settings: Settings) -> Finding:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    return Finding("disk", f"{free // 1024 // 1024:,} MB free in {settings.data_dir.name}/", free > _LOW_DISK)
