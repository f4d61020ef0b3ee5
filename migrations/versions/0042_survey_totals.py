"""Totals of surveys over all months; and what people wrote lies by survey, with a folded text for the search."""

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000


def upgrade() -> None:
    op.drop_index("ix_survey_tally_responses", table_name="survey_tally")
    responses = sa.text("question_id = '' AND value = '=responses'")
    op.create_table(
        "survey_total",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("question_id", sa.String(length=24), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_total_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "scope", "question_id", "value", name=op.f("pk_survey_total")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_survey_total_responses",
        "survey_total",
        ["survey_id", "scope", "count"],
        sqlite_where=responses,
        postgresql_where=responses,
    )
    op.execute(
        "INSERT INTO survey_total (survey_id, scope, question_id, value, count) "
        "SELECT survey_id, scope, question_id, value, SUM(count) FROM survey_tally "
        "GROUP BY survey_id, scope, question_id, value ORDER BY survey_id, scope, question_id, value"
    )
    rows = _comments()
    op.drop_table("survey_comment")
    made = op.create_table(
        "survey_comment",
        *_columns(),
        sa.Column("search_text", sa.Text(), nullable=False),
        *_references(),
        sa.PrimaryKeyConstraint("survey_id", "key", name=op.f("pk_survey_comment")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_survey_comment_shown_by", "survey_comment", ["survey_id", "question_id", "area", "opening_id", "outcome"]
    )
    _put_back(made, [{**row, "search_text": _folded(row["words"])} for row in rows])


def downgrade() -> None:
    rows = _comments()
    op.drop_table("survey_comment")
    made = op.create_table(
        "survey_comment",
        *_columns(),
        *_references(),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_comment")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_comment_survey", "survey_comment", ["survey_id", "key"])
    _put_back(made, rows)
    op.drop_table("survey_total")
    responses = sa.text("question_id = '' AND value = '=responses'")
    op.create_index(
        "ix_survey_tally_responses",
        "survey_tally",
        ["survey_id", "scope", "count"],
        sqlite_where=responses,
        postgresql_where=responses,
    )


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("question_id", sa.String(length=24), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
    )


def _references() -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_comment_survey_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_survey_comment_opening_id")),
    )


def _comments() -> list[dict[str, Any]]:
    """In the order of their random keys, as they come to lie."""
    table = sa.table("survey_comment", *_columns())
    return [dict(row) for row in op.get_bind().execute(sa.select(table).order_by(table.c.key)).mappings()]


def _put_back(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        op.bulk_insert(table, rows[first : first + _AT_ONCE])


def _folded(words: str) -> str:
    """As the search folds them, near enough for what was written until now."""
    apart = unicodedata.normalize("NFKD", words.replace("’", "'").casefold())
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(letters.replace("'", "").replace("ł", "l").replace("ø", "o").split())
