"""What a candidate gets on the day of an interview: thanks in the panel's name, and by when they hear from us."""

from portal.core.i18n import join_words, local, reading_as
from portal.core.mail import RenderedMail
from portal.core.settings import Settings
from portal.interviews.queries.reminding import Thanks
from portal.people.queries import Recipient
from portal.wording.queries import render


def thanks(to: Recipient, said: Thanks, settings: Settings) -> RenderedMail:
    """To the candidate, on the day of their interview; automatic, and it says so."""
    last = said.last
    owner = said.owner_name or settings.org_name
    with reading_as(to.locale, to.timezone):
        panel = join_words(list(said.panel)) if said.panel else owner
        # The day on their own clock: for some it is another one than for us.
        day = local(last.starts_at).date() if last.starts_at else None
    return render(
        "interviews/thanks",
        to.locale,
        to.timezone,
        name=to.name,
        opening=last.opening_title,
        day=day,
        panel=panel,
        owner=owner,
        next_day=said.next_day,
    )
