"""`python -m amazing_assets` is `amazing`."""

from amazing_assets.cli import main

main()
