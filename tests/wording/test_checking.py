"""What an admin may make of a mail's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.wording.data import MAILS
from portal.wording.rules import Difference, Mail, Word, Words, differences, problems, tidy, unknown_names

SIGN_IN = MAILS["accounts/sign_in"]
GOOD = tidy(SIGN_IN.words)


def changed(**fields: str) -> Words:
    return tidy(Words(**{**vars(GOOD), **fields}))


def found(words: Words, mail: Mail = SIGN_IN) -> list[tuple[str, str]]:
    return [(problem.field, problem.message) for problem in problems(mail, words)]


@pytest.mark.parametrize("mail", MAILS.values(), ids=lambda mail: mail.kind)
def test_our_own_words_pass(mail: Mail) -> None:
    assert found(tidy(mail.words), mail) == []
    assert unknown_names(mail, tidy(mail.words)) == {}


@pytest.mark.parametrize("mail", MAILS.values(), ids=lambda mail: mail.kind)
def test_every_mail_says_what_it_is_when_it_goes_and_why_it_came(mail: Mail) -> None:
    assert str(mail.title)
    assert str(mail.when).endswith(".")
    assert str(mail.why).startswith("You get this mail because ")
    assert "!" not in "".join((str(mail.words.subject), str(mail.words.body), str(mail.words.heading)))


def test_a_mail_keeps_the_link_it_exists_for() -> None:
    body = GOOD.body.replace("{sign_in_button}", "")
    assert found(changed(body=body)) == [
        ("body", "This mail needs {sign_in_button} on a line of its own: The link that signs them in.")
    ]


def test_a_link_within_a_sentence_is_refused() -> None:
    assert ("body", "{sign_in_button} needs a line of its own.") in found(
        changed(body=GOOD.body.replace("{sign_in_button}", "Press {sign_in_button} now."))
    )


@pytest.mark.parametrize("field", ["subject", "preheader", "heading"])
def test_a_block_does_not_fit_in_a_line(field: str) -> None:
    assert found(changed(**{field: "See {code}"})) == [(field, "{code} belongs in the text, on a line of its own.")]


@pytest.mark.parametrize("field", ["subject", "heading"])
def test_what_is_empty_for_some_cannot_stand_in_a_line(field: str) -> None:
    assert found(changed(**{field: "For {name}"})) == [
        (field, "{name} is empty for some people, so it cannot stand here.")
    ]


@pytest.mark.parametrize("field", ["subject", "heading", "body"])
def test_a_mail_needs_words(field: str) -> None:
    assert (field, "Please write something here: a mail needs it.") in found(changed(**{field: " "}))


def test_a_mail_goes_without_a_preview_line() -> None:
    assert found(changed(preheader="")) == []


def test_lines_and_text_have_an_end() -> None:
    assert found(changed(subject="x" * 201)) == [("subject", "Please keep this under 200 characters.")]
    assert ("body", "Please keep this under 8000 characters.") in found(changed(body=GOOD.body + "x" * 8000))


def test_a_slip_in_a_name_is_pointed_out() -> None:
    assert unknown_names(SIGN_IN, changed(body=GOOD.body + "\n\n{nmae} {{org}} {config}")) == {
        "body": ["nmae", "config"]
    }


@given(st.text(max_size=200))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = tidy(Words(text, text, text, text))
    assert tidy(once) == once


def test_versions_are_compared_by_lines_and_paragraphs() -> None:
    after = Words("Another subject", GOOD.preheader, GOOD.heading, GOOD.body + "\n\nBye.")
    assert differences(GOOD, after) == [
        Difference("subject", str(GOOD.subject), "Another subject"),
        Difference("body", "", "Bye."),
    ]
    assert differences(GOOD, GOOD) == []


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.lists(st.sampled_from("abcd"), max_size=6))
def test_bodies_differ_exactly_when_a_difference_is_shown(old: list[str], new: list[str]) -> None:
    before, after = (Words("s", "", "h", "\n\n".join(lines)) for lines in (old, new))
    assert bool(differences(before, after)) == (old != new)


def test_examples_fill_every_place() -> None:
    for mail in MAILS.values():
        for place in mail.places:
            if isinstance(place, Word) and place.name != "greeting":
                assert place.example not in (None, ""), f"{mail.kind}: {place.name}"
