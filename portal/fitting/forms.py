"""How the list of who may fit is narrowed, and what a colleague fills in to invite people to apply."""

from collections.abc import Mapping, Sequence

from flask import request
from wtforms import BooleanField, TextAreaField

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.fitting.actions import Words
from portal.fitting.queries import FittingPerson
from portal.fitting.rules import MESSAGE_LENGTH, WHY_LENGTH, InvitationRefused
from portal.fitting.states import Why
from portal.web.forms import Form, at_most, required

_WHY = "why_"


class NarrowForm(Form):
    """By which reason, and only those for whom nothing speaks against it; it stays in the address."""

    near = BooleanField(_l("Only where nothing they told us speaks against it, as for job alerts"))

    class Meta(Form.Meta):
        csrf = False

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.near.data)

    @property
    def why(self) -> Why | None:
        """The group that was asked for; None: none, or no group of ours."""
        asked = request.args.get("why", "")
        return Why(asked) if asked in set(Why) else None


class InviteForm(Form):
    """The same words for all, and for each why they are written to."""

    message = TextAreaField(
        _l("What you write to all of them"),
        [required(_l("Please write what they will read.")), at_most(MESSAGE_LENGTH)],
    )

    @property
    def words(self) -> Words:
        """What was typed."""
        whys = {name.removeprefix(_WHY): self[name].data or "" for name in self.why_names}
        return Words(self.message.data or "", whys)

    @property
    def why_names(self) -> list[str]:
        """Names of the fields that say why, in the order of the page."""
        return [field.name for field in self if field.name.startswith(_WHY)]

    def refuse(self, error: InvitationRefused) -> None:
        """Show what a rule said beside the field it is about."""
        self.put_error(error.field if error.field in self else "", error)


def invite_form(message: str, people: Sequence[FittingPerson], whys: Mapping[str, str]) -> InviteForm:
    """A form that asks for the words and, for each of `people`, for the reason, which begins as in `whys`."""
    fields = {
        f"{_WHY}{one.public_id}": TextAreaField(
            _("Why %(name)s", name=one.label),
            [required(_("Please say why you write to %(name)s.", name=one.label)), at_most(WHY_LENGTH)],
        )
        for one in people
    }
    bound = type("BoundInviteForm", (InviteForm,), fields)
    made: InviteForm = bound(data={"message": message, **{f"{_WHY}{key}": why for key, why in whys.items()}})
    return made
