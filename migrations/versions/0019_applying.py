"""Applying here: drafts, answers, files, how hard it was"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _cv(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint, sa.UniqueConstraint]:
    return (
        sa.Column("cv_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cv_id"], ["stored_file.id"], name=f"fk_{table}_cv_id", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("cv_id", name=f"uq_{table}_cv_id"),
    )


def upgrade() -> None:
    with op.batch_alter_table("application") as batch:
        batch.add_column(sa.Column("opening_version", sa.Integer(), nullable=True))
    with op.batch_alter_table("stored_file") as batch:
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("delete_on", existing_type=sa.Date(), nullable=True)
    op.create_table(
        "submission",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("cover_note", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        *_cv("submission"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_submission_application_id"
        ),
        sa.PrimaryKeyConstraint("application_id", name="pk_submission"),
    )
    op.create_table(
        "application_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        *_cv("application_draft"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_application_draft_person_id"),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name="fk_application_draft_opening_id"),
        sa.PrimaryKeyConstraint("id", name="pk_application_draft"),
        sa.UniqueConstraint("person_id", "opening_id", name="uq_application_draft_person_id_opening_id"),
    )
    op.create_index("ix_application_draft_opening_id", "application_draft", ["opening_id"])
    op.create_index("ix_application_draft_saved_at", "application_draft", ["saved_at"])
    op.create_table(
        "apply_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("opening_version", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("cover_note", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        *_cv("apply_request"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["one_time_token.id"], name="fk_apply_request_token_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name="fk_apply_request_opening_id"),
        sa.PrimaryKeyConstraint("id", name="pk_apply_request"),
        sa.UniqueConstraint("token_id", name="uq_apply_request_token_id"),
    )
    op.create_index("ix_apply_request_opening_id", "apply_request", ["opening_id"])
    op.create_index("ix_apply_request_email", "apply_request", ["email"])
    op.create_index("ix_apply_request_expires_at", "apply_request", ["expires_at"])
    op.create_table(
        "apply_effort",
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name="fk_apply_effort_opening_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "week_on", "value", name="pk_apply_effort"),
    )


def downgrade() -> None:
    op.drop_table("apply_effort")
    op.drop_table("apply_request")
    op.drop_table("application_draft")
    op.drop_table("submission")
    # What belongs to nobody, or has no day, cannot be said any more; the sweep deletes such files.
    op.execute("DELETE FROM stored_file WHERE owner_id IS NULL OR delete_on IS NULL")
    with op.batch_alter_table("stored_file") as batch:
        batch.alter_column("delete_on", existing_type=sa.Date(), nullable=False)
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("application") as batch:
        batch.drop_column("opening_version")
