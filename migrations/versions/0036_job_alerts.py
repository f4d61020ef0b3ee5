"""Job alerts"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_round",
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("news_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_person_id", sa.Integer(), nullable=False),
        sa.Column("no_yes_count", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interrupted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_alert_round_opening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", name=op.f("pk_alert_round")),
    )
    # What is open already is no news: without this, everybody would get a mail about all of it.
    op.execute(
        "INSERT INTO alert_round (opening_id, version_number, is_public, news_from, after_person_id, no_yes_count, "
        "finished_at) SELECT id, version_number, CASE WHEN public_at <= CURRENT_TIMESTAMP THEN TRUE ELSE FALSE END, "
        "published_at, 0, 0, CURRENT_TIMESTAMP FROM opening WHERE state = 'published'"
    )
    _alerts()
    _matches()
    op.create_table(
        "alert_turn",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_turn_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_alert_turn")),
    )
    op.create_index(op.f("ix_alert_turn_look_at"), "alert_turn", ["look_at"])


def _alerts() -> None:
    op.create_table(
        "job_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_job_alert_person_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_job_alert_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_alert")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_alert_public_id")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_job_alert_delivery_id")),
    )
    op.create_index(op.f("ix_job_alert_person_id"), "job_alert", ["person_id"])
    is_open = sa.text("settled_at IS NULL")
    op.create_index("ix_job_alert_open", "job_alert", ["id"], sqlite_where=is_open, postgresql_where=is_open)


def _matches() -> None:
    op.create_table(
        "alert_match",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("is_early", sa.Boolean(), nullable=False),
        sa.CheckConstraint("alert_id IS NOT NULL OR NOT is_early", name=op.f("ck_alert_match_early_is_told")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_match_person_id")),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_alert_match_opening_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["job_alert.id"], name=op.f("fk_alert_match_alert_id")),
        sa.PrimaryKeyConstraint("person_id", "opening_id", name=op.f("pk_alert_match")),
    )
    op.create_index(op.f("ix_alert_match_opening_id"), "alert_match", ["opening_id"])
    op.create_index(op.f("ix_alert_match_alert_id"), "alert_match", ["alert_id"])
    waits = sa.text("alert_id IS NULL")
    op.create_index(
        "ix_alert_match_waiting",
        "alert_match",
        ["person_id", "opening_id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_table("alert_turn")
    op.drop_table("alert_match")
    op.drop_table("job_alert")
    op.drop_table("alert_round")
