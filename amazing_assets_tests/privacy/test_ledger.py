from amazing_assets.privacy.ledger import Entry, Kind, Ledger, State


def test_what_was_asked_and_is_not_done_is_pending(tmp_path):
    ledger = Ledger.of(tmp_path)
    assert ledger.pending(Kind.ERASURE) == frozenset()
    ledger.add(Entry(Kind.ERASURE, State.ASKED, (1, 2)))
    ledger.add(Entry(Kind.OBJECTION, State.ASKED, (3,)))
    ledger.add(Entry(Kind.ERASURE, State.DONE, (1,), {"rows": {"raw_events": 5}}))
    assert ledger.pending(Kind.ERASURE) == {2}
    assert ledger.pending(Kind.OBJECTION) == {3}
    assert [each.told for each in ledger.entries(Kind.ERASURE)][1] == {"rows": {"raw_events": 5}}


def test_a_line_that_a_killed_process_left_half_written_loses_no_other(tmp_path):
    ledger = Ledger.of(tmp_path)
    ledger.add(Entry(Kind.ERASURE, State.ASKED, (1,)))
    with ledger.file.open("a") as file:
        file.write('{"kind": "eras')
    ledger.add(Entry(Kind.ERASURE, State.ASKED, (2,)))
    assert ledger.pending(Kind.ERASURE) == {1, 2}
