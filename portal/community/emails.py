"""The mails of joining, staying and leaving."""

from collections.abc import Collection
from datetime import date

from portal.contact.rules import TOPIC_WORDS
from portal.contact.states import Purpose
from portal.core.i18n import join_words, reader, reading_as
from portal.core.mail import RenderedMail
from portal.people.queries import KnownPerson, Recipient
from portal.wording.queries import render


def confirm(person: KnownPerson | None, *, has_account: bool) -> RenderedMail:
    """To whoever reads the address: a link and a code that confirm it. `person` is who we know by it, if anyone.

    Nothing that was typed at /join stands in it, because anybody can type there.
    """
    asking = reader()
    return render(
        "community/confirm_known" if has_account else "community/confirm",
        person.locale if person else asking.locale,
        person.timezone if person else asking.zone,
        name=person.name if person else "",
    )


def left(person: Recipient) -> RenderedMail:
    """To a member who has just left: what ended, what stays, and that the door is open."""
    return render("community/left", person.locale, person.timezone, name=person.name)


def keep_me(person: Recipient, purposes: Collection[Purpose], ends_on: date) -> RenderedMail:
    """To somebody we have not heard from for long: one tap keeps what they agreed to, else it ends on `ends_on`."""
    with reading_as(person.locale, person.timezone):
        topics = join_words([str(TOPIC_WORDS[purpose]) for purpose in Purpose if purpose in purposes])
    return render("contact/keep_me", person.locale, person.timezone, name=person.name, topics=topics, ends_on=ends_on)
