"""Tasks about interviews, feedback and offers."""

from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.core.permissions import Permission
from portal.tasks.rules.kinds.row import TaskWords, about
from portal.tasks.states import TaskKind

INTERVIEWS: Final[dict[TaskKind, TaskWords]] = {
    TaskKind.FEEDBACK_DUE: TaskWords(
        label=_l("Feedback that is owed"),
        many=lambda n: ngettext("%(count)s person is owed feedback", "%(count)s people are owed feedback", n),
        one=lambda name, title: about(_("%(name)s is owed feedback", name=name), title),
        to_do=_l("Write it, or see that somebody of the panel does. It stands here until they have it."),
        link=_l("Give the feedback"),
        path="/recruiting/feedback/{about}",
        needed=Permission.SEE_OWN_OPENINGS,
        days=0,
    ),
    TaskKind.FEEDBACK_TO_APPROVE: TaskWords(
        label=_l("Feedback to approve"),
        many=lambda n: ngettext(
            "%(count)s piece of feedback waits to be approved", "%(count)s pieces of feedback wait to be approved", n
        ),
        one=lambda name, title: about(_("Feedback for %(name)s waits to be approved", name=name), title),
        to_do=_l("Read it as they will. Approve it, or send it back with a word."),
        link=_l("Read it"),
        path="/recruiting/applications/{about}/feedback/approve",
        needed=Permission.SEE_OWN_OPENINGS,
        days=1,
    ),
    TaskKind.INTERVIEW_TO_CLOSE: TaskWords(
        label=_l("Interviews that took place or not"),
        many=lambda n: ngettext(
            "%(count)s interview is over: say what became of it",
            "%(count)s interviews are over: say what became of them",
            n,
        ),
        one=lambda name, title: about(_("Say what became of the interview with %(name)s", name=name), title),
        to_do=_l("Say whether it took place. If we were the ones who did not come, we apologise."),
        link=_l("Say what became of it"),
        path="/recruiting/interviews/{about}/close",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.INTERVIEW_WISH: TaskWords(
        label=_l("Interviews that candidates cannot make"),
        many=lambda n: ngettext(
            "%(count)s candidate needs an answer about an interview",
            "%(count)s candidates need an answer about an interview",
            n,
        ),
        one=lambda name, title: about(_("%(name)s needs an answer about an interview", name=name), title),
        to_do=_l("Read what they told us, then propose new times, move it or call it off."),
        link=_l("Open the interview"),
        path="/recruiting/interviews/{about}",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.OFFER_WAITS: TaskWords(
        label=_l("Offers that need you"),
        many=lambda n: ngettext("%(count)s offer needs you", "%(count)s offers need you", n),
        one=lambda name, title: about(_("The offer to %(name)s needs you", name=name), title),
        to_do=_l("They accepted, asked for time, or let the day pass. See which, and do what comes next."),
        link=_l("Open the offer"),
        path="/recruiting/applications/{about}/offer",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=1,
    ),
}
