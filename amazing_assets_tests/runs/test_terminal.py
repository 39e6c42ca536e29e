from amazing_assets.runs.terminal import shown

RUN = "3a374609-21a8-4091-9044-8bf3e4ac41cb"
AT = "2026-11-26 10:03:31 +0000 - dagster - ERROR"


def lines(*texts):
    return [f"{text}\n" for text in texts]


def test_a_failed_run_is_one_sentence():
    log = lines(
        f'{AT} - month_job - {RUN} - 14348 - landed_events - STEP_FAILURE - Execution of step "x".',
        "",
        "dagster._core.definitions.events.Failure: 2020-Jan.csv.gz is damaged; deliver it again.",
        "",
        "Stack Trace:",
        '  File "publish.py", line 52, in generator',
        f"{AT} - month_job - {RUN} - clean_events - Dependencies for step clean_events failed.",
        f"{AT} - month_job - {RUN} - 14348 - RUN_FAILURE - Execution of run failed.",
        "",
        "Stack Trace:",
        f"{AT} - __repository__ - run_failures - month_job of 2020-01 failed at landed_events: "
        "2020-Jan.csv.gz is damaged; deliver it again.",
    )
    assert list(shown(log)) == lines(
        "10:03 month_job of 2020-01 failed at landed_events: 2020-Jan.csv.gz is damaged; "
        "deliver it again."
    )


def test_what_is_no_run_s_is_shown_as_it_is():
    log = lines(
        "A line of a library",
        "2026-11-26 10:03:31 +0000 - dagster.daemon.SensorDaemon - ERROR - Sensor daemon caught it",
        "Traceback (most recent call last):",
        "ValueError: something",
    )
    assert list(shown(log)) == log


def test_lines_are_shown_when_they_come():
    def log():
        yield "first\n"
        raise RuntimeError

    assert next(shown(log())) == "first\n"
