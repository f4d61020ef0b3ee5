"""THE SITE MAP: every blueprint, one list per audience, with the permission that all its routes need."""

from flask import Flask

from portal.accounts.candidate_views import blueprint as own_account
from portal.accounts.public_views import blueprint as accounts
from portal.accounts.public_views import connect_sign_in
from portal.accounts.recruiter_views import blueprint as staff
from portal.accounts.recruiter_views import second_factor
from portal.alerts.candidate_views import blueprint as own_alerts
from portal.alerts.recruiter_views import blueprint as alerts
from portal.applications.candidate_views import blueprint as own_applications
from portal.applications.candidate_views.sent import blueprint as own_sent
from portal.applications.public_views import blueprint as following
from portal.applications.recruiter_views import blueprint as applications
from portal.ats.recruiter_views import blueprint as imports
from portal.ats.recruiter_views.joining import blueprint as joining
from portal.ats.recruiter_views.people_lists import blueprint as people_lists
from portal.audit.recruiter_views import blueprint as audit
from portal.community.candidate_views import blueprint as preferences
from portal.community.public_views import blueprint as community
from portal.company.public_views import blueprint as machines
from portal.company.public_views.promises import blueprint as promises
from portal.company.queries import company_zone
from portal.company.recruiter_views import blueprint as company
from portal.contact.public_views import blueprint as contact
from portal.conversations.candidate_views import blueprint as own_conversation
from portal.conversations.recruiter_views import blueprint as conversations
from portal.core.permissions import Permission
from portal.core.settings import Settings
from portal.desk.recruiter_views import blueprint as desk
from portal.desk.recruiter_views import candidates
from portal.digests.recruiter_views import blueprint as digests
from portal.feedback.candidate_views import blueprint as own_owed_feedback
from portal.feedback.candidate_views import own_owed_panel
from portal.feedback.candidate_views.reading import blueprint as read_feedback
from portal.feedback.candidate_views.reading import own_panel as read_panel
from portal.feedback.recruiter_views import blueprint as owed_feedback
from portal.feedback.recruiter_views import holds as feedback_holds
from portal.feedback.recruiter_views import owed_panel
from portal.feedback.recruiter_views.writing import blueprint as written_feedback
from portal.feedback.recruiter_views.writing import staff_panel as written_panel
from portal.fitting.candidate_views import blueprint as own_invitations
from portal.fitting.public_views import blueprint as not_now
from portal.fitting.recruiter_views import blueprint as fitting
from portal.interviews.candidate_views import blueprint as own_interviews
from portal.interviews.candidate_views import cards as own_interview_cards
from portal.interviews.candidate_views import interviews_ahead
from portal.interviews.candidate_views import say_first as own_interviews_first
from portal.interviews.public_views import blueprint as linked_interviews
from portal.interviews.recruiter_views import blueprint as interviews
from portal.interviews.recruiter_views import interviews_panel
from portal.journey.candidate_views import blueprint as journey
from portal.notes.recruiter_views import blueprint as notes
from portal.notes.recruiter_views import people as person_notes
from portal.notes.recruiter_views import tags
from portal.offers.candidate_views import blueprint as own_offers
from portal.offers.candidate_views import offers_ahead
from portal.offers.candidate_views import say_first as own_offer_first
from portal.offers.candidate_views import show_card as own_offer_card
from portal.offers.recruiter_views import blueprint as offers
from portal.offers.recruiter_views import show_panel as offer_panel
from portal.openings.public_views import blueprint as public_openings
from portal.openings.public_views import promised_openings
from portal.openings.recruiter_views import blueprint as openings
from portal.outbox.dev_views import blueprint as mailbox
from portal.outbox.hook_views import blueprint as incoming_hook
from portal.outbox.recruiter_views import blueprint as outgoing_mail
from portal.outbox.recruiter_views import came_back
from portal.outbox.recruiter_views import incoming as incoming_mail
from portal.people.public_views import blueprint as pictures
from portal.people.recruiter_views import colleagues
from portal.people.recruiter_views import own as profile
from portal.pools.recruiter_views import blueprint as pools
from portal.privacy.candidate_views import blueprint as held
from portal.privacy.public_views import blueprint as privacy_notice
from portal.privacy.recruiter_views import blueprint as leaving
from portal.privacy.recruiter_views.requests import blueprint as privacy_requests
from portal.prospects.public_views import blueprint as no_thanks
from portal.prospects.recruiter_views import blueprint as prospects
from portal.segments.recruiter_views import blueprint as segments
from portal.setup.recruiter_views import blueprint as setup
from portal.surveys.candidate_views import blueprint as own_surveys
from portal.surveys.candidate_views import receipt_card, waiting_card
from portal.surveys.public_views import blueprint as linked_surveys
from portal.surveys.public_views import posts as public_posts
from portal.surveys.public_views import promised_posts
from portal.surveys.recruiter_views import blueprint as surveys
from portal.surveys.recruiter_views.low_scores import blueprint as low_scores
from portal.surveys.recruiter_views.posts import blueprint as survey_posts
from portal.tasks.recruiter_views import blueprint as tasks
from portal.updates.candidate_views import blueprint as own_updates
from portal.updates.public_views import blueprint as public_updates
from portal.updates.recruiter_views import blueprint as updates
from portal.web.application import show_visitors_the_zone
from portal.web.audiences import Child, candidate_gate, make_audience, staff_gate
from portal.web.panels import Known, Panel, Spot, add_panels
from portal.web.style_guide import blueprint as style_guide
from portal.wording.recruiter_views import blueprint as wording

#: Pages that anybody may see.
PUBLIC: tuple[Child, ...] = (
    (community, None),
    (public_openings, None),
    (public_updates, None),
    (accounts, None),
    (following, None),
    (privacy_notice, None),
    (promises, None),
    (no_thanks, None),
    (contact, None),
    (not_now, None),
    (linked_interviews, None),
    (linked_surveys, None),
    (public_posts, None),
    (pictures, None),
    (machines, None),
    (incoming_hook, None),
)

#: Below /me, for whoever is signed in.
CANDIDATE: tuple[Child, ...] = (
    (journey, None),
    (preferences, None),
    (own_account, None),
    (own_applications, None),
    (own_sent, None),
    (own_offers, None),
    (own_owed_feedback, None),
    (own_conversation, None),
    (own_alerts, None),
    (own_invitations, None),
    (own_updates, None),
    (read_feedback, None),
    (own_interviews, None),
    (own_surveys, None),
    (held, None),
)

#: Below /recruiting, for staff.
RECRUITING: tuple[Child, ...] = (
    (desk, Permission.SEE_OWN_OPENINGS),
    (tasks, Permission.SEE_OWN_OPENINGS),
    (applications, Permission.SEE_OWN_OPENINGS),
    (conversations, Permission.SEE_OWN_OPENINGS),
    (interviews, Permission.SEE_OWN_OPENINGS),
    (offers, Permission.SEE_OWN_OPENINGS),
    (owed_feedback, Permission.SEE_OWN_OPENINGS),
    (feedback_holds, Permission.CHANGE_SETTINGS),
    (openings, Permission.SEE_OWN_OPENINGS),
    (written_feedback, Permission.SEE_OWN_OPENINGS),
    (alerts, Permission.SEE_OWN_OPENINGS),
    (updates, Permission.WRITE_TO_CANDIDATES),
    (digests, Permission.WRITE_TO_CANDIDATES),
    (fitting, Permission.WRITE_TO_CANDIDATES),
    (candidates, Permission.SEE_CANDIDATES),
    (segments, Permission.SEE_CANDIDATES),
    (surveys, Permission.SEE_CANDIDATES),
    (survey_posts, Permission.WRITE_TO_CANDIDATES),
    (low_scores, Permission.WRITE_TO_CANDIDATES),
    (prospects, Permission.WRITE_TO_CANDIDATES),
    (notes, Permission.SEE_OWN_OPENINGS),
    (person_notes, Permission.SEE_CANDIDATES),
    (tags, Permission.SEE_CANDIDATES),
    (pools, Permission.SEE_CANDIDATES),
    (staff, Permission.MANAGE_STAFF),
    (colleagues, Permission.MANAGE_STAFF),
    (leaving, Permission.MANAGE_STAFF),
    (profile, Permission.SEE_OWN_OPENINGS),
    (second_factor, Permission.SEE_OWN_OPENINGS),
    (imports, Permission.IMPORT),
    (people_lists, Permission.IMPORT),
    (joining, Permission.IMPORT),
    (setup, Permission.CHANGE_SETTINGS),
    (company, Permission.CHANGE_SETTINGS),
    (wording, Permission.CHANGE_SETTINGS),
    (privacy_requests, Permission.CHANGE_SETTINGS),
    (audit, Permission.READ_AUDIT_LOG),
    (outgoing_mail, Permission.SEE_MAIL),
    (incoming_mail, Permission.SEE_MAIL),
    (came_back, Permission.WRITE_TO_CANDIDATES),
)

#: Parts of pages that features above the page's own add to it, in the order in which they stand.
PANELS: dict[Spot, tuple[Panel, ...]] = {
    Spot.OWN_APPLICATION_FIRST: (own_interviews_first, own_offer_first),
    Spot.OWN_APPLICATION: (read_panel, own_owed_panel, own_offer_card, own_interview_cards, waiting_card),
    Spot.RECEIPT: (receipt_card,),
    Spot.PROMISES: (promised_openings,),
    Spot.AFTER_PROMISES: (promised_posts,),
    Spot.APPLICATION: (interviews_panel, offer_panel, owed_panel, written_panel),
}

#: What features know of a candidate's applications that their pages and lists say in their own words.
KNOWN: tuple[Known, ...] = (interviews_ahead, offers_ahead)

#: Below /dev, only in development.
DEVELOPMENT: tuple[Child, ...] = ((mailbox, None), (style_guide, None))


def mount(app: Flask, settings: Settings) -> None:
    """Register every route of the site."""
    connect_sign_in(app)
    add_panels(app, PANELS, KNOWN)
    show_visitors_the_zone(app, company_zone)
    app.register_blueprint(make_audience("public", "", None, PUBLIC))
    app.register_blueprint(make_audience("candidate", "/me", candidate_gate, CANDIDATE))
    app.register_blueprint(make_audience("recruiting", "/recruiting", staff_gate, RECRUITING))
    if not settings.is_production:
        app.register_blueprint(make_audience("dev", "/dev", None, DEVELOPMENT))
