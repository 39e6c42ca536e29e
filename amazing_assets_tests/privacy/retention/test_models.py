from datetime import UTC, date, datetime

import pytest

from amazing_assets.models.versions import call
from amazing_assets.privacy.retention.lives import Lives
from amazing_assets.privacy.retention.models import Models
from amazing_assets_tests.models.test_moved import add, store_of

TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Four versions, of which the second is in use."""
    home = tmp_path_factory.mktemp("home")
    for text in ("first", "second", "third", "fourth"):
        add(home, text)
    made = store_of(home)
    call("2", "champion", made)
    return made


def test_a_version_is_as_old_as_it_says(store):
    assert Models([store]).outlived(Lives({"models": 1}, TODAY)) == []
    assert Models([store]).outlived(Lives({}, date(2199, 1, 1))) == []


def test_what_is_in_use_and_the_newest_stay_and_the_others_go_with_their_files(store):
    models, lives = Models([store]), Lives({"models": 12}, date(2199, 1, 1))
    found = models.outlived(lives)
    assert [each.key for each in found] == ["1", "3"]
    models.remove(found)
    assert {str(each.version) for each in store.versions()} == {"2", "4"}
    assert len(list(store.folder.glob("*/artifacts/model"))) == 2
    assert models.outlived(lives) == []
