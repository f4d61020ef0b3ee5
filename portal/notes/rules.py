"""What a note and a tag may be, and how long a note may be changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

BODY_LENGTH: Final = 5000
TAG_LENGTH: Final = 60
TAGS_AT_MOST: Final = 30
#: How long an author may change the words of a note; from then on colleagues may have relied on them.
CHANGE_MINUTES: Final = 15
#: How long a note on several people may be taken back in one go; one by one it goes at any time.
TAKE_BACK_HOURS: Final = 24


class NoteRefused(PortalError):
    """A note or a tag cannot be kept as it is."""


class TooLateToChange(PortalError):
    """The time in which an author may change a note, or take it back from many, is over."""


class TagGone(PortalError):
    """Nobody has this tag any more."""


class TagTaken(PortalError):
    """Another tag is called so; `key` is its."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


def checked_body(text: str) -> str:
    """The words of a note without white space around them. Raises NoteRefused when there are none, or too many."""
    body = text.replace("\r\n", "\n").strip()
    if not body:
        raise NoteRefused(_("Please write what you want to note."))
    if len(body) > BODY_LENGTH:
        raise NoteRefused(_("Please keep a note under %(max)s characters.", max=BODY_LENGTH))
    return body


def may_change(author_id: int, asker_id: int, created_at: datetime, now: datetime) -> bool:
    """Whether the asker may change the words of a note: only their own, and only for a while."""
    return author_id == asker_id and now - created_at < timedelta(minutes=CHANGE_MINUTES)


def may_take_back(author_id: int, asker_id: int, created_at: datetime, now: datetime) -> bool:
    """Whether the asker may take a note on several people back from all of them: only their own, for a day."""
    return author_id == asker_id and now - created_at < timedelta(hours=TAKE_BACK_HOURS)


def tag_key(name: str) -> str:
    """What two ways of writing one tag have in common."""
    return tag_name(name).casefold()[:TAG_LENGTH]


def tag_name(name: str) -> str:
    """A tag as it is shown, white space folded."""
    return " ".join(name.split())


def checked_tags(names: Iterable[str]) -> dict[str, str]:
    """The tags by their keys, as first written. Raises NoteRefused when there are too many, or one is too long."""
    found: dict[str, str] = {}
    for name in map(tag_name, names):
        if len(name) > TAG_LENGTH:
            raise NoteRefused(_("Please keep each tag under %(max)s characters.", max=TAG_LENGTH))
        if name:
            found.setdefault(tag_key(name), name)
    if len(found) > TAGS_AT_MOST:
        raise NoteRefused(_("Please keep it to %(max)s tags: more do not help to find anything.", max=TAGS_AT_MOST))
    return found


def only_tag(name: str) -> tuple[str, str]:
    """Key and name of one tag. Raises NoteRefused when there is none, or it is too long, or more than one."""
    if "," in name:
        raise NoteRefused(_("Please write one tag, without a comma."))
    found = checked_tags([name])
    if not found:
        raise NoteRefused(_("Please write what the tag shall be called."))
    return next(iter(found.items()))


def tags_to_tick(tags: Iterable[str], in_use: Iterable[str]) -> list[str]:
    """The tags in use that are not among `tags`, however those are written."""
    own = {tag_key(name) for name in tags}
    return [name for name in in_use if tag_key(name) not in own]


@dataclass(frozen=True)
class TagChange:
    """Which tags come and which go; keys, and for those that come the names."""

    added: dict[str, str]
    removed: frozenset[str]


def tag_change(wanted: dict[str, str], seen: Iterable[str]) -> TagChange:
    """What somebody changed who saw the tags `seen` and wants `wanted`.

    What a colleague added or removed meanwhile is in neither, so it stays as the colleague left it.
    """
    before = {tag_key(name) for name in seen if tag_name(name)}
    return TagChange({key: name for key, name in wanted.items() if key not in before}, frozenset(before - set(wanted)))
