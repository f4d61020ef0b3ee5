"""What a colleague fills in to make a pool, put people into it, keep it and close it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.core.i18n import lazy_gettext as _l
from portal.core.identifiers import new_public_id
from portal.people.queries import StaffRow
from portal.pools.queries import PoolLine, PoolView, ToPut
from portal.pools.rules import NAME_LENGTH, PURPOSE_LENGTH, REASON_LENGTH
from portal.web.forms import Form, at_most, options, required

_LONGEST = 200


class PoolForm(Form):
    """A pool: its name, what it is for, who looks after it, and until when it is right."""

    name = StringField(_l("Name"), [required(_l("Please give the pool a name.")), at_most(NAME_LENGTH)])
    purpose = TextAreaField(
        _l("What it is for"),
        [required(_l("Please say what the pool is for, as you would say it to those in it.")), at_most(PURPOSE_LENGTH)],
    )
    owner = SelectField(_l("Looked after by"), [required(_l("Please choose a colleague who works here."))])
    review_on = DateField(
        _l("Look at it again on"), [required(_l("Please give the day on which you will look at the pool again."))]
    )
    form_key = HiddenField()
    seen = HiddenField()

    def __init__(self, colleagues: Sequence[StaffRow], proposed: dict[str, Any]) -> None:
        super().__init__(data=proposed)
        self.owner.choices = options((one.public_id, one.name or one.email) for one in colleagues)
        if not self.form_key.data:
            self.form_key.data = new_public_id()

    @classmethod
    def of(cls, pool: PoolView, colleagues: Sequence[StaffRow]) -> "PoolForm":
        """The form as it stands for a pool that is there."""
        known = {"name": pool.name, "purpose": pool.purpose, "owner": pool.owner_public_id}
        return cls(colleagues, {**known, "review_on": pool.review_on, "seen": str(pool.version)})

    @property
    def seen_version(self) -> int:
        """Which version of the pool the page showed; 0 when it makes no sense."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0


class MembersForm(Form):
    """How the people in a pool are narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Name, address or reason"), render_kw={"data-key": "/", "aria-keyshortcuts": "/"})

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    @property
    def search(self) -> str:
        """What was typed, white space folded."""
        return " ".join((self.q.data or "").split())[:_LONGEST]


class KeepForm(Form):
    """Until when a pool is right."""

    review_on = DateField(_l("Look at it again on"), [Optional()])

    def __init__(self, proposed: date) -> None:
        super().__init__(data={"review_on": proposed})


class CloseForm(Form):
    """Why a pool is closed."""

    reason = TextAreaField(
        _l("Why"), [required(_l("Please say why it is closed; colleagues will ask.")), at_most(REASON_LENGTH)]
    )


class PutForm(Form):
    """Into which pool, why, and whom, as the page showed them."""

    pool = RadioField(_l("Which pool"), [required(_l("Please choose a pool."))])
    reason = TextAreaField(
        _l("Why"),
        [required(_l("Please say why they belong in it; a colleague will want to know.")), at_most(REASON_LENGTH)],
    )
    seen = HiddenField()
    form_key = HiddenField()

    def __init__(self, pools: Sequence[PoolLine], chosen: str) -> None:
        super().__init__(data={"pool": chosen or (pools[0].public_id if len(pools) == 1 else None)})
        self.pool.choices = options((one.public_id, one.name) for one in pools)
        if not self.form_key.data:
            self.form_key.data = new_public_id()

    def show(self, people: Sequence[ToPut]) -> None:
        """Note who stands on the page."""
        self.seen.data = " ".join(one.public_id for one in people)

    @property
    def seen_ids(self) -> set[str]:
        """Public ids of the people that stood on the page."""
        return set((self.seen.data or "").split())
