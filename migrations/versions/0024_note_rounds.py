"""Notes about many"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=24), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_note_round_opening_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_note_round_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_round")),
        sa.UniqueConstraint("public_id", name=op.f("uq_note_round_public_id")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_note_round_author_id_form_key")),
    )
    op.create_index(op.f("ix_note_round_opening_id"), "note_round", ["opening_id"])
    op.create_index(op.f("ix_note_round_created_at"), "note_round", ["created_at"])
    with op.batch_alter_table("note") as table:
        table.add_column(sa.Column("round_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_note_round_id"), "note_round", ["round_id"], ["id"], ondelete="SET NULL")
    op.create_index(op.f("ix_note_round_id"), "note", ["round_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_note_round_id"), "note")
    with op.batch_alter_table("note") as table:
        table.drop_constraint(op.f("fk_note_round_id"), type_="foreignkey")
        table.drop_column("round_id")
    op.drop_table("note_round")
