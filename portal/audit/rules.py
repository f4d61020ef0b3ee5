"""What the records of the audit log say in plain words."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: Every action that is ever recorded; a test compares with the source.
ACTION_WORDS: Final[dict[str, str]] = {
    "accounts.accept_invitation": _l("Accepted the invitation to the staff"),
    "accounts.add_address": _l("Added an e-mail address"),
    "accounts.change_address": _l("Changed the e-mail address"),
    "accounts.change_role": _l("Changed a role"),
    "accounts.choose_address": _l("Chose which address we write to"),
    "accounts.confirm_address": _l("Confirmed an e-mail address"),
    "accounts.deactivate_staff": _l("Ended a colleague's access"),
    "accounts.end_all_sessions": _l("Signed out everywhere"),
    "accounts.end_session": _l("Signed out on a device"),
    "accounts.forget_trusted_devices": _l("Asked for the second factor on every device again"),
    "accounts.give_second_factor": _l("Gave the second factor"),
    "accounts.invite_staff": _l("Invited somebody to the staff"),
    "accounts.stay_with_address": _l("Kept an address that was to go"),
    "accounts.keep_address": _l("Took back changes of addresses"),
    "accounts.link_to_come_in": _l("Made a link, by command, for a colleague to set up their second factor"),
    "accounts.make_recovery_codes": _l("Made new recovery codes"),
    "accounts.remove_address": _l("Removed an e-mail address"),
    "accounts.renew_invitation": _l("Sent an invitation again"),
    "accounts.reset_second_factor": _l("Reset a colleague's second factor"),
    "accounts.set_password": _l("Set a password"),
    "accounts.set_up_second_factor": _l("Set up a second factor"),
    "accounts.sign_in": _l("Signed in"),
    "accounts.trust_device": _l("Came in on a device that remembers the second factor"),
    "accounts.use_recovery_code": _l("Used a recovery code"),
    "applications.change_many": _l("Moved, put off or wrote to several candidates at once"),
    "applications.reassign": _l("Gave an application to a colleague"),
    "applications.take_change_back": _l("Took back what was told to several candidates at once"),
    "applications.escalate": _l("Told a candidate that we have not kept our promise"),
    "applications.log_call": _l("Logged a call with a candidate"),
    "applications.send_holding_note": _l("Told a candidate, automatically, that there is no news"),
    "applications.add_cv": _l("Added a CV to an application"),
    "applications.apply": _l("Applied"),
    "applications.release_import": _l("Released the applications of an import"),
    "applications.move_application": _l("Moved an application, or its date, in standard words"),
    "applications.send_letter_now": _l("Sent a letter now that waited for its time to undo"),
    "applications.remove_cv": _l("Took a CV away from an application"),
    "applications.take_back_letter": _l("Took back a letter before it went"),
    "applications.set_mark": _l("Set a near-fit or a silver medal"),
    "applications.remove_mark": _l("Took a near-fit or a silver medal away"),
    "applications.rather_not": _l("Would rather not hear from us after “not yet”"),
    "applications.stay_again": _l("Set the days to stay in touch again"),
    "applications.tell_another_way": _l("Noted how a candidate was told whom no mail reached"),
    "applications.end_many": _l("Ended many applications of an opening"),
    "applications.revert_ending": _l("Took back an ending that a candidate was told of"),
    "applications.tell_elsewhere": _l("Noted that another system told a candidate of an ending"),
    "applications.refuse_told_elsewhere": _l("Said that an ending from an import does not hold"),
    "applications.follow_source": _l("Let a candidate's page say where an import moved their application"),
    "applications.refuse_move": _l("Said that a move from an import does not hold"),
    "applications.withdraw": _l("Withdrew their application"),
    "applications.write_to_candidate": _l("Wrote to a candidate"),
    "ats.apply_import": _l("Imported applications"),
    "ats.create_import": _l("Uploaded a file to import"),
    "ats.discard_import": _l("Discarded an import"),
    "ats.join_application": _l("Put an application into the opening of ours that it is for"),
    "ats.join_openings": _l("Joined an opening from an import with one of ours"),
    "ats.map_labels": _l("Said what the labels of an import mean"),
    "ats.map_openings": _l("Said which openings the applications of an import join"),
    "ats.part_openings": _l("Parted an opening from an import from one of ours"),
    "ats.release_import": _l("Released an import"),
    "community.change_preferences": _l("Changed preferences"),
    "community.forget_other_offers": _l("Forgot other offers, as no application is open"),
    "community.join": _l("Joined the community"),
    "community.leave": _l("Left the community"),
    "company.change_settings": _l("Changed the settings"),
    "conversations.ask": _l("Wrote in their conversation with us"),
    "conversations.need_no_answer": _l("Said that a message needs no answer"),
    "conversations.note_read": _l("Said that they have read a message"),
    "conversations.reply": _l("Wrote in a candidate's conversation"),
    "conversations.take_back": _l("Took back an answer before it went"),
    "contact.change_preferences": _l("Changed how often and when we may write"),
    "contact.lift_suppression": _l("Let mail go to an address again"),
    "contact.record_consent": _l("Gave or took back a consent"),
    "contact.suppress": _l("Stopped mail to an address that sends it back"),
    "notes.add_note": _l("Noted something for colleagues"),
    "notes.change_note": _l("Changed a note"),
    "notes.change_tags": _l("Changed the tags of a person"),
    "notes.note_on_many": _l("Noted something on several applications, for colleagues"),
    "notes.remove_note": _l("Removed a note"),
    "notes.take_notes_back": _l("Took a note back from several applications"),
    "openings.change_people": _l("Said who looks after an opening"),
    "openings.create_opening": _l("Began an opening"),
    "openings.finish": _l("Finished an opening: everybody in it has their ending"),
    "openings.open_again": _l("Opened a finished opening again"),
    "openings.publish": _l("Published an opening"),
    "openings.publish_again": _l("Published an opening again that was stopped"),
    "openings.publish_override": _l("Published an opening although something was missing"),
    "openings.save_draft": _l("Wrote an opening"),
    "openings.stop_accepting": _l("Stopped accepting applications to an opening"),
    "outbox.retry_dead_letter": _l("Let a message be tried again"),
    "people.change_profile": _l("Changed name, language or time zone"),
    "people.change_words": _l("Changed what candidates read of a colleague"),
    "people.claim_address": _l("Showed that an address is theirs"),
    "people.note_absence": _l("Noted when a colleague is away"),
    "people.remove_absence": _l("Struck out when a colleague is away"),
    "people.remove_picture": _l("Removed a colleague's picture"),
    "people.set_picture": _l("Changed a colleague's picture"),
    "privacy.erase_person": _l("Erased a person"),
    "privacy.join_records": _l("Joined the record of another address of theirs"),
    "privacy.part_records": _l("Parted two records that had been joined"),
    "privacy.hand_over": _l("Handed over a colleague's work"),
    "privacy.merge_people": _l("Merged two people into one"),
    "wording.change_mail": _l("Changed the words of a mail"),
    "wording.reset_mail": _l("Went back to the original words of a mail"),
    "tasks.cancel_task": _l("Let go of a task that is no longer needed"),
    "tasks.choose_morning_mail": _l("Switched the mail of the morning on or off"),
    "tasks.escalate_task": _l("Let the lead know of a late task"),
    "tasks.finish_task": _l("Finished a task"),
    "tasks.hand_over_task": _l("Handed a task over"),
    "tasks.note_on_task": _l("Noted something on a task"),
    "tasks.reopen_task": _l("Opened a task again"),
}
# Each action stands in one of the next three, so that nobody reads of something new before somebody thought of it;
# a test compares them with `ACTION_WORDS`. What somebody did themselves they read in any case.
#: Whom it is about reads of it among what we hold about them.
TOLD_TO_WHOM_IT_IS_ABOUT: Final[frozenset[str]] = frozenset(
    {
        "accounts.accept_invitation",
        "accounts.add_address",
        "accounts.change_address",
        "accounts.change_role",
        "accounts.choose_address",
        "accounts.confirm_address",
        "accounts.deactivate_staff",
        "accounts.end_all_sessions",
        "accounts.end_session",
        "accounts.forget_trusted_devices",
        "accounts.give_second_factor",
        "accounts.invite_staff",
        "accounts.keep_address",
        "accounts.link_to_come_in",
        "accounts.make_recovery_codes",
        "accounts.remove_address",
        "accounts.renew_invitation",
        "accounts.reset_second_factor",
        "accounts.set_password",
        "accounts.set_up_second_factor",
        "accounts.sign_in",
        "accounts.stay_with_address",
        "accounts.trust_device",
        "accounts.use_recovery_code",
        "applications.add_cv",
        "applications.apply",
        "applications.log_call",
        "applications.rather_not",
        "applications.reassign",
        "applications.remove_cv",
        "applications.tell_another_way",
        "applications.tell_elsewhere",
        "applications.withdraw",
        "community.change_preferences",
        "community.forget_other_offers",
        "community.join",
        "community.leave",
        "contact.change_preferences",
        "contact.lift_suppression",
        "contact.record_consent",
        "contact.suppress",
        "conversations.ask",
        "conversations.note_read",
        "people.change_profile",
        "people.change_words",
        "people.claim_address",
        "people.note_absence",
        "people.remove_absence",
        "people.remove_picture",
        "people.set_picture",
        "privacy.erase_person",
        "privacy.hand_over",
        "privacy.join_records",
        "privacy.merge_people",
        "privacy.part_records",
        "tasks.choose_morning_mail",
    }
)
#: About a letter that may still be undone without a trace, or that no mail server took: once it went, the page of the
#: application or the conversation tells of it.
TOLD_BY_THE_LETTER: Final[frozenset[str]] = frozenset(
    {
        "applications.escalate",
        "applications.follow_source",
        "applications.move_application",
        "applications.revert_ending",
        "applications.send_holding_note",
        "applications.send_letter_now",
        "applications.take_back_letter",
        "applications.write_to_candidate",
        "conversations.reply",
        "conversations.take_back",
        "outbox.retry_dead_letter",
    }
)
#: Work of colleagues among themselves, or about nobody: nobody whom it is about reads of it.
FOR_COLLEAGUES_ONLY: Final[frozenset[str]] = frozenset(
    {
        "applications.change_many",
        "applications.end_many",
        "applications.refuse_move",
        "applications.refuse_told_elsewhere",
        "applications.release_import",
        "applications.remove_mark",
        "applications.set_mark",
        "applications.stay_again",
        "applications.take_change_back",
        "ats.apply_import",
        "ats.create_import",
        "ats.discard_import",
        "ats.join_application",
        "ats.join_openings",
        "ats.map_labels",
        "ats.map_openings",
        "ats.part_openings",
        "ats.release_import",
        "company.change_settings",
        "conversations.need_no_answer",
        "notes.add_note",
        "notes.change_note",
        "notes.change_tags",
        "notes.note_on_many",
        "notes.remove_note",
        "notes.take_notes_back",
        "openings.change_people",
        "openings.create_opening",
        "openings.finish",
        "openings.open_again",
        "openings.publish",
        "openings.publish_again",
        "openings.publish_override",
        "openings.save_draft",
        "openings.stop_accepting",
        "tasks.cancel_task",
        "tasks.escalate_task",
        "tasks.finish_task",
        "tasks.hand_over_task",
        "tasks.note_on_task",
        "tasks.reopen_task",
        "wording.change_mail",
        "wording.reset_mail",
    }
)
#: What the facts beside an action are called.
DETAIL_WORDS: Final[dict[str, str]] = {
    "accent": _l("Colour"),
    "action": _l("Said"),
    "added": _l("Added"),
    "address_rows": _l("Rows of addresses"),
    "applications": _l("Applications"),
    "joined": _l("Joined"),
    "messages": _l("Messages"),
    "notes": _l("Notes"),
    "tag_rows": _l("Rows of tags"),
    "shared_tag_rows": _l("Rows of tags of both"),
    "parted": _l("Parted"),
    "area": _l("Area"),
    "before": _l("Before"),
    "by_link": _l("With the link from a mail"),
    "changed": _l("Changed"),
    "count": _l("How many"),
    "device": _l("Device"),
    "ended_at": _l("Ended"),
    "from_on": _l("From"),
    "labels": _l("Labels"),
    "is_copy": _l("As a copy"),
    "mapped": _l("Mapped"),
    "merged_from": _l("Merged from"),
    "missing": _l("What was missing"),
    "names": _l("What was changed"),
    "removed": _l("Removed"),
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
    "version": _l("Version"),
    "until_on": _l("Until"),
    "wanted": _l("Wanted"),
    "why": _l("Why"),
}
#: What a record may be about, as the beginning of its subject.
SUBJECT_WORDS: Final[dict[str, str]] = {
    "application": _l("Application"),
    "company": _l("Company"),
    "conversation": _l("Conversation with the person"),
    "delivery": _l("Message"),
    "import": _l("Import"),
    "mail": _l("Words of a mail"),
    "opening": _l("Opening"),
    "person": _l("Person"),
    "suppression": _l("Address that mail does not reach"),
    "task": _l("Task"),
}
_ID = re.compile(r"[A-Za-z0-9_-]{4,40}")


def subject_words(subject: str) -> str:
    """What a record is about in plain words: "Application Ab3dEf5hJk7m"."""
    kind, _colon, public_id = subject.partition(":")
    return (
        f"{SUBJECT_WORDS.get(kind, kind)} {public_id}".strip() if subject != "erased" else _("Somebody who was erased")
    )


def possible_subjects(text: str) -> list[str]:
    """The subjects that somebody may mean by `text`: one as it is stored, or an id alone; none for other words."""
    kind, colon, public_id = text.partition(":")
    if colon:
        return [text] if kind in SUBJECT_WORDS and public_id else []
    return [f"{known}:{text}" for known in SUBJECT_WORDS] if _ID.fullmatch(text) else []


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
