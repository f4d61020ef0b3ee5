"""Who a segment finds: each field on its own, nested, and who is in none."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, update

from portal.applications.models import Mark
from portal.applications.states import ApplicationStatus, Channel, EventKind, MarkKind
from portal.community.actions import leave_community
from portal.community.states import CareerStage, Industry, Seniority, WorkMode
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import transaction
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.people.models import Address, Person
from portal.privacy.actions import erase_person
from portal.segments.queries import page_of
from portal.segments.rules import READY_MADE, Group
from portal.segments.states import Field, Operator
from tests.factories import add_event, make_application, make_opening, make_person, make_pool, make_staff
from tests.segments.people import (
    BERLIN,
    TODAY,
    WARSAW,
    agree,
    asks,
    every,
    found,
    hear_from,
    make_member,
    no,
    put_tag,
    some,
    write_to,
)

ANY, ALL, NONE = Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def test_members_and_those_who_only_applied(rita: int) -> None:
    ada, bo = make_member("Ada"), make_person("Bo")
    assert found(every(asks(Field.MEMBER, Operator.YES))) == {ada}
    assert found(every(asks(Field.MEMBER, Operator.NO))) == {bo}


@pytest.mark.parametrize("field", [Field.AREA, Field.SKILL, Field.TAG])
def test_any_all_and_none_of_several(app: Flask, field: Field) -> None:
    name = {Field.AREA: "areas", Field.SKILL: "skills", Field.TAG: "tags"}[field]
    both, one, neither = (make_member(n, **{name: keys}) for n, keys in (("B", ("a", "b")), ("O", ("a",)), ("N", ())))
    assert found(every(asks(field, ANY, "a", "b"))) == {both, one}
    assert found(every(asks(field, ALL, "a", "b"))) == {both}
    assert found(every(asks(field, NONE, "b"))) == {one, neither}
    assert found(no(asks(field, ANY, "a"))) == {neither}


def test_what_they_said_of_themselves(app: Flask) -> None:
    ada = make_member(
        seniority=Seniority.SENIOR,
        career_stage=CareerStage.OPEN_TO_IT,
        work_modes=[str(WorkMode.REMOTE), str(WorkMode.HYBRID)],
        industries=[str(Industry.HEALTH)],
    )
    silent = make_person("Bo")
    for field, key in (
        (Field.SENIORITY, "senior"),
        (Field.CAREER_STAGE, "open_to_it"),
        (Field.WORK_MODE, "remote"),
        (Field.INDUSTRY, "health"),
    ):
        assert found(every(asks(field, ANY, key))) == {ada}
        assert found(every(asks(field, NONE, key))) == {silent}
    assert found(every(asks(Field.WORK_MODE, ALL, "remote", "hybrid"))) == {ada}
    assert found(every(asks(Field.WORK_MODE, ALL, "remote", "on_site"))) == set()


def test_in_warsaw_or_remote(app: Flask) -> None:
    here = make_member("Here", places=(WARSAW,))
    anywhere = make_member("Anywhere", work_modes=["remote"])
    elsewhere = make_member("Elsewhere", places=(BERLIN,), work_modes=["hybrid"])
    assert found(every(asks(Field.PLACE, ANY, WARSAW))) == {here}
    assert found(every(asks(Field.PLACE, Operator.OR_REMOTE, WARSAW))) == {here, anywhere}
    assert found(every(asks(Field.PLACE, NONE, WARSAW))) == {anywhere, elsewhere}


def test_language(app: Flask) -> None:
    ada, bo = make_person("Ada"), make_person("Bo")
    with transaction() as own:
        own.execute(update(Person).where(Person.id == bo).values(locale="pl"))
    assert found(every(asks(Field.LANGUAGE, ANY, "pl", "de"))) == {bo}
    assert found(every(asks(Field.LANGUAGE, NONE, "pl"))) == {ada}


def test_an_application_stands_where_the_candidate_reads_that_it_stands(rita: int) -> None:
    opening = make_opening()
    read, waits = make_application(opening, rita, name="Read"), make_application(opening, rita, name="Waits")
    for made in (read, waits):
        delivery = write_to(made.person_id, clock.now(), "applications/ending")
        add_event(made.id, status=ApplicationStatus.NOT_SELECTED, delivery_id=delivery)
        if made is waits:
            queued = {"state": DeliveryState.QUEUED, "sent_at": None}
            with transaction() as own:
                own.execute(update(Delivery).where(Delivery.id == delivery).values(**queued))
    assert found(every(asks(Field.ENDING, ANY, "not_selected"))) == {read.person_id}
    assert found(every(asks(Field.STATUS, ANY, "in_review"))) == {waits.person_id}
    assert found(every(asks(Field.ENDING, NONE, "not_selected"))) == {waits.person_id}


def test_an_ending_that_was_taken_back_is_none(rita: int) -> None:
    made = make_application(make_opening(), rita)
    add_event(made.id, status=ApplicationStatus.NOT_SELECTED)
    add_event(made.id, EventKind.REVERTED, promised=TODAY)
    assert found(every(asks(Field.ENDING, ANY, "not_selected"))) == set()
    assert found(every(asks(Field.STATUS, ANY, "in_review"))) == {made.person_id}


def test_how_far_they_got_counts_an_offer_that_was_declined_elsewhere(rita: int) -> None:
    opening = make_opening()
    talked = make_application(opening, rita, status=ApplicationStatus.INTERVIEWING).person_id
    declined = make_application(opening, rita, status=ApplicationStatus.OFFER_DECLINED).person_id
    rejected = make_application(opening, rita, status=ApplicationStatus.NOT_SELECTED).person_id
    assert found(every(asks(Field.REACHED, Operator.AT_LEAST, "interviewing"))) == {talked, declined}
    assert found(every(asks(Field.REACHED, Operator.AT_LEAST, "offer_made"))) == {declined}
    assert rejected not in found(every(asks(Field.REACHED, Operator.AT_LEAST, "received")))


def test_marks_that_stand(rita: int) -> None:
    opening = make_opening()
    ids = {}
    for name, days, removed in (("stands", 9, None), ("over", 0, None), ("removed", 9, clock.now())):
        made = make_application(opening, rita, name=name)
        ids[name] = made.person_id
        with transaction() as own:
            own.add(
                Mark(
                    application_id=made.id,
                    kind=MarkKind.SILVER_MEDAL,
                    reason="Close.",
                    expires_on=TODAY + timedelta(days=days),
                    set_by_id=rita,
                    set_at=clock.now(),
                    removed_at=removed,
                )
            )
    assert found(READY_MADE["silver-medalists"].tree) == {ids["stands"]}
    assert found(READY_MADE["near-fits"].tree) == set()


def test_the_last_time_we_wrote(app: Flask) -> None:
    never, long_ago, lately, account = (make_person(name) for name in ("Never", "Long", "Lately", "Account"))
    write_to(long_ago, clock.now() - timedelta(days=200))
    write_to(lately, clock.now() - timedelta(days=90))
    write_to(account, clock.now(), "accounts/sign_in")
    assert found(every(asks(Field.LAST_CONTACT, Operator.WITHIN, days=90))) == {lately}
    assert found(every(asks(Field.LAST_CONTACT, Operator.WITHIN, days=89))) == set()
    assert found(every(asks(Field.LAST_CONTACT, Operator.NOT_WITHIN, days=90))) == {never, long_ago, account}
    assert found(every(asks(Field.LAST_CONTACT, Operator.NEVER))) == {never, account}


def test_community_mail_and_calls_are_contact(rita: int) -> None:
    reads, talks = make_person("Reads"), make_application(make_opening(), rita, name="Talks")
    write_to(reads, clock.now(), "updates/digest", MailClass.COMMUNITY)
    add_event(talks.id, EventKind.CALL, promised=TODAY, channel=Channel.TELEPHONE, happened_on=TODAY)
    assert found(every(asks(Field.LAST_CONTACT, Operator.WITHIN, days=1))) == {reads, talks.person_id}


def test_the_last_time_we_heard_from_them(app: Flask) -> None:
    never, long_ago, lately = (make_person(name) for name in ("Never", "Long", "Lately"))
    hear_from(long_ago, 31)
    hear_from(lately, 30)
    assert found(every(asks(Field.LAST_RESPONSE, Operator.WITHIN, days=30))) == {lately}
    assert found(every(asks(Field.LAST_RESPONSE, Operator.NOT_WITHIN, days=30))) == {never, long_ago}
    assert found(every(asks(Field.LAST_RESPONSE, Operator.NEVER))) == {never}


def test_pools(rita: int) -> None:
    ada, bo = make_person("Ada"), make_person("Bo")
    pool = make_pool(rita, people=[ada])
    assert found(every(asks(Field.POOL, ANY, pool))) == {ada}
    assert found(every(asks(Field.POOL, NONE, pool))) == {bo}


def test_consent_is_read_as_the_ledger_is(rita: int) -> None:
    given, taken, again, entered, never = (make_person(name) for name in ("G", "T", "A", "E", "N"))
    for person_id, entries in (
        (given, [(ConsentAction.GIVEN, None)]),
        (taken, [(ConsentAction.GIVEN, None), (ConsentAction.WITHDRAWN, None)]),
        (again, [(ConsentAction.WITHDRAWN, None), (ConsentAction.GIVEN, None), (ConsentAction.GIVEN, rita)]),
        (entered, [(ConsentAction.WITHDRAWN, None), (ConsentAction.GIVEN, rita)]),
        (never, []),
    ):
        for action, actor_id in entries:
            agree(person_id, action, actor_id=actor_id)
    assert found(every(asks(Field.PURPOSE, ANY, "insider_updates"))) == {given, again}
    assert found(every(asks(Field.PURPOSE, NONE, "insider_updates"))) == {taken, entered, never}
    agree(given, ConsentAction.GIVEN, Purpose.JOB_ALERTS)
    assert found(every(asks(Field.PURPOSE, ALL, "insider_updates", "job_alerts"))) == {given}


def test_groups_inside_groups(app: Flask) -> None:
    ada = make_member("Ada", areas=("data",), skills=("python",))
    bo = make_member("Bo", areas=("data",), tags=("speaker",))
    make_member("Cy", areas=("data",))
    make_member("Di", areas=("design",), skills=("python",))
    either = some(
        asks(Field.SKILL, ANY, "python"), every(asks(Field.TAG, ANY, "speaker"), no(asks(Field.AREA, NONE, "data")))
    )
    assert found(every(asks(Field.AREA, ANY, "data"), either)) == {ada, bo}


def test_the_walk_finds_passive_backend_people_in_warsaw_or_remote(app: Flask) -> None:
    passive = {"areas": ("engineering",), "skills": ("backend",), "career_stage": CareerStage.NOT_LOOKING_NOW}
    fits = make_member("Fits", places=(WARSAW,), **passive)
    remote = make_member("Remote", work_modes=["remote"], **passive)
    make_member("Berlin", places=(BERLIN,), **passive)
    make_member("Looks", places=(WARSAW,), **{**passive, "career_stage": CareerStage.ACTIVELY_LOOKING})
    told = make_member("Told", places=(WARSAW,), **passive)
    write_to(told, clock.now() - timedelta(days=3))
    tree = READY_MADE["passive-members"].tree
    more = (asks(Field.SKILL, ANY, "backend"), asks(Field.PLACE, Operator.OR_REMOTE, WARSAW))
    assert found(every(*tree.of, *more)) == {fits, remote}


def test_a_page_goes_by_name_however_many_stand_before(app: Flask) -> None:
    tagged = [make_person(name) for name in ("Zoe", "Ada", "Mia")]
    for person_id in tagged:
        put_tag(person_id, "a")
    tree = every(asks(Field.TAG, ANY, "a"))
    _same_pages(tree)
    with transaction() as own:
        own.execute(
            insert(Person),
            [
                {
                    "public_id": f"n{number:011}",
                    "name": "",
                    "locale": "en",
                    "timezone": "UTC",
                    "created_at": clock.now(),
                }
                for number in range(1_100)
            ],
        )
    _same_pages(tree)


def _same_pages(tree: Group) -> None:
    assert [(_names(tree, first, 2), page_of(tree, TODAY, 0, first, 2)[1]) for first in (0, 1, 2, 3)] == [
        (["Ada", "Mia"], 3),
        (["Mia", "Zoe"], 3),
        (["Zoe"], 3),
        ([], 0),
    ]


def _names(tree: Group, first: int, count: int) -> list[str]:
    return [line.name for line in page_of(tree, TODAY, 0, first, count)[0]]


def test_nobody_who_left_or_was_erased_is_in_any(rita: int) -> None:
    left, erased, stays = make_member("Left"), make_member("Erased"), make_member("Stays")
    leave_community(left, clock.now())
    erase_person(erased, actor_id=None, now=clock.now())
    everybody = no(asks(Field.TAG, ANY, "nothing"))
    assert found(everybody) == {stays}


def test_colleagues_are_in_it_only_when_they_applied_or_joined(rita: int) -> None:
    otto = make_staff("Otto")
    make_application(make_opening(), rita, person_id=otto)
    assert found(no(asks(Field.TAG, ANY, "nothing"))) == {otto}


def test_somebody_without_a_name_counts_while_they_have_an_address(app: Flask) -> None:
    person_id = make_person("x")
    everybody = no(asks(Field.TAG, ANY, "nothing"))
    with transaction() as own:
        own.execute(update(Person).where(Person.id == person_id).values(name=""))
    assert found(everybody) == {person_id}
    with transaction() as own:
        own.execute(delete(Address).where(Address.person_id == person_id))
    assert found(everybody) == set()


def test_a_tag_with_a_percent_sign_is_only_itself(app: Flask) -> None:
    ada, bo = make_person("Ada"), make_person("Bo")
    put_tag(ada, "100%")
    put_tag(bo, "1000")
    assert found(every(asks(Field.TAG, ANY, "100%"))) == {ada}


def test_an_event_alone_never_counts_before_its_message_went(rita: int) -> None:
    made = make_application(make_opening(), rita)
    delivery = write_to(made.person_id, clock.now())
    add_event(made.id, status=ApplicationStatus.OFFER_MADE, promised=TODAY, delivery_id=delivery)
    assert found(every(asks(Field.REACHED, Operator.AT_LEAST, "offer_made"))) == {made.person_id}
    with transaction() as own:
        own.execute(update(Delivery).values(state=DeliveryState.QUEUED, sent_at=None))
    assert found(every(asks(Field.REACHED, Operator.AT_LEAST, "offer_made"))) == set()
