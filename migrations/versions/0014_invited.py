"""Invited colleagues have no access before they accept; how a session began; recovery codes that were put away"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("invited_email", sa.String(length=254), nullable=True))
        batch.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("device_session") as batch:
        batch.add_column(sa.Column("is_by_mail", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    with op.batch_alter_table("second_factor") as batch:
        batch.add_column(sa.Column("codes_put_away_at", sa.DateTime(timezone=True), nullable=True))
    # Whoever works here by invitation and never signed in has not accepted it yet.
    op.execute(
        "UPDATE staff SET invited_at = created_at, invited_email ="
        " (SELECT email FROM address WHERE address.person_id = staff.person_id AND address.is_primary)"
        " WHERE is_active AND person_id IN (SELECT id FROM person WHERE claimed_at IS NULL)"
    )


def downgrade() -> None:
    with op.batch_alter_table("second_factor") as batch:
        batch.drop_column("codes_put_away_at")
    with op.batch_alter_table("device_session") as batch:
        batch.drop_column("is_by_mail")
    with op.batch_alter_table("staff") as batch:
        batch.drop_column("invited_at")
        batch.drop_column("invited_email")
