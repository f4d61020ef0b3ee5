"""Who had only an automatic note is found by index"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    notes = sa.text("kind = 'holding_note'")
    op.create_index(
        "ix_application_event_holding_note",
        "application_event",
        ["application_id"],
        sqlite_where=notes,
        postgresql_where=notes,
    )


def downgrade() -> None:
    op.drop_index("ix_application_event_holding_note", "application_event")
