"""What each kind of task is called, what to do about it, where it is done, and who can do it."""

from collections.abc import Callable
from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.core.permissions import Permission
from portal.tasks.states import TaskKind

#: The kinds as a filter names them.
KIND_LABELS: Final[dict[TaskKind, str]] = {
    TaskKind.DEAD_LETTER: _l("Letters that did not arrive"),
    TaskKind.DEAD_ACCOUNT_LETTER: _l("Account mails that did not arrive"),
    TaskKind.DEAD_INVITATION: _l("Invitations that did not arrive"),
    TaskKind.MISSED_PROMISE: _l("Promises that were missed"),
    TaskKind.UPDATE_DUE: _l("Promises that come up"),
    TaskKind.ESCALATED: _l("Promises we have not kept"),
    TaskKind.ESCALATED_TOO_LONG: _l("Silent for twenty working days more"),
    TaskKind.LABELS_TO_MAP: _l("Words of imports without a meaning"),
    TaskKind.IMPORT_TO_RELEASE: _l("Imports to release"),
    TaskKind.QUESTION: _l("Questions that wait for an answer"),
    TaskKind.DEAD_REPLY: _l("Answers that did not arrive"),
    TaskKind.HELD_MAIL: _l("Mail that may be a candidate's"),
    TaskKind.OFFER_DEADLINE: _l("Days that candidates named"),
    TaskKind.STAY_IN_TOUCH: _l("People to stay in touch with"),
    TaskKind.HANDED_OVER: _l("Work of colleagues who left"),
    TaskKind.REASSIGNED: _l("Applications that colleagues gave to you"),
    TaskKind.OPENED_AGAIN: _l("Finished openings with somebody in them again"),
    TaskKind.DECISION_LATE: _l("Openings decided later than they said"),
    TaskKind.WHO_MAY_FIT: _l("Openings that people may fit"),
    TaskKind.POOL_REVIEW: _l("Pools to look at again"),
    TaskKind.UPDATE_HELD_UP: _l("Updates that did not go out"),
    TaskKind.FEEDBACK_DUE: _l("Feedback that is owed"),
    TaskKind.FEEDBACK_TO_APPROVE: _l("Feedback to approve"),
    TaskKind.INTERVIEW_WISH: _l("Interviews that candidates cannot make"),
    TaskKind.INTERVIEW_TO_CLOSE: _l("Interviews that took place or not"),
    TaskKind.OFFER_WAITS: _l("Offers that need you"),
    TaskKind.LOW_SCORE: _l("Low scores to hear more about"),
}

#: Many of a kind in a few words.
_MANY: Final[dict[TaskKind, Callable[[int], str]]] = {
    TaskKind.DEAD_LETTER: lambda n: ngettext("%(count)s letter did not arrive", "%(count)s letters did not arrive", n),
    TaskKind.DEAD_ACCOUNT_LETTER: lambda n: ngettext(
        "%(count)s account mail did not arrive", "%(count)s account mails did not arrive", n
    ),
    TaskKind.DEAD_INVITATION: lambda n: ngettext(
        "%(count)s invitation did not arrive", "%(count)s invitations did not arrive", n
    ),
    TaskKind.MISSED_PROMISE: lambda n: ngettext(
        "%(count)s person did not hear from us as promised", "%(count)s people did not hear from us as promised", n
    ),
    TaskKind.UPDATE_DUE: lambda n: ngettext(
        "%(count)s person was promised word", "%(count)s people were promised word", n
    ),
    TaskKind.ESCALATED: lambda n: ngettext(
        "%(count)s person was told that we have not kept our promise",
        "%(count)s people were told that we have not kept our promise",
        n,
    ),
    TaskKind.ESCALATED_TOO_LONG: lambda n: ngettext(
        "%(count)s person has waited twenty working days since we broke our promise",
        "%(count)s people have waited twenty working days since we broke our promise",
        n,
    ),
    TaskKind.LABELS_TO_MAP: lambda n: ngettext(
        "%(count)s import uses words without a meaning", "%(count)s imports use words without a meaning", n
    ),
    TaskKind.IMPORT_TO_RELEASE: lambda n: ngettext(
        "%(count)s import waits to be released", "%(count)s imports wait to be released", n
    ),
    TaskKind.QUESTION: lambda n: ngettext(
        "%(count)s person waits for an answer", "%(count)s people wait for an answer", n
    ),
    TaskKind.DEAD_REPLY: lambda n: ngettext("%(count)s answer did not arrive", "%(count)s answers did not arrive", n),
    TaskKind.HELD_MAIL: lambda n: ngettext(
        "%(count)s mail may be a candidate's", "%(count)s mails may be a candidate's", n
    ),
    TaskKind.OFFER_DEADLINE: lambda n: ngettext(
        "%(count)s person named a day by which they hope for word",
        "%(count)s people named days by which they hope for word",
        n,
    ),
    TaskKind.STAY_IN_TOUCH: lambda n: ngettext(
        "%(count)s person was told that we stay in touch", "%(count)s people were told that we stay in touch", n
    ),
    TaskKind.HANDED_OVER: lambda n: ngettext(
        "%(count)s colleague left their work to you", "%(count)s colleagues left their work to you", n
    ),
    TaskKind.REASSIGNED: lambda n: ngettext(
        "Applications of %(count)s opening are yours now", "Applications of %(count)s openings are yours now", n
    ),
    TaskKind.OPENED_AGAIN: lambda n: ngettext(
        "Somebody is in %(count)s opening again that was finished",
        "Somebody is in %(count)s openings again that were finished",
        n,
    ),
    TaskKind.DECISION_LATE: lambda n: ngettext(
        "%(count)s opening needs a new day of decision", "%(count)s openings need a new day of decision", n
    ),
    TaskKind.WHO_MAY_FIT: lambda n: ngettext(
        "%(count)s new opening that people may fit", "%(count)s new openings that people may fit", n
    ),
    TaskKind.POOL_REVIEW: lambda n: ngettext(
        "%(count)s pool is to be looked at again", "%(count)s pools are to be looked at again", n
    ),
    TaskKind.UPDATE_HELD_UP: lambda n: ngettext(
        "%(count)s update did not go out at its time", "%(count)s updates did not go out at their time", n
    ),
    TaskKind.FEEDBACK_DUE: lambda n: ngettext(
        "%(count)s person is owed feedback", "%(count)s people are owed feedback", n
    ),
    TaskKind.FEEDBACK_TO_APPROVE: lambda n: ngettext(
        "%(count)s piece of feedback waits to be approved", "%(count)s pieces of feedback wait to be approved", n
    ),
    TaskKind.INTERVIEW_TO_CLOSE: lambda n: ngettext(
        "%(count)s interview is over: say what became of it",
        "%(count)s interviews are over: say what became of them",
        n,
    ),
    TaskKind.INTERVIEW_WISH: lambda n: ngettext(
        "%(count)s candidate needs an answer about an interview",
        "%(count)s candidates need an answer about an interview",
        n,
    ),
    TaskKind.OFFER_WAITS: lambda n: ngettext("%(count)s offer needs you", "%(count)s offers need you", n),
    TaskKind.LOW_SCORE: lambda n: ngettext(
        "%(count)s person told us that it went badly", "%(count)s people told us that it went badly", n
    ),
}

#: What somebody can do about it, in a sentence.
WHAT_TO_DO: Final[dict[TaskKind, str]] = {
    TaskKind.DEAD_LETTER: _l("Call them or write to another address, then say how they were told what it said."),
    TaskKind.DEAD_ACCOUNT_LETTER: _l("They may be locked out. See whether we know another address or a telephone."),
    TaskKind.DEAD_INVITATION: _l("Check the address with them, and send the invitation again."),
    TaskKind.MISSED_PROMISE: _l("See what holds it up, and make sure that a person writes to them today."),
    TaskKind.UPDATE_DUE: _l("A draft is ready. Read it, make it yours, and send it before the promised day ends."),
    TaskKind.ESCALATED: _l("They were told that you have been asked to write. Write, or call them and log it."),
    TaskKind.ESCALATED_TOO_LONG: _l("Answer it or end it. This stays here until a person has written."),
    TaskKind.LABELS_TO_MAP: _l("Until somebody says what these words mean, candidates read “In review”."),
    TaskKind.IMPORT_TO_RELEASE: _l("Look at it once more. Nothing automatic goes to its people before."),
    TaskKind.QUESTION: _l("Read what they wrote and answer it, or say why it needs no answer."),
    TaskKind.DEAD_REPLY: _l("Ask for another address or call them, then write again."),
    TaskKind.HELD_MAIL: _l("Read it and say whether they wrote it. Until then it stands in no conversation."),
    TaskKind.OFFER_DEADLINE: _l("See on their card what they told you alone, and give them word before their day."),
    TaskKind.STAY_IN_TOUCH: _l(
        "A draft is ready. If they have said yes to hearing from us, make it personal and send it."
    ),
    TaskKind.HANDED_OVER: _l("Look through what is yours now, and tell those who wait that you look after them."),
    TaskKind.REASSIGNED: _l("Look through what is yours now. Candidates read your name from today on."),
    TaskKind.OPENED_AGAIN: _l("An import brought them without an ending. See who it is, answer or end it, and finish."),
    TaskKind.DECISION_LATE: _l("Its page says that we are later than we said. Write a new day and publish it."),
    TaskKind.WHO_MAY_FIT: _l("See who was close before and which members it interests, and invite whom you like."),
    TaskKind.POOL_REVIEW: _l("Keep it to a new day, go through the people in it, or close it."),
    TaskKind.UPDATE_HELD_UP: _l("It says what was missing. Add that, then publish it or choose a new time."),
    TaskKind.FEEDBACK_DUE: _l("Write it, or see that somebody of the panel does. It stands here until they have it."),
    TaskKind.FEEDBACK_TO_APPROVE: _l("Read it as they will. Approve it, or send it back with a word."),
    TaskKind.INTERVIEW_TO_CLOSE: _l("Say whether it took place. If we were the ones who did not come, we apologise."),
    TaskKind.INTERVIEW_WISH: _l("Read what they told us, then propose new times, move it or call it off."),
    TaskKind.OFFER_WAITS: _l("They accepted, asked for time, or let the day pass. See which, and do what comes next."),
    TaskKind.LOW_SCORE: _l("Read what they answered, and get in touch. Nobody else sees this task."),
}

#: What the link says that leads to where it is done.
LINK_LABELS: Final[dict[TaskKind, str]] = {
    TaskKind.DEAD_LETTER: _l("Say how they were told"),
    TaskKind.DEAD_ACCOUNT_LETTER: _l("Open their card"),
    TaskKind.DEAD_INVITATION: _l("Open the invitation"),
    TaskKind.MISSED_PROMISE: _l("Open the application"),
    TaskKind.UPDATE_DUE: _l("Open the draft"),
    TaskKind.ESCALATED: _l("Open the application"),
    TaskKind.ESCALATED_TOO_LONG: _l("Open the application"),
    TaskKind.LABELS_TO_MAP: _l("Say what they mean"),
    TaskKind.IMPORT_TO_RELEASE: _l("Look at it and release it"),
    TaskKind.QUESTION: _l("Open the conversation"),
    TaskKind.DEAD_REPLY: _l("Open the conversation"),
    TaskKind.HELD_MAIL: _l("Read the mail"),
    TaskKind.OFFER_DEADLINE: _l("Open their card"),
    TaskKind.STAY_IN_TOUCH: _l("Open the draft"),
    TaskKind.HANDED_OVER: _l("See what is yours now"),
    TaskKind.REASSIGNED: _l("See what is yours now"),
    TaskKind.OPENED_AGAIN: _l("See who is in it"),
    TaskKind.DECISION_LATE: _l("Write a new day"),
    TaskKind.WHO_MAY_FIT: _l("See who may fit"),
    TaskKind.POOL_REVIEW: _l("Look at the pool"),
    TaskKind.UPDATE_HELD_UP: _l("Open the update"),
    TaskKind.FEEDBACK_DUE: _l("Give the feedback"),
    TaskKind.FEEDBACK_TO_APPROVE: _l("Read it"),
    TaskKind.INTERVIEW_WISH: _l("Open the interview"),
    TaskKind.INTERVIEW_TO_CLOSE: _l("Say what became of it"),
    TaskKind.OFFER_WAITS: _l("Open the offer"),
    TaskKind.LOW_SCORE: _l("Read what they answered"),
}

_PATHS: Final[dict[TaskKind, str]] = {
    TaskKind.DEAD_LETTER: "/recruiting/applications/{about}/told",
    TaskKind.DEAD_ACCOUNT_LETTER: "/recruiting/candidates/{about}",
    TaskKind.DEAD_INVITATION: "/recruiting/admin/staff/{about}",
    TaskKind.MISSED_PROMISE: "/recruiting/applications/{about}",
    TaskKind.UPDATE_DUE: "/recruiting/applications/{about}?draft=update#letter",
    TaskKind.ESCALATED: "/recruiting/applications/{about}",
    TaskKind.ESCALATED_TOO_LONG: "/recruiting/applications/{about}",
    TaskKind.LABELS_TO_MAP: "/recruiting/imports/{about}/labels",
    TaskKind.IMPORT_TO_RELEASE: "/recruiting/imports/{about}/release",
    TaskKind.QUESTION: "/recruiting/conversations/{about}",
    TaskKind.DEAD_REPLY: "/recruiting/conversations/{about}",
    TaskKind.HELD_MAIL: "/recruiting/conversations/{about}#held",
    TaskKind.OFFER_DEADLINE: "/recruiting/candidates/{about}",
    TaskKind.STAY_IN_TOUCH: "/recruiting/applications/{about}/stay-in-touch",
    TaskKind.HANDED_OVER: "/recruiting/applications?owner={about}",
    TaskKind.REASSIGNED: "/recruiting/openings/{about}/pipeline",
    TaskKind.OPENED_AGAIN: "/recruiting/openings/{about}/finish",
    TaskKind.DECISION_LATE: "/recruiting/openings/{about}/edit#decision_by",
    TaskKind.WHO_MAY_FIT: "/recruiting/openings/{about}/fitting",
    TaskKind.POOL_REVIEW: "/recruiting/pools/{about}/review",
    TaskKind.UPDATE_HELD_UP: "/recruiting/updates/{about}",
    TaskKind.FEEDBACK_DUE: "/recruiting/feedback/{about}",
    TaskKind.FEEDBACK_TO_APPROVE: "/recruiting/applications/{about}/feedback/approve",
    TaskKind.INTERVIEW_WISH: "/recruiting/interviews/{about}",
    TaskKind.INTERVIEW_TO_CLOSE: "/recruiting/interviews/{about}/close",
    TaskKind.OFFER_WAITS: "/recruiting/applications/{about}/offer",
    TaskKind.LOW_SCORE: "/recruiting/surveys/low-scores/{about}",
}

#: What a role must allow so that somebody can do it.
NEEDED: Final[dict[TaskKind, Permission]] = {
    TaskKind.DEAD_LETTER: Permission.WRITE_TO_CANDIDATES,
    TaskKind.DEAD_ACCOUNT_LETTER: Permission.SEE_CANDIDATES,
    TaskKind.DEAD_INVITATION: Permission.MANAGE_STAFF,
    TaskKind.MISSED_PROMISE: Permission.WRITE_TO_CANDIDATES,
    TaskKind.UPDATE_DUE: Permission.WRITE_TO_CANDIDATES,
    TaskKind.ESCALATED: Permission.WRITE_TO_CANDIDATES,
    TaskKind.ESCALATED_TOO_LONG: Permission.WRITE_TO_CANDIDATES,
    TaskKind.LABELS_TO_MAP: Permission.IMPORT,
    TaskKind.IMPORT_TO_RELEASE: Permission.IMPORT,
    TaskKind.QUESTION: Permission.WRITE_TO_CANDIDATES,
    TaskKind.DEAD_REPLY: Permission.WRITE_TO_CANDIDATES,
    TaskKind.HELD_MAIL: Permission.WRITE_TO_CANDIDATES,
    TaskKind.OFFER_DEADLINE: Permission.SEE_CANDIDATES,
    TaskKind.STAY_IN_TOUCH: Permission.WRITE_TO_CANDIDATES,
    TaskKind.HANDED_OVER: Permission.SEE_OWN_OPENINGS,
    TaskKind.REASSIGNED: Permission.WRITE_TO_CANDIDATES,
    TaskKind.OPENED_AGAIN: Permission.WRITE_TO_CANDIDATES,
    TaskKind.DECISION_LATE: Permission.WRITE_OPENINGS,
    TaskKind.WHO_MAY_FIT: Permission.WRITE_TO_CANDIDATES,
    TaskKind.POOL_REVIEW: Permission.SEE_CANDIDATES,
    TaskKind.UPDATE_HELD_UP: Permission.WRITE_TO_CANDIDATES,
    TaskKind.FEEDBACK_DUE: Permission.SEE_OWN_OPENINGS,
    TaskKind.FEEDBACK_TO_APPROVE: Permission.SEE_OWN_OPENINGS,
    TaskKind.INTERVIEW_WISH: Permission.WRITE_TO_CANDIDATES,
    TaskKind.INTERVIEW_TO_CLOSE: Permission.WRITE_TO_CANDIDATES,
    TaskKind.OFFER_WAITS: Permission.WRITE_TO_CANDIDATES,
    TaskKind.LOW_SCORE: Permission.WRITE_TO_CANDIDATES,
}


def path_of(kind: TaskKind, about: str) -> str:
    """Where a task is done."""
    return _PATHS[kind].format(about=about)


def heap_words(kind: TaskKind, count: int) -> str:
    """So many tasks of a kind in one line."""
    return _MANY[kind](count)


def task_words(kind: TaskKind, name: str, title: str) -> str:
    """One task in a line. `name`: whom it is about; `title`: what it is about; either may be empty."""
    if not name and kind in _WITH_NAME:
        return _("%(what)s: %(title)s", what=heap_words(kind, 1), title=title) if title else heap_words(kind, 1)
    return _ONE[kind](name, title)


def _dead_letter(name: str, title: str) -> str:
    if title:
        return _("Our letter to %(name)s about %(title)s did not arrive", name=name, title=title)
    return _("Our letter to %(name)s did not arrive", name=name)


def _missed(name: str, title: str) -> str:
    if title:
        return _("%(name)s did not hear from us as promised: %(title)s", name=name, title=title)
    return _("%(name)s did not hear from us as promised", name=name)


def _about(what: str, title: str) -> str:
    return _("%(what)s: %(title)s", what=what, title=title) if title else what


def _question(name: str, title: str) -> str:
    if title:
        return _("%(name)s waits for an answer: %(title)s", name=name, title=title)
    return _("%(name)s waits for an answer", name=name)


def _named_a_day(name: str, title: str) -> str:
    if title:
        return _("%(name)s named a day by which they hope for word: %(title)s", name=name, title=title)
    return _("%(name)s named a day by which they hope for word", name=name)


def _handed_over(name: str, title: str) -> str:
    return _("%(name)s left: take over %(what)s", name=name, what=title or _("their work"))


def _without_meaning(title: str) -> str:
    if title:
        return _("Words in the import from %(source)s have no meaning yet", source=title)
    return _("Words of an import have no meaning yet")


def _to_release(title: str) -> str:
    return (
        _("The import of %(file)s waits to be released", file=title)
        if title
        else heap_words(TaskKind.IMPORT_TO_RELEASE, 1)
    )


_ONE: Final[dict[TaskKind, Callable[[str, str], str]]] = {
    TaskKind.DEAD_LETTER: _dead_letter,
    TaskKind.DEAD_ACCOUNT_LETTER: lambda name, _t: _(
        "Our mail about the account of %(name)s did not arrive", name=name
    ),
    TaskKind.DEAD_INVITATION: lambda name, _t: _("The invitation of %(name)s did not arrive", name=name),
    TaskKind.MISSED_PROMISE: _missed,
    TaskKind.UPDATE_DUE: lambda name, title: _about(_("%(name)s was promised word", name=name), title),
    TaskKind.ESCALATED: lambda name, title: _about(
        _("%(name)s was told that we have not kept our promise", name=name), title
    ),
    TaskKind.ESCALATED_TOO_LONG: lambda name, title: _about(
        _("%(name)s still waits, twenty working days after we said we broke our promise", name=name), title
    ),
    TaskKind.LABELS_TO_MAP: lambda _n, title: _without_meaning(title),
    TaskKind.IMPORT_TO_RELEASE: lambda _n, title: _to_release(title),
    TaskKind.QUESTION: _question,
    TaskKind.DEAD_REPLY: lambda name, _t: _("What we wrote to %(name)s did not arrive", name=name),
    TaskKind.HELD_MAIL: lambda name, _t: _("A mail came in that may be from %(name)s", name=name),
    TaskKind.OFFER_DEADLINE: _named_a_day,
    TaskKind.STAY_IN_TOUCH: lambda name, title: _about(_("Stay in touch with %(name)s", name=name), title),
    TaskKind.HANDED_OVER: _handed_over,
    TaskKind.REASSIGNED: lambda _n, title: (
        _("Applications are yours now: %(title)s", title=title) if title else _("Applications are yours now")
    ),
    TaskKind.OPENED_AGAIN: lambda _n, title: (
        _("Somebody is in this opening again: %(title)s", title=title)
        if title
        else _("Somebody is in an opening again that was finished")
    ),
    TaskKind.DECISION_LATE: lambda _n, title: (
        _("Say when this opening will be decided: %(title)s", title=title)
        if title
        else _("Say when an opening will be decided")
    ),
    TaskKind.WHO_MAY_FIT: lambda _n, title: (
        _("See who may fit: %(title)s", title=title) if title else _("See who may fit a new opening")
    ),
    TaskKind.POOL_REVIEW: lambda _n, title: (
        _("Is this pool still right: %(title)s", title=title) if title else _("Is a pool still right?")
    ),
    TaskKind.FEEDBACK_DUE: lambda name, title: _about(_("%(name)s is owed feedback", name=name), title),
    TaskKind.UPDATE_HELD_UP: lambda _n, title: (
        _("This update did not go out at its time: %(title)s", title=title)
        if title
        else heap_words(TaskKind.UPDATE_HELD_UP, 1)
    ),
    TaskKind.FEEDBACK_TO_APPROVE: lambda name, title: _about(
        _("Feedback for %(name)s waits to be approved", name=name), title
    ),
    TaskKind.INTERVIEW_TO_CLOSE: lambda name, title: _about(
        _("Say what became of the interview with %(name)s", name=name), title
    ),
    TaskKind.INTERVIEW_WISH: lambda name, title: _about(
        _("%(name)s needs an answer about an interview", name=name), title
    ),
    TaskKind.OFFER_WAITS: lambda name, title: _about(_("The offer to %(name)s needs you", name=name), title),
    TaskKind.LOW_SCORE: lambda name, title: _about(_("%(name)s told us that it went badly", name=name), title),
}
#: Kinds that need a name to be said as one.
_WITH_NAME: Final = frozenset(TaskKind) - {
    TaskKind.LABELS_TO_MAP,
    TaskKind.IMPORT_TO_RELEASE,
    TaskKind.REASSIGNED,
    TaskKind.OPENED_AGAIN,
    TaskKind.DECISION_LATE,
    TaskKind.WHO_MAY_FIT,
    TaskKind.POOL_REVIEW,
    TaskKind.UPDATE_HELD_UP,
}
