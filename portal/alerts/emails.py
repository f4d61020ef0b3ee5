"""The mail about openings that fit: to a member who said yes to job alerts, at most once a day, with all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from portal.alerts.rules import why_in_words
from portal.community.states import SENIORITY_LABELS, WORK_MODE_LABELS
from portal.core.i18n import format_day, format_moment, ngettext, reader, reading_as
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.settings import current_settings
from portal.openings.rules import Match, OpeningContent, pay_in_words
from portal.people.queries import Recipient
from portal.wording.queries import render
from portal.wording.rules import Rows, Written

#: Openings, times languages, whose facts are kept in words.
_KEPT_FACTS: Final = 256
_ENTRY = Markup('<h2><a href="{href}">{title}</a></h2>\n<p>{summary}</p>\n{facts}')
_FACTS = Markup('<table class="facts" cellpadding="0" cellspacing="0" border="0">\n{rows}\n</table>')
_FACT = Markup('<tr><th scope="row">{label}</th><td>{value}</td></tr>')


@dataclass(frozen=True)
class AlertLine:
    """One opening in the mail."""

    slug: str
    content: OpeningContent
    why: Match
    #: Until when only members see it; None: everybody does.
    early_until: datetime | None


def alert(to: Recipient, lines: Sequence[AlertLine], areas: Mapping[str, str]) -> RenderedMail:
    """To a member who said yes to job alerts: openings that have become visible to them, each with why.

    `lines` is not empty and in the order of the mail; `areas` are the company's labels by key.
    """
    return _one(to, lines[0], areas) if len(lines) == 1 else _several(to, lines, areas)


def _one(to: Recipient, line: AlertLine, areas: Mapping[str, str]) -> RenderedMail:
    with reading_as(to.locale, to.timezone):
        facts = (_why(line, areas), *_facts(line.content, to.locale))
        link = ((_("Read all about it"), _path(line)),)
        until = format_moment(line.early_until) if line.early_until else ""
    return render(
        "alerts/opening",
        to.locale,
        to.timezone,
        name=to.name,
        opening=line.content.title,
        summary=line.content.summary,
        early_until=until,
        about=facts,
        opening_link=link,
    )


def _several(to: Recipient, lines: Sequence[AlertLine], areas: Mapping[str, str]) -> RenderedMail:
    with reading_as(to.locale, to.timezone):
        entries = [_entry(line, areas) for line in lines]
        early_count = sum(line.early_until is not None for line in lines)
        early = ngettext(
            "You see %(count)s of them before everybody does.",
            "You see %(count)s of them before everybody does.",
            early_count,
        )
        how_many = ngettext("%(count)s new opening", "%(count)s new openings", len(lines))
    return render(
        "alerts/openings",
        to.locale,
        to.timezone,
        name=to.name,
        how_many=how_many,
        titles=_titles(lines),
        early=early if early_count else "",
        openings=Written(
            Markup("\n").join(one.html for one in entries),
            "\n\n".join(one.text for one in entries),
        ),
    )


def _titles(lines: Sequence[AlertLine]) -> str:
    return ", ".join(line.content.title for line in lines)


def _entry(line: AlertLine, areas: Mapping[str, str]) -> Written:
    """One of several openings: its title as a link, and what the mail of one says as well."""
    href, content = f"{current_settings().base_url}{_path(line)}", line.content
    until = format_moment(line.early_until) if line.early_until else ""
    told = (_why(line, areas), (_("Only members see it until"), until), *_facts(content, reader().locale))
    facts = [(label, str(value)) for label, value in told if value]
    rows = Markup("\n").join(_FACT.format(label=label, value=value) for label, value in facts)
    html = _ENTRY.format(href=href, title=content.title, summary=content.summary, facts=_FACTS.format(rows=rows))
    said = [content.title, content.summary, *(f"{label}: {value}" for label, value in facts), href]
    return Written(html, "\n".join(one for one in said if one))


def _path(line: AlertLine) -> str:
    """Where a reader gets to the opening: what only members see asks who is not signed in to do so first."""
    path = f"/openings/{line.slug}"
    return f"/sign-in?next={path}" if line.early_until else path


def _why(line: AlertLine, areas: Mapping[str, str]) -> tuple[str, str]:
    return _("Why you hear of it"), why_in_words(line.why, areas)


@lru_cache(maxsize=_KEPT_FACTS)
def _facts(content: OpeningContent, locale: str) -> Rows:
    """What an opening says for a reader of `locale`, kept: the same stands in thousands of mails."""
    where = "; ".join(place.label for place in content.places)
    modes = ", ".join(str(WORK_MODE_LABELS[mode]) for mode in content.work_modes)
    return (
        (_("Pay"), pay_in_words(content.pay)),
        (_("Where"), " · ".join(one for one in (where, modes) if one)),
        (_("Experience"), str(SENIORITY_LABELS[content.seniority]) if content.seniority else ""),
        (_("Last day to apply"), format_day(content.closes_on) if content.closes_on else ""),
    )
