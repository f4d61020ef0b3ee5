"""People without an opening"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prospect",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_note", sa.String(length=200), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(invited_at IS NULL) = (delivery_id IS NULL)", name=op.f("ck_prospect_invitation_is_whole")
        ),
        sa.CheckConstraint(
            "(invited_at IS NULL) = (invited_by_id IS NULL)", name=op.f("ck_prospect_invitation_has_a_sender")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_prospect_added_by_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_prospect_delivery_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_prospect_invited_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_prospect_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_prospect")),
    )
    with op.batch_alter_table("prospect") as batch:
        for column in ("added_at", "added_by_id", "delivery_id", "invited_by_id", "leaves_at"):
            batch.create_index(batch.f(f"ix_prospect_{column}"), [column], unique=False)
    op.create_table(
        "looked_at",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("found_by", sa.String(length=200), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_looked_at_noted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_looked_at_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looked_at")),
        sa.UniqueConstraint("public_id", name=op.f("uq_looked_at_public_id")),
    )
    with op.batch_alter_table("looked_at") as batch:
        for column in ("noted_by_id", "person_id"):
            batch.create_index(batch.f(f"ix_looked_at_{column}"), [column], unique=False)
    op.create_table(
        "erased_address",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_erased_address")),
    )


def downgrade() -> None:
    op.drop_table("erased_address")
    op.drop_table("looked_at")
    op.drop_table("prospect")
