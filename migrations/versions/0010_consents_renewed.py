"""Consents that are asked for again; links in mails to people who are one person by now"""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("first_asked_on", sa.Date()),
    ("last_asked_on", sa.Date()),
    ("last_asked_days", sa.Integer()),
    ("settled_on", sa.Date()),
)


def upgrade() -> None:
    with op.batch_alter_table("sign_of_life") as table:
        for name, kind in _COLUMNS:
            table.add_column(sa.Column(name, kind, nullable=True))
        table.create_index("ix_sign_of_life_last_on", ["last_on"])
    op.create_table(
        "merged_link",
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_merged_link_person_id")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_merged_link")),
    )
    op.create_index(op.f("ix_merged_link_person_id"), "merged_link", ["person_id"])


def downgrade() -> None:
    op.drop_table("merged_link")
    with op.batch_alter_table("sign_of_life") as table:
        table.drop_index("ix_sign_of_life_last_on")
        for name, _kind in reversed(_COLUMNS):
            table.drop_column(name)
