"""The small forms about an opening: beginning one, publishing it, who looks after it, and the filter of the list."""

from collections.abc import Sequence
from typing import Any, Final

from flask import request
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import Role
from portal.openings.forms.draft import one_line
from portal.openings.queries import OpeningFilter, OpeningView
from portal.openings.rules import EARLY_DAYS, MOST_EARLY_DAYS, REASON_LENGTH, TITLE_LENGTH
from portal.openings.states import STATE_LABELS, WHY_AGAIN_LABELS, OpeningState, WhyAgain
from portal.people.queries import StaffRow
from portal.web.forms import CleanedField, Form, at_most, options, required

_NOBODY: Final = ""
_ANY: Final = ""
_SEARCH_LENGTH: Final = 200


class NewForm(Form):
    """A title, and what to begin with."""

    title = CleanedField(_l("Title"), [required(_l("Please give it a title.")), at_most(TITLE_LENGTH)], clean=one_line)
    copy_of = SelectField(_l("Begin with"))

    def __init__(self, earlier: Sequence[tuple[str, str]]) -> None:
        super().__init__(data={"copy_of": request.args.get("copy_of", "")})
        copies = [(public_id, _("A copy of “%(title)s”", title=title)) for public_id, title in earlier]
        self.copy_of.choices = options([("", _("An empty page")), *copies])


class PeopleForm(Form):
    """Who looks after an opening and who leads its team."""

    recruiter = SelectField(_l("Recruiter"))
    manager = SelectField(_l("Hiring manager"))

    def __init__(self, view: OpeningView, staff: Sequence[StaffRow], **rest: Any) -> None:
        """`staff`: everybody who works here."""
        chosen = {"recruiter": view.recruiter_public_id or _NOBODY, "manager": view.manager_public_id or _NOBODY}
        super().__init__(data=chosen, **rest)
        self._ids = {row.public_id: row.person_id for row in staff}
        nobody = (_NOBODY, _("Nobody yet"))
        recruiters = [row for row in staff if row.role in {Role.RECRUITER, Role.ADMIN}]
        self.recruiter.choices = options([nobody, *((row.public_id, row.name or row.email) for row in recruiters)])
        self.manager.choices = options([nobody, *((row.public_id, row.name or row.email) for row in staff)])

    @property
    def recruiter_id(self) -> int | None:
        """The recruiter who was chosen."""
        return self._ids.get(self.recruiter.data or "")

    @property
    def manager_id(self) -> int | None:
        """The hiring manager who was chosen."""
        return self._ids.get(self.manager.data or "")


class PublishForm(Form):
    """For how long members see it first, and why it cannot wait for what is missing."""

    early_days = IntegerField(_l("Days that members see it first"))
    reason = TextAreaField(_l("Why it is published although something is missing"), [at_most(REASON_LENGTH)])
    revision = HiddenField()

    def __init__(self, revision: int, days: int = EARLY_DAYS, **rest: Any) -> None:
        wrong = _("Please give a whole number from 0 to %(days)s.", days=MOST_EARLY_DAYS)
        super().__init__(data={"early_days": days, "revision": str(revision)}, **rest)
        self.early_days.validators = [InputRequired(wrong), NumberRange(0, MOST_EARLY_DAYS, wrong)]

    @property
    def days(self) -> int:
        """For how many days members see it first; only after the form was found valid."""
        return int(self.early_days.data or 0)

    @property
    def seen_revision(self) -> int:
        """The draft that was on the page; none that exists when the field was meddled with."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class AgainForm(Form):
    """Why a finished opening is opened again."""

    why = RadioField(_l("Why"), [required(_l("Please say why. It stands in the audit log."))])

    def __init__(self, **rest: Any) -> None:
        super().__init__(**rest)
        self.why.choices = options((str(one), str(words)) for one, words in WHY_AGAIN_LABELS.items())

    @property
    def reason(self) -> WhyAgain:
        """What was chosen; only after the form was found valid."""
        return WhyAgain(self.why.data)


class FilterForm(Form):
    """How the list of openings is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Title"))
    state = SelectField(_l("State"))
    owner = SelectField(_l("Recruiter"))

    def __init__(self, owners: Sequence[StaffRow]) -> None:
        super().__init__(formdata=request.args)
        self.state.choices = options([(_ANY, _("All")), *((str(one), str(STATE_LABELS[one])) for one in OpeningState)])
        self.owner.choices = options(
            [(_ANY, _("Everybody")), *((row.public_id, row.name or row.email) for row in owners)]
        )

    @property
    def wanted(self) -> OpeningFilter:
        """What to show; a choice that does not exist narrows nothing."""
        return OpeningFilter(
            q=" ".join((self.q.data or "").split())[:_SEARCH_LENGTH], state=_known(self.state), owner=_known(self.owner)
        )


def _known(field: SelectField) -> str:
    return str(field.data) if field.data in {choice[0] for choice in field.iter_choices()} else _ANY
