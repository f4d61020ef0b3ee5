"""All that is said of a kind of task."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.i18n import gettext as _
from portal.core.permissions import Permission


@dataclass(frozen=True)
class TaskWords:
    """What a kind of task is called, what to do about it, where it is done, who can do it, and in which time."""

    #: The kind as a filter names it.
    label: str
    #: So many of a kind in a few words.
    many: Callable[[int], str]
    #: One in a line, from the name and the title it is about; either may be empty. Empty: as `many` says one.
    one: Callable[[str, str], str]
    #: What somebody can do about it, in a sentence.
    to_do: str
    #: What the link says that leads to where it is done.
    link: str
    path: str
    #: What a role must allow so that somebody can do it.
    needed: Permission
    #: Working days that somebody has for it, besides the first one on which they can see it.
    days: int
    #: Whether it takes a name to be said as one.
    names_a_person: bool = True


def about(what: str, title: str) -> str:
    """With what it is about, where that has a title."""
    return _("%(what)s: %(title)s", what=what, title=title) if title else what
