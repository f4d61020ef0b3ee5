"""A candidate's interview as a file for their calendar."""

from datetime import datetime

from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.interviews.queries.own import OwnPage
from portal.interviews.rules.calendar import Meeting, Method, Who, entry


def calendar_of(page: OwnPage, now: datetime) -> str:
    """The interview as a file for a calendar: the entry that our mails carry.

    Raises NotFound while it has no time, and for one that is over or does not take place: a calendar would take it in
    anew.
    """
    one, base_url = page.one, current_settings().base_url
    if one.starts_at is None or not one.has_time_ahead:
        raise NotFound
    url = f"{base_url}/me/interviews/{one.public_id}"
    meeting = Meeting(
        public_id=one.public_id,
        # While a mail with the next one is on its way, this is the one before: else a calendar would ignore the mail.
        sequence=page.sequence - 1 if one.seen.is_changing else page.sequence,
        starts_at=one.starts_at,
        minutes=one.minutes,
        zone=one.zone,
        title=_("%(title)s: %(opening)s", title=one.title, opening=one.opening_title),
        place=page.place,
        about=url,
        url=url,
        organizer=Who(one.arranger_name or current_settings().org_name, page.organizer_email),
    )
    return entry(Method.PUBLISH, meeting, base_url=base_url, now=now)
