"""What is sent about an update: the mail that carries it to one reader, and those to the member of a story."""

from markupsafe import Markup

from portal.company.queries import company_name
from portal.contact.rules import TOPIC_WORDS
from portal.core.i18n import gettext as _
from portal.core.i18n import reading_as
from portal.core.mail import RenderedMail
from portal.core.settings import current_settings
from portal.people.queries import Recipient
from portal.updates.rules import UpdateContent, content_in_words, html_of, text_of
from portal.updates.states import PURPOSES, Audience, UpdateKind
from portal.wording.queries import render
from portal.wording.rules import Written


def update(to: Recipient, content: UpdateContent, slug: str, author_name: str) -> RenderedMail:
    """To somebody the update is for, who said yes to mail about its kind."""
    with reading_as(to.locale, to.timezone):
        shown = content_in_words(content)
        topic = str(TOPIC_WORDS[PURPOSES[content.kind]])
        # What is not for everybody is read by whoever is signed in: the link asks others to sign in first.
        page = "/updates/" if content.audience is Audience.EVERYBODY else "/me/updates/"
        read = ((_("Read it on its page, and reply"), f"{page}{slug}"),)
    return render(
        "updates/update",
        to.locale,
        to.timezone,
        title=content.title,
        summary=content.summary,
        facts=shown.facts,
        message=_text(content),
        author=author_name,
        topic=topic,
        read=read,
    )


def story_question(to: Recipient, content: UpdateContent, public_id: str, author_name: str) -> RenderedMail:
    """To the member of a story, because we ask for their yes to its very words."""
    return _story("updates/story_question", to, content, public_id, author=author_name)


def story_published(to: Recipient, content: UpdateContent, public_id: str, author_name: str) -> RenderedMail:
    """To the member of a story, because it is published as they agreed."""
    return _story("updates/story_published", to, content, public_id, author=author_name)


def story_corrected(
    to: Recipient, content: UpdateContent, public_id: str, author_name: str, correction: str
) -> RenderedMail:
    """To the member of a story, because others read its new words, to which they agreed."""
    return _story("updates/story_corrected", to, content, public_id, author=author_name, correction=correction)


def _story(kind: str, to: Recipient, content: UpdateContent, public_id: str, **values: str) -> RenderedMail:
    with reading_as(to.locale, to.timezone):
        read = ((_("Read the story, and say what you want"), f"/me/stories/{public_id}"),)
    author = values.pop("author") or company_name()
    return render(kind, to.locale, to.timezone, name=to.name, title=content.title, author=author, story=read, **values)


def _text(content: UpdateContent) -> Written:
    """The text with its headings and links; of a story none, so that it is gone when its member takes it back."""
    if content.kind is UpdateKind.MEMBER_STORY:
        return Written(Markup(), "")
    # Mail programs know no table but one with styles of its own; the layout has them for this class.
    base = current_settings().base_url
    html = str(html_of(content.body, base)).replace("<table>", '<table class="facts">')
    return Written(Markup(html), text_of(content.body, base))  # noqa: S704 - cleaned, and a class of ours added
