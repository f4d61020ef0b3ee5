"""Endings for many, and how an application ended in the system it came from"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("application") as table:
        table.add_column(sa.Column("source_ending", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("source_tells_from", sa.DateTime(timezone=True), nullable=True))
    told = sa.text("source_tells_from IS NOT NULL")
    op.create_index(
        "ix_application_source_tells", "application", ["source_tells_from"], sqlite_where=told, postgresql_where=told
    )
    op.create_table(
        "ending_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("internal_reason", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_ending_round_opening_id_opening")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_ending_round_actor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ending_round")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ending_round_public_id")),
    )
    op.create_index(op.f("ix_ending_round_opening_id"), "ending_round", ["opening_id"])
    op.create_index(op.f("ix_ending_round_actor_id"), "ending_round", ["actor_id"])
    op.create_index(op.f("ix_ending_round_created_at"), "ending_round", ["created_at"])
    op.create_table(
        "ending_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("seen_event_id", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ending_round.id"], name=op.f("fk_ending_letter_round_id_ending_round"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_ending_letter_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ending_letter")),
        sa.UniqueConstraint("round_id", "application_id", name=op.f("uq_ending_letter_round_id_application_id")),
    )
    op.create_index(op.f("ix_ending_letter_application_id"), "ending_letter", ["application_id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_ending_letter_waiting", "ending_letter", ["id"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("ending_letter")
    op.drop_table("ending_round")
    op.drop_index("ix_application_source_tells", "application")
    with op.batch_alter_table("application") as table:
        table.drop_column("source_tells_from")
        table.drop_column("source_ending")
