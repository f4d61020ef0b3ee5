"""The commands for a data protection officer: what the privacy pages do, for somebody who writes instead."""

import sys
import threading
from pathlib import Path
from typing import Final

import click

from portal.commanding import opened_site
from portal.core.clock import now
from portal.core.db import end_reading
from portal.core.errors import PortalError
from portal.core.identifiers import new_public_id
from portal.core.rewriting import empty_log
from portal.keeping.queries import erasures_asked_for, is_to_be_erased
from portal.people.queries import known_person
from portal.people.rules import normalise_address
from portal.privacy.actions import erase_who_asked, export_person, leave_for_good
from portal.timetable import mail_sender

#: How often what is due is sent, before the rest is left to a worker; each time takes some seconds at most.
_ROUNDS: Final = 4


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def person() -> None:
    """What the privacy pages do, for a data protection officer. Example: portal person export ada@example.com"""


@person.command()
@click.argument("email")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export(email: str, file: Path | None) -> None:
    """Write a copy of all that we hold about somebody into FILE, which must not be there yet; give it to nobody else.

    Without FILE it is my-data-DATE.zip in this folder.

    Example: portal person export ada@example.com copy.zip
    """
    with opened_site():
        at = now()
        target = file or Path(f"my-data-{at:%Y-%m-%d}.zip")
        size = export_person(_known(email), target, at)
    click.echo(f"All that we hold about {email} is in {target} ({max(1, size // 1024):,} kB), for them alone.")


@person.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
def erase(email: str, yes: bool) -> None:
    """Erase somebody: one last mail to them, then all that we hold is gone, and nobody can bring it back.

    Example: portal person erase ada@example.com --yes
    """
    with opened_site():
        person_id = _known(email)
        if not yes and sys.stdin.isatty():
            click.confirm(f"Erase all that we hold about {email}, for good?", abort=True)
        leave_for_good(person_id, None, now())
        _send_last_mail(person_id)
        erase_who_asked(now())
        waits = is_to_be_erased(person_id)
        empty_log()
    if waits:
        click.echo(f"The mail server has not taken the last mail to {email} yet. When it has, a worker erases them.")
    else:
        click.echo(f"{email} is erased.")


def _send_last_mail(person_id: int) -> None:
    sender = mail_sender(f"command-{new_public_id()}", threading.Event())
    for _round in range(_ROUNDS):
        end_reading()
        if not any(one.person_id == person_id and one.is_on_its_way for one in erasures_asked_for()):
            return
        sender.send_due_mail()
    end_reading()


def _known(email: str) -> int:
    known = known_person(normalise_address(email))
    if known is None:
        raise PortalError(f"Nobody here has the address {email}.")
    return known.person_id
