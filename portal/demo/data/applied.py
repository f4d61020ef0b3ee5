"""Those who applied in the portal of the demo itself: what they sent, and what became of it; nobody is real."""

from typing import NamedTuple


class Cv(NamedTuple):
    """The lines of a CV: the name of the file, a line below the name, and blocks of a heading with its lines."""

    file_name: str
    line: str
    blocks: tuple[tuple[str, tuple[str, ...]], ...]


class Applied(NamedTuple):
    """Somebody who applied here: for the opening with this id in the earlier system, so many working days ago."""

    email: str
    name: str
    phone: str
    opening: str
    days_ago: int
    channel: str
    cover_note: str
    #: By the question's id.
    answers: tuple[tuple[str, str], ...]
    cv: Cv | None
    #: How hard it was, from 1 to 5.
    effort: int
    #: What was written to them since, by the opening's recruiter one working day ago; empty: nothing yet.
    letter: str = ""


APPLIED = (
    Applied(
        "mira.castellanos@example.org",
        "Mira Castellanos",
        "+48 22 555 01 84",
        "41001",
        3,
        "Careers page",
        "Hello Rita,\n\nI look after the booking system of a city's libraries. It is used by 60 branches, most of them "
        "between three and five in the afternoon, and two years ago it fell over every Tuesday. It does not any more, "
        "and I would like to tell you why in person rather than on paper.\n\nWhat draws me to you is the sentence "
        "about saying no to good ideas.",
        (
            (
                "why",
                "I would like to sit nearer to the people who use what I build. Today there are four departments "
                "between a librarian and me.",
            ),
        ),
        Cv(
            "Mira Castellanos, CV.pdf",
            "Backend engineer, Warsaw",
            (
                (
                    "Work",
                    (
                        "2021 to today: Senior engineer, City Libraries of Warsaw",
                        "  Booking and lending for 60 branches, in Python and PostgreSQL",
                        "  Moved 11 years of loans to a new data model, branch by branch",
                        "2016 to 2021: Engineer, Polna Energia",
                        "  Meter readings of 400,000 households, nightly and then by the hour",
                    ),
                ),
                (
                    "Talks and writing",
                    (
                        "Tuesdays: how a queue at a counter broke our database, Warsaw 2025",
                        "A migration diary, in eleven parts",
                    ),
                ),
                ("School", ("Computer science, University of Granada, 2016",)),
                ("Languages", ("Spanish, Polish, English",)),
            ),
        ),
        2,
        letter="Thank you for your application, Mira.\n\nI read about the Tuesdays twice, and Hugo has it now. Two "
        "people read every application here, so the next word comes from me when both have.",
    ),
    Applied(
        "jonasz.pawlak@example.org",
        "Jonasz Pawlak",
        "",
        "41002",
        1,
        "Referral",
        "Three of my screens failed, and I would like to begin with those. One of them was for nurses.",
        (("place", "Two or three a week"), ("why", "To watch people work before I draw, and not after.")),
        Cv(
            "pawlak-cv.pdf",
            "Product designer, Gdynia",
            (
                (
                    "Work",
                    (
                        "2019 to today: Designer, ferry bookings, Gdynia",
                        "  Tickets for 2 million passengers a year, on paper, phone and kiosk",
                        "2017 to 2019: Trainee, Studio Wrzos, Warsaw",
                    ),
                ),
                ("School", ("Graphic design, Academy of Fine Arts, Warsaw, 2017",)),
            ),
        ),
        1,
    ),
    Applied(
        "beatriz.coelho@example.org",
        "Beatriz Coelho",
        "+351 21 555 0137",
        "41004",
        2,
        "LinkedIn",
        "I have run the front desk of a health centre in Lisbon for six years. When your software was slow, I was the "
        "one who apologised for it, so I know what I would ring about.",
        (("polish", "yes"),),
        None,
        3,
    ),
)
#: What Ada has typed for the opening that members see first, and not sent yet.
ADA_DRAFT = (
    "Hello Rita, you know my notes on the booking system. The night before that move I spent with the laboratory's "
    "files, which came at four in the morning and were never twice the same."
)
