"""Copies, erasures that were asked for, questions to stay, sealed records, and what an erased address had said."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personal_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_count", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_personal_copy_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_copy")),
        sa.UniqueConstraint("public_id", name=op.f("uq_personal_copy_public_id")),
    )
    op.create_index(op.f("ix_personal_copy_person_id"), "personal_copy", ["person_id"])
    op.create_index(op.f("ix_personal_copy_state"), "personal_copy", ["state"])
    op.create_table(
        "erasure_request",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_request_person_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_erasure_request_asked_by_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_erasure_request_delivery_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasure_request")),
    )
    op.create_index(op.f("ix_erasure_request_asked_by_id"), "erasure_request", ["asked_by_id"])
    op.create_index(op.f("ix_erasure_request_delivery_id"), "erasure_request", ["delivery_id"])
    op.create_table(
        "stay_question",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("asked_count", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stay_question_person_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_stay_question_delivery_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_stay_question")),
    )
    op.create_index(op.f("ix_stay_question_delivery_id"), "stay_question", ["delivery_id"])
    op.create_table(
        "sealed_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_record")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sealed_record_public_id")),
    )
    op.create_index(op.f("ix_sealed_record_keep_until"), "sealed_record", ["keep_until"])
    op.create_index(op.f("ix_sealed_record_address_hash"), "sealed_record", ["address_hash"])
    with op.batch_alter_table("erased_address") as changed:
        changed.add_column(sa.Column("purposes", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("erased_address") as changed:
        changed.drop_column("purposes")
    for table in ("sealed_record", "stay_question", "erasure_request", "personal_copy"):
        op.drop_table(table)
