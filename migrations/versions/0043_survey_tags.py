"""Tags on what people wrote in surveys."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_comment_tag",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("comment_key", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id", "comment_key"],
            ["survey_comment.survey_id", "survey_comment.key"],
            name=op.f("fk_survey_comment_tag_survey_id_comment_key"),
        ),
        sa.PrimaryKeyConstraint("survey_id", "comment_key", "key", name=op.f("pk_survey_comment_tag")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_comment_tag_key", "survey_comment_tag", ["survey_id", "key", "name"])


def downgrade() -> None:
    op.drop_table("survey_comment_tag")
