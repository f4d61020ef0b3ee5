"""Offers and what became of each"""

import sqlalchemy as sa
from alembic import op


revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(40), nullable=True),
        sa.Column("answer_words", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_offer_closed")),
        sa.CheckConstraint("decline_reason IS NULL OR state = 'declined'", name=op.f("ck_offer_declined_why")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_offer_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_offer_public_id")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index("ix_offer_application_id", ["application_id"], unique=False)
        batch_op.create_index(
            "ix_offer_open",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "offer_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("short_reason", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("contact_phone", sa.String(length=50), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(length=24), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_offer_word_author_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_offer_word_contact_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_offer_word_delivery_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_word_offer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_word")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_offer_word_delivery_id")),
        sa.UniqueConstraint("offer_id", "form_key", name=op.f("uq_offer_word_offer_id_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_offer_word_public_id")),
    )
    with op.batch_alter_table("offer_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_word_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_word_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_word_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "offer_time_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["offer_word.id"], name=op.f("fk_offer_time_request_answer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_time_request_offer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_time_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_offer_time_request_public_id")),
    )
    with op.batch_alter_table("offer_time_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_time_request_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index("ix_offer_time_request_offer_id", ["offer_id"], unique=False)
        batch_op.create_index(
            "ix_offer_time_request_open",
            ["offer_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("offer_time_request")
    op.drop_table("offer_word")
    op.drop_table("offer")
