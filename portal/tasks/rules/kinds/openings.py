"""Tasks about openings, imports, pools and updates."""

from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.core.permissions import Permission
from portal.tasks.rules.kinds.row import TaskWords
from portal.tasks.states import TaskKind


def _without_meaning(title: str) -> str:
    if title:
        return _("Words in the import from %(source)s have no meaning yet", source=title)
    return _("Words of an import have no meaning yet")


def _to_release(title: str) -> str:
    return _("The import of %(file)s waits to be released", file=title) if title else ""


OPENINGS: Final[dict[TaskKind, TaskWords]] = {
    TaskKind.LABELS_TO_MAP: TaskWords(
        label=_l("Words of imports without a meaning"),
        many=lambda n: ngettext(
            "%(count)s import uses words without a meaning", "%(count)s imports use words without a meaning", n
        ),
        one=lambda _n, title: _without_meaning(title),
        to_do=_l("Until somebody says what these words mean, candidates read “In review”."),
        link=_l("Say what they mean"),
        path="/recruiting/imports/{about}/labels",
        needed=Permission.IMPORT,
        days=1,
        names_a_person=False,
    ),
    TaskKind.IMPORT_TO_RELEASE: TaskWords(
        label=_l("Imports to release"),
        many=lambda n: ngettext("%(count)s import waits to be released", "%(count)s imports wait to be released", n),
        one=lambda _n, title: _to_release(title),
        to_do=_l("Look at it once more. Nothing automatic goes to its people before."),
        link=_l("Look at it and release it"),
        path="/recruiting/imports/{about}/release",
        needed=Permission.IMPORT,
        days=1,
        names_a_person=False,
    ),
    TaskKind.OPENED_AGAIN: TaskWords(
        label=_l("Finished openings with somebody in them again"),
        many=lambda n: ngettext(
            "Somebody is in %(count)s opening again that was finished",
            "Somebody is in %(count)s openings again that were finished",
            n,
        ),
        one=lambda _n, title: (
            _("Somebody is in this opening again: %(title)s", title=title)
            if title
            else _("Somebody is in an opening again that was finished")
        ),
        to_do=_l("An import brought them without an ending. See who it is, answer or end it, and finish."),
        link=_l("See who is in it"),
        path="/recruiting/openings/{about}/finish",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=1,
        names_a_person=False,
    ),
    TaskKind.DECISION_LATE: TaskWords(
        label=_l("Openings decided later than they said"),
        many=lambda n: ngettext(
            "%(count)s opening needs a new day of decision", "%(count)s openings need a new day of decision", n
        ),
        one=lambda _n, title: (
            _("Say when this opening will be decided: %(title)s", title=title)
            if title
            else _("Say when an opening will be decided")
        ),
        to_do=_l("Its page says that we are later than we said. Write a new day and publish it."),
        link=_l("Write a new day"),
        path="/recruiting/openings/{about}/edit#decision_by",
        needed=Permission.WRITE_OPENINGS,
        days=1,
        names_a_person=False,
    ),
    TaskKind.WHO_MAY_FIT: TaskWords(
        label=_l("Openings that people may fit"),
        many=lambda n: ngettext(
            "%(count)s new opening that people may fit", "%(count)s new openings that people may fit", n
        ),
        one=lambda _n, title: (
            _("See who may fit: %(title)s", title=title) if title else _("See who may fit a new opening")
        ),
        to_do=_l("See who was close before and which members it interests, and invite whom you like."),
        link=_l("See who may fit"),
        path="/recruiting/openings/{about}/fitting",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=2,
        names_a_person=False,
    ),
    TaskKind.POOL_REVIEW: TaskWords(
        label=_l("Pools to look at again"),
        many=lambda n: ngettext(
            "%(count)s pool is to be looked at again", "%(count)s pools are to be looked at again", n
        ),
        one=lambda _n, title: (
            _("Is this pool still right: %(title)s", title=title) if title else _("Is a pool still right?")
        ),
        to_do=_l("Keep it to a new day, go through the people in it, or close it."),
        link=_l("Look at the pool"),
        path="/recruiting/pools/{about}/review",
        needed=Permission.SEE_CANDIDATES,
        days=2,
        names_a_person=False,
    ),
    TaskKind.UPDATE_HELD_UP: TaskWords(
        label=_l("Updates that did not go out"),
        many=lambda n: ngettext(
            "%(count)s update did not go out at its time", "%(count)s updates did not go out at their time", n
        ),
        one=lambda _n, title: _("This update did not go out at its time: %(title)s", title=title) if title else "",
        to_do=_l("It says what was missing. Add that, then publish it or choose a new time."),
        link=_l("Open the update"),
        path="/recruiting/updates/{about}",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
        names_a_person=False,
    ),
}
