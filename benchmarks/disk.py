"""The disk that a benchmark may use: asked before it begins, watched while it runs."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from amazing_assets.errors import PlainError, quoted

# Never filled: others write to the same disk.
LEFT_TO_OTHERS = 2_000_000_000


class DiskError(PlainError):
    """The disk is too small, or a benchmark takes more of it than it may."""


@dataclass(frozen=True)
class Disk:
    """What a benchmark may use below a folder.

    Attributes:
        folder: Everything that it writes lies here.
        most: Bytes that it may hold at a time.
    """

    folder: Path
    most: int

    def ask(self) -> None:
        """Check that there is room for all that may come.

        Raises:
            DiskError: There is not.
        """
        missing = self.most - size_of(self.folder) + LEFT_TO_OTHERS - self._free
        if missing > 0:
            raise DiskError(
                f"The benchmark may need {self.most / 1e9:,.1f} GB in {quoted(self.folder, 200)}, "
                f"and {missing / 1e9:,.1f} GB are missing there; free them, or name a folder on "
                f"another disk with --folder."
            )

    def watch(self) -> None:
        """Check that there is room left, and no more in use than was said.

        Raises:
            DiskError: It is otherwise.
        """
        used = size_of(self.folder)
        if used > self.most:
            raise DiskError(
                f"The benchmark holds {used / 1e9:,.1f} GB in {quoted(self.folder, 200)}, more "
                f"than the {self.most / 1e9:,.1f} GB that it may; start it again with a smaller "
                f"--share."
            )
        if self._free < LEFT_TO_OTHERS:
            raise DiskError(
                f"The disk of {quoted(self.folder, 200)} is nearly full; free some space and start "
                f"the benchmark again, which goes on where it was."
            )

    @property
    def _free(self) -> int:
        return shutil.disk_usage(self.folder).free


def size_of(folder: Path) -> int:
    """Return the bytes that the files below a folder take."""
    total = 0
    for file in folder.rglob("*"):
        try:
            found = file.lstat()
        except FileNotFoundError:  # gone meanwhile: processes at work tidy up
            continue
        total += found.st_blocks * 512
    return total
