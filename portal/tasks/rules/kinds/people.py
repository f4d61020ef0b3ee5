"""Tasks about what people were promised, and about whose they are."""

from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.core.permissions import Permission
from portal.tasks.rules.kinds.row import TaskWords, about
from portal.tasks.states import TaskKind


def _missed(name: str, title: str) -> str:
    if title:
        return _("%(name)s did not hear from us as promised: %(title)s", name=name, title=title)
    return _("%(name)s did not hear from us as promised", name=name)


def _named_a_day(name: str, title: str) -> str:
    if title:
        return _("%(name)s named a day by which they hope for word: %(title)s", name=name, title=title)
    return _("%(name)s named a day by which they hope for word", name=name)


def _handed_over(name: str, title: str) -> str:
    return _("%(name)s left: take over %(what)s", name=name, what=title or _("their work"))


PEOPLE: Final[dict[TaskKind, TaskWords]] = {
    TaskKind.MISSED_PROMISE: TaskWords(
        label=_l("Promises that were missed"),
        many=lambda n: ngettext(
            "%(count)s person did not hear from us as promised", "%(count)s people did not hear from us as promised", n
        ),
        one=_missed,
        to_do=_l("See what holds it up, and make sure that a person writes to them today."),
        link=_l("Open the application"),
        path="/recruiting/applications/{about}",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.UPDATE_DUE: TaskWords(
        label=_l("Promises that come up"),
        many=lambda n: ngettext("%(count)s person was promised word", "%(count)s people were promised word", n),
        one=lambda name, title: about(_("%(name)s was promised word", name=name), title),
        to_do=_l("A draft is ready. Read it, make it yours, and send it before the promised day ends."),
        link=_l("Open the draft"),
        path="/recruiting/applications/{about}?draft=update#letter",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.ESCALATED: TaskWords(
        label=_l("Promises we have not kept"),
        many=lambda n: ngettext(
            "%(count)s person was told that we have not kept our promise",
            "%(count)s people were told that we have not kept our promise",
            n,
        ),
        one=lambda name, title: about(_("%(name)s was told that we have not kept our promise", name=name), title),
        to_do=_l("They were told that you have been asked to write. Write, or call them and log it."),
        link=_l("Open the application"),
        path="/recruiting/applications/{about}",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.ESCALATED_TOO_LONG: TaskWords(
        label=_l("Silent for twenty working days more"),
        many=lambda n: ngettext(
            "%(count)s person has waited twenty working days since we broke our promise",
            "%(count)s people have waited twenty working days since we broke our promise",
            n,
        ),
        one=lambda name, title: about(
            _("%(name)s still waits, twenty working days after we said we broke our promise", name=name), title
        ),
        to_do=_l("Answer it or end it. This stays here until a person has written."),
        link=_l("Open the application"),
        path="/recruiting/applications/{about}",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.OFFER_DEADLINE: TaskWords(
        label=_l("Days that candidates named"),
        many=lambda n: ngettext(
            "%(count)s person named a day by which they hope for word",
            "%(count)s people named days by which they hope for word",
            n,
        ),
        one=_named_a_day,
        to_do=_l("See on their card what they told you alone, and give them word before their day."),
        link=_l("Open their card"),
        path="/recruiting/candidates/{about}",
        needed=Permission.SEE_CANDIDATES,
        days=0,
    ),
    TaskKind.STAY_IN_TOUCH: TaskWords(
        label=_l("People to stay in touch with"),
        many=lambda n: ngettext(
            "%(count)s person was told that we stay in touch", "%(count)s people were told that we stay in touch", n
        ),
        one=lambda name, title: about(_("Stay in touch with %(name)s", name=name), title),
        to_do=_l("A draft is ready. If they have said yes to hearing from us, make it personal and send it."),
        link=_l("Open the draft"),
        path="/recruiting/applications/{about}/stay-in-touch",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.LOW_SCORE: TaskWords(
        label=_l("Low scores to hear more about"),
        many=lambda n: ngettext(
            "%(count)s person told us that it went badly", "%(count)s people told us that it went badly", n
        ),
        one=lambda name, title: about(_("%(name)s told us that it went badly", name=name), title),
        to_do=_l("Read what they answered, and get in touch. Nobody else sees this task."),
        link=_l("Read what they answered"),
        path="/recruiting/surveys/low-scores/{about}",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=2,
    ),
    TaskKind.HANDED_OVER: TaskWords(
        label=_l("Work of colleagues who left"),
        many=lambda n: ngettext(
            "%(count)s colleague left their work to you", "%(count)s colleagues left their work to you", n
        ),
        one=_handed_over,
        to_do=_l("Look through what is yours now, and tell those who wait that you look after them."),
        link=_l("See what is yours now"),
        path="/recruiting/applications?owner={about}",
        needed=Permission.SEE_OWN_OPENINGS,
        days=2,
    ),
    TaskKind.REASSIGNED: TaskWords(
        label=_l("Applications that colleagues gave to you"),
        many=lambda n: ngettext(
            "Applications of %(count)s opening are yours now", "Applications of %(count)s openings are yours now", n
        ),
        one=lambda _n, title: (
            _("Applications are yours now: %(title)s", title=title) if title else _("Applications are yours now")
        ),
        to_do=_l("Look through what is yours now. Candidates read your name from today on."),
        link=_l("See what is yours now"),
        path="/recruiting/openings/{about}/pipeline",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=2,
        names_a_person=False,
    ),
}
