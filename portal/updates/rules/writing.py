"""An update as its page, feed and mail say it."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from portal.core.i18n import format_day, join_words
from portal.core.i18n import gettext as _
from portal.updates.rules.content import UpdateContent
from portal.updates.rules.markdown import html_of
from portal.updates.states import AUDIENCE_LABELS, KIND_LABELS, Audience, UpdateKind

_WITH_SOURCE = frozenset({UpdateKind.MARKET, UpdateKind.PAY_BANDS})


@dataclass(frozen=True)
class ShownUpdate:
    """What a page shows of an update, in the reader's language."""

    title: str
    kind: str
    summary: str
    body: Markup
    #: Label and value of what its kind must say.
    facts: tuple[tuple[str, str], ...]
    #: Title and slug of the opening it is about, where the reader may see that.
    opening: tuple[str, str] | None


def content_in_words(content: UpdateContent, opening: tuple[str, str] | None = None) -> ShownUpdate:
    """`content` as a page shows it; `opening`: slug and title of the opening it is about."""
    return ShownUpdate(
        title=content.title,
        kind=str(KIND_LABELS[content.kind]),
        summary=content.summary,
        body=html_of(content.body),
        facts=tuple(_facts(content)),
        opening=opening if content.kind is UpdateKind.EARLY_ACCESS else None,
    )


def _facts(content: UpdateContent) -> list[tuple[str, str]]:
    if content.kind in _WITH_SOURCE:
        day = format_day(content.source_on) if content.source_on else ""
        said = [(_("Where the figures come from"), content.source), (_("Of which day they are"), day)]
    elif content.kind is UpdateKind.EVENT:
        day = format_day(content.event_on) if content.event_on else ""
        said = [(_("Day"), day), (_("When and where"), content.event_where)]
    else:
        said = []
    return [(label, value) for label, value in said if value]


def audience_in_words(content: UpdateContent, names: Mapping[str, str]) -> str:
    """Whom it is for, in a few words; `names`: what areas and segments are called, by what stands for them."""
    if content.audience is Audience.AREAS and content.areas:
        labels = join_words([names.get(one, one) for one in content.areas])
        return _("Members interested in %(areas)s", areas=labels)
    if content.audience is Audience.SEGMENT and content.segment:
        return _("Segment: %(name)s", name=names.get(content.segment, content.segment))
    return str(AUDIENCE_LABELS[content.audience])
