"""What mails about an interview say of it, each line with its label."""

from collections.abc import Sequence

from portal.core.i18n import gettext as _
from portal.core.i18n import join_words, ngettext
from portal.interviews.queries.arranged import Arranged
from portal.interviews.rules.times import moment_in_both
from portal.interviews.states import FORMAT_LABELS
from portal.wording.rules import Rows


def time_of(one: Arranged) -> str:
    """When it is, in both zones; empty while it has no time."""
    return moment_in_both(one.starts_at, one.zone) if one.starts_at else ""


def time_and_place(one: Arranged) -> Rows:
    """When, how long, how and where."""
    return (
        (_("When"), time_of(one)),
        (_("How long"), ngettext("%(count)s minute", "%(count)s minutes", one.minutes)),
        (_("How"), str(FORMAT_LABELS[one.format])),
        (_("Where"), one.place),
    )


def with_whom(panel: Sequence[str]) -> str:
    """The names of those who take part and have one."""
    return join_words([name for name in panel if name])


def to_call(one: Arranged) -> str:
    """Whom to call on the day, and the number; empty where no number was given."""
    if not one.contact_name or not one.contact_phone:
        return one.contact_phone
    return _("%(name)s: %(number)s", name=one.contact_name, number=one.contact_phone)


def filled(rows: Rows) -> Rows:
    """Those of the lines that say something."""
    return tuple((label, words) for label, words in rows if words)


def way_to_its_page(one: Arranged) -> Rows:
    """Where a colleague finds all about it."""
    return ((_("Open the page of this interview"), f"/recruiting/interviews/{one.public_id}"),)
