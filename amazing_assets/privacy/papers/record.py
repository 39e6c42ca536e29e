"""The record of processing: article 30 of the GDPR."""

from __future__ import annotations

from amazing_assets.privacy.papers.statements import (
    Chapter,
    Statement,
    contract,
    proven,
    setting,
)

CHAPTERS = (
    Chapter(
        "who",
        (
            Statement("controller"),
            Statement("processors"),
            Statement("people", (contract("raw_events"),)),
            Statement("children"),
        ),
    ),
    Chapter(
        "data",
        (
            Statement("events", (contract("raw_events"),)),
            Statement(
                "pseudonym",
                (
                    contract("raw_events"),
                    proven("test_pseudonym.py", "a_pseudonym_is_the_keyed_hash_of_the_contract"),
                ),
            ),
            Statement("made", (contract("user_features"), contract("customer_view"))),
            Statement("contacts", (contract("contacts"), setting("AMAZING_LANDING"))),
            Statement("special"),
        ),
    ),
    Chapter(
        "recipients",
        (
            Statement(
                "lists",
                (
                    setting("AMAZING_LISTS"),
                    proven(
                        "delivery/lists/test_files.py",
                        "a_list_is_written_as_csv_and_parquet_for_its_owner_alone",
                    ),
                ),
            ),
            Statement(
                "reports",
                (
                    proven(
                        "delivery/report/test_report.py",
                        "small_cells_are_hidden_in_words_tables_and_pictures",
                    ),
                ),
            ),
            Statement(
                "service",
                (
                    proven(
                        "delivery/serving/test_keys.py",
                        "without_a_valid_key_nothing_is_answered",
                    ),
                ),
            ),
            Statement("places", (setting("AMAZING_HOME"), setting("AMAZING_LANDING"))),
            Statement("countries"),
        ),
    ),
    Chapter(
        "security",
        (
            Statement(
                "key",
                (
                    setting("AMAZING_PSEUDONYM_KEY"),
                    proven("test_pseudonym.py", "the_key_is_made_once_and_is_nobody_elses"),
                    proven(
                        "lake/test_key.py",
                        "another_key_or_none_is_refused_and_nothing_is_written",
                    ),
                    proven(
                        "privacy/rotation/test_rotate.py",
                        "the_old_key_opens_nothing_any_more_and_no_pair_is_left",
                    ),
                ),
            ),
            Statement(
                "rejects",
                (
                    contract("rejected_events"),
                    proven(
                        "events/reading/test_mask.py",
                        "no_customer_is_kept_in_a_rejected_line",
                    ),
                ),
            ),
            Statement(
                "logs",
                (
                    proven("test_fault_log.py", "neither_secrets_nor_ids_are_in_the_file"),
                    proven(
                        "defs/triggers/test_failures.py",
                        "a_failed_run_is_told_with_its_reason_and_no_id",
                    ),
                    proven(
                        "commands/test_serve.py",
                        "no_id_stands_in_logs_figures_errors_or_files",
                    ),
                ),
            ),
            Statement(
                "ledger",
                (
                    proven(
                        "commands/test_forget.py",
                        "the_account_says_what_went_and_names_nobody",
                    ),
                ),
            ),
            Statement("disks"),
        ),
    ),
)
