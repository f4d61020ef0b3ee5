"""What the outbox holds about a person: the messages we sent them, and those that came in."""

from datetime import datetime
from email.headerregistry import Address as Mailbox
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.outbox import actions, rules
from portal.outbox.models import Delivery, DevMail, IncomingMail
from portal.outbox.queries import is_waiting
from portal.outbox.states import DeliveryState, IncomingState, MailClass, MailSort
from portal.people.models import Address
from portal.people.queries import recipient

TABLES: tuple[type[Model], ...] = (Delivery, DevMail, IncomingMail)
#: They repeat our mail as it went out, with the keys in it: to an address that somebody only says is theirs, too.
_REPORTS: Final = (MailSort.BOUNCE, MailSort.COMPLAINT)


def export(person_id: int) -> list[ExportSection]:
    """The messages to this person, newest first; `extra` has their texts. What no mail server took is none yet."""
    found = fetch(
        select(
            Delivery.created_at,
            Delivery.sent_at,
            Delivery.state,
            Delivery.kind,
            Delivery.to_address,
            Delivery.subject,
            Delivery.text,
        )
        .where(_was_for(person_id))
        .where(~_is_untold())
        .order_by(Delivery.id.desc())
    )
    rows, messages = [], []
    for row in found:
        rows.append((format_moment(row.sent_at or row.created_at), row.subject or _("No longer kept")))
        messages.append(
            {
                "written_at": row.created_at.isoformat(),
                "sent_at": row.sent_at.isoformat() if row.sent_at else None,
                "state": row.state.value,
                "kind": row.kind,
                "to": row.to_address,
                "subject": row.subject,
                "text": row.text,
            }
        )
    return [
        ExportSection(
            title=_("Messages to you"),
            rows=rows,
            kept=_("The texts for 30 days after sending; that a message was sent for as long as we know you."),
            seen_by=_("Those who run this site."),
            empty=_("We have not written to you yet."),
            extra={"messages": messages},
        ),
        _came_in(person_id),
    ]


def _came_in(person_id: int) -> ExportSection:
    """Mail from the person, whole as long as we have it, and that mail of ours came back."""
    found = fetch(
        select(IncomingMail.received_at, IncomingMail.sort, IncomingMail.subject, IncomingMail.raw)
        .where(_is_from_or_about(person_id))
        # What somebody else may have written in their name is not theirs to read, nor once a colleague said so.
        .where(or_(IncomingMail.sender.in_(_addresses(person_id)), _is_known_as_theirs()))
        .order_by(IncomingMail.id.desc())
    ).all()
    return ExportSection(
        title=_("Mail from you, and mail of ours that came back"),
        rows=[(format_moment(row.received_at), row.subject or _("Without a subject")) for row in found],
        kept=_("For 30 days after somebody has read it; for 90 days if nobody could tell what it is about."),
        seen_by=_("Recruiters, and those who run this site."),
        empty=_("None has come in."),
        extra={
            "incoming": [
                {
                    "received_at": row.received_at.isoformat(),
                    "sort": row.sort.value if row.sort else "new",
                    "subject": row.subject,
                    "mail": "" if row.sort in _REPORTS else (row.raw or b"").decode("utf-8", "replace"),
                }
                for row in found
            ]
        },
    )


def _is_known_as_theirs() -> ColumnElement[bool]:
    """It came back to an address that only we can sign, or stands in their conversation, or will."""
    is_answer = IncomingMail.state.in_((IncomingState.REPLY, IncomingState.PLACED))
    return or_(IncomingMail.sort.in_(_REPORTS), is_answer)


def erase(person_id: int, now: datetime) -> None:
    """Stop what waits, and empty what was sent: that there was a message of some kind stays, and not to whom."""
    with transaction() as own:
        own.execute(delete(IncomingMail).where(_is_from_or_about(person_id)))
        theirs = select(Delivery.id).where(_is_theirs(person_id)).order_by(Delivery.id).with_for_update()
        ids = own.scalars(theirs).all()
        own.execute(delete(IncomingMail).where(IncomingMail.delivery_id.in_(ids)))
        own.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids))
            .where(Delivery.state.in_(rules.states_before(DeliveryState.CANCELLED)))
            .values(
                state=DeliveryState.CANCELLED, lease_owner=None, lease_until=None, held_reason=None, held_until=None
            )
        )
        own.execute(update(Delivery).where(Delivery.id.in_(ids)).values(**actions.emptied("erased", now)))
        own.execute(
            delete(DevMail).where(or_(DevMail.person_id == person_id, DevMail.to_address.in_(_addresses(person_id))))
        )


def retention(now: datetime) -> None:
    """Empty what ended 30 days ago; the job `blank_old_mail` does the same in small steps."""
    actions.blank_old_mail(now)
    actions.forget_old_dev_mail(now)
    actions.empty_old_incoming(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Messages to `gone_id` become messages to `kept_id`."""
    with transaction() as own:
        for table in (Delivery, DevMail, IncomingMail):
            own.execute(update(table).where(table.person_id == gone_id).values(person_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Answers to what still waits reach whoever takes over; joins the transaction."""
    heir = recipient(to_id)
    with transaction() as own:
        for email in own.scalars(select(Address.email).where(Address.person_id == from_id).order_by(Address.id)).all():
            own.execute(
                update(Delivery)
                .where(is_waiting())
                .where(Delivery.reply_to.endswith(f"<{email}>", autoescape=True) | (Delivery.reply_to == email))
                .values(reply_to=str(Mailbox(heir.name, addr_spec=heir.email)))
                .execution_options(synchronize_session=False)
            )


def _is_untold() -> ColumnElement[bool]:
    """About their application or account, and no mail server took it: they were not told, and perhaps never are."""
    return (Delivery.state != DeliveryState.SENT) & (Delivery.mail_class == MailClass.OWN)


def _is_from_or_about(person_id: int) -> ColumnElement[bool]:
    """Theirs, or from one of their addresses whoever it was thought to be for."""
    return or_(IncomingMail.person_id == person_id, IncomingMail.sender.in_(_addresses(person_id)))


def _addresses(person_id: int) -> ColumnElement[str]:
    return select(Address.email).where(Address.person_id == person_id).scalar_subquery()


def _was_for(person_id: int) -> ColumnElement[bool]:
    """To the person, or to their address; but not what came there while it was somebody else's."""
    since_then = exists().where(
        Address.person_id == person_id,
        Address.email == Delivery.to_address,
        or_(Delivery.person_id.is_(None), Delivery.created_at >= Address.created_at),
    )
    return or_(Delivery.person_id == person_id, since_then)


def _is_theirs(person_id: int) -> ColumnElement[bool]:
    """To the person, or to their address before we knew whose it is."""
    return or_(Delivery.person_id == person_id, Delivery.to_address.in_(_addresses(person_id)))
