"""Mail that came in"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _incoming()
    op.create_table(
        "mailbox_progress",
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_mailbox_progress")),
    )
    with op.batch_alter_table("conversation_message") as table:
        table.add_column(sa.Column("is_by_mail", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("sent_from", sa.String(length=254), server_default="", nullable=False))
        table.add_column(sa.Column("quoted", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("left_out", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
        table.add_column(sa.Column("is_cut", sa.Boolean(), server_default=sa.false(), nullable=False))


def _incoming() -> None:
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("came_by", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("sort", sa.String(length=40), nullable=True),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("bounce", sa.String(length=40), nullable=True),
        sa.Column("bounce_status", sa.String(length=12), nullable=False),
        sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'new') = (sort IS NULL)", name=op.f("ck_incoming_mail_sorted")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_incoming_mail_person_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_incoming_mail_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incoming_mail_public_id")),
        sa.UniqueConstraint("digest", name=op.f("uq_incoming_mail_digest")),
    )
    is_open = sa.text("state IN ('new', 'reply', 'held', 'unplaced')")
    op.create_index(
        "ix_incoming_mail_open", "incoming_mail", ["state", "id"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index("ix_incoming_mail_received_at", "incoming_mail", ["received_at"])
    for column in ("person_id", "delivery_id"):
        op.create_index(op.f(f"ix_incoming_mail_{column}"), "incoming_mail", [column])


def downgrade() -> None:
    with op.batch_alter_table("conversation_message") as table:
        for column in ("is_cut", "left_out", "quoted", "sent_from", "is_by_mail"):
            table.drop_column(column)
    op.drop_table("mailbox_progress")
    op.drop_table("incoming_mail")
