"""Every job of the worker and how often it runs, in one list."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts import jobs as accounts
from portal.alerts import jobs as alerts
from portal.applications import jobs as applications
from portal.ats import jobs as imports
from portal.community import jobs as community
from portal.contact import jobs as contact
from portal.conversations import jobs as conversations
from portal.core.limits import forget_old_tries
from portal.desk import jobs as desk
from portal.digests import jobs as digests
from portal.feedback import jobs as feedback
from portal.files import jobs as files
from portal.fitting import jobs as fitting
from portal.interviews import jobs as interviews
from portal.offers import jobs as offers
from portal.openings import jobs as openings
from portal.outbox import jobs as outbox
from portal.outbox.jobs import MailSender
from portal.people import jobs as people
from portal.pools import jobs as pools
from portal.privacy import jobs as privacy
from portal.surveys import jobs as surveys
from portal.tasks import jobs as tasks
from portal.updates import jobs as updates
from portal.wording import jobs as wording


@dataclass(frozen=True)
class TimedJob:
    """Something done every `interval`: `run` gets the present instant, and is safe to run twice."""

    name: str
    run: Callable[[datetime], None]
    interval: timedelta


def show_life(at: datetime) -> None:
    """Nothing to do: that a worker finishes this often is its sign of life, for `portal doctor` and staff."""


TIMETABLE: tuple[TimedJob, ...] = (
    # First: mail goes after each job, and what waits since a worker went away may have no reason any more.
    TimedJob("surveys/stop_waiting_mails", surveys.stop_waiting_mails, timedelta(minutes=1)),
    TimedJob("worker/show_life", show_life, timedelta(seconds=20)),
    TimedJob("core/forget_old_tries", forget_old_tries, timedelta(hours=1)),
    TimedJob("accounts/forget_expired", accounts.forget_expired, timedelta(hours=1)),
    TimedJob("accounts/look_for_lost_mails", accounts.look_for_lost_mails, timedelta(minutes=1)),
    TimedJob("alerts/settle_alerts", alerts.settle_alerts, timedelta(seconds=20)),
    TimedJob("alerts/look_for_matches", alerts.look_for_matches, timedelta(minutes=1)),
    TimedJob("alerts/send_alerts", alerts.send_alerts, timedelta(minutes=1)),
    # Before the next: while it is not settled that a note reached nobody, no other is made.
    TimedJob("applications/settle_lost_notes", applications.settle_lost_notes, timedelta(minutes=1)),
    TimedJob("applications/break_silences", applications.break_silences, timedelta(minutes=1)),
    TimedJob("applications/look_after_escalated", applications.look_after_escalated, timedelta(minutes=5)),
    TimedJob("applications/pass_on_own_work", applications.pass_on_own_work, timedelta(minutes=1)),
    TimedJob("applications/remind_of_promises", applications.remind_of_promises, timedelta(minutes=15)),
    TimedJob("offers/look_for_lost_offers", offers.look_for_lost_offers, timedelta(minutes=1)),
    TimedJob("offers/follow_applications", offers.follow_applications, timedelta(minutes=1)),
    TimedJob("offers/look_for_overdue_offers", offers.look_for_overdue_offers, timedelta(minutes=15)),
    TimedJob("offers/forget_words", offers.forget_words, timedelta(hours=1)),
    TimedJob("applications/fold_promises", applications.fold_promises, timedelta(hours=1)),
    TimedJob("applications/go_on_with_changes", applications.go_on_with_changes, timedelta(seconds=10)),
    TimedJob("applications/write_endings", applications.write_endings, timedelta(seconds=15)),
    TimedJob("applications/follow_sources", applications.follow_sources, timedelta(minutes=5)),
    TimedJob("applications/settle_endings", applications.settle_endings, timedelta(minutes=5)),
    TimedJob("applications/count_rests", applications.count_rests, timedelta(minutes=1)),
    TimedJob("applications/stay_in_touch", applications.stay_in_touch, timedelta(minutes=1)),
    TimedJob("applications/forget_old_drafts", applications.forget_old_drafts, timedelta(hours=24)),
    TimedJob("applications/forget_unsent", applications.forget_unsent, timedelta(minutes=10)),
    TimedJob("applications/look_for_lost_letters", applications.look_for_lost_letters, timedelta(minutes=1)),
    TimedJob("applications/look_for_missed_promises", applications.look_for_missed_promises, timedelta(minutes=15)),
    TimedJob("ats/run_imports", imports.run_imports, timedelta(seconds=15)),
    TimedJob("ats/look_for_work_left", imports.look_for_work_left, timedelta(minutes=1)),
    TimedJob("community/forget_unconfirmed", community.forget_unconfirmed, timedelta(minutes=10)),
    TimedJob("desk/look_after_other_offers", desk.look_after_other_offers, timedelta(minutes=15)),
    TimedJob("desk/send_morning_mails", desk.send_morning_mails, timedelta(minutes=5)),
    TimedJob("contact/forget_old_contacts", contact.forget_old_contacts, timedelta(hours=24)),
    TimedJob("conversations/forget_old_replies", conversations.forget_old_replies, timedelta(hours=24)),
    TimedJob("conversations/look_for_lost_replies", conversations.look_for_lost_replies, timedelta(minutes=1)),
    TimedJob("feedback/note_what_is_owed", feedback.note_what_is_owed, timedelta(minutes=1)),
    TimedJob("feedback/ask_for_what_is_owed", feedback.ask_for_what_is_owed, timedelta(minutes=5)),
    TimedJob("feedback/stop_what_must_wait", feedback.stop_what_must_wait, timedelta(minutes=1)),
    TimedJob("files/delete_due_files", files.delete_due_files, timedelta(hours=6)),
    TimedJob("fitting/ask_who_may_fit", fitting.ask_who_may_fit, timedelta(minutes=5)),
    TimedJob("fitting/go_on_inviting", fitting.go_on_inviting, timedelta(seconds=10)),
    TimedJob("fitting/drop_outdated", fitting.drop_outdated, timedelta(minutes=1)),
    TimedJob("interviews/call_off_ended", interviews.call_off_ended, timedelta(minutes=1)),
    TimedJob("interviews/ask_what_became", interviews.ask_what_became, timedelta(minutes=5)),
    TimedJob("interviews/remind", interviews.remind, timedelta(minutes=1)),
    TimedJob("interviews/thank_candidates", interviews.thank_candidates, timedelta(minutes=5)),
    TimedJob("interviews/forget_what_is_over", interviews.forget_what_is_over, timedelta(hours=1)),
    TimedJob("openings/look_for_late_decisions", openings.look_for_late_decisions, timedelta(minutes=15)),
    TimedJob("openings/stop_ended", openings.stop_ended, timedelta(minutes=1)),
    TimedJob("outbox/fetch_mail", outbox.fetch_mail, timedelta(seconds=30)),
    TimedJob("outbox/sort_mail", outbox.sort_mail, timedelta(seconds=30)),
    TimedJob("outbox/empty_old_incoming", outbox.empty_old_incoming, timedelta(hours=6)),
    TimedJob("conversations/take_in_replies", conversations.take_in_replies, timedelta(seconds=30)),
    TimedJob("conversations/look_for_held_mail", conversations.look_for_held_mail, timedelta(minutes=1)),
    TimedJob("outbox/blank_old_mail", outbox.blank_old_mail, timedelta(hours=6)),
    TimedJob("outbox/forget_old_dev_mail", outbox.forget_old_dev_mail, timedelta(hours=24)),
    TimedJob("outbox/forget_quiet_domains", outbox.forget_quiet_domains, timedelta(hours=24)),
    TimedJob("people/forget_old_absences", people.forget_old_absences, timedelta(hours=24)),
    TimedJob("privacy/make_copies", privacy.make_copies, timedelta(seconds=15)),
    TimedJob("privacy/erase_who_asked", privacy.erase_who_asked, timedelta(minutes=1)),
    TimedJob("privacy/erase_prospects", privacy.erase_prospects, timedelta(minutes=5)),
    TimedJob("privacy/ask_who_wants_to_stay", privacy.ask_who_wants_to_stay, timedelta(hours=6)),
    TimedJob("privacy/sweep", privacy.sweep, timedelta(minutes=10)),
    TimedJob("pools/look_for_reviews", pools.look_for_reviews, timedelta(minutes=15)),
    TimedJob("surveys/ask_people", surveys.ask_people, timedelta(minutes=10)),
    TimedJob("surveys/remind_people", surveys.remind_people, timedelta(minutes=30)),
    TimedJob("surveys/see_to_low_scores", surveys.see_to_low_scores, timedelta(minutes=10)),
    TimedJob("surveys/count_reached", surveys.count_reached, timedelta(minutes=5)),
    TimedJob("surveys/release_ballots", surveys.release_ballots, timedelta(minutes=10)),
    TimedJob("surveys/forget_partial_answers", surveys.forget_partial_answers, timedelta(hours=1)),
    TimedJob("surveys/write_boxes_anew", surveys.write_boxes_anew, timedelta(hours=1)),
    TimedJob("updates/publish_due", updates.publish_due, timedelta(seconds=10)),
    TimedJob("updates/tell_members", updates.tell_members, timedelta(minutes=1)),
    TimedJob("digests/mail_updates", digests.mail_updates, timedelta(seconds=10)),
    TimedJob("digests/collect_letters", digests.collect_letters, timedelta(minutes=1)),
    TimedJob("digests/send_digests", digests.send_digests, timedelta(minutes=1)),
    TimedJob("wording/forget_old_held_back", wording.forget_old_held_back, timedelta(hours=24)),
    TimedJob("tasks/escalate_late_tasks", tasks.escalate_late_tasks, timedelta(minutes=5)),
)


def mail_sender(owner: str, stop: threading.Event) -> MailSender:
    """What sends due mail between the jobs; several workers may send at once."""
    return MailSender(owner, stop)
