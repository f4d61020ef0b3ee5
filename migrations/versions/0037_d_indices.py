"""Indexes by which segments are found and read, and which tag became which"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_consent_event_purpose", "consent_event", ["purpose", "person_id", "id", "action", "actor_id"])
    op.create_index("ix_preferences_career_stage", "preferences", ["career_stage", "person_id"])
    has_left = sa.text("left_at IS NOT NULL")
    op.create_index("ix_membership_left", "membership", ["person_id"], sqlite_where=has_left, postgresql_where=has_left)
    op.create_index("ix_person_name", "person", ["name", "id"])
    op.create_table(
        "tag_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("became", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_change")),
    )


def downgrade() -> None:
    op.drop_table("tag_change")
    op.drop_index("ix_person_name", "person")
    op.drop_index("ix_membership_left", "membership")
    op.drop_index("ix_preferences_career_stage", "preferences")
    op.drop_index("ix_consent_event_purpose", "consent_event")
