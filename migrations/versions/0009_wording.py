"""The words of mails, with their versions"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row per version of the words of a mail."""
    op.create_table(
        "mail_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("preheader", sa.String(200), nullable=False),
        sa.Column("heading", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_mail_wording_counted_from_one")),
        sa.CheckConstraint("NOT is_ours OR body = ''", name=op.f("ck_mail_wording_ours_is_not_stored")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_mail_wording_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_wording")),
        sa.UniqueConstraint("kind", "locale", "number", name=op.f("uq_mail_wording_kind_locale_number")),
    )
    op.create_index(op.f("ix_mail_wording_author_id"), "mail_wording", ["author_id"])


def downgrade() -> None:
    """Back to the words that came with the program."""
    op.drop_table("mail_wording")
