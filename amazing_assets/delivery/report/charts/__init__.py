"""The report's pictures: frames in, Vega-Lite specifications out."""
