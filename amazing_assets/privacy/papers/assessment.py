"""The impact assessment: article 35, what it can do to a person, and to more than persons."""

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
        "need",
        (
            Statement("why", (contract("customer_view"), contract("churn_scores"))),
            Statement("least", (contract("raw_events"), contract("user_features"))),
            Statement(
                "history",
                (
                    setting("AMAZING_RETENTION"),
                    proven(
                        "privacy/retention/test_removal.py",
                        "what_is_over_leaves_no_byte_and_the_rest_stays",
                    ),
                ),
            ),
            Statement(
                "works",
                (
                    contract("churn_feedback"),
                    contract("next_action_evaluation"),
                    proven(
                        "segments/test_shuffled.py",
                        "a_world_of_personas_has_segments_and_the_same_visits_dealt_anew_have_none",
                    ),
                ),
            ),
            Statement("balance"),
        ),
    ),
    Chapter(
        "persons",
        (
            Statement(
                "recognised",
                (
                    proven("test_pseudonym.py", "a_pseudonym_is_the_keyed_hash_of_the_contract"),
                    proven("test_small_cells.py", "no_hidden_cell_can_be_found_by_subtraction"),
                ),
            ),
            Statement(
                "wrong",
                (
                    contract("segment_assignments"),
                    proven(
                        "segments/test_model.py",
                        "who_cannot_be_classified_gets_the_reason",
                    ),
                    proven(
                        "models/test_calibration.py",
                        "scores_that_are_too_sure_become_probabilities_on_other_customers",
                    ),
                ),
            ),
            Statement("proxies"),
            Statement(
                "machine",
                (
                    proven("segments/training/test_refit.py", "other_segments_wait_for_a_person"),
                    proven(
                        "privacy/test_holdings.py",
                        "a_segment_is_told_with_the_rule_that_the_customer_meets",
                    ),
                ),
            ),
            Statement(
                "comes_back",
                (
                    proven(
                        "privacy/test_erasure.py",
                        "files_that_are_read_again_do_not_bring_them_back",
                    ),
                    proven("privacy/test_erasure.py", "no_byte_of_a_home_names_who_is_forgotten"),
                ),
            ),
            Statement("breach"),
        ),
    ),
    Chapter(
        "society",
        (
            Statement(
                "consumption",
                (
                    setting("AMAZING_CONTACT_BUDGET"),
                    proven(
                        "delivery/lists/test_contacts.py",
                        "the_budget_is_of_those_who_may_be_contacted_and_the_held_out_between_them"
                        "_are_marked",
                    ),
                ),
            ),
            Statement("pressure"),
            Statement("debt"),
            Statement(
                "waste",
                (
                    contract("user_features"),
                    proven(
                        "customers/test_families.py",
                        "returns_and_orders_of_unknown_value_are_counted_apart",
                    ),
                ),
            ),
            Statement("needless"),
            Statement(
                "useless",
                (
                    setting("AMAZING_HOLDOUT"),
                    proven("churn/test_holdout.py", "every_week_about_the_share_is_held_out"),
                    proven(
                        "delivery/lists/test_audience.py",
                        "a_planted_effect_lies_within_its_interval_and_is_told_from_chance",
                    ),
                ),
            ),
            Statement("prices"),
        ),
    ),
)
