"""What people with bad intentions send: mail that takes very long to read, heaps of it, old reports, lying servers."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.contact.actions import lift_suppression
from portal.contact.queries import is_suppressed
from portal.conversations.models import ConversationMessage
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.outbox import jobs
from portal.outbox.adapters import MailboxReader, MailboxTrouble, mailbox_address
from portal.outbox.models import MailboxProgress
from portal.outbox.rules.incoming import UnreadableMail, read_mail
from portal.outbox.states import DeliveryState, IncomingState, WhyNotPlaced
from portal.tasks.states import TaskKind
from tests.conftest import Time
from tests.conversations.talking import open_tasks
from tests.factories import Made, make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.outbox.incoming import arrive, kept, reachable, reply_address, report, return_path, send, work, written
from tests.outbox.letters import delivery, person, put
from tests.outbox.lying import lying

pytestmark = pytest.mark.both_in_soak

ADA = "ada@example.org"
HEAD = b"From: Ada <ada@example.org>\r\nTo: reply@mail.kindred.example\r\nSubject: Hello\r\n"
FULL = {"status": "5.2.2", "words": "552 5.2.2 mailbox full"}


@pytest.fixture(autouse=True)
def settings(app: Flask) -> Iterator[None]:
    with reachable():
        yield


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening(recruiter_id=rita), rita, person_id=make_person(email=ADA))


def said(person_id: int) -> list[str]:
    end_reading()
    found = select(ConversationMessage.body).where(ConversationMessage.person_id == person_id)
    return list(session().scalars(found.order_by(ConversationMessage.id)))


def nested(depth: int, spelt: str) -> bytes:
    parts = [f"Content-Type: multipart/mixed; {spelt}=b0\r\n\r\n"]
    parts += [f"--b{n}\r\nContent-Type: multipart/mixed; {spelt}=b{n + 1}\r\n\r\n" for n in range(depth)]
    return HEAD + "".join(parts).encode()


@pytest.mark.parametrize("spelt", ["boundary", "Boundary", "BOUNDARY ", "boundary*0", "boundary*", "boundary\r\n "])
def test_parts_within_parts_are_not_read_however_that_is_spelt(spelt: str) -> None:
    with pytest.raises(UnreadableMail, match="parts within parts"):
        read_mail(nested(200, spelt))


def test_a_letter_with_some_parts_within_parts_is_read() -> None:
    mail = nested(10, "boundary") + b"--b10\r\nContent-Type: text/plain\r\n\r\nHello there\r\n"
    assert read_mail(mail).said.text == "Hello there"


@pytest.mark.parametrize("line", [b"\n", b"\r", b"\r\n", b"--b\n\n", b"x\n"])
def test_of_very_many_lines_the_first_are_read(line: bytes) -> None:
    mail = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n\r\n"
    read = read_mail(mail + line * 70_000 + b"--b\r\nContent-Disposition: attachment; filename=last.pdf\r\n\r\nx\r\n")
    assert read.said.text == "Hello"
    assert "last.pdf" not in read.said.files


def test_a_file_of_three_megabytes_is_read_to_its_end() -> None:
    lines = b"QUJD" * 19 + b"\r\n"
    body = b"--b\r\n\r\nHello\r\n--b\r\nContent-Transfer-Encoding: base64\r\nContent-Type: application/pdf\r\n\r\n"
    body += lines * 39_000 + b"--b\r\nContent-Disposition: attachment; filename=last.pdf\r\n\r\nx\r\n--b--\r\n"
    read = read_mail(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body)
    assert read.said.files == ("application/pdf", "last.pdf")


def test_of_an_endless_header_field_the_beginning_is_read() -> None:
    pieces = "; ".join(f"filename*{number}=abcdefghij" for number in range(5_000))
    mail = HEAD + f"Content-Disposition: attachment; {pieces}; size=7\r\n\r\nhi\r\n".encode()
    assert read_mail(mail).said.files[0].startswith("abcdefghij")
    quotes = HEAD + b"Content-Type: text/plain; " + b';"' * 500_000 + b"; charset=utf-8\r\n\r\nhi\r\n"
    assert read_mail(quotes).said.text == "hi"


def test_of_html_without_end_the_beginning_is_read() -> None:
    mail = HEAD + b"Content-Type: text/html\r\n\r\n<p>Hello</p>" + b"<div>" * 40_000 + b"the end"
    assert read_mail(mail).said.text == "Hello"


def test_letters_that_turn_the_direction_are_left_out() -> None:
    mail = HEAD.replace(b"Hello", "Re: \u202egnp.exe".encode()) + (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"Pay to &#8238;knab&#1;&#13; now\r\n--b\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''cv%E2%80%AEfdp.exe\r\n\r\nx\r\n--b--\r\n"
    )
    read = read_mail(mail)
    assert (read.subject, read.said.text, read.said.files) == ("Re: gnp.exe", "Pay to knab\nnow", ("cv fdp.exe",))


def test_a_header_field_in_plain_letters_of_the_world_is_read() -> None:
    mail = HEAD.replace(b"Hello", "Zażółć gęślą".encode()) + b"Content-Type: text/plain; charset=utf-8\r\n\r\nhi\r\n"
    assert read_mail(mail).subject == "Zażółć gęślą"
    assert "\ufffd" in read_mail(mail.replace("ż".encode(), b"\xff")).subject


_ODD = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: multipart/digest; boundary=b\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: message/delivery-status\r\n",
        b"Content-Type: message/partial; number=1; total=9\r\n",
        b"Content-Type: message/external-body; access-type=local-file; name=/etc/passwd\r\n",
        b"Content-Type: text/rfc822-headers\r\n",
        b"Content-Type: text/plain; charset*=utf-8''%FF%FE\r\n",
        b'Content-Type: text/html; charset="\r\n "\r\n',
        b"Content-Type: text/plain; charset=zlib\r\n",
        b"Content-Type: text/plain; charset=../../x\r\n",
        b"Content-Type: \r\n",
        b"Content-Type: /\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%e2%80; filename*1=x\r\n",
        b"Content-Disposition: attachment; filename*=klingon''%ff\r\n",
        b"From: =?utf-8?b?PGFAYi5leGFtcGxlPg==?=\r\n",
        b"From: a@b.example (((((\r\n",
        b"From: Group: a@b.example, c@d.example;\r\n",
        b"From: mailer-daemon@x.example\r\n",
        b"Return-Path: <>\r\n",
        b"Subject: =?utf-8?q?=0D=0ABcc:_x@y.example?=\r\n",
        b"Message-ID: <a@b> <c@d>\r\n",
        b"References: <<a@b>>><\r\n",
        b"Auto-Submitted: no; x=\r\n",
        b"\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"begin 644 x\r\n#0V%T\r\n`\r\nend\r\n",
        b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550\r\n",
        b"Action: \xff\r\nStatus: 9.999.9999\r\n",
        b"On Monday, Rita <r@x.example> wrote:\r\n> hi\r\n",
        b"<blockquote><div class=gmail_quote>",
        b"\x00\xff\xfe",
        b"\xed\xa0\x80",
    ]
)


@given(st.lists(st.one_of(_ODD, st.binary(max_size=20)), max_size=25))
def test_pieces_of_odd_mail_in_any_order_are_read_or_unreadable(pieces: list[bytes]) -> None:
    try:
        read = read_mail(b"".join(pieces))
    except UnreadableMail:
        return
    shown = "".join([read.subject, read.sender, read.said.text, read.said.quoted, *read.said.files, *read.recipients])
    assert not any(ch in shown for ch in "\x00\r\ud800")
    assert "\n" not in read.subject + read.sender + "".join(read.said.files)


def test_what_came_to_two_of_our_addresses_stands_in_the_conversation_once(ada: Made) -> None:
    to = reply_address(ada.person_id)
    for way in (to, "reply@mail.kindred.example"):
        arrive(written("I can come.", to=to, Message_ID="<one@example.org>", Delivered_To=way))
    arrive(written("I can come.", to=to, Message_ID="<one@example.org>", X_Again="sent again by somebody"))
    assert said(ada.person_id) == ["I can come."]


def test_the_same_words_on_another_day_and_other_words_are_taken_in(ada: Made, time: Time) -> None:
    to = reply_address(ada.person_id)
    arrive(written("Yes.", to=to, Message_ID="<one@example.org>"), written("Yes.", to=to, Message_ID="<two@x.example>"))
    arrive(written("No.", to=to, Message_ID="<one@example.org>"))
    assert said(ada.person_id) == ["Yes.", "Yes.", "No."]


@pytest.mark.parametrize(
    ("found", "is_theirs"),
    [
        ("mx.kindred.example; spf=fail; dmarc=fail (p=REJECT) header.from=example.org", False),
        ("mx.kindred.example; DMARC = Fail", False),
        ("mx.kindred.example; dkim=fail; dmarc=pass header.from=example.org", True),
        ("mx.kindred.example; dmarc=none", True),
    ],
)
def test_mail_in_their_name_that_our_server_calls_forged_waits_for_a_colleague(
    app: Flask, ada: Made, rita: int, found: str, is_theirs: bool
) -> None:
    arrive(written("Please withdraw me.", to=reply_address(ada.person_id), Authentication_Results=found))
    assert said(ada.person_id) == (["Please withdraw me."] if is_theirs else [])
    page = signed_in(app, rita).get(f"/recruiting/conversations/{public_id_of(ada.person_id)}")
    assert ("our mail server found that it did not" in page.text) is not is_theirs


def test_a_forger_who_says_that_all_is_well_further_down_is_not_believed(ada: Made) -> None:
    forged = written("It is me.", to=reply_address(ada.person_id), Authentication_Results="mine.example; dmarc=pass")
    arrive(b"Authentication-Results: mx.kindred.example; dmarc=fail\r\n" + forged)
    two = b"Authentication-Results: mx.kindred.example; dkim=none\r\n" + b"Authentication-Results: MX.kindred.example;"
    arrive(two + b" dkim=none " * 200 + b"; dmarc=fail\r\n" + forged)
    assert said(ada.person_id) == []
    assert [one.why for one in kept()] == [WhyNotPlaced.DISOWNED] * 2


def test_what_another_server_found_on_the_way_does_not_count(ada: Made) -> None:
    mail = written("It is me.", to=reply_address(ada.person_id), Authentication_Results="list.example; dmarc=fail")
    arrive(b"Authentication-Results: mx.kindred.example; dmarc=pass\r\n" + mail)
    assert said(ada.person_id) == ["It is me."]


def test_a_heap_of_mail_for_one_person_does_not_become_a_heap_of_tasks(app: Flask, ada: Made, rita: int) -> None:
    to = reply_address(ada.person_id)
    arrive(*(written(f"Buy {number}", sender=f"s{number}@example.net", to=to) for number in range(40)))
    assert len(open_tasks(TaskKind.HELD_MAIL)) == 30
    assert [one.why for one in kept()][30:] == [WhyNotPlaced.TOO_MANY] * 10
    page = signed_in(app, make_staff("Alma Reyes", Role.ADMIN)).get("/recruiting/admin/mail/incoming")
    assert "Very many came for one person at once" in page.text


def test_a_page_of_a_conversation_shows_the_first_of_a_heap(app: Flask, ada: Made, rita: int) -> None:
    to = reply_address(ada.person_id)
    arrive(*(written(f"Buy {number:02}", sender=f"s{number}@example.net", to=to) for number in range(12)))
    page = signed_in(app, rita).get(f"/recruiting/conversations/{public_id_of(ada.person_id)}")
    assert [f"Buy {number:02}" in page.text for number in range(12)] == [True] * 10 + [False] * 2


def test_who_writes_without_end_does_not_hold_up_the_others(ada: Made, rita: int) -> None:
    bo = make_application(make_opening("Baker", recruiter_id=rita), rita, person_id=make_person("Bo", "bo@example.org"))
    arrive(*(written(f"Number {number}", to=reply_address(ada.person_id)) for number in range(45)))
    arrive(written("Only me", sender="bo@example.org", to=reply_address(bo.person_id)))
    assert said(ada.person_id) == [f"Number {number}" for number in range(10)]
    assert said(bo.person_id) == ["Only me"]
    assert [one.state for one in kept()].count(IncomingState.REPLY) == 20


def test_in_whose_name_many_wrote_does_not_look_after_it(app: Flask, rita: int) -> None:
    admin = make_staff("Alma Reyes", Role.ADMIN, email="alma@example.org")
    make_application(make_opening(recruiter_id=rita), rita, person_id=admin)
    to = reply_address(admin)
    arrive(*(written(f"About Alma {number}", sender=f"s{number}@example.net", to=to) for number in range(31)))
    browser = signed_in(app, admin)
    last = kept()[-1]
    assert last.why is WhyNotPlaced.TOO_MANY
    assert last.public_id not in browser.get("/recruiting/admin/mail/incoming").text
    browser.get(f"/recruiting/admin/mail/incoming/{last.public_id}", expect=404)


def sent(number: int, person_id: int) -> str:
    """A letter to Ada that a server took; its key."""
    delivery_id = put(number, to=ADA, person_id=person_id, cause=f"application:{number}")
    send()
    return delivery(delivery_id).key


def test_an_old_report_sent_again_does_not_stop_mail_that_a_colleague_lets_go(app: Flask) -> None:
    person_id = person("Ada Lind", ADA)
    path = return_path(sent(1, person_id))
    arrive(report(path))
    lift_suppression(ADA, actor_id=make_staff(), now=clock.now())
    end_reading()
    arrive(report(path, words="550 5.1.1 no such user, once more"))
    assert not is_suppressed(ADA)


def test_one_report_many_times_over_does_not_add_up_to_a_dead_address(app: Flask) -> None:
    path = return_path(sent(1, person("Ada Lind", ADA)))
    arrive(*(report(path, about=f"X-Copy: {number}", **FULL) for number in range(5)))
    assert not is_suppressed(ADA)


def test_a_report_about_a_letter_of_long_ago_is_not_believed(app: Flask, time: Time) -> None:
    path = return_path(sent(1, person("Ada Lind", ADA)))
    time.pass_by(days=15)
    arrive(report(path))
    assert not is_suppressed(ADA)
    assert [one.state for one in kept()] == [IncomingState.DONE]


def test_a_report_about_a_letter_that_never_went_is_not_believed(app: Flask) -> None:
    delivery_id = put(1, to=ADA, person_id=person("Ada Lind", ADA))
    arrive(report(return_path(delivery(delivery_id).key)))
    assert delivery(delivery_id).state is DeliveryState.QUEUED
    assert not is_suppressed(ADA)


@pytest.mark.only("sqlite")  # the server is what is asked
@pytest.mark.parametrize(
    "said",
    [
        {"FETCH": b"* 1 FETCH (UID 1 BODY[]<0> {99999999999}\r\n"},
        {"FETCH": b"* 1 FETCH (UID 1 BODY[]<0> {" + b"9" * 40 + b"}\r\n"},
        {"SELECT": b"* OK [UIDVALIDITY 99999999999999999999999] valid\r\n%t OK done\r\n"},
        {"SELECT": b"* OK [UIDVALIDITY " + b"9" * 5_000 + b"] valid\r\n%t OK done\r\n"},
        {"SEARCH": b"* SEARCH " + b"9" * 5_000 + b"\r\n%t OK done\r\n"},
        {"SEARCH": (b"* SEARCH" + b" 1" * 400_000 + b"\r\n") * 8 + b"%t OK done\r\n"},
        {"SEARCH": b"%t NO never\r\n"},
        {"LOGIN": b"A000 OK hello\r\n"},
    ],
)
def test_a_mailbox_that_lies_is_trouble_and_no_more(app: Flask, said: dict[str, bytes]) -> None:
    with lying(**said) as url, reachable(mailbox_url=url):
        jobs.fetch_mail(clock.now())
    end_reading()
    assert session().scalars(select(MailboxProgress.trouble_since)).one() is not None


@pytest.mark.only("sqlite")  # the server is what is asked
def test_numbers_that_no_message_has_are_passed_over(app: Flask) -> None:
    with lying(SEARCH=b"* SEARCH 0 1 4294967296 99999999999999999999\r\n%t OK done\r\n") as url:
        with reachable(mailbox_url=url):
            jobs.fetch_mail(clock.now())
        with MailboxReader(mailbox_address(url)) as box:
            assert box.new_numbers(0) == [1]
    assert [one.raw for one in kept()] == [b"hello"]


@pytest.mark.only("sqlite")  # the server is what is asked
def test_a_mailbox_with_very_high_numbers_is_read(app: Flask) -> None:
    with lying(SEARCH=b"* SEARCH 4294967290\r\n%t OK done\r\n") as url, reachable(mailbox_url=url):
        with transaction() as own:
            name = mailbox_address(url).name(current_settings().secret_key)
            own.add(MailboxProgress(mailbox=name, uid_validity=7, last_uid=4_294_967_289, words=""))
        jobs.fetch_mail(clock.now())
    assert [one.raw for one in kept()] == [b"hello"]


def _handing_out(*numbers: int) -> Callable[[bytes], bytes]:
    """A server that hands out these messages only."""

    def fetch(line: bytes) -> bytes:
        uid = int(line.split()[3])
        body = written(subject=f"number {uid}")
        said = b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%b)\r\n" % (uid, uid, len(body), body)
        return said + b"%t OK done\r\n" if uid in numbers else b"%t NO server unavailable\r\n"

    return fetch


@pytest.mark.only("sqlite")  # the server is what is asked
def test_one_damaged_message_does_not_hold_up_the_mailbox(app: Flask) -> None:
    search = b"* SEARCH 1 2 3\r\n%t OK done\r\n"
    with lying(SEARCH=search, FETCH=_handing_out(1, 3)) as url, reachable(mailbox_url=url):
        for _time in range(2):
            jobs.fetch_mail(clock.now())
            work()
        name = mailbox_address(url).name(current_settings().secret_key)
    assert [one.subject for one in kept()] == ["number 1", "A mail that the mailbox does not hand out", "number 3"]
    assert session().get_one(MailboxProgress, name).last_uid == 3


@pytest.mark.only("sqlite")  # the server is what is asked
def test_a_server_that_hands_out_nothing_is_trouble_and_nothing_is_passed_over(app: Flask) -> None:
    search = b"* SEARCH 1 2 3\r\n%t OK done\r\n"
    with lying(SEARCH=search, FETCH=_handing_out()) as url, reachable(mailbox_url=url):
        jobs.fetch_mail(clock.now())
        end_reading()
        assert session().scalars(select(MailboxProgress.trouble_since)).one() is not None
    assert kept() == []


@pytest.mark.only("sqlite")  # the server is what is asked
def test_a_mailbox_that_never_answers_is_left_in_time(app: Flask) -> None:
    with (
        lying(SELECT=b"* 1 EXISTS\r\n") as url,
        pytest.raises(MailboxTrouble, match="no answer within"),
        MailboxReader(mailbox_address(url), step=0.4),
    ):
        raise AssertionError("nothing was said")


def test_work_goes_on_after_all_of_this(ada: Made) -> None:
    arrive(nested(200, "Boundary"), HEAD + b"\r\n" + b"\n" * 100_000, written("Hello", to=reply_address(ada.person_id)))
    work()
    assert said(ada.person_id) == ["Hello"]
