"""The commands: serving, working, migrating, importing, looking after it."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.actions import invite_staff, link_to_come_in, reset_second_factor
from portal.accounts.rules import NotPossible
from portal.app import create_app
from portal.ats.actions import ImportReport, WrongUsage, import_file
from portal.backup.actions import back_up, restore
from portal.commanding import opened_site as _site
from portal.core import migrations
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import PortalError
from portal.core.logs import redact
from portal.core.permissions import Role
from portal.core.running import work_here
from portal.core.settings import SettingsError, current_settings
from portal.demo.actions import ACCOUNTS, PASSWORD, is_empty, load_demo, refuse_in_production, remove_demo
from portal.doctor import examine
from portal.people.queries import StaffRow, find_staff, known_person
from portal.people.rules import normalise_address
from portal.person_commands import person
from portal.serving import listen, serve_until_stopped
from portal.worker import run_worker

HELP = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=HELP)
def portal() -> None:
    """Rapport: a talent community portal that keeps its promises to candidates.

    Example: portal serve --port 8000
    """


def main() -> None:
    """Run a command; every foreseen error is one line on standard error."""
    # Whatever a command makes, the database first, is for its own user alone.
    os.umask(0o077)
    try:
        portal(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        hint = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        click.echo(error.format_message() + (f" Try: {hint} --help" if hint else ""), err=True)
        sys.exit(error.exit_code)
    except SettingsError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    except WrongUsage as error:
        click.echo(error.message + (f" Here: {error.option}" if error.option else ""), err=True)
        sys.exit(2)
    except PortalError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        click.echo(f"The database cannot be used: {_in_one_line(error)}. Look closer with: portal doctor", err=True)
        sys.exit(1)


def _in_one_line(error: SQLAlchemyError) -> str:
    """What the database itself said, without the statement and its values."""
    said = str(getattr(error, "orig", None) or type(error).__name__)
    return redact(said.strip().splitlines()[0].rstrip(".") if said.strip() else type(error).__name__)


@portal.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=lambda: os.environ.get("PORT", "8000"), type=click.IntRange(1, 65535), help="Port.")
@click.option(
    "--workers", default=lambda: min(os.cpu_count() or 1, 4), type=click.IntRange(1, 64), help="Web processes."
)
@click.option("--no-worker", is_flag=True, help="Serve pages only; run `portal worker` elsewhere.")
@click.option("--show-demo", is_flag=True, help="Print the demo accounts.")
def serve(host: str, port: int, workers: int, no_worker: bool, show_demo: bool) -> None:
    """Serve the site, with one worker for mail and jobs unless told not to.

    Example: portal serve --host 0.0.0.0 --port 8080 --workers 2
    """
    with _site():
        problems = migrations.differences(db.engines["write"])
        if not problems:
            refuse_in_production()
        has_demo = show_demo and not current_settings().is_production
    if problems:
        raise PortalError(f"The database does not fit this version: {problems[0]}. Run: portal db upgrade")
    work_here()
    listening = listen(host, port)
    _announce(host, port, has_demo)
    sys.exit(serve_until_stopped(listening, workers, with_worker=not no_worker))


def _announce(host: str, port: int, has_demo: bool) -> None:
    click.echo(f"Rapport listens on http://{host}:{port}")
    if has_demo:
        click.echo(f"Demo accounts, password {PASSWORD}:")
        for address, who in ACCOUNTS:
            click.echo(f"  {address:24} {who}")
        click.echo(f"All mail is at http://{host}:{port}/dev/mailbox")


@portal.command()
@click.option("--until-idle", is_flag=True, help="Do all that is due now, then exit.")
def worker(until_idle: bool) -> None:
    """Send mail and run jobs. Exit 1 with --until-idle if any of it broke.

    Example: portal worker --until-idle
    """
    work_here()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: stop.set())
    failed = run_worker(create_app(), until_idle=until_idle, stop=stop)
    sys.exit(1 if until_idle and failed else 0)


@portal.group("db", context_settings=HELP)
def database() -> None:
    """The database's shape. Example: portal db upgrade"""


@database.command()
def upgrade() -> None:
    """Run the migrations; the data folder is made where there is none. Example: portal db upgrade"""
    _make_data_folder()
    with _site():
        migrations.upgrade(db.engines["write"])


def _make_data_folder() -> None:
    folder = current_settings().data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        how = f"Make it as root: install -d -o USER -m 700 {folder}"
        raise PortalError(f"The data folder {folder} cannot be made ({error.strerror}). {how}") from error


@database.command()
def check() -> None:
    """Exit 1 when the database is behind or different. Example: portal db check"""
    with _site():
        problems = migrations.differences(db.engines["write"])
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(1 if problems else 0)


@portal.group(context_settings=HELP)
def demo() -> None:
    """The demo story. Example: portal demo load"""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is data already.")
def load(if_empty: bool) -> None:
    """Load the demo into an empty database. Example: portal demo load"""
    with _site():
        if if_empty and not is_empty():
            return
        load_demo(now())


@demo.command()
def reset() -> None:
    """Throw the development data away and load the demo anew. Example: portal demo reset"""
    with _site():
        remove_demo(now())
        load_demo(now())


@portal.group(context_settings=HELP)
def staff() -> None:
    """People who work here. Example: portal staff add rita@example.com --name Rita --role recruiter"""


@staff.command()
@click.argument("email")
@click.option("--name", required=True, help="As candidates will read it.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role if role is not Role.CANDIDATE]))
@click.option("--lead", default="", help="Address of the person they report to.")
def add(email: str, name: str, role: str, lead: str) -> None:
    """Invite somebody by mail and print their one-time link as well, good for 7 days.

    Example: portal staff add rita@example.com --name "Rita Sander" --role recruiter
    """
    with _site():
        above = _colleague(lead) if lead else None
        if above and not above.is_here:
            raise PortalError(f"{above.name or lead} is not here yet, or not any more, and can lead nobody.")
        lead_id = above.person_id if above else None
        try:
            link = invite_staff(normalise_address(email), name, Role(role), lead_id, None, now())
        except NotPossible as error:
            hint = "" if lead else f" A link to set up their second factor: portal staff link {email}"
            raise PortalError(f"{error.message}{hint}") from error
    click.echo(link)
    # Beside the link, so that whoever reads the output by a program gets the link alone.
    click.echo(f"The same link goes to {email} by mail, once a worker runs. It works once, for 7 days.", err=True)


@staff.command("link")
@click.argument("email")
def link_in(email: str) -> None:
    """Print a fresh link for a colleague who cannot come in and whom no mail reaches.

    Who has not accepted their invitation gets a new one, good for 7 days. Who closed the browser before their second
    factor was set up gets a link good for 60 minutes that leads there. Nobody else gets one.

    Example: portal staff link rita@example.com
    """
    with _site():
        link = link_to_come_in(_colleague(email).person_id, now())
    click.echo(link)


def _colleague(email: str) -> StaffRow:
    """The member of staff with this address, the one we write to or another."""
    known = known_person(normalise_address(email))
    row = find_staff(known.person_id) if known else None
    if row is None:
        raise PortalError(f"Nobody on the staff has the address {email}.")
    return row


@staff.command("reset-second-factor")
@click.argument("email")
def reset_factor(email: str) -> None:
    """Take away the second factor of somebody who lost their app and their recovery codes; they set it up anew.

    Admins do this on the page of a colleague; the command is for the last admin.

    Example: portal staff reset-second-factor rita@example.com
    """
    with _site():
        row = _colleague(email)
        reset_second_factor(row.person_id, None, now())
    click.echo(f"{row.name or row.email} was told by mail and sets it up anew at the next sign-in.")


portal.add_command(person)


@portal.group("import", context_settings=HELP)
def imports() -> None:
    """Bring in what another system has. Example: portal import applications export.csv --dry-run"""


@imports.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="The system it comes from; recognised for Greenhouse and Lever.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
@click.option("--on-error", type=click.Choice(["skip", "stop"]), default="skip", show_default=True)
@click.option("--owner", default="", help="Address of the recruiter who looks after applications without one.")
@click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="Read COLUMN as FIELD; may be repeated.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="Day first or month first, where both would fit.")
@click.option("--told", type=click.Choice(["yes", "no"]), help="Whether the other system told people of endings.")
def applications(file: Path, source: str, dry_run: bool, owner: str, mapped: tuple[str, ...], **options: Any) -> None:
    """Import applications from a CSV, TSV or XLSX export. Exit 1 if any row was refused.

    Example: portal import applications export.csv --owner rita@example.com --dry-run
    """
    told = None if options["told"] is None else options["told"] == "yes"
    with _site(), _progress() as progress:
        report = import_file(
            file,
            source=source,
            dry_run=dry_run,
            on_error=options["on_error"],
            owner_email=owner,
            column_map=_pairs(mapped),
            dates=options["dates"] or "",
            told=told,
            now=now(),
            progress=progress,
        )
        _print_report(report)
    sys.exit(1 if report.refused else 0)


def _pairs(mapped: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for pair in mapped:
        column, equals, field = pair.rpartition("=")
        if not equals or not column:
            raise WrongUsage(f"--map wants COLUMN=FIELD, not {pair!r}.")
        pairs[column] = field
    return pairs


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label="Rows", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield show


def _print_report(report: ImportReport) -> None:
    for line in report.lines():
        click.echo(line)
    for issue in report.refusals():
        click.echo(f"row {issue.row}, column {issue.column}: {issue.reason}", err=True)
    click.echo(f"added {report.added}, changed {report.changed}, same {report.same}, refused {report.refused}")


@portal.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything that belongs to the site into FILE, while it runs; FILE must not be there yet.

    Not in it: the keys in the settings, and answers to surveys that wait for their release.

    Example: portal backup /var/backups/rapport/today.rapport
    """
    with _site():
        made = back_up(file, now())
    click.echo(f"{made.row_count:,} rows of {len(made.tables)} tables and {_files(len(made.files))} are in {file}.")
    if made.missing_count:
        click.echo(f"{_files(made.missing_count)} of the database lay in no folder.", err=True)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


@portal.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--journal",
    "journals",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A journal of erasures kept elsewhere, newer than the backup; may be repeated.",
)
@click.option("--replace", is_flag=True, help="Throw away the people who are in the database now.")
def bring_back(file: Path, journals: tuple[Path, ...], replace: bool) -> None:
    """Put the backup in FILE in the place of what is here; stop the site and every worker first.

    Whoever was erased since is erased again, every no to our mail holds, everybody signs in anew, and community mail
    waits for an admin.

    Example: portal restore /var/backups/rapport/today.rapport
    """
    with _site():
        done = restore(file, journals=journals, may_replace=replace, now=now())
    made = done.manifest
    at = f"{made.made_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Restored {made.row_count:,} rows and {_files(len(made.files))}, as of {at}.")
    if done.erased_count:
        click.echo(f"Erased again: {done.erased_count}.")
    if done.refused_count:
        click.echo(f"People whose no to our mail came after the backup and holds: {done.refused_count}.")
    if done.is_other_secret:
        click.echo("PORTAL_SECRET_KEY is another: second factors and links in mails do not work any more.", err=True)
    click.echo("Community mail waits until an admin lets it go, at /recruiting/admin/mail/restored.")


@portal.command()
def doctor() -> None:
    """Look at settings, database, mail, worker and disk; exit 1 if something is wrong.

    A line begins with ok, with note (nothing is broken, but know it) or with WRONG.

    Example: portal doctor
    """
    findings = examine()
    for finding in findings:
        click.echo(f"{finding.verdict:5} {finding.subject}: {finding.text}")
    sys.exit(0 if all(finding.is_fine for finding in findings) else 1)


if __name__ == "__main__":
    main()
