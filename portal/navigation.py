"""Menu entries for whoever is asking, as data."""

from functools import cache
from typing import Any

from flask import request, url_for
from sqlalchemy.exc import SQLAlchemyError

from portal.company.queries import imprint
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import Permission
from portal.web.identity import Identity

#: (endpoint, label, icon)
PUBLIC = (
    ("public.openings.index", _l("Openings"), "search"),
    ("public.updates.index", _l("Updates"), "newspaper"),
    ("public.community.join", _l("Join"), "users"),
)
CANDIDATE = (
    ("candidate.journey.home", _l("Home"), "house"),
    ("candidate.applications.index", _l("Applications"), "briefcase"),
    ("candidate.conversations.show", _l("Conversation"), "message-circle"),
    ("candidate.updates.index", _l("Updates"), "newspaper"),
    ("public.openings.index", _l("Openings"), "search"),
    ("candidate.community.preferences", _l("Preferences"), "list-checks"),
    ("candidate.accounts.account", _l("Account"), "user"),
)
#: (endpoint, label, icon, permission)
RECRUITING = (
    ("recruiting.desk.home", _l("Today"), "calendar-clock", Permission.SEE_OWN_OPENINGS),
    ("recruiting.tasks.index", _l("Tasks"), "list-checks", Permission.SEE_OWN_OPENINGS),
    ("recruiting.applications.index", _l("Applications"), "briefcase", Permission.SEE_OWN_OPENINGS),
    ("recruiting.interviews.index", _l("Interviews"), "calendar", Permission.SEE_OWN_OPENINGS),
    ("recruiting.feedback.index", _l("Feedback"), "heart-handshake", Permission.SEE_OWN_OPENINGS),
    ("recruiting.conversations.index", _l("Conversations"), "message-circle", Permission.SEE_OWN_OPENINGS),
    ("recruiting.openings.index", _l("Openings"), "file-text", Permission.SEE_OWN_OPENINGS),
    ("recruiting.updates.index", _l("Updates"), "newspaper", Permission.WRITE_TO_CANDIDATES),
    ("recruiting.surveys.index", _l("Surveys"), "chart-column", Permission.SEE_CANDIDATES),
    ("recruiting.candidates.index", _l("Candidates"), "users", Permission.SEE_CANDIDATES),
    ("recruiting.segments.index", _l("Segments"), "list-filter", Permission.SEE_CANDIDATES),
    ("recruiting.prospects.index", _l("To invite"), "mail", Permission.WRITE_TO_CANDIDATES),
    ("recruiting.pools.index", _l("Pools"), "layers", Permission.SEE_CANDIDATES),
    ("recruiting.desk.search", _l("Search"), "search", Permission.SEE_OWN_OPENINGS),
    ("recruiting.imports.index", _l("Imports"), "upload", Permission.IMPORT),
    ("recruiting.staff.index", _l("Staff"), "building-2", Permission.MANAGE_STAFF),
    ("recruiting.setup.home", _l("Setting up"), "flag", Permission.CHANGE_SETTINGS),
    ("recruiting.company.settings", _l("Settings"), "settings", Permission.CHANGE_SETTINGS),
    ("recruiting.wording.index", _l("Mails"), "mail", Permission.CHANGE_SETTINGS),
    ("recruiting.mail.index", _l("Outgoing mail"), "send", Permission.SEE_MAIL),
    ("recruiting.incoming.index", _l("Incoming mail"), "inbox", Permission.SEE_MAIL),
    ("recruiting.privacy_requests.index", _l("Privacy requests"), "shield-check", Permission.CHANGE_SETTINGS),
    ("recruiting.audit.index", _l("Audit log"), "history", Permission.READ_AUDIT_LOG),
)
#: Features whose pages do not all belong to their one entry.
_OF_MANY_PLACES = frozenset({"public.community", "recruiting.desk"})
#: Features without an entry of their own, and pages of another feature than their entry: under whose entry they stand.
_STANDS_UNDER = {
    "candidate.feedback": "candidate.applications",
    "recruiting.feedback_holds": "recruiting.feedback",
    "recruiting.written_feedback": "recruiting.feedback",
    "candidate.read_feedback": "candidate.applications",
    "candidate.privacy": "candidate.accounts",
    "candidate.alerts": "candidate.community",
    "candidate.interviews": "candidate.applications",
    "candidate.surveys": "candidate.applications",
    "recruiting.posts": "recruiting.surveys",
    "recruiting.low_scores": "recruiting.tasks",
    "recruiting.desk.read": "recruiting.applications",
    "recruiting.applications.early_access": "recruiting.openings",
    "recruiting.fitting": "recruiting.openings",
    "recruiting.applications.early_access_of": "recruiting.openings",
    "recruiting.applications.early_access_people": "recruiting.openings",
    "recruiting.digests": "recruiting.updates",
    "recruiting.notes": "recruiting.applications",
    "recruiting.people_lists": "recruiting.prospects",
    "recruiting.person_notes": "recruiting.candidates",
    "recruiting.tags": "recruiting.candidates",
    "recruiting.colleagues": "recruiting.staff",
    "recruiting.leaving": "recruiting.staff",
    "recruiting.second_factor": "recruiting.profile",
}


def menus_for(me: Identity | None) -> dict[str, Any]:
    """The main menu, the account's links and the footer for one person (None: a visitor)."""
    return {
        "home_href": _home(me),
        "navigation": _main(me),
        "account_links": _account(me),
        "footer_links": _entries(
            [
                *_own_data(me),
                ("public.company.promises", _("What we promise"), ""),
                ("public.privacy.notice", _("Privacy"), ""),
                *_imprint(),
            ]
        ),
    }


def _own_data(me: Identity | None) -> list[tuple[str, str, str]]:
    """From every page of one's own it is one click to what is held about oneself."""
    if me is None or (me.is_staff and request.path.startswith("/recruiting")):
        return []
    return [("candidate.privacy.held", _("What we hold about you"), "")]


def _imprint() -> list[tuple[str, str, str]]:
    """The imprint, where the company has written one; none on a page that says the database is down."""
    try:
        return [("public.machines.imprint", _("Imprint"), "")] if imprint() else []
    except SQLAlchemyError:
        return []


def _home(me: Identity | None) -> str:
    if me is None:
        return url_for("public.community.home")
    is_at_work = me.is_staff and request.path.startswith("/recruiting")
    return url_for("recruiting.desk.home" if is_at_work else "candidate.journey.home")


def _main(me: Identity | None) -> list[dict[str, Any]]:
    if me is None:
        return _entries(PUBLIC)
    if me.is_staff and request.path.startswith("/recruiting"):
        return _entries(entry[:3] for entry in RECRUITING if me.may(entry[3]))
    return _entries(CANDIDATE)


def _account(me: Identity | None) -> list[dict[str, Any]]:
    if me is None:
        return _entries([("public.accounts.sign_in", _("Sign in"), "log-in")])
    links = _entries([("public.accounts.sign_out", _("Sign out"), "log-out")])
    links[0]["post"] = True
    if not me.is_staff:
        return links
    if not request.path.startswith("/recruiting"):
        return _entries([("recruiting.desk.home", _("Recruiting"), "briefcase")]) + links
    profile = ("recruiting.profile.edit", _("Your profile"), "users")
    return _entries([profile, ("candidate.journey.home", _("My own page"), "user")]) + links


def _entries(rows: Any) -> list[dict[str, Any]]:
    return [
        {
            "href": _path(endpoint, request.script_root),
            "label": str(label),
            "icon": icon,
            "is_current": _is_current(endpoint),
            "post": False,
        }
        for endpoint, label, icon in rows
    ]


@cache
def _path(endpoint: str, root: str) -> str:
    """The address of a page without arguments, on a site that stands under `root`."""
    return url_for(endpoint)


def _is_current(endpoint: str) -> bool:
    """Whether the page shown belongs to this entry: the same feature, and of its pages the one that fits best."""
    current = request.endpoint or ""
    feature, shown = (name.rsplit(".", 1)[0] for name in (endpoint, current))
    stands_under = _STANDS_UNDER.get(current) or _STANDS_UNDER.get(shown, shown)
    return current == endpoint or (stands_under == feature and feature not in _OF_MANY_PLACES)
