"""Real disks that are small, or read-only, for as long as a test lasts."""

import shutil
import subprocess
from contextlib import contextmanager

import pytest


@contextmanager
def small_disk(folder, megabytes, *options):
    """Mount a disk of its own at a folder; skips where this account may not."""
    settings = ",".join((f"size={megabytes * 1024}k", "mode=777", *options))
    mounted = mount("-t", "tmpfs", "-o", settings, "tmpfs", folder)
    if mounted.returncode:
        pytest.skip(f"this account may not mount a disk: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        # Lazily: a file that something still holds open would keep it.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607  of the system


def make_read_only(folder):
    """Have a mounted disk take nothing more."""
    assert mount("-o", "remount,ro", folder).returncode == 0


def leave(disk, kilobytes):
    """Have so much room left on a mounted disk, however full it is."""
    used = shutil.disk_usage(disk).used // 1024
    assert mount("-o", f"remount,size={used + kilobytes}k", disk).returncode == 0


def mount(*arguments):
    return subprocess.run(
        ["mount", *map(str, arguments)],  # noqa: S607  of the system
        capture_output=True,
        text=True,
        check=False,
    )
