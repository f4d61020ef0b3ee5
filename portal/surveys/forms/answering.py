"""The pages on which a survey is answered, one after the other: the same by the link from a mail and signed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.company.queries import company_name, company_zone
from portal.core.clock import day_of, now
from portal.surveys.actions.answering import answer_survey, save_answers
from portal.surveys.queries.answering import OwnSurvey
from portal.surveys.queries.loop import colleagues_on, hiring_team
from portal.surveys.rules.answers import (
    KEPT_DAYS,
    Asked,
    NotComplete,
    NotOpen,
    Stand,
    asked_of,
    first_open,
    minutes_for,
    still_missing,
)
from portal.surveys.rules.loop import who_gets_in_touch
from portal.surveys.rules.questions import Question
from portal.surveys.rules.releasing import FEWEST, FEWEST_COMMENTS
from portal.surveys.states import TEXTS

Answer = Response | tuple[str, int] | tuple[Response, int]
_AUTOSAVE: Final = "autosave"
#: What is said of how they sent it: without a name, with it, or with leave to write to them.
_CONTACT: Final = "contact"
_WAYS: Final = ("anonymous", "signed", _CONTACT)
#: Pages that say why nothing can be answered. A link whose work is done still leads to thanks; the others are gone.
_INSTEAD: Final[dict[Stand, tuple[str, int]]] = {
    Stand.ANSWERED: ("public/surveys/answered.html", 200),
    Stand.CLOSED: ("public/surveys/closed.html", 410),
    Stand.NOT_FOR_YOU: ("public/surveys/not_for_you.html", 410),
}


@dataclass(frozen=True)
class Steps:
    """The pages of one survey for one person; `go` gives the address of a page by its name."""

    own: OwnSurvey
    go: Callable[..., str]
    #: Signed in, on their own pages.
    is_own_page: bool

    def start(self) -> Answer:
        """What it is about, how long it takes, who will see it. Looking at it is no answer."""
        if self.own.stand is not Stand.OPEN:
            return self.instead()
        return self._page(
            "public/surveys/show.html",
            minutes=minutes_for(self.own.content),
            resumes_at=self._resumes_at(),
        )

    def question(self, question_id: str) -> Answer:
        """One question by itself; sent, it is saved and the next one comes."""
        question = self.own.content.question(question_id)
        if question is None or self.own.stand is not Stand.OPEN:
            return self._away()
        errors: dict[str, str] = {}
        if request.method == "POST":
            given = [] if "clear" in request.form else request.form.getlist(question_id)
            try:
                errors = save_answers(self.own.invitation_id, {question_id: given}, now=now())
            except NotOpen:
                return self._away()
            if answer := self._saved(errors, self._after(question)):
                return answer
        place = self.own.content.questions.index(question)
        return self._page(
            "public/surveys/question.html",
            422 if errors else 200,
            asked=asked_of(question, company_name()),
            value=_typed(question) if errors else self.own.answers.get(question_id),
            error=errors.get(question_id, ""),
            number=place + 1,
            has_answer=question_id in self.own.answers,
            then=request.args.get("then", ""),
        )

    def all_questions(self) -> Answer:
        """All questions on one page; sent, what is good is saved."""
        if self.own.stand is not Stand.OPEN:
            return self._away()
        questions = self.own.content.questions
        errors: dict[str, str] = {}
        if request.method == "POST":
            given = self._given_on_one_page()
            try:
                errors = save_answers(self.own.invitation_id, given, now=now())
            except NotOpen:
                return self._away()
            if answer := self._saved(errors, self.go("finish"), had=_had({**self.own.answers, **given})):
                return answer
        values = {one.id: _typed(one) for one in questions} if errors else self.own.answers
        had = request.form.get("had", "") if errors else _had(self.own.answers)
        status = 422 if errors else 200
        return self._page("public/surveys/all_questions.html", status, values=values, errors=errors, had=had)

    def finish(self) -> Answer:
        """What is still asked for; where nothing is, whether they put their name to it."""
        if self.own.stand is not Stand.OPEN:
            return self._away()
        missing = [asked_of(one, company_name()) for one in still_missing(self.own.content, self.own.answers)]
        if missing or not self.own.answers:
            return self._page("public/surveys/missing.html", missing=missing)
        return self._page("public/surveys/finish.html", is_signed=request.args.get("name") == "with")

    def contact(self) -> Answer:
        """Whether somebody may write to them about it, and the button that sends."""
        if self.own.stand is not Stand.OPEN:
            return self._away()
        if still_missing(self.own.content, self.own.answers) or not self.own.answers:
            return redirect(self.go("finish"), 303)
        is_signed = request.args.get("name") == "with"
        return self._page("public/surveys/contact.html", is_signed=is_signed, is_anybody_free=self._is_anybody_free())

    def send(self) -> Answer:
        """Send what was saved, once."""
        may_contact = request.form.get("contact") == "yes"
        is_signed = request.form.get("name") == "with"
        try:
            answer_survey(self.own.invitation_id, is_signed=is_signed, may_contact=may_contact, now=now())
        except NotOpen:
            return self._away()
        except NotComplete:
            return redirect(self.go("finish"), 303)
        way = _CONTACT if may_contact else "signed" if is_signed else "anonymous"
        return redirect(self.go("thanks", sent=way), 303)

    def thanks(self) -> Answer:
        """The answer to sending: what happens next. Who comes later reads that it was sent: how, no address says."""
        way = request.args.get("sent", "")
        if self.own.stand is not Stand.ANSWERED or way not in _WAYS:
            return self.start()
        is_anybody_free = way == _CONTACT and self._is_anybody_free()
        return self._page("public/surveys/thanks.html", way=way, is_anybody_free=is_anybody_free)

    def instead(self) -> Answer:
        """Why nothing can be answered."""
        template, status = _INSTEAD[self.own.stand]
        closed_on = day_of(self.own.closed_at, company_zone()) if self.own.closed_at else None
        today = day_of(now(), company_zone())
        closed_on = closed_on or (self.own.closes_on if self.own.closes_on < today else None)
        return self._page(template, status, closed_on=closed_on)

    def _page(self, template: str, status: int = 200, **values: Any) -> tuple[str, int]:
        layout = "layouts/candidate.html" if self.is_own_page else "layouts/public.html"
        questions = self.own.content.questions
        common = {
            "own": self.own,
            "go": self.go,
            "layout": layout,
            "is_own_page": self.is_own_page,
            "questions": [asked_of(one, company_name()) for one in questions],
            "has_words": any(one.kind in TEXTS for one in questions),
            "fewest": FEWEST,
            "fewest_comments": FEWEST_COMMENTS,
            "kept_days": KEPT_DAYS,
        }
        return render_template(template, **common, **values), status

    def _is_anybody_free(self) -> bool:
        """Whether a colleague could answer them who had no part in it; in a team of one nobody can."""
        colleagues = colleagues_on(day_of(now(), company_zone()))
        return who_gets_in_touch(hiring_team(self.own.application_id), self.own.person_id, colleagues) is not None

    def _away(self) -> Answer:
        """To the first page, which says where it stands; a script is told that nothing is taken."""
        if _is_script():
            return jsonify(errors={}), 409
        return redirect(self.go("show"), 303)

    def _given_on_one_page(self) -> dict[str, list[str]]:
        """What was sent for all questions. One that is empty, and was when the page was made, may have been answered on
        another device since; it is left as it is.
        """
        sent = {one.id: request.form.getlist(one.id) for one in self.own.content.questions}
        had = set(request.form.get("had", " ".join(sent)).split())
        return {key: values for key, values in sent.items() if key in had or any(value.strip() for value in values)}

    def _saved(self, errors: Mapping[str, str], to: str, **hidden: str) -> Answer | None:
        """What follows on saving; None: the page again, with what was wrong. `hidden`: fields that a script follows."""
        if _is_script():
            wrong = {key: [words] for key, words in errors.items()}
            return jsonify(errors=wrong, hidden=hidden), 422 if errors else 200
        return None if errors else redirect(to, 303)

    def _after(self, question: Question) -> str:
        """Where they go from a question: on, back, or to where they came from."""
        questions = self.own.content.questions
        place = questions.index(question) + (-1 if request.form.get("go") == "back" else 1)
        if place < 0:
            return self.go("show")
        if place >= len(questions) or request.args.get("then") == "finish":
            return self.go("finish")
        return self.go("question", question_id=questions[place].id)

    def _resumes_at(self) -> Asked | None:
        """Where somebody goes on who was here before; None at the end."""
        found = first_open(self.own.content, self.own.answers)
        return asked_of(found, company_name()) if found is not None else None


def _had(answers: Mapping[str, Any]) -> str:
    """Which questions have an answer, for a page to send back."""
    return " ".join(answers)


def _typed(question: Question) -> Any:
    """What was sent for a question, to be shown again."""
    sent = request.form.getlist(question.id)
    return sent if len(sent) > 1 else next(iter(sent), None)


def _is_script() -> bool:
    return request.method == "POST" and request.headers.get("X-Requested-With") == _AUTOSAVE
