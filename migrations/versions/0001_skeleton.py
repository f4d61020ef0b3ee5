"""The skeleton: people, accounts, outbox, applications, imports"""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ats_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("told_of_endings", sa.Boolean(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("date_order", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_source")),
        sa.UniqueConstraint("name", name=op.f("uq_ats_source_name")),
    )
    op.create_table(
        "company_setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_company_setting")),
    )
    op.create_table(
        "job_lease",
        sa.Column("job", sa.String(length=100), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_lease")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=50), server_default="", nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_table(
        "try_count",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("window_number", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", "window_number", name=op.f("pk_try_count")),
    )
    with op.batch_alter_table("try_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_try_count_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("email", name=op.f("uq_address_email")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_person_id"), ["person_id"], unique=False)

    op.create_table(
        "ats_label_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("label_key", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["ats_source.id"], name=op.f("fk_ats_label_mapping_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_label_mapping")),
        sa.UniqueConstraint(
            "source_id", "kind", "label_key", name=op.f("uq_ats_label_mapping_source_id_kind_label_key")
        ),
    )
    op.create_table(
        "audit_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_record_actor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_record_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_record")),
    )
    with op.batch_alter_table("audit_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_record_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_record_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_record_occurred_at"), ["occurred_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_record_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_record_subject"), ["subject"], unique=False)

    op.create_table(
        "consent_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_consent_event_actor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.create_index("ix_consent_event_person_purpose", ["person_id", "purpose", "id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("mail_class", sa.String(40), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("reply_to", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("lease_owner", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'leased') = (lease_owner IS NOT NULL)", name=op.f("ck_delivery_lease")),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_delivery_sent")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delivery_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_delivery_dedupe_key")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_cause", ["cause"], unique=False)
        batch_op.create_index(
            "ix_delivery_dead",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index(batch_op.f("ix_delivery_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_delivery_waiting",
            ["next_try_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'leased')"),
            postgresql_where=sa.text("state IN ('queued', 'leased')"),
        )

    op.create_table(
        "dev_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("from_address", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dev_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dev_mail")),
        sa.UniqueConstraint("delivery_key", name=op.f("uq_dev_mail_delivery_key")),
    )
    with op.batch_alter_table("dev_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dev_mail_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dev_mail_to_address"), ["to_address"], unique=False)

    op.create_table(
        "membership",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "one_time_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("subject", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_token_token_hash")),
    )
    with op.batch_alter_table("one_time_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_token_browser_hash"), ["browser_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_one_time_token_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_one_time_token_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_one_time_token_subject", ["kind", "subject"], unique=False)

    op.create_table(
        "person_area",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_area_person_id")),
        sa.PrimaryKeyConstraint("person_id", "area", name=op.f("pk_person_area")),
    )
    with op.batch_alter_table("person_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_area_area"), ["area"], unique=False)

    op.create_table(
        "person_place",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_place_person_id")),
        sa.PrimaryKeyConstraint("person_id", "place", name=op.f("pk_person_place")),
    )
    with op.batch_alter_table("person_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_place_place"), ["place"], unique=False)

    op.create_table(
        "person_skill",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_skill_person_id")),
        sa.PrimaryKeyConstraint("person_id", "skill", name=op.f("pk_person_skill")),
    )
    with op.batch_alter_table("person_skill", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_skill_skill"), ["skill"], unique=False)

    op.create_table(
        "preferences",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("career_stage", sa.String(40), nullable=True),
        sa.Column("career_stage_on", sa.Date(), nullable=True),
        sa.Column("work_modes", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preferences_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "staff",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("introduction", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["staff.person_id"], name=op.f("fk_staff_lead_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_staff")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_stored_file_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_delete_on"), ["delete_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_account_address_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("address_id", name=op.f("uq_account_address_id")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_person_id"), ["person_id"], unique=False)

    op.create_table(
        "ats_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_ats_import_created_by_id")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_ats_import_file_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["ats_source.id"], name=op.f("fk_ats_import_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ats_import_public_id")),
    )
    with op.batch_alter_table("ats_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ats_import_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ats_import_source_id"), ["source_id"], unique=False)

    op.create_table(
        "join_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("consents", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["one_time_token.id"], name=op.f("fk_join_request_token_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint("token_id", name=op.f("uq_join_request_token_id")),
    )
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_join_request_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_join_request_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("external_key", sa.String(length=210), nullable=False),
        sa.Column("recruiter_id", sa.Integer(), nullable=True),
        sa.Column("hiring_manager_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hiring_manager_id"], ["staff.person_id"], name=op.f("fk_opening_hiring_manager_id")),
        sa.ForeignKeyConstraint(["recruiter_id"], ["staff.person_id"], name=op.f("fk_opening_recruiter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("public_id", name=op.f("uq_opening_public_id")),
        sa.UniqueConstraint("source", "external_key", name=op.f("uq_opening_source_external_key")),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_hiring_manager_id"), ["hiring_manager_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_recruiter_id"), ["recruiter_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("external_key", sa.String(length=500), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("last_activity_on", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("imported_tags", sa.JSON(), nullable=False),
        sa.Column("source_stage", sa.String(length=200), nullable=False),
        sa.Column("source_status", sa.String(length=200), nullable=False),
        sa.Column("source_reason", sa.String(length=200), nullable=False),
        sa.Column("change_reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("import_ref", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_application_opening_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.person_id"], name=op.f("fk_application_owner_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("public_id", name=op.f("uq_application_public_id")),
        sa.UniqueConstraint("source", "external_key", name=op.f("uq_application_source_external_key")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_change_reported_at"), ["change_reported_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_import_ref"), ["import_ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_person_id"), ["person_id"], unique=False)

    op.create_table(
        "ats_import_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["ats_import.id"], name=op.f("fk_ats_import_issue_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_import_issue")),
    )
    with op.batch_alter_table("ats_import_issue", schema=None) as batch_op:
        batch_op.create_index("ix_ats_import_issue_import", ["import_id", "level", "row"], unique=False)

    op.create_table(
        "device_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_device_session_account_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_device_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_device_session_public_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_device_session_secret_hash")),
    )
    with op.batch_alter_table("device_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "application_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("next_update_by", sa.Date(), nullable=True),
        sa.Column("date_reason", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("internal_reason", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(next_update_by IS NULL) = (status IN ('hired', 'offer_declined', 'not_selected', 'withdrawn', 'opening_cancelled'))",
            name=op.f("ck_application_event_open_has_a_date"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_application_event_actor_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_event_application_id")
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_application_event_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_event")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_application_event_delivery_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_application_event_public_id")),
    )
    with op.batch_alter_table("application_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_application_event_application", ["application_id", "id"], unique=False)
        batch_op.create_index("ix_application_event_next_update_by", ["next_update_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("application_event", schema=None) as batch_op:
        batch_op.drop_index("ix_application_event_next_update_by")
        batch_op.drop_index("ix_application_event_application")
        batch_op.drop_index(batch_op.f("ix_application_event_actor_id"))

    op.drop_table("application_event")
    with op.batch_alter_table("device_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_session_person_id"))
        batch_op.drop_index(batch_op.f("ix_device_session_account_id"))

    op.drop_table("device_session")
    with op.batch_alter_table("ats_import_issue", schema=None) as batch_op:
        batch_op.drop_index("ix_ats_import_issue_import")

    op.drop_table("ats_import_issue")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_person_id"))
        batch_op.drop_index(batch_op.f("ix_application_owner_id"))
        batch_op.drop_index(batch_op.f("ix_application_opening_id"))
        batch_op.drop_index(batch_op.f("ix_application_import_ref"))
        batch_op.drop_index(batch_op.f("ix_application_change_reported_at"))

    op.drop_table("application")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_recruiter_id"))
        batch_op.drop_index(batch_op.f("ix_opening_hiring_manager_id"))

    op.drop_table("opening")
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_join_request_expires_at"))
        batch_op.drop_index(batch_op.f("ix_join_request_email"))

    op.drop_table("join_request")
    with op.batch_alter_table("ats_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ats_import_source_id"))
        batch_op.drop_index(batch_op.f("ix_ats_import_created_by_id"))

    op.drop_table("ats_import")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_person_id"))

    op.drop_table("account")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_owner_id"))
        batch_op.drop_index(batch_op.f("ix_stored_file_delete_on"))

    op.drop_table("stored_file")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_lead_id"))

    op.drop_table("staff")
    op.drop_table("preferences")
    with op.batch_alter_table("person_skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_skill_skill"))

    op.drop_table("person_skill")
    with op.batch_alter_table("person_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_place_place"))

    op.drop_table("person_place")
    with op.batch_alter_table("person_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_area_area"))

    op.drop_table("person_area")
    with op.batch_alter_table("one_time_token", schema=None) as batch_op:
        batch_op.drop_index("ix_one_time_token_subject")
        batch_op.drop_index(batch_op.f("ix_one_time_token_person_id"))
        batch_op.drop_index(batch_op.f("ix_one_time_token_expires_at"))
        batch_op.drop_index(batch_op.f("ix_one_time_token_browser_hash"))

    op.drop_table("one_time_token")
    op.drop_table("membership")
    with op.batch_alter_table("dev_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dev_mail_to_address"))
        batch_op.drop_index(batch_op.f("ix_dev_mail_person_id"))

    op.drop_table("dev_mail")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_waiting",
            sqlite_where=sa.text("state IN ('queued', 'leased')"),
            postgresql_where=sa.text("state IN ('queued', 'leased')"),
        )
        batch_op.drop_index(batch_op.f("ix_delivery_person_id"))
        batch_op.drop_index(
            "ix_delivery_dead", sqlite_where=sa.text("state = 'dead'"), postgresql_where=sa.text("state = 'dead'")
        )
        batch_op.drop_index("ix_delivery_cause")

    op.drop_table("delivery")
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_event_person_purpose")

    op.drop_table("consent_event")
    with op.batch_alter_table("audit_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_record_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_record_person_id"))
        batch_op.drop_index(batch_op.f("ix_audit_record_occurred_at"))
        batch_op.drop_index(batch_op.f("ix_audit_record_actor_id"))
        batch_op.drop_index(batch_op.f("ix_audit_record_action"))

    op.drop_table("audit_record")
    op.drop_table("ats_label_mapping")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_person_id"))

    op.drop_table("address")
    with op.batch_alter_table("try_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_try_count_ends_at"))

    op.drop_table("try_count")
    op.drop_table("person")
    op.drop_table("job_lease")
    op.drop_table("company_setting")
    op.drop_table("ats_source")
