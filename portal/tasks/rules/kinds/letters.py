"""Tasks about mail: what did not arrive, what came in, what waits for an answer."""

from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.core.permissions import Permission
from portal.tasks.rules.kinds.row import TaskWords
from portal.tasks.states import TaskKind


def _dead_letter(name: str, title: str) -> str:
    if title:
        return _("Our letter to %(name)s about %(title)s did not arrive", name=name, title=title)
    return _("Our letter to %(name)s did not arrive", name=name)


def _question(name: str, title: str) -> str:
    if title:
        return _("%(name)s waits for an answer: %(title)s", name=name, title=title)
    return _("%(name)s waits for an answer", name=name)


LETTERS: Final[dict[TaskKind, TaskWords]] = {
    TaskKind.DEAD_LETTER: TaskWords(
        label=_l("Letters that did not arrive"),
        many=lambda n: ngettext("%(count)s letter did not arrive", "%(count)s letters did not arrive", n),
        one=_dead_letter,
        to_do=_l("Call them or write to another address, then say how they were told what it said."),
        link=_l("Say how they were told"),
        path="/recruiting/applications/{about}/told",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.DEAD_ACCOUNT_LETTER: TaskWords(
        label=_l("Account mails that did not arrive"),
        many=lambda n: ngettext("%(count)s account mail did not arrive", "%(count)s account mails did not arrive", n),
        one=lambda name, _t: _("Our mail about the account of %(name)s did not arrive", name=name),
        to_do=_l("They may be locked out. See whether we know another address or a telephone."),
        link=_l("Open their card"),
        path="/recruiting/candidates/{about}",
        needed=Permission.SEE_CANDIDATES,
        days=0,
    ),
    TaskKind.DEAD_INVITATION: TaskWords(
        label=_l("Invitations that did not arrive"),
        many=lambda n: ngettext("%(count)s invitation did not arrive", "%(count)s invitations did not arrive", n),
        one=lambda name, _t: _("The invitation of %(name)s did not arrive", name=name),
        to_do=_l("Check the address with them, and send the invitation again."),
        link=_l("Open the invitation"),
        path="/recruiting/admin/staff/{about}",
        needed=Permission.MANAGE_STAFF,
        days=0,
    ),
    TaskKind.DEAD_REPLY: TaskWords(
        label=_l("Answers that did not arrive"),
        many=lambda n: ngettext("%(count)s answer did not arrive", "%(count)s answers did not arrive", n),
        one=lambda name, _t: _("What we wrote to %(name)s did not arrive", name=name),
        to_do=_l("Ask for another address or call them, then write again."),
        link=_l("Open the conversation"),
        path="/recruiting/conversations/{about}",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.HELD_MAIL: TaskWords(
        label=_l("Mail that may be a candidate's"),
        many=lambda n: ngettext("%(count)s mail may be a candidate's", "%(count)s mails may be a candidate's", n),
        one=lambda name, _t: _("A mail came in that may be from %(name)s", name=name),
        to_do=_l("Read it and say whether they wrote it. Until then it stands in no conversation."),
        link=_l("Read the mail"),
        path="/recruiting/conversations/{about}#held",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=0,
    ),
    TaskKind.QUESTION: TaskWords(
        label=_l("Questions that wait for an answer"),
        many=lambda n: ngettext("%(count)s person waits for an answer", "%(count)s people wait for an answer", n),
        one=_question,
        to_do=_l("Read what they wrote and answer it, or say why it needs no answer."),
        link=_l("Open the conversation"),
        path="/recruiting/conversations/{about}",
        needed=Permission.WRITE_TO_CANDIDATES,
        days=1,
    ),
}
