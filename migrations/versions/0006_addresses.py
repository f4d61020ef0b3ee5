"""Changing and joining addresses"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "address_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("is_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_id"], ["one_time_token.id"], name=op.f("fk_address_request_token_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_request")),
        sa.UniqueConstraint("token_id", name=op.f("uq_address_request_token_id")),
    )
    op.create_index(op.f("ix_address_request_person_id"), "address_request", ["person_id"], unique=False)
    op.create_index(op.f("ix_address_request_expires_at"), "address_request", ["expires_at"], unique=False)
    op.create_table(
        "leaving_address",
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_leaving_address_address_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leaving_address_person_id")),
        sa.PrimaryKeyConstraint("address_id", name=op.f("pk_leaving_address")),
    )
    op.create_index(op.f("ix_leaving_address_person_id"), "leaving_address", ["person_id"], unique=False)
    op.create_index(op.f("ix_leaving_address_leaves_at"), "leaving_address", ["leaves_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_leaving_address_leaves_at"), table_name="leaving_address")
    op.drop_index(op.f("ix_leaving_address_person_id"), table_name="leaving_address")
    op.drop_table("leaving_address")
    op.drop_index(op.f("ix_address_request_expires_at"), table_name="address_request")
    op.drop_index(op.f("ix_address_request_person_id"), table_name="address_request")
    op.drop_table("address_request")
