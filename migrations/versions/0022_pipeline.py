"""Stages of an opening, and changes to many"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("application") as batch:
        batch.add_column(sa.Column("stage", sa.String(length=200), server_default="", nullable=False))
    op.create_table(
        "change_of_many",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("next_update_by", sa.Date(), nullable=True),
        sa.Column("date_reason", sa.Text(), nullable=False),
        sa.Column("is_hurried", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name="fk_change_of_many_opening_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_change_of_many_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_change_of_many"),
        sa.UniqueConstraint("public_id", name="uq_change_of_many_public_id"),
    )
    op.create_index("ix_change_of_many_opening_id", "change_of_many", ["opening_id"])
    op.create_index("ix_change_of_many_actor_id", "change_of_many", ["actor_id"])
    op.create_index("ix_change_of_many_created_at", "change_of_many", ["created_at"])
    op.create_table(
        "change_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("seen_event_id", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("stage_before", sa.String(length=200), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_of_many.id"], name="fk_change_item_change_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_change_item_application_id"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["application_event.id"], name="fk_change_item_event_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_change_item"),
        sa.UniqueConstraint("change_id", "application_id", name="uq_change_item_change_id_application_id"),
    )
    op.create_index("ix_change_item_application_id", "change_item", ["application_id"])
    op.create_index("ix_change_item_event_id", "change_item", ["event_id"])
    op.create_index(
        "ix_change_item_waiting",
        "change_item",
        ["change_id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("change_item")
    op.drop_table("change_of_many")
    with op.batch_alter_table("application") as batch:
        batch.drop_column("stage")
