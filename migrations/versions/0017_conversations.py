"""Conversations"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _messages()
    op.create_table(
        "reply_draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("next_update_by", sa.Date(), nullable=True),
        sa.Column("date_reason", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reply_draft_person_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_reply_draft_application_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reply_draft")),
    )


def _messages() -> None:
    op.create_table(
        "conversation_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("form_key", sa.String(length=24), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("answer_delivery_id", sa.Integer(), nullable=True),
        sa.Column("no_answer_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conversation_message_person_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_conversation_message_application_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_conversation_message_author_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_conversation_message_delivery_id")),
        sa.ForeignKeyConstraint(["read_by_id"], ["person.id"], name=op.f("fk_conversation_message_read_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_conversation_message_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["answer_delivery_id"], ["delivery.id"], name=op.f("fk_conversation_message_answer_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_conversation_message_public_id")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_conversation_message_delivery_id")),
        sa.UniqueConstraint("person_id", "form_key", name=op.f("uq_conversation_message_person_id_form_key")),
    )
    for column in ("application_id", "author_id", "read_by_id", "closed_by_id", "answer_delivery_id"):
        op.create_index(op.f(f"ix_conversation_message_{column}"), "conversation_message", [column])
    op.create_index("ix_conversation_message_thread", "conversation_message", ["person_id", "id"])
    waits = sa.text("author_id IS NULL AND closed_at IS NULL")
    op.create_index(
        "ix_conversation_message_waiting",
        "conversation_message",
        ["person_id", "id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_table("reply_draft")
    op.drop_table("conversation_message")
