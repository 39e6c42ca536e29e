"""Dagster's daemon, with the three pauses that it lets nobody configure cut to two seconds.

`make evaluate` runs the same backfills with the daemon as it comes: 30 seconds between two looks.
"""

from dagster._daemon import asset_daemon, controller, sensor
from dagster._daemon.cli import main

PAUSE = 2

if __name__ == "__main__":
    sensor.MIN_INTERVAL_LOOP_TIME = PAUSE
    asset_daemon.MIN_INTERVAL_LOOP_SECONDS = PAUSE
    controller.DEFAULT_DAEMON_INTERVAL_SECONDS = PAUSE
    main()
