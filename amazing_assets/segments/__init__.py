"""Which group a customer belongs to: found in behaviour, proved stable, named, or not claimed."""
