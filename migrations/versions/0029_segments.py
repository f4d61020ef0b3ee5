"""Segments"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("tree", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("form_key", sa.String(length=24), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_segment_owner_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_segment_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_segment_public_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_segment_form_key")),
    )
    op.create_index("ix_segment_owner", "segment", ["owner_id", "removed_at"])
    op.create_index(op.f("ix_segment_changed_by_id"), "segment", ["changed_by_id"])
    op.create_index("ix_delivery_contacted", "delivery", ["state", "sent_at", "kind", "mail_class", "person_id"])
    op.create_index(
        "ix_application_event_status", "application_event", ["status", "application_id", "id", "delivery_id"]
    )
    op.create_index("ix_application_event_talk", "application_event", ["happened_on", "kind", "application_id"])


def downgrade() -> None:
    op.drop_index("ix_application_event_talk", "application_event")
    op.drop_index("ix_application_event_status", "application_event")
    op.drop_index("ix_delivery_contacted", "delivery")
    op.drop_table("segment")
