"""Refusals of mail and lapses of consent in the journal beside the database, of which a restored backup is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.contact.queries import address_hash
from portal.core.journal import Line, note_line
from portal.core.logs import log
from portal.people.queries import addresses_of

#: What a line is about besides the purposes.
SURVEYS: Final = "surveys"


@dataclass(frozen=True)
class Said:
    """One no to a kind of mail, that a consent ran out, or the yes after either, as the journal keeps it."""

    at: datetime
    public_id: str
    address_hashes: tuple[str, ...]
    #: A purpose, or `SURVEYS`.
    about: str
    is_no: bool
    #: Nobody said so: it ran out as nobody answered. Then it is a no as well, which anybody may ask about again.
    is_lapse: bool = False


def note_said(
    person_id: int, public_id: str, about: str, *, is_no: bool, now: datetime, is_lapse: bool = False
) -> None:
    """Write one line, before the database knows. A disk that takes nothing keeps nobody from saying no."""
    line = {
        "at": now.isoformat(),
        "person": public_id,
        "addresses": sorted(address_hash(one.email) for one in addresses_of(person_id)),
        "about": about,
        "no": is_no,
        **({"lapse": True} if is_lapse else {}),
    }
    try:
        note_line(line)
    except OSError as error:
        log.error("refusal_not_in_journal", person=person_id, why=type(error).__name__)


def said_in(lines: Iterable[Line]) -> list[Said]:
    """What these lines of a journal say about kinds of mail, the oldest first; others are passed over."""
    found = (_read(line) for line in lines)
    return sorted((said for said in found if said is not None), key=lambda said: said.at)


def _read(line: Line) -> Said | None:
    try:
        at = datetime.fromisoformat(line["at"])
        hashes = tuple(str(one) for one in line["addresses"])
        is_lapse = bool(line.get("lapse"))
        said = Said(at, str(line["person"]), hashes, str(line["about"]), bool(line["no"]), is_lapse)
    except (ValueError, KeyError, TypeError):
        return None
    return said if at.tzinfo is not None else None
