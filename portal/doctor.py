"""Looking at everything the site needs, one finding a line."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

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
_TO_OTHERS = stat.S_IRWXO


class Verdict(StrEnum):
    """The word a finding begins with."""

    OK = "ok"
    #: Nothing is broken; somebody should know it, or look where we cannot.
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """What was looked at, and how it is."""

    subject: str
    text: str
    verdict: Verdict

    @property
    def is_fine(self) -> bool:
        """Whether nothing has to be done now."""
        return self.verdict is not Verdict.WRONG


def _wrong_unless(is_fine: bool) -> Verdict:
    return Verdict.OK if is_fine else Verdict.WRONG


def _wrong_where_people_are(settings: Settings) -> Verdict:
    """What may be on somebody's own machine, and not where real people write and are written to."""
    return Verdict.WRONG if settings.is_production else Verdict.NOTE


def examine() -> list[Finding]:
    """Look at settings, database, mail, worker and disk; later ones are left out when they cannot be looked at."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return [Finding("settings", problem, Verdict.WRONG) for problem in error.problems]
    findings = [*_settings(settings), *_folder(settings)]
    with create_app(settings).app_context():
        database = _database()
        findings.append(database)
        findings.append(_mail(settings))
        if database.is_fine:
            findings += [*_taking(), _worker(), _queue(), *_restore(), _sender(settings), _holidays()]
        findings += [*_replies(settings), *_bounces(settings), *_incoming(settings), _backup(settings)]
    return [*findings, *_disk(settings)]


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding("settings", f"{settings.env}, {settings.base_url}", Verdict.OK)
    for name in unknown_settings():
        yield Finding("settings", f"{name} means nothing; is it misspelt?", Verdict.WRONG)
    if _mode(Path(".env")) & _TO_OTHERS:
        text = "everybody on this machine can read .env with its keys and passwords; run: chmod o-rwx .env"
        yield Finding("settings", text, _wrong_where_people_are(settings))


def _folder(settings: Settings) -> Iterator[Finding]:
    """Whether what people told us is closed to whoever else has an account on this machine."""
    folder = settings.data_dir
    if not folder.is_dir():
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("folder", f"{folder} cannot be written to by who runs this; whose is it?", Verdict.WRONG)
    url = settings.database_url
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else folder
    open_ones = [path for path in dict.fromkeys((folder, file)) if _mode(path) & _TO_OTHERS]
    for path in open_ones:
        how = f"(mode {_mode(path):o}); run: chmod go-rwx {path}"
        if path != folder and not _mode(path.parent) & _TO_OTHERS:
            yield Finding("folder", f"nothing but its folder keeps others from {path} {how}", Verdict.NOTE)
        else:
            text = f"everybody on this machine may open {path} {how}"
            yield Finding("folder", text, _wrong_where_people_are(settings))
    if not open_ones:
        yield Finding("folder", f"{folder} is closed to others on this machine", Verdict.OK)


def _mode(path: Path) -> int:
    """Who may do what with it; 0 for what is not there or hidden from us."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0


def _database() -> Finding:
    engine = db.engines["write"]
    try:
        problems = migrations.differences(engine)
    except SQLAlchemyError as error:
        return Finding("database", f"cannot be reached ({type(error).__name__})", Verdict.WRONG)
    if problems:
        return Finding("database", f"{problems[0]}; run: portal db upgrade", Verdict.WRONG)
    return Finding("database", f"{engine.dialect.name}, at {migrations.head()}", Verdict.OK)


def _mail(settings: Settings) -> Finding:
    if not settings.mail_url:
        text = "no mail server is set; messages go to /dev/mailbox only"
        return Finding("mail", text, _wrong_unless(not settings.is_production))
    server = mail_server(settings.mail_url)
    try:
        with Transport(server, settings.mail_domain) as transport:
            transport.configure_host()
    except (OSError, ValueError) as error:
        text = f"{server.host}:{server.port} does not take us: {outcome_of(error).text}"
        return Finding("mail", text, Verdict.WRONG)
    return Finding("mail", f"{server.host}:{server.port} answers, as {settings.mail_from}", Verdict.OK)


def _replies(settings: Settings) -> Iterator[Finding]:
    """Where answers go."""
    goes = "go to whoever looks after the application, at their own address"
    if settings.reply_address:
        goes = f"go to {settings.reply_address} and into conversations"
    yield Finding("replies", goes, Verdict.OK)


def _bounces(settings: Settings) -> Iterator[Finding]:
    """Where mail that cannot be delivered comes back to, and whether we hear of it."""
    if settings.return_address:
        return
    text = "come back to the sender, and the site does not hear of them; set PORTAL_RETURN_ADDRESS"
    yield Finding("bounces", text, Verdict.NOTE if settings.is_production else Verdict.OK)


def _incoming(settings: Settings) -> Iterator[Finding]:
    """Whether what comes in, answers and returned mail, is read."""
    if settings.mailbox_url:
        yield _mailbox(settings)
    elif settings.hook_secret:
        yield Finding("incoming", "no mailbox is set; what comes in is posted to /hooks/bounces", Verdict.OK)
    elif settings.reply_address or settings.return_address:
        text = "no mailbox is set; what comes in is read by nobody; set PORTAL_MAILBOX_URL"
        yield Finding("incoming", text, Verdict.WRONG)


def _mailbox(settings: Settings) -> Finding:
    where = mailbox_address(settings.mailbox_url)
    try:
        with MailboxReader(where):
            pass
    except MailboxTrouble as trouble:
        text = f"{where.host}:{where.port} cannot be read: {redact(trouble.message)}"
        return Finding("incoming", text, Verdict.WRONG)
    return Finding("incoming", f"{where.host}:{where.port} can be read, folder {where.folder}", Verdict.OK)


def _taking() -> Iterator[Finding]:
    """That a server answers does not say that it takes anything: what the workers have found out."""
    for row in slow_domains():
        since = f"since {_moment(row.since)} ({row.said or row.reason})"
        if row.is_own_server:
            yield Finding("mail", f"has taken nothing {since}", Verdict.WRONG)
        else:
            text = f"{row.domain} asks us to come back later {since}; {row.waiting_count} wait"
            yield Finding("mail", text, Verdict.NOTE)


def _worker() -> Finding:
    last = last_finished_at()
    if last is None:
        return Finding("worker", "none has run yet; run: portal worker", Verdict.WRONG)
    standing = mail_standing(now())
    text = f"last sign of life {int((now() - last).total_seconds())} seconds ago"
    return Finding("worker", text, _wrong_unless(not standing.is_worker_silent))


def _queue() -> Finding:
    count, oldest = waiting_since()
    dead = len(dead_letters())
    is_late = oldest is not None and now() - oldest > _OLD_MAIL
    since = f", the oldest since {_moment(oldest)}" if oldest is not None else ""
    waits = "1 message waits" if count == 1 else f"{count} messages wait"
    return Finding("queue", f"{waits}{since}, {dead} could not be delivered", _wrong_unless(not is_late and not dead))


def _restore() -> Iterator[Finding]:
    """Mail that waits until an admin has looked at what a restore means."""
    done = last_restore()
    if done is not None and done.is_held:
        count = sum(kind.count for kind in waiting_by_kind())
        waits = "1 message waits" if count == 1 else f"{count} messages wait"
        since = f"a backup of {_moment(done.made_at)} was restored"
        text = f"{since}; {waits} until an admin lets mail go at /recruiting/admin/mail"
        yield Finding("restore", text, Verdict.WRONG)


def _backup(settings: Settings) -> Finding:
    """How old the newest is; on somebody's own machine nobody needs one."""
    made = last_made()
    if made is None:
        text = "none was made here yet; run: portal backup FILE"
        return Finding("backup", text, _wrong_where_people_are(settings))
    hours = int((now() - made).total_seconds()) // 3600
    age = {0: "less than an hour", 1: "1 hour"}.get(hours, f"{hours} hours" if hours < 48 else f"{hours // 24} days")
    is_new = now() - made <= _OLD_BACKUP
    return Finding("backup", f"the newest is {age} old", Verdict.OK if is_new else _wrong_where_people_are(settings))


def _moment(instant: datetime) -> str:
    """As the company's clock shows it."""
    with reading_as("en", company_zone()):
        return format_moment(instant)


def _sender(settings: Settings) -> Finding:
    """The sender's domain and its records; what could not be looked up is neither right nor wrong."""
    found = look_up(settings.mail_domain, sender().selector)
    said = ", ".join(f"{kind.value.upper()} {_SEEN[seen]}" for kind, seen in found.items())
    verdict = Verdict.NOTE if Seen.UNKNOWN in found.values() else Verdict.OK
    if {Seen.MISSING, Seen.TWICE} & set(found.values()):
        verdict = _wrong_where_people_are(settings)
    return Finding("sender", f"{settings.mail_domain}: {said}", verdict)


def _holidays() -> Finding:
    where = setting(Setting.HOLIDAYS)
    if not where["country"]:
        return Finding("holidays", "no country is set, so only weekends and days of your own are off", Verdict.NOTE)
    return Finding("holidays", "-".join(part for part in (where["country"], where["region"]) if part), Verdict.OK)


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.is_dir():
        yield Finding("disk", f"{folder} is not there; run: portal db upgrade", Verdict.WRONG)
        return
    free = shutil.disk_usage(folder).free
    text = f"{free // 1024 // 1024:,} MB free in {folder.name}/"
    yield Finding("disk", text, _wrong_unless(free > _LOW_DISK))
