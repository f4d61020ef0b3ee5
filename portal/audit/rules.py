"""What the records of the audit log say in plain words."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: Every action that is ever recorded; a test compares with the source.
ACTION_WORDS: Final[dict[str, str]] = {
    "accounts.accept_invitation": _l("Accepted the invitation to the staff"),
    "accounts.change_role": _l("Changed a role"),
    "accounts.confirm_address": _l("Confirmed an e-mail address"),
    "accounts.deactivate_staff": _l("Ended a colleague's access"),
    "accounts.end_all_sessions": _l("Signed out everywhere"),
    "accounts.end_session": _l("Signed out on a device"),
    "accounts.invite_staff": _l("Invited somebody to the staff"),
    "accounts.renew_invitation": _l("Sent an invitation again"),
    "accounts.set_password": _l("Set a password"),
    "accounts.sign_in": _l("Signed in"),
    "applications.release_import": _l("Released the applications of an import"),
    "applications.write_to_candidate": _l("Wrote to a candidate"),
    "ats.apply_import": _l("Imported applications"),
    "ats.create_import": _l("Uploaded a file to import"),
    "ats.discard_import": _l("Discarded an import"),
    "ats.map_labels": _l("Said what the labels of an import mean"),
    "ats.release_import": _l("Released an import"),
    "community.change_preferences": _l("Changed preferences"),
    "community.join": _l("Joined the community"),
    "company.change_settings": _l("Changed the settings"),
    "contact.record_consent": _l("Gave or took back a consent"),
    "people.change_profile": _l("Changed name, language or time zone"),
    "people.claim_address": _l("Showed that an address is theirs"),
    "privacy.erase_person": _l("Erased a person"),
    "privacy.hand_over": _l("Handed over a colleague's work"),
    "privacy.merge_people": _l("Merged two people into one"),
}
#: What the facts beside an action are called.
DETAIL_WORDS: Final[dict[str, str]] = {
    "accent": _l("Colour"),
    "action": _l("Said"),
    "added": _l("Added"),
    "area": _l("Area"),
    "changed": _l("Changed"),
    "count": _l("How many"),
    "device": _l("Device"),
    "ended_at": _l("Ended"),
    "labels": _l("Labels"),
    "mapped": _l("Mapped"),
    "merged_from": _l("Merged from"),
    "names": _l("What was changed"),
    "next_update_by": _l("Next word by"),
    "purpose": _l("Purpose"),
    "refused": _l("Refused"),
    "role": _l("Role"),
    "same": _l("Same"),
    "source": _l("Source"),
    "status": _l("Status"),
    "status_after": _l("Status after"),
    "status_before": _l("Status before"),
    "to": _l("To"),
}


def action_words(action: str) -> str:
    """`action` in plain words; itself when an earlier version recorded it."""
    return str(ACTION_WORDS.get(action, action))


def detail_words(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The facts of a record as pairs of label and value; those that say nothing are left out."""
    return [
        (str(DETAIL_WORDS.get(name, name.replace("_", " ").capitalize())), _value(value))
        for name, value in details.items()
        if value not in (None, "")
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    try:
        return format_day(date.fromisoformat(text))
    except ValueError:
        return text.replace("_", " ")
