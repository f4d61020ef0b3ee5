"""What a server said in its own code, and the times at which our mail server took nothing"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("failed_status", sa.String(length=12), server_default="", nullable=False))
    op.create_index(
        "ix_delivery_tried",
        "delivery",
        ["person_id", "id"],
        sqlite_where=sa.text("first_tried_at IS NOT NULL AND state IN ('queued', 'leased')"),
        postgresql_where=sa.text("first_tried_at IS NOT NULL AND state IN ('queued', 'leased')"),
    )
    op.create_table(
        "mail_trouble",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("late_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_trouble")),
    )


def downgrade() -> None:
    op.drop_table("mail_trouble")
    op.drop_index("ix_delivery_tried", "delivery")
    with op.batch_alter_table("delivery") as table:
        table.drop_column("failed_status")
