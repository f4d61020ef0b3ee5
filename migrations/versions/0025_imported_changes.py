"""Changes an import brings wait before the candidate reads them; stages follow the status; one tap an application"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_MOVES = sa.text("source_moves_from IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("application") as batch:
        batch.add_column(sa.Column("source_moves_to", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("source_moves_from", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_application_source_moves",
        "application",
        ["source_moves_from"],
        sqlite_where=_MOVES,
        postgresql_where=_MOVES,
    )
    with op.batch_alter_table("application_event") as batch:
        batch.add_column(sa.Column("stage_before", sa.String(length=200), nullable=True))
    op.create_table(
        "apply_ticket",
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_apply_ticket")),
    )
    op.create_index(op.f("ix_apply_ticket_delete_on"), "apply_ticket", ["delete_on"])


def downgrade() -> None:
    op.drop_table("apply_ticket")
    with op.batch_alter_table("application_event") as batch:
        batch.drop_column("stage_before")
    op.drop_index("ix_application_source_moves", "application")
    with op.batch_alter_table("application") as batch:
        batch.drop_column("source_moves_from")
        batch.drop_column("source_moves_to")
