"""The pages on which a candidate answers to an interview: the same signed in and by the link from a mail."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.interviews.actions.asking import ask_ahead
from portal.interviews.actions.choosing import choose_time
from portal.interviews.actions.needing import say_needs
from portal.interviews.actions.wishing import take_back_wish, tell_us
from portal.interviews.forms.own import (
    AnotherTimeForm,
    ChooseForm,
    DeclineForm,
    LateForm,
    NeedForm,
    QuestionForm,
    is_done,
    page_values,
)
from portal.interviews.queries.own import OwnPage
from portal.interviews.queries.own_calendar import calendar_of
from portal.interviews.rules.own import NotGood, own_zone
from portal.interviews.states import WishKind

Answer = Response | tuple[str, int]


@dataclass(frozen=True)
class Visit:
    """A candidate at one interview of theirs."""

    page: OwnPage
    #: What names the interview in each address: its public id, or the token of the link.
    address: dict[str, Any]
    #: The folder of the pages: "candidate" or "public".
    area: str
    #: Whether they read back what they told us. Whoever has only the link does not: mail gets forwarded.
    reads_back: bool

    def shown(self, status: int = 200, **forms: Any) -> Answer:
        """The page of the interview; `forms`: the one that was sent, the others begin anew."""
        need_form = NeedForm(self.told_need, is_sent=False)
        values = page_values(self.page, {"need_form": need_form, **forms}, now())
        return render_template(f"{self.area}/interviews/show.html", **values, go=self._ways()), status

    def template(self, name: str, status: int = 200, **values: Any) -> Answer:
        """One of the smaller pages around it."""
        values |= {"page": self.page, "one": self.page.one, "go": self._ways()}
        return render_template(f"{self.area}/interviews/{name}.html", **values), status

    def go_to(self, place: str = "show", anchor: str = "") -> Response:
        """On to another of its pages."""
        return redirect(url_for(f".{place}", **self.address, _anchor=anchor or None), 303)

    def do(
        self, act: Callable[..., None], *said: Any, thanks: str = "", to: str = "show", anchor: str = ""
    ) -> Response:
        """Do it and go on; where it cannot be done any more, the page says why."""
        one = self.page.one
        done = is_done(lambda: act(one.person_id, one.public_id, *said, now=now()), thanks)
        return self.go_to(to if done else "show", anchor)

    @property
    def told_need(self) -> str:
        """What they told us that they need, as far as they may read it here."""
        return self.page.need if self.reads_back else ""

    def _ways(self) -> dict[str, str]:
        """Where each thing is done."""
        return {place: url_for(f".{place}", **self.address) for place, *_rest in _PAGES if place != "told"}


def show(visit: Visit) -> Answer:
    """All about the interview."""
    return visit.shown()


def choose(visit: Visit) -> Answer:
    """Take one of the proposed times."""
    form, time_id = ChooseForm(visit.page.times), request.form.get("time", "")
    if not time_id and not form.validate():
        return visit.shown(422, choose_form=form)
    thanks = _("Thank you, the time is yours. A mail with an entry for your calendar is on its way.")
    return visit.do(choose_time, time_id, thanks=thanks)


def another_time(visit: Visit) -> Answer:
    """Ask for another time, in words."""
    return _told_in_words(visit, WishKind.ANOTHER_TIME, AnotherTimeForm(), "another_time")


def decline(visit: Visit) -> Answer:
    """Say that they would rather not meet."""
    return _told_in_words(visit, WishKind.DECLINED, DeclineForm(), "decline")


def _told_in_words(visit: Visit, kind: WishKind, form: AnotherTimeForm | DeclineForm, template: str) -> Answer:
    if form.validate_on_submit():
        tell = partial(tell_us, words=form.words.data or "")
        try:
            return visit.do(tell, kind, thanks=_("Thank you. We have it, and a person answers you."))
        except NotGood as error:
            form.put_error("words", error)
    if not form.is_submitted() and not visit.page.may(kind, now()):
        return visit.go_to()
    return visit.template(template, 422 if form.is_submitted() else 200, form=form, zone=own_zone())


def late(visit: Visit) -> Answer:
    """One tap: they are running late."""
    form = LateForm()
    minutes = form.minutes.data if form.validate() else 0
    return visit.do(partial(tell_us, minutes=minutes), WishKind.RUNNING_LATE, to="told")


def cannot_come(visit: Visit) -> Answer:
    """One tap: they cannot come."""
    return visit.do(tell_us, WishKind.CANNOT_COME, to="told")


def after_all(visit: Visit) -> Answer:
    """Take back what they told us of the time."""
    return visit.do(take_back_wish, thanks=_("Good. The time stays as it was, and we have told them."))


def told(visit: Visit) -> Answer:
    """The answer to one tap: they know, and whom to call."""
    wish = visit.page.last(WishKind.RUNNING_LATE, WishKind.CANNOT_COME)
    return visit.go_to() if wish is None else visit.template("told", wish=wish)


def calendar(visit: Visit) -> Answer:
    """The entry for their calendar."""
    file = Response(calendar_of(visit.page, now()), mimetype="text/calendar")
    file.headers["Content-Disposition"] = "attachment; filename=interview.ics"
    return file


def needs(visit: Visit) -> Answer:
    """Say what would make it accessible to them."""
    form = NeedForm(visit.told_need)
    if not form.validate():
        return visit.shown(422, need_form=form)
    said = form.need.data or ""
    # Who does not read what was said cannot mean to empty it.
    if not visit.reads_back and not said.strip():
        return visit.go_to(anchor="needs")
    thanks = _("Saved. Only those who arrange the interview read it.") if said else _("Saved.")
    try:
        return visit.do(say_needs, said, thanks=thanks, anchor="needs")
    except NotGood as error:
        form.refuse(error)
        return visit.shown(422, need_form=form)


def ask(visit: Visit) -> Answer:
    """Send a question ahead."""
    form = QuestionForm()
    if not form.validate():
        return visit.shown(422, question_form=form)
    thanks = _("Sent. Whoever you meet reads it before the interview.")
    try:
        return visit.do(ask_ahead, form.question.data or "", thanks=thanks, anchor="questions")
    except NotGood as error:
        form.refuse(error)
        return visit.shown(422, question_form=form)


_GET, _POST, _BOTH = ("GET",), ("POST",), ("GET", "POST")
#: Each page: its name, its address below that of the interview, how it may be asked for, and what answers.
_PAGES: Final[tuple[tuple[str, str, tuple[str, ...], Callable[[Visit], Answer]], ...]] = (
    ("show", "", _GET, show),
    ("choose", "/time", _POST, choose),
    ("another_time", "/another-time", _BOTH, another_time),
    ("decline", "/decline", _BOTH, decline),
    ("late", "/late", _POST, late),
    ("cannot_come", "/cannot-come", _POST, cannot_come),
    ("after_all", "/after-all", _POST, after_all),
    ("told", "/told", _GET, told),
    ("calendar", "/interview.ics", _GET, calendar),
    ("needs", "/needs", _POST, needs),
    ("ask", "/questions", _POST, ask),
)


def add_pages(blueprint: Blueprint, base: str, visit: Callable[..., Visit]) -> None:
    """Put all of them below `base`; `visit` finds the interview that the address names, or raises."""
    for place, path, methods, page in _PAGES:
        blueprint.add_url_rule(base + path, place, _served(page, visit), methods=methods)


def _served(page: Callable[[Visit], Answer], visit: Callable[..., Visit]) -> Callable[..., Answer]:
    return lambda **address: page(visit(**address))
