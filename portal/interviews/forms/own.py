"""What a candidate fills in about an interview of theirs."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from flask import flash
from wtforms import RadioField, SelectField, TextAreaField

from portal.company.rules import blocks_of
from portal.core.errors import Busy
from portal.core.i18n import format_moment, ngettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.interviews.queries.own import OwnPage, OwnQuestion, OwnTime
from portal.interviews.rules.own import (
    LATE_MINUTES,
    MOST_QUESTIONS,
    NEED_LENGTH,
    QUESTION_LENGTH,
    WISH_LENGTH,
    NotGood,
    NotNow,
    TooOften,
    is_the_day,
    own_zone,
)
from portal.interviews.states import FORMAT_LABELS, WishKind
from portal.web.forms import Form, at_most, options, required

#: So long before it, what may come up on the day stands first.
_NEAR: Final = timedelta(hours=24)


class ChooseForm(Form):
    """One of the proposed times; none is chosen beforehand."""

    time = RadioField(_l("The times"), [required(_l("Please choose one of these times."))])

    def __init__(self, times: Sequence[OwnTime], *, is_sent: bool = True) -> None:
        super().__init__(**_only_if(is_sent))
        self.time.choices = options((one.public_id, format_moment(one.starts_at)) for one in times)


class AnotherTimeForm(Form):
    """Which times would fit."""

    words = TextAreaField(
        _l("Which times would suit you?"),
        [required(_l("Please say in a few words which times would suit you.")), at_most(WISH_LENGTH)],
    )


class DeclineForm(Form):
    """That they would rather not meet, and why if they like."""

    words = TextAreaField(_l("What you would like to say"), [at_most(WISH_LENGTH)])


class LateForm(Form):
    """By how much they are late, as far as they know."""

    minutes = SelectField(_l("By how much"), coerce=int)

    def __init__(self, *, is_sent: bool = True) -> None:
        super().__init__(**_only_if(is_sent))
        self.minutes.choices = options((count, _late(count)) for count in LATE_MINUTES)


def _late(count: int) -> str:
    if not count:
        return _("I do not know yet")
    return ngettext("About %(count)s minute", "About %(count)s minutes", count)


class NeedForm(Form):
    """What would make the interview accessible to them."""

    need = TextAreaField(_l("What would help you"), [at_most(NEED_LENGTH)])

    def __init__(self, told: str = "", *, is_sent: bool = True) -> None:
        super().__init__(data={"need": told}, **_only_if(is_sent))

    def refuse(self, error: NotGood) -> None:
        """Show what a rule said beside the field."""
        self.put_error("need", error)


class QuestionForm(Form):
    """A question to send ahead."""

    question = TextAreaField(
        _l("Your question"), [required(_l("Please write what you would like to ask.")), at_most(QUESTION_LENGTH)]
    )

    def __init__(self, asked: OwnQuestion | None = None, *, is_sent: bool = True) -> None:
        super().__init__(data={"question": asked.words if asked else ""}, **_only_if(is_sent))

    def refuse(self, error: NotGood) -> None:
        """Show what a rule said beside the field."""
        self.put_error("question", error)


def is_done(act: Callable[[], None], said: str = "") -> bool:
    """Do it and say so; False where it cannot be done any more: the next page says why."""
    try:
        act()
    except (NotNow, TooOften, Busy) as error:
        flash(error.message, "warning")
        return False
    if said:
        flash(said, "success")
    return True


def page_values(page: OwnPage, forms: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What the page of an interview shows besides its addresses."""
    one, late = page.one, page.last(WishKind.RUNNING_LATE)
    return {
        "page": page,
        "one": one,
        "about": blocks_of(page.about),
        "prepare": blocks_of(page.prepare),
        "formats": FORMAT_LABELS,
        "zone": own_zone(),
        "may_ask_another": page.may(WishKind.ANOTHER_TIME, at),
        "may_decline": page.may(WishKind.DECLINED, at),
        "may_be_late": page.may(WishKind.RUNNING_LATE, at),
        "is_near": one.starts_at is not None and one.starts_at - at <= _NEAR,
        "is_the_day": one.starts_at is not None and is_the_day(one.starts_at, at),
        # What was said of another time is settled and says nothing of this one.
        "late": late if late and not late.is_answered else None,
        "most_questions": MOST_QUESTIONS,
        "choose_form": ChooseForm(page.times, is_sent=False),
        "late_form": LateForm(is_sent=False),
        "need_form": NeedForm(page.need, is_sent=False),
        "question_form": QuestionForm(is_sent=False),
        **forms,
    }


def _only_if(is_sent: bool) -> dict[str, Any]:
    """Lets a form look at what was sent only if that was this form."""
    return {} if is_sent else {"formdata": None}
