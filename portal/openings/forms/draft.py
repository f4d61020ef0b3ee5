"""The form in which an opening is written."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.validators import Optional, ValidationError

from portal.community.adapters import places
from portal.community.rules import EntryTooLong, Folded, TooManyEntries, places_from
from portal.community.states import WORK_MODE_LABELS, WorkMode
from portal.company.rules import Area
from portal.company.states import FEEDBACK_WAY_LABELS, FeedbackWay
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.openings.forms.groups import QuestionGroup, StageGroup
from portal.openings.rules import (
    LINE_LENGTH,
    MOST_QUESTIONS,
    MOST_STAGES,
    SUMMARY_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    OpeningContent,
    Pay,
    Place,
    amount_from,
    area_label,
    clean_currency,
)
from portal.openings.states import (
    EMPLOYMENT_LABELS,
    PAY_PERIOD_LABELS,
    SENIORITY_LABELS,
    Employment,
    PayPeriod,
    Seniority,
)
from portal.web.forms import CleanedField, Form, MultipleBoxes, at_most, options, required
from portal.web.kept_forms import kept_fields

_NOT_SAID: Final = ""
_YES: Final = "yes"
_NO: Final = "no"
_MOST_TYPED: Final = 6000
_LONG: Final = {
    "work": _l("What the work is"),
    "needed": _l("What somebody needs to know or be able to do"),
    "team": _l("The team, and how it works together"),
    "hard": _l("What is hard about this role"),
    "offered": _l("What we give besides pay"),
}


def one_line(text: str) -> str:
    """`text` without line breaks and doubled spaces."""
    return " ".join(text.split())


def _amount(text: str) -> str:
    return f"{amount_from(text):f}"


def _long(name: str) -> TextAreaField:
    return TextAreaField(_LONG[name], [at_most(TEXT_LENGTH)])


class DraftForm(Form):
    """All that an opening's page says; only the title is needed to save it."""

    class Meta(Form.Meta):
        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            """Also what was kept of this form, whose groups have more fields than the form knows of beforehand."""
            sent = super().wrap_formdata(form, formdata)
            kept = kept_fields() if sent is None else None
            return kept if kept is not None and {"title", "hard", "revision"} <= set(kept) else sent

    title = CleanedField(_l("Title"), [required(_l("Please give it a title.")), at_most(TITLE_LENGTH)], clean=one_line)
    summary = TextAreaField(_l("Summary"), [at_most(SUMMARY_LENGTH)])
    area = SelectField(_l("Area"), [Optional()])
    seniority = SelectField(_l("Experience"), [Optional()])
    employment = SelectField(_l("Contract"), [Optional()])
    places = TextAreaField(_l("Places"), [at_most(_MOST_TYPED)])
    work_modes = MultipleBoxes(_l("Way of working"))
    work = _long("work")
    needed = _long("needed")
    team = _long("team")
    hard = _long("hard")
    offered = _long("offered")
    pay_lowest = CleanedField(_l("From"), [at_most(30)], clean=_amount)
    pay_highest = CleanedField(_l("To"), [at_most(30)], clean=_amount)
    pay_currency = CleanedField(_l("Currency"), [at_most(10)], clean=clean_currency)
    pay_period = SelectField(_l("For"))
    pay_note = StringField(_l("More about pay"), [at_most(LINE_LENGTH)])
    is_pool = RadioField(_l("Is there a free place?"), [Optional()])
    is_ai_used = RadioField(_l("Does a machine take part in reading or choosing?"), [Optional()])
    feedback = SelectField(_l("Feedback after interviews"), [Optional()])
    ai_words = TextAreaField(_l("How it takes part"), [at_most(TEXT_LENGTH)])
    stages = FieldList(FormField(StageGroup), _l("Stages"), max_entries=MOST_STAGES)
    decision_by = DateField(_l("Decision expected by"), [Optional()])
    closes_on = DateField(_l("Last day to apply"), [Optional()])
    questions = FieldList(FormField(QuestionGroup), _l("Questions"), max_entries=MOST_QUESTIONS)
    is_cv_asked = BooleanField(_l("Ask for a CV"))
    #: Which draft this was written over.
    revision = HiddenField()

    def __init__(self, areas: Sequence[Area], content: OpeningContent, revision: int, locale: str, **rest: Any) -> None:
        """`content` is what the fields hold to begin with; `locale` that of the place names."""
        super().__init__(data={**fields_of(content), "revision": str(revision)}, **rest)
        self.locale = locale
        self.chosen_places: list[Folded] = []
        kept_area = [] if any(one.key == content.area for one in areas) or not content.area else [content.area]
        known = [(one.key, one.label) for one in areas]
        known += [(key, area_label(key, areas)) for key in kept_area]
        nothing = (_NOT_SAID, _("Not said yet"))
        self.area.choices = options([nothing, *known])
        self.seniority.choices = options([nothing, *((str(one), str(SENIORITY_LABELS[one])) for one in Seniority)])
        self.employment.choices = options([nothing, *((str(one), str(EMPLOYMENT_LABELS[one])) for one in Employment)])
        self.work_modes.choices = options((str(mode), str(WORK_MODE_LABELS[mode])) for mode in WorkMode)
        self.pay_period.choices = options((str(one), str(PAY_PERIOD_LABELS[one])) for one in PayPeriod)
        ways = ((str(one), str(FEEDBACK_WAY_LABELS[one])) for one in FeedbackWay)
        self.feedback.choices = options([(_NOT_SAID, _("As the company decides")), *ways])
        self.is_pool.choices = options([(_NO, _("Yes, a real vacancy")), (_YES, _("No, a pool for later"))])
        self.is_ai_used.choices = options([(_NO, _("No, people do")), (_YES, _("Yes"))])

    def validate_places(self, field: TextAreaField) -> None:
        try:
            self.chosen_places = places_from(field.data or "", places(self.locale))
        except (TooManyEntries, EntryTooLong) as error:
            raise ValidationError(error.message) from error

    def validate_pay_highest(self, field: CleanedField) -> None:
        lowest, highest = self._decimal(self.pay_lowest), self._decimal(field)
        if lowest is not None and highest is not None and lowest > highest:
            raise ValidationError(_("This is less than where the range begins."))

    @property
    def content(self) -> OpeningContent:
        """What was typed, tidied; only after the form was found valid."""
        texts = {name: _tidied(self[name].data) for name in (*_LONG, "ai_words")}
        stages = (entry.form.stage for entry in self.stages)
        questions = {one.id: one for one in (entry.form.question for entry in self.questions) if one is not None}
        return OpeningContent(
            title=self.title.data or "",
            summary=one_line(self.summary.data or ""),
            area=self.area.data or "",
            seniority=Seniority(self.seniority.data) if self.seniority.data else None,
            employment=Employment(self.employment.data) if self.employment.data else None,
            places=tuple(Place(place.key, place.label) for place in self.chosen_places),
            work_modes=tuple(mode for mode in WorkMode if str(mode) in (self.work_modes.data or ())),
            pay=Pay(
                lowest=self._decimal(self.pay_lowest),
                highest=self._decimal(self.pay_highest),
                currency=self.pay_currency.data or "",
                period=PayPeriod(self.pay_period.data),
                note=one_line(self.pay_note.data or ""),
            ),
            is_pool=_said(self.is_pool.data),
            is_ai_used=_said(self.is_ai_used.data),
            stages=tuple(stage for stage in stages if stage is not None),
            decision_by=self.decision_by.data,
            closes_on=self.closes_on.data,
            questions=tuple(questions.values()),
            is_cv_asked=bool(self.is_cv_asked.data),
            feedback=FeedbackWay(self.feedback.data) if self.feedback.data else None,
            **texts,
        )

    @property
    def seen_revision(self) -> int:
        """The draft that the writer had before them; none that exists when the field was meddled with."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1

    def _decimal(self, field: CleanedField) -> Decimal | None:
        """The amount of a field; None when it is empty or no amount, which is said beside it."""
        return Decimal(field.data) if field.data and not field.errors and not field.process_errors else None


def fields_of(content: OpeningContent) -> dict[str, Any]:
    """What the fields of the form hold for `content`."""
    pay = content.pay
    return {
        "title": content.title,
        "summary": content.summary,
        "area": content.area,
        "seniority": content.seniority and str(content.seniority),
        "employment": content.employment and str(content.employment),
        "places": "".join(f"{place.label}\n" for place in content.places),
        "work_modes": [str(mode) for mode in content.work_modes],
        **{name: getattr(content, name) for name in (*_LONG, "ai_words")},
        "pay_lowest": _typed(pay.lowest),
        "pay_highest": _typed(pay.highest),
        "pay_currency": pay.currency,
        "pay_period": str(pay.period),
        "pay_note": pay.note,
        "is_pool": _word(content.is_pool),
        "is_ai_used": _word(content.is_ai_used),
        "stages": [vars(stage) for stage in content.stages] or [{}],
        "decision_by": content.decision_by,
        "closes_on": content.closes_on,
        "questions": [
            {**vars(question), "kind": str(question.kind), "choices": "\n".join(question.choices)}
            for question in content.questions
        ],
        "is_cv_asked": content.is_cv_asked,
        "feedback": str(content.feedback or ""),
    }


def _typed(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


def _word(value: bool | None) -> str | None:
    return None if value is None else (_YES if value else _NO)


def _said(word: str | None) -> bool | None:
    return {_YES: True, _NO: False}.get(word or "")


def _tidied(text: str | None) -> str:
    return "\n".join(line.rstrip() for line in (text or "").splitlines()).strip()
