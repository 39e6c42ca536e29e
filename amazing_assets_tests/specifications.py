"""What a chart says before it is drawn: its specification, read as a reader of it would."""


def parts(spec):
    """The charts that a chart is made of, from above to below."""
    inside = [part for kind in ("vconcat", "layer") for part in spec.get(kind, ())]
    return [leaf for part in inside for leaf in parts(part)] if inside else [spec]


def titles(spec):
    """Title and subtitle."""
    return spec["title"]["text"], spec["title"]["subtitle"]


def rows(spec):
    """All rows that are drawn."""
    return [row for data in spec["datasets"].values() for row in data]


def encoded(part):
    """What each channel of a chart shows; channels that are constants are left out."""
    channels = part["encoding"].items()
    return {channel: shown["field"] for channel, shown in channels if "field" in shown}
