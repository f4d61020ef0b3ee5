"""What is due is found in the index of events alone"""

from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_application_event_application", "application_event"


def upgrade() -> None:
    op.drop_index(_NAME, table_name=_TABLE)
    op.create_index(_NAME, _TABLE, ["application_id", "id", "next_update_by", "delivery_id"], unique=False)


def downgrade() -> None:
    op.drop_index(_NAME, table_name=_TABLE)
    op.create_index(_NAME, _TABLE, ["application_id", "id"], unique=False)
