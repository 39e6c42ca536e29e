"""The procedure for what people ask: what is done, by when, and what proves it."""

from __future__ import annotations

from amazing_assets.privacy.papers.statements import (
    Chapter,
    Statement,
    proven,
    setting,
)

CHAPTERS = (
    Chapter(
        "received",
        (
            Statement(
                "noted",
                (proven("privacy/test_ledger.py", "what_was_asked_and_is_not_done_is_pending"),),
            ),
            Statement("known"),
            Statement(
                "quiet",
                (
                    proven(
                        "commands/test_forget.py",
                        "a_line_that_is_no_id_is_named_by_its_number_and_not_repeated",
                    ),
                ),
            ),
            Statement("month"),
        ),
    ),
    Chapter(
        "asked",
        (
            Statement(
                "access",
                (
                    proven(
                        "privacy/test_holdings.py",
                        "every_landed_event_of_the_customer_is_listed",
                    ),
                    proven("privacy/test_holdings.py", "nothing_of_anybody_else_is_in_it"),
                ),
            ),
            Statement(
                "portability",
                (
                    proven(
                        "privacy/test_holdings.py",
                        "every_table_that_knows_the_customer_is_told",
                    ),
                ),
            ),
            Statement(
                "correction",
                (proven("lake/test_table.py", "a_new_version_replaces_the_month"),),
            ),
            Statement(
                "erasure",
                (
                    setting("AMAZING_REQUESTS"),
                    setting("AMAZING_RETRAIN"),
                    proven("privacy/test_erasure.py", "no_byte_of_a_home_names_who_is_forgotten"),
                    proven(
                        "privacy/test_erasure.py",
                        "a_pass_that_is_killed_is_finished_by_the_next",
                    ),
                ),
            ),
            Statement(
                "objection",
                (
                    proven(
                        "privacy/test_objection.py",
                        "profiles_go_at_once_and_what_happened_stays",
                    ),
                    proven(
                        "lake/test_left_out.py",
                        "an_objection_is_taken_back_of_who_made_it_alone",
                    ),
                ),
            ),
            Statement(
                "explanation",
                (
                    proven(
                        "privacy/test_holdings.py",
                        "a_segment_is_told_with_the_rule_that_the_customer_meets",
                    ),
                ),
            ),
        ),
    ),
    Chapter(
        "afterwards",
        (
            Statement(
                "proof",
                (
                    proven(
                        "privacy/test_erasure.py",
                        "a_request_is_pending_until_it_is_proven_and_its_ids_go_with_the_proof",
                    ),
                ),
            ),
            Statement("others"),
            Statement("backups"),
            Statement("breach"),
        ),
    ),
)
