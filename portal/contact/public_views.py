"""Writing less, and staying, by a link from a mail: without signing in, and not before a button is pressed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone, retention
from portal.contact import actions
from portal.contact.forms import LessForm
from portal.contact.queries import (
    LinkedPerson,
    consent_states,
    contact_preferences,
    is_stopped,
    life_of,
    person_of_link,
)
from portal.contact.rules import (
    EVERYTHING_STOPPED,
    PURPOSE_LABELS,
    RHYTHM_LABELS,
    STOP_EVERYTHING,
    STOP_SURVEYS,
    STOPPED_WORDS,
    SURVEYS_STOPPED,
    TOPIC_WORDS,
    WITHDRAW_WORDS,
    Less,
    Link,
    ends_on,
    read_link,
)
from portal.contact.states import Purpose
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, read_signed_token
from portal.web.application import csrf
from portal.web.identity import for_machines

blueprint = Blueprint("contact", __name__)

_UNSUBSCRIBE = "/unsubscribe"
_PREFERENCES = "/preferences"


@blueprint.get("/unsubscribe/<token>")
@for_machines
def unsubscribe(token: str) -> str:
    """What pressing the button would do; mail scanners open links, so nothing has happened yet."""
    link = _link(TokenKind.UNSUBSCRIBE, token)
    person = person_of_link(link.public_id)
    return _unsubscribe_page(link, token, is_done=person is None or is_stopped(person.person_id, link))


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF has no types
@for_machines
def stop_mail(token: str) -> str:
    """Stop it, for a person and for their mail program alike (RFC 8058): no cookie, no form token, no redirect."""
    link = _link(TokenKind.UNSUBSCRIBE, token)
    if request.form.get("what") == "everything":
        link = Link(link.public_id)
    person = person_of_link(link.public_id)
    if person is not None:
        _stop(person.person_id, link)
    return _unsubscribe_page(link, token, is_done=True)


def _stop(person_id: int, link: Link) -> None:
    if link.is_everything:
        actions.stop_everything(person_id, source=_UNSUBSCRIBE, now=now())
    elif link.is_surveys:
        actions.stop_surveys(person_id, now())
    elif link.purpose is not None:
        actions.stop(person_id, [link.purpose], source=_UNSUBSCRIBE, now=now())


def _unsubscribe_page(link: Link, token: str, *, is_done: bool) -> str:
    if link.is_surveys:
        button, heading = STOP_SURVEYS, SURVEYS_STOPPED
    elif link.purpose is not None:
        button, heading = WITHDRAW_WORDS[link.purpose], STOPPED_WORDS[link.purpose]
    else:
        button, heading = STOP_EVERYTHING, EVERYTHING_STOPPED
    return render_template(
        "public/contact/unsubscribe.html",
        link=link,
        token=token,
        is_done=is_done,
        button_label=str(button),
        why=_why(link),
        page_title=str(heading) if is_done else _("Shall we stop?"),
        stop_everything=str(STOP_EVERYTHING),
    )


def _why(link: Link) -> str:
    """Why mail like this came at all."""
    if link.is_surveys:
        return _("You get these because we ask everybody who applied to us how it went.")
    if link.purpose is not None:
        return _("You get these because you said yes to %(topic)s.", topic=TOPIC_WORDS[link.purpose])
    return ""


@blueprint.route("/preferences/<token>", methods=["GET", "POST"])
def preferences(token: str) -> Response | str | tuple[str, int]:
    """Fewer mails, from the foot of any of them; for more, people sign in."""
    person = _person(token)
    given = [purpose for purpose, state in consent_states(person.person_id).items() if state.is_given]
    chosen = contact_preferences(person.person_id)
    form = LessForm(given, chosen)
    if form.validate_on_submit():
        less = form.less(day_of(now(), person.timezone))
        actions.write_less(person.person_id, less, source=_PREFERENCES, now=now())
        if less == Less():
            flash(_("You chose nothing, so all stays as it is."), "info")
        else:
            flash(_("Saved. It holds from now on, also for what was about to be sent."), "success")
        return redirect(url_for(".preferences", token=token), 303)
    page = render_template(
        "public/contact/preferences.html",
        token=token,
        form=form,
        topics=join_words([str(TOPIC_WORDS[purpose]) for purpose in Purpose if purpose in given]),
        chosen=chosen,
        rhythms=[
            (str(PURPOSE_LABELS[purpose]), str(RHYTHM_LABELS[chosen.rhythms[purpose]]))
            for purpose in Purpose
            if purpose in given and purpose in chosen.rhythms
        ],
        is_paused=chosen.is_paused_on(day_of(now(), person.timezone)),
        stop_everything=str(STOP_EVERYTHING),
        is_all_stopped=not given and chosen.is_without_surveys,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/preferences/<token>/everything")
def stop_everything(token: str) -> Response:
    person = _person(token)
    actions.stop_everything(person.person_id, source=_PREFERENCES, now=now())
    flash(_("Done. From now on you hear from us only about your own applications."), "success")
    return redirect(url_for(".preferences", token=token), 303)


@blueprint.get("/stay/<token>")
def stay(token: str) -> str:
    """One button for somebody we have not heard from for long; after it, that all is well."""
    person = _person(token)
    life = life_of(person.person_id)
    has_consents = any(state.is_given for state in consent_states(person.person_id).values())
    today = day_of(now(), company_zone())
    return render_template(
        "public/contact/stay.html",
        token=token,
        is_over=not has_consents,
        is_asked=life is not None and life.first_asked_on is not None,
        ends_on=ends_on(life, retention().community_months, today) if life is not None else None,
    )


@blueprint.post("/stay/<token>")
def keep_me(token: str) -> Response:
    actions.note_life(_person(token).person_id, now())
    return redirect(url_for(".stay", token=token), 303)


def _link(kind: TokenKind, token: str) -> Link:
    """What a token stands for; a forged, flipped, too old one or one of another kind is not there."""
    subject = read_signed_token(current_settings().secret_key, kind, token, now())
    link = read_link(subject) if subject is not None else None
    if link is None:
        raise NotFound
    return link


def _person(token: str) -> LinkedPerson:
    person = person_of_link(_link(TokenKind.PREFERENCES, token).public_id)
    if person is None:
        raise NotFound
    return person
