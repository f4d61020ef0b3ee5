"""Endings that wait for office hours, and letters that are taken back before they go"""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = ("answered_change_at", "rest_open_since")
_OPEN = sa.text("rest_open_since IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("application_event") as table:
        for name in _COLUMNS:
            table.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_application_event_rest_open", "application_event", ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_table(
        "letter_draft",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("next_update_by", sa.Date(), nullable=True),
        sa.Column("date_reason", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_letter_draft_application_id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_letter_draft")),
    )


def downgrade() -> None:
    op.drop_table("letter_draft")
    op.drop_index("ix_application_event_rest_open", table_name="application_event")
    with op.batch_alter_table("application_event") as table:
        for name in reversed(_COLUMNS):
            table.drop_column(name)
