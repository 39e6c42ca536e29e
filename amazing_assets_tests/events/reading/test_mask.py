import pytest

from amazing_assets_tests.builders import LINE, landed, line, read

ID, VISIT = LINE["user_id"], LINE["user_session"]


@pytest.mark.parametrize(
    "text",
    [
        line().replace(",", ";"),
        line().replace(",", "\t"),
        line().replace(",", "|"),
        line().replace(",", ", "),
        f"x,{ID}",
        ID,
        f"2019-10-01 00:00:00 UTC,{ID}",
        f'sons",35.79,{ID},72d76fde',
        f"{line(brand=chr(34) + 'smith')[:90]}",
        line(brand='"smith, sons'),
        line(brand='55", black', user_id=f'"{ID}"'),
        line(brand='"a, b"', price="x"),
        line(user_id=f'"{ID}" x', price="x"),
        line(user_id=f" {ID}", price="x"),
        line(user_id=f"{ID};", price="x"),
        line()[line().index(",view") + 1 :],
        f"{ID},{ID},{ID}",
        f"{line()},{ID}",
        f"0,{line()}",
        line(event_time=""),
        line(brand="sams").replace(f"35.79,{ID}", ID).replace("sams,", "sams"),
        f"2019-10-01 00:00:00 UTC,44600062,electronics.smartphone,{ID},72d76fde",
        f"2019-10-01 00:00:00 UTC,view,{ID}x,a",
    ],
)
def test_no_customer_is_kept_in_a_rejected_line(tmp_path, text):
    kept, rejected = read(landed(tmp_path, line(), text))
    assert kept.height == 1
    assert ID not in rejected["line"].item()
    assert VISIT not in rejected["line"].item()
    assert len(rejected["line"].item()) > 0


def test_a_visit_that_a_rejected_line_does_not_have_is_not_made_up(tmp_path):
    _, rejected = read(landed(tmp_path, line(), line(price="x", user_session="")))
    assert rejected["line"].item() == line(price="x", user_id="***", user_session="")


def test_a_piece_of_a_line_keeps_its_words(tmp_path):
    _, rejected = read(landed(tmp_path, f"view;samsung;{ID};x", f"2019-10-01,view,a,{ID}"))
    assert rejected["line"].to_list() == ["view;samsung;***;x", "2019-10-01,view,a,***"]
