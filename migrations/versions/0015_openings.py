"""What openings say, versions and drafts of it, and from when who may see them"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INSTANTS = ("published_at", "public_at", "stopped_at", "finished_at")
_MODES = ("is_remote", "is_hybrid", "is_on_site")


def upgrade() -> None:
    with op.batch_alter_table("opening") as batch:
        batch.add_column(sa.Column("slug", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("state", sa.String(length=40), server_default="draft", nullable=False))
        batch.add_column(sa.Column("version_number", sa.Integer(), server_default="0", nullable=False))
        for name in _INSTANTS:
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("closes_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("area", sa.String(length=60), server_default="", nullable=False))
        batch.add_column(sa.Column("seniority", sa.String(length=40), nullable=True))
        for name in _MODES:
            batch.add_column(sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch.add_column(sa.Column("search_text", sa.Text(), server_default="", nullable=False))
        batch.create_unique_constraint("uq_opening_slug", ["slug"])
        batch.create_check_constraint(
            "ck_opening_published_once",
            "(state = 'draft') OR (published_at IS NOT NULL AND public_at IS NOT NULL AND version_number > 0) "
            "OR (source <> '' AND state = 'finished')",
        )
        batch.create_check_constraint("ck_opening_members_first", "public_at >= published_at")
        batch.create_index("ix_opening_state", ["state", "public_at"])
    op.create_table(
        "opening_place",
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name="fk_opening_place_opening_id_opening", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "place", name="pk_opening_place"),
    )
    op.create_index("ix_opening_place_place", "opening_place", ["place"])
    op.create_table(
        "opening_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("override_reason", sa.String(length=500), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name="fk_opening_version_opening_id_opening", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name="fk_opening_version_published_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_opening_version"),
        sa.UniqueConstraint("opening_id", "number", name="uq_opening_version_opening_id_number"),
    )
    op.create_index("ix_opening_version_published_by_id", "opening_version", ["published_by_id"])
    op.create_table(
        "opening_draft",
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name="fk_opening_draft_opening_id_opening", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name="fk_opening_draft_changed_by_id_person"),
        sa.PrimaryKeyConstraint("opening_id", name="pk_opening_draft"),
    )
    op.create_index("ix_opening_draft_changed_by_id", "opening_draft", ["changed_by_id"])


def downgrade() -> None:
    op.drop_table("opening_draft")
    op.drop_table("opening_version")
    op.drop_table("opening_place")
    with op.batch_alter_table("opening") as batch:
        batch.drop_index("ix_opening_state")
        batch.drop_constraint("ck_opening_members_first", type_="check")
        batch.drop_constraint("ck_opening_published_once", type_="check")
        batch.drop_constraint("uq_opening_slug", type_="unique")
        for name in ("search_text", *_MODES, "seniority", "area", "closes_on", *_INSTANTS):
            batch.drop_column(name)
        for name in ("version_number", "state", "slug"):
            batch.drop_column(name)
