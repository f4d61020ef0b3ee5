"""What does not go as planned in the demo, and what those write whom it is about; nobody is real."""

from typing import Final

from portal.feedback.rules.writing import FeedbackWords

MOVED: Final = (
    "Lena is at a clinic on the day that you chose, which I should have seen before I offered it. I am sorry. Would "
    "this time suit you? If not, tell me on the page or answer this mail, and I find another."
)
CALLED_OFF: Final = (
    "Lena has to be with a clinic that day, so I call our talk off rather than have somebody else read your notes. "
    "It says nothing about your application. You hear from me with new times."
)
SORRY: Final = (
    "You were there and we were not. Lena was called to a clinic, and nobody told you. That was our mistake and not "
    "yours, and I am sorry for the time it cost you. Write to me when it suits you, and we come."
)
TODAYS_WORD: Final = (
    "Hello {name},\n\nI said that you hear from me today. There is no decision yet: the team has two more talks this "
    "week. That says nothing about how it will go."
)
TODAYS_REASON: Final = "The team has two more talks this week, and decides when it has met everybody."
#: Said that they do not want to be a member any more.
LEFT: Final = "daniel.okoye@example.org"
#: Joined two years ago, not heard from since.
QUIET: Final = "clara.neumann@example.org"
BEGUN_FEEDBACK: Final = FeedbackWords(
    strong="You told us what broke in the first week, before anybody asked.",
    criterion="Says what went wrong",
    missing="",
    try_this="",
)
