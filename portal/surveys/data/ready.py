"""The survey that is ready for each touchpoint: short, one thing a question, in words that suggest no answer.

What everybody can say comes first and what takes writing last; only the first question must be answered, and whoever
has nothing to say leaves the rest out.
"""

from collections.abc import Callable
from typing import Final

from portal.core.i18n import gettext as _
from portal.surveys.rules.questions import Content, Option, Question
from portal.surveys.states import QuestionKind, Touchpoint


def ready_content(touchpoint: Touchpoint) -> Content:
    """What the ready survey of a touchpoint asks, in the reader's language."""
    return _READY[touchpoint]()


def _applied() -> Content:
    """One tap where they have just applied: anything more would be asked of people who wait for an answer."""
    return Content(
        title=_("How was applying?"),
        introduction=_("One tap is enough."),
        questions=(
            Question("effort", QuestionKind.EFFORT, _("How easy or hard was it to apply here?"), is_required=True),
        ),
        thanks=_("We use it to make applying easier."),
    )


def _interviewed() -> Content:
    return Content(
        title=_("How was your interview?"),
        introduction=_("Nobody who decides about your application sees an answer before the decision is made."),
        questions=(
            Question(
                "satisfaction",
                QuestionKind.SATISFACTION,
                _("How satisfied are you with the interview as a whole?"),
                is_required=True,
            ),
            Question("fairness", QuestionKind.FAIRNESS, _("How fair was the interview?")),
            Question("effort", QuestionKind.EFFORT, _("How easy or hard was it to find a time for it?")),
            _words(_("If you could change one thing about the interview, what would it be?")),
        ),
        thanks=_("We use it to make interviews here better."),
    )


def _not_selected() -> Content:
    return Content(
        title=_("How did we treat you?"),
        introduction=_("Whatever the answer was, how we treated you on the way matters to us. Say it as it was."),
        questions=(
            Question("recommend", QuestionKind.RECOMMEND, is_required=True),
            Question("fairness", QuestionKind.FAIRNESS, _("How fair was the way in which we decided?")),
            Question(
                "feedback",
                QuestionKind.SATISFACTION,
                _("How satisfied are you with the feedback that we gave you?"),
                _("Leave it out if you had none."),
            ),
            _words(_("If you could change one thing about how we treated you, what would it be?")),
        ),
        thanks=_("It takes something to answer after a no. It helps those who apply after you."),
    )


def _left() -> Content:
    return Content(
        title=_("What decided it?"),
        introduction=_("You decided not to go on with us. We would like to learn from it."),
        questions=(
            Question("recommend", QuestionKind.RECOMMEND, is_required=True),
            Question(
                "reason",
                QuestionKind.ONE_OF,
                _("What was your main reason?"),
                options=(
                    Option("other-offer", _("I took another offer")),
                    Option("pay", _("The pay")),
                    Option("work", _("The work itself")),
                    Option("place", _("The place or the working hours")),
                    Option("time", _("How long it took")),
                    Option("treatment", _("How I was treated")),
                    Option("life", _("Something in my life")),
                    Option("else", _("Something else")),
                ),
            ),
            _words(_("If you could change one thing about it, what would it be?")),
        ),
        thanks=_("Good luck with what you chose. You are welcome here again."),
    )


def _hired() -> Content:
    return Content(
        title=_("How was the way to us?"),
        introduction=_("It is about the way from your application to our offer."),
        questions=(
            Question("recommend", QuestionKind.RECOMMEND, is_required=True),
            Question(
                "satisfaction",
                QuestionKind.SATISFACTION,
                _("How satisfied are you with how we led you there?"),
            ),
            _words(_("What would have helped you on the way?")),
        ),
        thanks=_("We use it for those who come after you."),
    )


def _community() -> Content:
    return Content(
        title=_("How are we doing?"),
        introduction=_("Once a year we ask our members how it is to be one."),
        questions=(
            Question("recommend", QuestionKind.RECOMMEND, is_required=True),
            Question("updates", QuestionKind.SATISFACTION, _("How satisfied are you with the updates from us?")),
            Question(
                "more",
                QuestionKind.SOME_OF,
                _("What would you like more of?"),
                _("As many as you like. Leave it out if it is right as it is."),
                options=(
                    Option("teams", _("What teams here work on")),
                    Option("pay", _("What is paid here, and how that is decided")),
                    Option("careers", _("Help with one's own career")),
                    Option("stories", _("Stories of members")),
                    Option("events", _("Events")),
                    Option("openings", _("Openings that fit me")),
                ),
            ),
            _words(_("If you could change one thing about our community, what would it be?")),
        ),
        thanks=_("What we change because of it, we say on our pages."),
    )


def _words(question: str) -> Question:
    """One open question, which asks for a change and not for praise or blame."""
    names = _("Please name nobody, and nothing by which you would be known, unless you want to be.")
    return Question("words", QuestionKind.LONG_TEXT, question, names)


_READY: Final[dict[Touchpoint, Callable[[], Content]]] = {
    Touchpoint.APPLIED: _applied,
    Touchpoint.INTERVIEWED: _interviewed,
    Touchpoint.NOT_SELECTED: _not_selected,
    Touchpoint.LEFT: _left,
    Touchpoint.HIRED: _hired,
    Touchpoint.COMMUNITY: _community,
}
