import gzip
from datetime import UTC, datetime

import pytest

from amazing_assets.customers.contacts.reading import read_contacts
from amazing_assets.landing.zone import LandedFile, LandingError
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import KEY

MONTH = "2019-10"


def contacts_file(folder, *lines, header="user_id,contacted_at,campaign", packed=False):
    text = "\n".join([header, *lines, ""]).encode()
    file = folder / f"2019-Oct.contacts.csv{'.gz' if packed else ''}"
    file.write_bytes(gzip.compress(text) if packed else text)
    return LandedFile.at(file)


@pytest.mark.parametrize("packed", [False, True])
def test_contacts_are_typed_and_by_pseudonym(tmp_path, packed):
    lines = "7,2019-10-03 12:00:00 UTC,autumn", '8,2019-10-04,"cards, spring"'
    found = read_contacts([contacts_file(tmp_path, *lines, packed=packed)], MONTH, KEY)
    assert found.rejected == {}
    assert {row["user_id"]: row for row in found.rows.to_dicts()} == {
        (seven := pseudonym_of(7, KEY)): {
            "user_id": seven,
            "contacted_at": datetime(2019, 10, 3, 12, tzinfo=UTC),
            "campaign": "autumn",
        },
        (eight := pseudonym_of(8, KEY)): {
            "user_id": eight,
            "contacted_at": datetime(2019, 10, 4, tzinfo=UTC),
            "campaign": "cards, spring",
        },
    }


def test_every_row_that_is_no_contact_of_the_month_is_counted_with_its_reason(tmp_path):
    good = "7,2019-10-03,autumn"
    lines = (
        good,
        good,
        ",2019-10-03,autumn",
        "2.1E+18,2019-10-03,autumn",
        "-7,2019-10-03,autumn",
        "7,yesterday,autumn",
        "7",
        "7,2019-11-01,autumn",
        "7,2019-10-03,",
        "7,2019-10-03,autumn,more",
    )
    found = read_contacts([contacts_file(tmp_path, *lines)], MONTH, KEY)
    assert found.rows.height == 1
    assert found.rejected == {
        "missing_campaign": 1,
        "missing_id": 1,
        "outside_month": 1,
        "too_many_fields": 1,
        "unparsable_id": 2,
        "unparsable_time": 2,
    }


def test_columns_may_stand_in_any_order_and_a_file_may_hold_nobody(tmp_path):
    file = contacts_file(tmp_path, "autumn,7,2019-10-03", header="campaign,user_id,contacted_at")
    assert read_contacts([file], MONTH, KEY).rows["campaign"].to_list() == ["autumn"]
    assert read_contacts([contacts_file(tmp_path)], MONTH, KEY).rows.is_empty()


def test_another_header_is_one_sentence(tmp_path):
    file = contacts_file(tmp_path, "7,2019-10-03", header="customer,date")
    with pytest.raises(LandingError) as refused:
        read_contacts([file], MONTH, KEY)
    assert str(refused.value) == (
        "2019-Oct.contacts.csv has a wrong header, customer,date; its first line must be "
        "user_id,contacted_at,campaign."
    )
