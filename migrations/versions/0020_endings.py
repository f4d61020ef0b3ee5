"""Endings, marks and what they were told elsewhere"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_STAYS = sa.text("stay_open_since IS NOT NULL")
_STANDS = sa.text("removed_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("application_event") as batch:
        batch.add_column(sa.Column("end_reason", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("stay_open_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_application_event_stay_open",
        "application_event",
        ["id"],
        sqlite_where=_STAYS,
        postgresql_where=_STAYS,
    )
    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_mark_application_id"),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name="fk_mark_set_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mark"),
    )
    op.create_index("ix_mark_application_id", "mark", ["application_id"])
    op.create_index("ix_mark_expires_on", "mark", ["expires_on"])
    op.create_index("ix_mark_set_by_id", "mark", ["set_by_id"])
    op.create_index(
        "ix_mark_standing",
        "mark",
        ["application_id", "kind"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def downgrade() -> None:
    op.drop_table("mark")
    op.drop_index("ix_application_event_stay_open", "application_event")
    with op.batch_alter_table("application_event") as batch:
        batch.drop_column("stay_open_since")
        batch.drop_column("end_reason")
