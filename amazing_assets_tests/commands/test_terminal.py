import pytest

from amazing_assets.commands.terminal import print_table

NAMES = ("month", "segment", "customers", "revenue_share", "mean_margin")
ROW = ("2020-04", "Wolves (thrifty, loyal) of the north", 1_234_567, 0.123, 0.984)


def printed(capsys, monkeypatch, columns, rows=(ROW,), names=NAMES):
    monkeypatch.setenv("COLUMNS", str(columns))
    print_table("Segments", names, rows)
    return capsys.readouterr().out


def test_a_table_that_fits_is_one_row_each(capsys, monkeypatch):
    out = printed(capsys, monkeypatch, 100)
    (line,) = [line for line in out.splitlines() if "Wolves" in line]
    assert line.split()[-3:] == ["1,234,567", "0.123", "0.984"]


@pytest.mark.parametrize("columns", [80, 60, 45, 20])
def test_a_number_is_never_cut_however_narrow_the_terminal(capsys, monkeypatch, columns):
    out = printed(capsys, monkeypatch, columns)
    words = out.split()
    assert {"1,234,567", "0.123", "0.984"} <= set(words)
    assert "…" not in out


def test_what_does_not_fit_at_all_is_told_line_by_line(capsys, monkeypatch):
    out = printed(capsys, monkeypatch, 20)
    assert [line.split("  ")[-1] for line in out.splitlines() if "customers" in line] == [
        "1,234,567"
    ]
    assert "  segment        Wolves (thrifty, loyal) of the north" in out


def test_a_table_of_eight_columns_of_figures_fits_eighty(capsys, monkeypatch):
    names = (
        "month",
        "kept",
        "rejected",
        "duplicates",
        "events",
        "customers",
        "sessions",
        "bot_suspects",
    )
    row = ("2019-10", 42_351_862, 12_345, 68_670, 42_283_192, 3_022_290, 9_244_421, 1_204)
    out = printed(capsys, monkeypatch, 80, [row], names)
    assert max(map(len, out.splitlines())) <= 80
    assert "42,283,192" in out.split()
    # It was cut into 2019 and -10 once the columns of figures were not folded any more.
    assert {"2019-10", "suspects"} <= set(out.split())


def test_a_first_row_without_a_word_does_not_make_words_numbers(capsys, monkeypatch):
    out = printed(
        capsys,
        monkeypatch,
        30,
        [(None, 1), ("a word that is much too long for it", 2)],
        ("why", "n"),
    )
    assert "much" in out
    assert {"1", "2"} <= set(out.split())
