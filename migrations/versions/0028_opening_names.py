"""Which opening here an opening of another system is, as it was chosen"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ats_opening_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("opening_key", sa.String(length=210), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_ats_opening_mapping_opening_id")),
        sa.ForeignKeyConstraint(["source_id"], ["ats_source.id"], name=op.f("fk_ats_opening_mapping_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_opening_mapping")),
        sa.UniqueConstraint("source_id", "opening_key", name=op.f("uq_ats_opening_mapping_source_id_opening_key")),
    )
    with op.batch_alter_table("ats_opening_mapping") as batch:
        batch.create_index(batch.f("ix_ats_opening_mapping_opening_id"), ["opening_id"], unique=False)


def downgrade() -> None:
    op.drop_table("ats_opening_mapping")
