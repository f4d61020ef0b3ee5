"""Where members say yes to being asked once a year; they take it back under their preferences, or from the mail."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.community.queries import is_member
from portal.contact.actions.consents import choose
from portal.contact.queries import consent_states
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import Purpose
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.surveys.queries.inviting import survey_that_asks
from portal.surveys.states import Touchpoint
from portal.web.identity import identity


def pulse_words() -> str:
    """The sentence that a member can say yes to; empty where they have, are no member, or no pulse is asked."""
    person_id = identity().person_id
    if survey_that_asks(Touchpoint.COMMUNITY) is None or not is_member(person_id):
        return ""
    state = consent_states(person_id).get(Purpose.COMMUNITY_PULSE)
    return "" if state is not None and state.is_given else str(PURPOSE_WORDS[Purpose.COMMUNITY_PULSE])


def agree_to_pulse() -> Response:
    """A member says yes. Raises NotFound for who is none."""
    person_id = identity().person_id
    if not is_member(person_id):
        raise NotFound
    choose(person_id, Purpose.COMMUNITY_PULSE, True, source="/me/surveys", now=now())
    flash(_("Thank you. We ask you once a year, the first time in about a month."), "success")
    return redirect(url_for("candidate.surveys.index"), 303)
