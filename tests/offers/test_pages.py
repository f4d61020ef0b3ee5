"""The pages of an offer, as both sides use them."""

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.offers.states import OfferState
from portal.people.models import StaffPicture
from tests.conftest import Time
from tests.factories import Made, make_application, make_opening, make_staff, settle_mail, signed_in
from tests.offers.offering import DECIDE_BY, PAY, change, give_time, mails, make, offer_of, own, take_away
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def reader(app: Flask, ada: Made) -> Browser:
    return signed_in(app, ada.person_id)


@pytest.fixture
def writer(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def mine(made: Made, rest: str = "") -> str:
    return f"/me/applications/{made.public_id}/offer{rest}"


def theirs(made: Made, rest: str = "") -> str:
    return f"/recruiting/applications/{made.public_id}/offer{rest}"


def fill(browser: Browser, made: Made, *, expect: int = 200, button: str = "send", **fields: str) -> Page:
    page = browser.get(theirs(made, "/write"))
    values = {
        "terms": f"- Pay: **{PAY}**",
        "decide_by": DECIDE_BY.isoformat(),
        "contact_phone": "+48 22 123 45 67",
        **fields,
    }
    return browser.submit(page, having="terms", button=button, expect=expect, **values)


# A colleague


def test_an_offer_is_made_from_the_page_of_the_application(writer: Browser, reader: Browser, ada: Made) -> None:
    page = writer.get(f"/recruiting/applications/{ada.public_id}")
    assert theirs(ada, "/write") in page.links
    done = fill(writer, ada)
    assert done.heading == "Offer to Ada Lind"
    assert "Until then you can take it back" in done.text
    settle_mail()
    assert "Please decide by Friday 13 March 2026" in reader.get(f"/me/applications/{ada.public_id}").text


def test_the_preview_shows_the_mail_and_keeps_what_was_typed(writer: Browser, ada: Made) -> None:
    page = fill(writer, ada, button="preview")
    assert "An offer for you: Data Analyst" in page.text
    assert "Nothing has been sent yet." in page.text
    assert page.form(having="terms").values["terms"] == f"- Pay: **{PAY}**"
    assert "No offer was made" in writer.get(theirs(ada)).text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("terms", "", "Please say what you offer."),
        ("decide_by", "2026-03-06", "less than five working days"),
        ("decide_by", "2026-03-01", "Please choose a day to come"),
        ("decide_by", "soon", "Please say by when they decide."),
        ("contact_phone", "ask", "Please give a number"),
        ("contact", "nobody", "Not a valid choice"),
        ("words", "", "Please write what they will read in the mail."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    writer: Browser, ada: Made, field: str, value: str, says: str
) -> None:
    page = fill(writer, ada, expect=422, **{field: value})
    assert says in page.text
    form = page.form(having="terms")
    assert form.values["contact_phone" if field != "contact_phone" else "decide_by"]
    assert "No offer was made" in writer.get(theirs(ada)).text


def test_it_is_taken_back_and_the_form_begins_with_its_words(writer: Browser, ada: Made) -> None:
    page = fill(writer, ada)
    page = writer.submit(page, action="/take-back")
    assert "Words that were taken back" in page.text
    again = writer.get(theirs(ada, "/write"))
    assert again.form(having="terms").values["terms"] == f"- Pay: **{PAY}**"
    page = writer.submit(page, action="/throw-away")
    assert "No offer was made" in page.text


def test_it_is_sent_at_once_if_wished(writer: Browser, ada: Made) -> None:
    page = fill(writer, ada)
    assert "It goes now." in writer.submit(page, action="/send-now").text


def test_two_colleagues_who_make_it_at_once_make_one(app: Flask, writer: Browser, ada: Made) -> None:
    other = signed_in(app, make_staff("Olga Nowak"))
    page = other.get(theirs(ada, "/write"))
    fill(writer, ada)
    values = {"terms": "Mine.", "decide_by": DECIDE_BY.isoformat(), "contact_phone": "12345"}
    refused = other.submit(page, having="terms", button="send", expect=409, **values)
    assert "Nothing has been sent yet" in refused.text
    assert refused.form(having="terms").values["terms"] == "Mine."


def test_a_change_and_a_withdrawal_are_made_on_pages_of_their_own(
    writer: Browser, reader: Browser, rita: int, ada: Made
) -> None:
    make(ada, rita)
    page = writer.get(theirs(ada, "/write"))
    assert page.heading == "Change the offer to Ada Lind"
    writer.submit(page, having="terms", button="now", terms="- Pay: more", words="Dear Ada, look again.")
    settle_mail()
    text = reader.get(mine(ada)).text
    assert "This is our newest offer. What is different: what we offer" in text
    assert PAY in text
    page = writer.get(theirs(ada, "/withdraw"))
    values = {"words": "We are sorry.", "next_update_by": "2026-03-06"}
    writer.submit(page, having="next_update_by", button="now", **values)
    settle_mail()
    text = reader.get(mine(ada)).text
    assert "We took back this offer on" in text
    assert "We are sorry." in text


def test_a_wish_for_time_is_answered_either_way(writer: Browser, reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    for way, words in (("/no-more-time", "It cannot wait."), ("/more-time", "Of course.")):
        page = reader.get(mine(ada, "/time"))
        reader.submit(page, having="own_day", button="2026-03-20", words="I wait for another answer.")
        page = writer.get(theirs(ada))
        assert "asks for time until" in page.text
        assert "I wait for another answer." in page.text
        writer.submit(writer.get(theirs(ada, way)), having="words", button="now", words=words)
        settle_mail()
        assert words in reader.get(mine(ada)).text
    assert "Friday 20 March 2026" in reader.get(mine(ada)).text


def test_after_a_yes_the_letter_that_ends_it_is_one_step_away(
    writer: Browser, reader: Browser, rita: int, ada: Made
) -> None:
    make(ada, rita)
    reader.submit(reader.get(mine(ada, "/accept")), having="version_id")
    page = writer.get(theirs(ada))
    hired = f"/recruiting/applications/{ada.public_id}/end?outcome=hired"
    assert hired in page.links
    assert "What they said yes to stays as it is" in page.text
    assert writer.get(hired).form(having="message").values["message"]


def test_after_a_yes_there_is_no_other_offer_to_make_and_a_form_that_was_open_makes_none(
    writer: Browser, reader: Browser, rita: int, ada: Made
) -> None:
    make(ada, rita)
    take_away(ada, rita)
    assert theirs(ada, "/write") in writer.get(theirs(ada)).links
    make(ada, rita)
    page = writer.get(theirs(ada, "/write"))
    reader.submit(reader.get(mine(ada, "/accept")), having="version_id")
    assert theirs(ada, "/write") not in writer.get(theirs(ada)).links
    assert writer.get(theirs(ada, "/write")).heading == "Offer to Ada Lind"
    there = writer.submit(page, having="terms", terms="- Pay: less")
    assert "There is nothing to do about this offer just now" in there.text
    assert offer_of(ada).state is OfferState.ACCEPTED


# The candidate


def test_the_first_line_says_by_when_and_one_button_leads_to_the_offer(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    page = reader.get(f"/me/applications/{ada.public_id}")
    assert page.links.count(mine(ada)) == 1
    assert page.find("data-next-update-by") is not None
    offer = reader.get(mine(ada))
    assert PAY in offer.text
    assert "tel:+48221234567" in offer.links
    assert any(link.startswith("mailto:rita@example.org") for link in offer.links)


def test_whoever_answers_questions_is_shown_with_their_picture(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    with transaction() as session:
        session.add(
            StaffPicture(
                person_id=rita, public_id="picture12345", content=b"", media_type="image/png", created_at=clock.now()
            )
        )
    for path in (mine(ada), f"/me/applications/{ada.public_id}"):
        talk = reader.get(path).response.text.partition("tel:+48221234567")[0].rpartition("person")[2]
        assert "/pictures/picture12345" in talk


def test_yes_takes_two_steps_and_the_pages_say_so_at_once(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    page = reader.get(mine(ada, "/accept"))
    assert "What happens next" in page.text
    done = reader.submit(page, having="version_id", words="I am glad.")
    assert "You accepted this offer on Wednesday 4 March 2026" in done.text
    page = reader.get(f"/me/applications/{ada.public_id}")
    assert "You accepted our offer, and Rita Sander writes to you by" in page.text
    assert "You accepted it on Wednesday 4 March 2026" in page.text
    assert "waits for your answer" not in page.text
    assert page.find("data-next-update-by") is not None


def test_no_takes_two_steps_and_leaves_a_door_open(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    page = reader.get(mine(ada, "/decline"))
    assert not page.form(having="version_id").values.get("reason"), "nothing is chosen before"
    done = reader.submit(page, having="version_id", reason="pay", words="Too little.")
    assert "You declined this offer on Wednesday 4 March 2026" in done.text
    assert "/me/preferences" in done.links
    page = reader.get(f"/me/applications/{ada.public_id}")
    assert "You declined our offer, and this application ended on Wednesday 4 March 2026" in page.text
    assert "Declined the offer." in page.text
    assert "Withdrew the application." not in page.text
    assert "You declined our offer." in reader.get("/me").text


def test_time_is_asked_for_with_a_day_that_is_offered_or_ones_own(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    page = reader.get(mine(ada, "/time"))
    assert "wanted_on" not in page.form(having="own_day").values, "nothing is chosen before"
    refused = reader.submit(page, having="own_day", button="other", expect=422, words="Please.")
    assert "Please choose a day, or enter one." in refused.text
    assert refused.form(having="own_day").values["words"] == "Please."
    done = reader.submit(page, having="own_day", button="other", own_day="2026-03-18")
    assert "You asked for time until Wednesday 18 March 2026." in done.text
    own_page = reader.get(f"/me/applications/{ada.public_id}")
    assert "You asked for time until Wednesday 18 March 2026" in own_page.text
    assert mine(ada, "/time") not in done.links


def test_a_second_press_and_a_second_tab_do_nothing_more(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    yes, no = reader.get(mine(ada, "/accept")), reader.get(mine(ada, "/decline"))
    reader.submit(yes, having="version_id")
    assert "You accepted this offer" in reader.submit(yes, having="version_id").text
    late = reader.submit(no, having="version_id")
    assert "Nothing was changed: this offer is closed already." in late.text
    assert own(ada).state is OfferState.ACCEPTED


def test_an_offer_that_changed_meanwhile_is_shown_before_it_is_answered(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    page = reader.get(mine(ada, "/accept"))
    change(ada, rita)
    again = reader.submit(page, having="version_id", words="I am glad.", expect=409)
    assert "The offer has changed since you opened that page." in again.text
    assert "65,000" in again.text
    assert again.form(having="version_id").values["words"] == "I am glad."
    assert "You accepted this offer" in reader.submit(again, having="version_id").text


def test_an_offer_that_was_taken_back_meanwhile_says_so_kindly(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    page = reader.get(mine(ada, "/accept"))
    take_away(ada, rita)
    done = reader.submit(page, having="version_id")
    assert "We took back this offer on" in done.text
    assert own(ada).state is OfferState.WITHDRAWN


def test_after_the_day_the_page_says_that_it_has_passed_and_what_can_be_done(
    reader: Browser, writer: Browser, rita: int, ada: Made, time: Time
) -> None:
    make(ada, rita)
    time.pass_by(days=10)
    reader, writer = signed_in(reader.app, ada.person_id), signed_in(writer.app, rita)
    page = reader.get(mine(ada))
    assert "That day has passed, and the offer still stands." in page.text
    for rest in ("/accept", "/time", "/decline"):
        assert mine(ada, rest) in page.links
    assert "They were to decide by Friday 13 March 2026" in writer.get(theirs(ada)).text
    give_time(ada, rita)
    assert "That day has passed" not in reader.get(mine(ada)).text


def test_what_waits_in_the_undo_window_shows_nowhere(reader: Browser, rita: int, ada: Made) -> None:
    before = reader.get(f"/me/applications/{ada.public_id}").text
    make(ada, rita, is_settled=False)
    reader.get(mine(ada), expect=404)
    assert reader.get(f"/me/applications/{ada.public_id}").text == before
    assert PAY not in reader.get("/me/privacy").text


def test_markdown_of_an_offer_is_clean(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita, terms="<script>alert(1)</script> **bold** [x](javascript:alert(1))")
    page = reader.get(mine(ada))
    assert "<script>alert(1)</script>" not in page.body
    assert not [link for link in page.links if link.startswith("javascript")]
    assert "<strong>bold</strong>" in page.body


# Who may not


def test_other_candidates_and_other_managers_find_nothing(app: Flask, rita: int, hugo: int, ada: Made) -> None:
    make(ada, rita)
    bo = make_application(make_opening("Nurse"), rita, name="Bo Ek")
    stranger = signed_in(app, bo.person_id)
    for rest in ("", "/time", "/accept", "/decline"):
        stranger.get(mine(ada, rest), expect=404)
    other = signed_in(app, make_staff("Lena Walczak", Role.HIRING_MANAGER))
    for rest in ("", "/write", "/withdraw", "/more-time", "/no-more-time"):
        other.get(theirs(ada, rest), expect=404)
    assert own(ada).is_open


def test_the_manager_of_the_opening_reads_it_and_writes_nothing(app: Flask, rita: int, hugo: int, ada: Made) -> None:
    make(ada, rita)
    manager = signed_in(app, hugo)
    page = manager.get(theirs(ada))
    assert PAY in page.text
    assert not [link for link in page.links if link.startswith(theirs(ada, "/"))]
    for rest in ("/write", "/withdraw", "/more-time", "/no-more-time"):
        manager.get(theirs(ada, rest), expect=404)


def test_nobody_works_on_an_offer_to_themselves(app: Flask, rita: int, ada: Made) -> None:
    made = make_application(make_opening("Cook"), make_staff("Olga Nowak"), person_id=rita)
    signed_in(app, rita).get(theirs(made), expect=404)


def test_who_follows_by_a_link_reads_that_there_is_one_and_nothing_of_it(app: Flask, rita: int, ada: Made) -> None:
    make(ada, rita)
    follower = Browser(app)
    with app.app_context():
        link = _follow_link()
    page = follower.get(link)
    page = follower.submit(page, having="csrf_token")
    assert "please sign in" in page.text
    for secret in (PAY, "Data Analyst, full time", "+48 22 123 45 67"):
        assert secret not in page.body
    assert follower.get(mine(ada)).heading == "Sign in"


def test_fields_that_are_not_on_the_form_change_nothing(reader: Browser, rita: int, ada: Made) -> None:
    make(ada, rita)
    page = reader.get(mine(ada, "/time"))
    token = page.form(having="own_day").values["csrf_token"]
    sent = {
        "csrf_token": token,
        "own_day": "2026-03-18",
        "decide_by": "2027-01-01",
        "state": "accepted",
        "closed_at": "x",
        "answer_id": "1",
    }
    assert reader.client.post(mine(ada, "/time"), data=sent).status_code == 303
    assert own(ada).decide_by == DECIDE_BY
    assert offer_of(ada).state is OfferState.OPEN


def _follow_link() -> str:
    mail = mails("made")[0]
    return f"/follow/{mail_token(current_settings().secret_key, mail.key, TokenKind.FOLLOW)}"
