"""Whom we wrote to is found by the day: led by the state, the index drew the worker away from that of waiting mail."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_delivery_contacted", "delivery")
    op.create_index("ix_delivery_contacted", "delivery", ["sent_at", "kind", "mail_class", "person_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_delivery_contacted", "delivery")
    op.create_index("ix_delivery_contacted", "delivery", ["state", "sent_at", "kind", "mail_class", "person_id"])
