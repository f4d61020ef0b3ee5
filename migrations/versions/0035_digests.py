"""Updates by mail"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_COLLECTED = sa.text("way = 'collected'")


def upgrade() -> None:
    _create_mailing()
    _create_mailed()


def _create_mailing() -> None:
    op.create_table(
        "update_mailing",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_up_to", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_written", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("is_settled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["update_id"], ["insider_update.id"], name=op.f("fk_update_mailing_update_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_update_mailing_changed_by_id")),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_update_mailing")),
    )
    op.create_index(op.f("ix_update_mailing_changed_by_id"), "update_mailing", ["changed_by_id"])


def _create_mailed() -> None:
    op.create_table(
        "mailed_update",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("version_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(way IN ('own_letter', 'in_digest')) = (delivery_id IS NOT NULL)",
            name=op.f("ck_mailed_update_sent_by_a_letter"),
        ),
        sa.CheckConstraint(
            "(way = 'collected') = (look_at IS NOT NULL)", name=op.f("ck_mailed_update_looked_at_while_collected")
        ),
        sa.CheckConstraint("way <> 'left_out' OR why IS NOT NULL", name=op.f("ck_mailed_update_left_out_for_a_reason")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["insider_update.id"], name=op.f("fk_mailed_update_update_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mailed_update_person_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_mailed_update_delivery_id")),
        sa.PrimaryKeyConstraint("update_id", "person_id", name=op.f("pk_mailed_update")),
    )
    op.create_index("ix_mailed_update_person", "mailed_update", ["person_id", "purpose"])
    op.create_index("ix_mailed_update_way", "mailed_update", ["update_id", "way", "person_id"])
    op.create_index(op.f("ix_mailed_update_delivery_id"), "mailed_update", ["delivery_id"])
    op.create_index(
        "ix_mailed_update_look_at",
        "mailed_update",
        ["look_at", "person_id"],
        sqlite_where=_COLLECTED,
        postgresql_where=_COLLECTED,
    )


def downgrade() -> None:
    for name in ("mailed_update", "update_mailing"):
        op.drop_table(name)
