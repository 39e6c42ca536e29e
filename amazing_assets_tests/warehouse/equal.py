"""Whether two warehouses hold the same tables."""

from polars.testing import assert_frame_equal


def assert_same_table(table, one, other):
    """Integers, texts and days are equal, floats to a part in 10^12, the order of rows is free."""
    expected, found = (warehouse.read_table(table) for warehouse in (one, other))
    assert expected is not None, table
    assert found is not None, table
    assert_frame_equal(
        found, expected, check_row_order=False, check_exact=False, rel_tol=1e-12, abs_tol=1e-12
    )
