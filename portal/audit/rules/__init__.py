"""What the records of the audit log say in plain words."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from portal.audit.rules.words import ACTION_WORDS, DETAIL_WORDS, SUBJECT_WORDS
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _

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
        "fitting.not_now",
        "feedback.ask",
        "feedback.read",
        "feedback.say_helped",
        "feedback.thank",
        "feedback.ask_for",
        "feedback.log_call",
        "feedback.take_call_back",
        "offers.accept",
        "offers.ask_for_time",
        "offers.decline",
        "offers.end",
        "interviews.ask_ahead",
        "interviews.change_question",
        "interviews.choose_time",
        "interviews.say_needs",
        "interviews.take_back_wish",
        "interviews.tell_us",
        "conversations.ask",
        "conversations.note_read",
        "conversations.place_mail",
        "outbox.lift_with_reason",
        "people.change_profile",
        "people.change_words",
        "people.claim_address",
        "people.note_absence",
        "people.remove_absence",
        "people.remove_picture",
        "people.set_picture",
        "people.take_browser_zone",
        "privacy.ask_for_copy",
        "privacy.ask_for_erasure",
        "privacy.erase_person",
        "privacy.fetch_copy",
        "privacy.hand_over",
        "privacy.join_records",
        "privacy.keep_me",
        "privacy.merge_people",
        "privacy.part_records",
        "prospects.add",
        "prospects.let_go",
        "prospects.note_link",
        "tasks.choose_morning_mail",
        "updates.agree_to_story",
        "updates.name_member",
        "updates.take_story_back",
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
        "feedback.approve",
        "feedback.retract",
        "feedback.take_back",
        "feedback.hold",
        "feedback.lift_hold",
        "offers.change",
        "offers.give_time",
        "offers.make",
        "offers.refuse_time",
        "offers.take_back",
        "offers.withdraw",
        "interviews.call_off",
        "interviews.call_off_ended",
        "interviews.missed_by_us",
        "interviews.move",
        "interviews.propose",
        "interviews.take_back",
        "interviews.thank",
        "outbox.retry_dead_letter",
        "prospects.invite",
    }
)
#: Work of colleagues among themselves, or about nobody: nobody whom it is about reads of it.
FOR_COLLEAGUES_ONLY: Final[frozenset[str]] = frozenset(
    {
        "privacy.open_sealed",
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
        "ats.ask_for_applying",
        "ats.ask_for_checking",
        "ats.create_import",
        "ats.discard_import",
        "ats.join_application",
        "ats.join_openings",
        "ats.map_labels",
        "ats.map_openings",
        "ats.part_openings",
        "ats.release_import",
        "company.change_settings",
        "company.restore",
        "conversations.need_no_answer",
        "fitting.invite",
        "fitting.take_back",
        "feedback.hand_in",
        "feedback.return",
        "feedback.save_draft",
        "feedback.write_anew",
        "interviews.change",
        "interviews.done",
        "interviews.missed_by_them",
        "interviews.declare_relationship",
        "interviews.note",
        "interviews.read_guide",
        "notes.add_note",
        "notes.change_note",
        "notes.change_tags",
        "notes.note_on_many",
        "notes.remove_note",
        "notes.take_notes_back",
        "notes.delete_tag",
        "notes.merge_tags",
        "notes.rename_tag",
        "notes.tag_many",
        "pools.change_pool",
        "pools.close_pool",
        "pools.create_pool",
        "pools.keep_pool",
        "pools.put_in",
        "pools.take_back",
        "pools.take_out",
        "outbox.dismiss_mail",
        "outbox.give_mail",
        "outbox.let_mail_go",
        "openings.change_people",
        "openings.create_opening",
        "openings.finish",
        "openings.open_again",
        "openings.publish",
        "openings.publish_again",
        "openings.publish_override",
        "openings.save_draft",
        "openings.stop_accepting",
        "prospects.import_list",
        "prospects.remove_link",
        "segments.change",
        "segments.remove",
        "segments.save",
        "tasks.cancel_task",
        "tasks.escalate_task",
        "tasks.finish_task",
        "tasks.hand_over_task",
        "tasks.note_on_task",
        "tasks.reopen_task",
        "digests.pause_mailing",
        "digests.resume_mailing",
        "digests.send_test",
        "digests.stop_mailing",
        "surveys.begin",
        "surveys.close",
        "surveys.discard_post",
        "surveys.pause",
        "surveys.publish",
        "surveys.publish_post",
        "surveys.resume",
        "surveys.save_draft",
        "surveys.tag_text",
        "surveys.take_back_post",
        "surveys.write_post",
        "updates.correct",
        "updates.create_update",
        "updates.discard_draft",
        "updates.finish_publishing",
        "updates.hold_up",
        "updates.publish",
        "updates.save_draft",
        "updates.schedule",
        "updates.unschedule",
        "updates.withdraw",
        "wording.change_mail",
        "wording.reset_mail",
    }
)
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
