"""Files of requests, in a folder and on a real S3 server."""

import pytest

from amazing_assets.errors import UsageError
from amazing_assets.privacy.inbox import waiting_in


def test_nobody_waits_where_there_is_nothing(place):
    waiting = waiting_in(f"{place.root}/never-made")
    assert (waiting.state, waiting.ids()) == ("", [])
    waiting.remove()


def test_every_file_is_read_but_hidden_ones_and_those_of_other_folders(place):
    place.write("november.txt", b"541312140\n\n541312141\n")
    place.write("december.txt", b"541312142")
    place.write(".november.txt.swp", b"1")
    place.write("done/october.txt", b"2")
    assert waiting_in(place.root).ids() == [541312142, 541312140, 541312141]


def test_a_line_that_is_no_id_is_told_by_its_number_alone(place):
    place.write("541312140.txt", b"541312140\nsecret\n")
    with pytest.raises(UsageError, match=r"^Line 2 of file 1 of the requests is no customer id"):
        waiting_in(place.root).ids()


def test_what_was_read_is_deleted_and_what_was_written_since_is_not(place):
    place.write("read.txt", b"541312140\n")
    place.write("changed.txt", b"541312141\n")
    waiting = waiting_in(place.root)
    place.write("changed.txt", b"541312141\n541312142\n")
    place.write("new.txt", b"541312143\n")
    assert waiting_in(place.root).state != waiting.state
    waiting.remove()
    assert waiting_in(place.root).ids() == [541312141, 541312142, 541312143]
