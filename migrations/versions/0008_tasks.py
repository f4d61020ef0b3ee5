"""Tasks: something owed by a named person by a date"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("state IN ('due', 'escalated')")


def upgrade() -> None:
    op.create_table(
        "morning_mail",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.person_id"], name=op.f("fk_morning_mail_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_morning_mail")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("escalated_to_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'cancelled')) = (closed_at IS NOT NULL)", name=op.f("ck_task_closed")
        ),
        sa.CheckConstraint("state <> 'escalated' OR escalated_to_id IS NOT NULL", name=op.f("ck_task_escalated")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_task_closed_by_id")),
        sa.ForeignKeyConstraint(["escalated_to_id"], ["staff.person_id"], name=op.f("fk_task_escalated_to_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.person_id"], name=op.f("fk_task_owner_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_task_dedupe_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_task_public_id")),
    )
    op.create_index("ix_task_cause", "task", ["cause"])
    op.create_index("ix_task_closed", "task", ["closed_by_id", "closed_at"])
    op.create_index("ix_task_open", "task", ["due_on", "id"], sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)
    for column in ("escalated_to_id", "owner_id", "person_id"):
        op.create_index(op.f(f"ix_task_{column}"), "task", [column])
    op.create_table(
        "task_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_task_event_author_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_event_task_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_task_event_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_event")),
    )
    for column in ("author_id", "task_id", "to_id"):
        op.create_index(op.f(f"ix_task_event_{column}"), "task_event", [column])


def downgrade() -> None:
    op.drop_table("task_event")
    op.drop_table("task")
    op.drop_table("morning_mail")
