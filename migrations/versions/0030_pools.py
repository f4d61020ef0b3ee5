"""Pools and who is in them"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=24), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=False),
        sa.Column("closed_count", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL) = (closed_count IS NULL)",
            name=op.f("ck_pool_closed"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.person_id"], name=op.f("fk_pool_owner_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_pool_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pool_public_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_pool_form_key")),
    )
    op.create_index(op.f("ix_pool_owner_id"), "pool", ["owner_id"])
    op.create_index(op.f("ix_pool_closed_by_id"), "pool", ["closed_by_id"])
    is_open = sa.text("closed_at IS NULL")
    op.create_index("uq_pool_open_key", "pool", ["key"], unique=True, sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_pool_review", "pool", ["review_on"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_table(
        "pool_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("form_key", sa.String(length=24), nullable=True),
        sa.Column("came_from", sa.String(length=12), nullable=True),
        sa.Column("is_of_both", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_member_pool_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_member_person_id")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_pool_member_added_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_member")),
        sa.UniqueConstraint("pool_id", "person_id", name=op.f("uq_pool_member_pool_id_person_id")),
    )
    op.create_index(op.f("ix_pool_member_person_id"), "pool_member", ["person_id"])
    op.create_index(op.f("ix_pool_member_added_by_id"), "pool_member", ["added_by_id"])
    op.create_index(op.f("ix_pool_member_form_key"), "pool_member", ["form_key"])


def downgrade() -> None:
    op.drop_table("pool_member")
    op.drop_table("pool")
