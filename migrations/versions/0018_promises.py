"""Promises kept and broken; how and when somebody was told without a mail; what is escalated is found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_IS_ESCALATED = sa.text("kind = 'escalated'")
_IS_OPEN = sa.text("settled_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("application_event") as batch:
        batch.add_column(sa.Column("channel", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("happened_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("missed_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_application_event_escalated",
        "application_event",
        ["application_id"],
        sqlite_where=_IS_ESCALATED,
        postgresql_where=_IS_ESCALATED,
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("settled_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_promise_settled")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_promise_application_id")),
        sa.ForeignKeyConstraint(["event_id"], ["application_event.id"], name=op.f("fk_promise_event_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_promise_opening_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_promise_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("event_id", name=op.f("uq_promise_event_id")),
    )
    op.create_index(op.f("ix_promise_application_id"), "promise", ["application_id"])
    op.create_index("ix_promise_opening", "promise", ["opening_id", "settled_at"])
    op.create_index("ix_promise_owner", "promise", ["owner_id", "settled_at"])
    op.create_index(
        "ix_promise_open",
        "promise",
        ["application_id", "event_id"],
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )


def downgrade() -> None:
    op.drop_table("promise")
    op.drop_index("ix_application_event_escalated", "application_event")
    with op.batch_alter_table("application_event") as batch:
        batch.drop_column("missed_on")
        batch.drop_column("happened_on")
        batch.drop_column("channel")
