"""Tests of the segment model; a package, so that its builders can be imported."""
