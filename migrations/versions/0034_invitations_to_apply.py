"""Invitations to apply"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_STANDS, _WAITS = sa.text("state IN ('waiting', 'written')"), sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "invitation_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("is_hurried", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_invitation_round_opening_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_invitation_round_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_round")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_round_public_id")),
    )
    op.create_index(op.f("ix_invitation_round_opening_id"), "invitation_round", ["opening_id"])
    op.create_index(op.f("ix_invitation_round_actor_id"), "invitation_round", ["actor_id"])
    op.create_index(op.f("ix_invitation_round_created_at"), "invitation_round", ["created_at"])
    op.create_table(
        "invitation_to_apply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("left_out", sa.String(length=40), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_now_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'written' OR delivery_id IS NOT NULL", name=op.f("ck_invitation_to_apply_written")
        ),
        sa.CheckConstraint(
            "(state = 'left_out') = (left_out IS NOT NULL)", name=op.f("ck_invitation_to_apply_left_out")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["invitation_round.id"], name=op.f("fk_invitation_to_apply_round_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_invitation_to_apply_opening_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_to_apply_person_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_invitation_to_apply_actor_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_invitation_to_apply_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_to_apply")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_to_apply_public_id")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_invitation_to_apply_delivery_id")),
    )
    for column in ("round_id", "opening_id", "person_id", "actor_id"):
        op.create_index(op.f(f"ix_invitation_to_apply_{column}"), "invitation_to_apply", [column])
    op.create_index(
        "ix_invitation_to_apply_once",
        "invitation_to_apply",
        ["opening_id", "person_id"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )
    op.create_index(
        "ix_invitation_to_apply_waiting",
        "invitation_to_apply",
        ["id"],
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )


def downgrade() -> None:
    op.drop_table("invitation_to_apply")
    op.drop_table("invitation_round")
