"""What is sent about updates: digests, and copies of what was rendered once for many."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from portal.contact.rules import TOPIC_WORDS
from portal.contact.states import Purpose, Rhythm
from portal.core.i18n import format_day, local, ngettext, reading_as
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail, new_places, one_line
from portal.core.settings import current_settings
from portal.digests.queries import Collector, Item
from portal.updates.rules import content_in_words
from portal.wording.queries import render
from portal.wording.rules import Written

#: So much of the titles stands beside the subject in a list of mail.
_PREHEADER: Final = 150
_ITEM: Final = Markup('<h2><a href="{url}">{title}</a></h2><p class="small">{about}</p><p>{summary}</p>')


def digest(to: Collector, items: Sequence[Item], purpose: Purpose) -> RenderedMail:
    """To one reader: the updates about one topic that came for them since their last mail."""
    with reading_as(to.locale, to.zone):
        count = len(items)
        headline = ngettext("%(count)s update for you", "%(count)s updates for you", count)
        values: dict[str, object] = {
            "headline": items[0].content.title if count == 1 else headline,
            "titles": items[0].content.summary if count == 1 else _titles(items),
            "topic": str(TOPIC_WORDS[purpose]),
            "rhythm": _why_together(to.rhythm),
            "updates": _written(items),
        }
    return render("digests/digest", to.locale, to.zone, **values)


def copy_of(mail: RenderedMail, subject: str = "") -> RenderedMail:
    """The same message as another delivery, with places for tokens of its own; `subject` instead of its own."""
    key = new_places().key
    return replace(
        mail,
        key=key,
        subject=one_line(subject) or mail.subject,
        text=mail.text.replace(mail.key, key),
        html=mail.html.replace(mail.key, key),
    )


def test_of(mail: RenderedMail) -> RenderedMail:
    """The message as its writer gets it before anybody else does."""
    return copy_of(mail, _("Test: %(subject)s", subject=mail.subject))


def _why_together(rhythm: Rhythm | None) -> str:
    if rhythm is Rhythm.WEEKLY:
        return _("It comes once a week at most, as you chose.")
    if rhythm is Rhythm.MONTHLY:
        return _("It comes once a month at most, as you chose.")
    return _("It waited, because we do not write to you too often, or because you asked for a pause.")


def _titles(items: Sequence[Item]) -> str:
    said = " · ".join(item.content.title for item in items)
    return said if len(said) <= _PREHEADER else said[:_PREHEADER].rsplit(" ", 1)[0] + "…"


def _written(items: Sequence[Item]) -> Written:
    base = current_settings().base_url
    html, text = Markup(), []
    for item in items:
        shown = content_in_words(item.content)
        facts = (_("%(label)s: %(value)s", label=label, value=value) for label, value in shown.facts)
        about = " · ".join((shown.kind, format_day(local(item.published_at)), *facts))
        url = f"{base}{item.path}"
        html += _ITEM.format(url=url, title=shown.title, about=about, summary=shown.summary)
        text.append(f"{shown.title}\n{about}\n\n{shown.summary}\n\n{url}")
    return Written(html, "\n\n\n".join(text))
