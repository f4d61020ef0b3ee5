"""What a person allows: suppression, preferences of contact, counted contacts, signs of life"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("suppressed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suppression_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_suppression_address_hash")),
    )
    op.create_index(op.f("ix_suppression_person_id"), "suppression", ["person_id"])
    op.create_table(
        "contact_preferences",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rhythms", sa.JSON(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("paused_until_on", sa.Date(), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("surveys_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("paused_until_on IS NULL OR is_paused", name=op.f("ck_contact_preferences_pause")),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_contact_preferences_quiet")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_preferences_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact_preferences")),
    )
    op.create_table(
        "counted_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(length=24), nullable=False),
        sa.Column("budget", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_counted_contact_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_contact")),
        sa.UniqueConstraint("delivery_key", name=op.f("uq_counted_contact_delivery_key")),
    )
    op.create_index("ix_counted_contact_person_budget", "counted_contact", ["person_id", "budget", "counted_at"])
    op.create_index(op.f("ix_counted_contact_counted_at"), "counted_contact", ["counted_at"])
    op.create_table(
        "sign_of_life",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_of_life_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_sign_of_life")),
    )
    # The last time somebody spoke for themselves in the ledger is the last we know of them.
    op.execute(
        "INSERT INTO sign_of_life (person_id, last_on) "
        "SELECT person_id, date(max(occurred_at)) FROM consent_event GROUP BY person_id"
    )


def downgrade() -> None:
    op.drop_table("sign_of_life")
    op.drop_table("counted_contact")
    op.drop_table("contact_preferences")
    op.drop_table("suppression")
