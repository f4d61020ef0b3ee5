"""Insider updates"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_update()
    _create_versions()
    _create_readers()


def _create_update() -> None:
    op.create_table(
        "insider_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("areas", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("state", sa.String(length=40), server_default="draft", nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_zone", sa.String(length=64), server_default="", nullable=False),
        sa.Column("held_up", sa.Text(), server_default="", nullable=False),
        sa.Column("segment_id", sa.String(length=12), server_default="", nullable=False),
        sa.Column("segment_rules", sa.JSON(), nullable=True),
        sa.Column("frozen_up_to", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reach_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_words", sa.Text(), server_default="", nullable=False),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled') OR (version_number > 0 AND slug IS NOT NULL)",
            name=op.f("ck_insider_update_says_something"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'publishing', 'withdrawn') OR published_at IS NOT NULL",
            name=op.f("ck_insider_update_published_once"),
        ),
        sa.CheckConstraint(
            "(state = 'scheduled') = (publish_at IS NOT NULL)", name=op.f("ck_insider_update_scheduled_at_a_time")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_insider_update_withdrawn_once")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_insider_update_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insider_update")),
        sa.UniqueConstraint("public_id", name=op.f("uq_insider_update_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_insider_update_slug")),
    )
    op.create_index(op.f("ix_insider_update_author_id"), "insider_update", ["author_id"])
    op.create_index("ix_insider_update_state", "insider_update", ["state", "published_at"])


def _create_versions() -> None:
    op.create_table(
        "update_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"], ["insider_update.id"], name=op.f("fk_update_version_update_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_update_version_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_version")),
        sa.UniqueConstraint("update_id", "number", name=op.f("uq_update_version_update_id_number")),
    )
    op.create_index(op.f("ix_update_version_published_by_id"), "update_version", ["published_by_id"])
    op.create_table(
        "update_draft",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"], ["insider_update.id"], name=op.f("fk_update_draft_update_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_update_draft_changed_by_id")),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_update_draft")),
    )
    op.create_index(op.f("ix_update_draft_changed_by_id"), "update_draft", ["changed_by_id"])


def _create_readers() -> None:
    op.create_table(
        "update_reader",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_in_audience", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("helpful_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["update_id"], ["insider_update.id"], name=op.f("fk_update_reader_update_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_update_reader_person_id")),
        sa.PrimaryKeyConstraint("update_id", "person_id", name=op.f("pk_update_reader")),
    )
    op.create_index("ix_update_reader_person", "update_reader", ["person_id", "update_id"])
    op.create_table(
        "update_story",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_to", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"], ["insider_update.id"], name=op.f("fk_update_story_update_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_update_story_person_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_update_story_asked_by_id")),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_update_story")),
    )
    op.create_index(op.f("ix_update_story_person_id"), "update_story", ["person_id"])
    op.create_index(op.f("ix_update_story_asked_by_id"), "update_story", ["asked_by_id"])


def downgrade() -> None:
    for name in ("update_story", "update_reader", "update_draft", "update_version", "insider_update"):
        op.drop_table(name)
