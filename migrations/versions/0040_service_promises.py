"""Versions of what is promised to those who apply, and which one each application was made under"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

#: What each setting was before anybody changed it, when versions began to be kept.
_BEGAN = {
    "pace": {"received": 15, "in_review": 5, "interviewing": 3, "decision_pending": 3, "offer_made": 3},
    "working_week": [0, 1, 2, 3, 4],
    "holidays": {"country": "", "region": ""},
    "office_hours": {"start": "09:00", "end": "17:00"},
    "retention": {"community_months": 24, "rejected_months": 6},
}


def upgrade() -> None:
    promises = op.create_table(
        "service_promise",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_service_promise")),
    )
    with op.batch_alter_table("application") as batch:
        batch.add_column(sa.Column("service_promise", sa.Integer(), nullable=True))
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT id FROM application LIMIT 1")).first() is None:
        return
    # Whoever has applied already was promised what the settings say on this day.
    connection.execute(sa.insert(promises).values(number=1, content=_content(connection), since=sa.func.now()))
    op.execute("UPDATE application SET service_promise = 1")


def _content(connection: sa.Connection) -> dict[str, object]:
    settings = sa.table("company_setting", sa.column("name", sa.String()), sa.column("value", sa.JSON()))
    stored = {name: value for name, value in connection.execute(sa.select(settings.c.name, settings.c.value))}
    said = {name: stored.get(name, value) for name, value in _BEGAN.items()}
    retention = said.pop("retention")
    return {
        **said,
        "feedback": {"way": "written", "countries": {}},
        "feedback_days": 7,
        "notes": 2,
        "answer_days": 20,
        "member_months": retention["community_months"],
        "words": "",
    }


def downgrade() -> None:
    with op.batch_alter_table("application") as batch:
        batch.drop_column("service_promise")
    op.drop_table("service_promise")
