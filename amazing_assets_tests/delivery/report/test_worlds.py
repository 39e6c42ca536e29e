"""Twenty worlds by chance: whatever lands, the report of it is whole and keeps its word."""

import math
import re
from datetime import date

import numpy as np
import polars as pl
import pytest

from amazing_assets.dates import month_of
from amazing_assets.delivery.report.actions import plan
from amazing_assets.delivery.report.blocks import Beside, Bullets, Chart, KeyFigures, Table
from amazing_assets.delivery.report.charts.drawing import svg
from amazing_assets.delivery.report.report import write_evidence, write_report
from amazing_assets.delivery.report.segments import is_shown, segments_of
from amazing_assets.delivery.report.tables import TooFewCustomersError, read_tables
from amazing_assets.demo.calendar import month_range
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.language.language import LANGUAGES
from amazing_assets.segments.contract import POPULATION
from amazing_assets_tests.made import made

WORLDS = 20
FEWEST, MOST = 50, 3_000

# What no reader may meet: a value that was not there, or a place that nothing was put into.
PLACEHOLDERS = re.compile(r"\bNone\b(?! was )|\bnan\b|\{\w*\}|…|\binf\b")


def settings_of(seed):
    """A world by chance: 50 to 3,000 customers, one to seven months, either dialect."""
    draw = np.random.default_rng(seed)
    customers = round(math.exp(draw.uniform(math.log(FEWEST), math.log(MOST))))
    first, count = date(2019, 10, 1), int(draw.integers(1, 8))
    months = month_range(first, date(2020, 4, 1))[:count]
    return WorldSettings(
        customers=customers,
        months=months,
        seed=seed,
        dialect="cosmetics" if seed % 2 else "multicat",
    )


class Generated:
    """A world of the demo as a shop that delivers files."""

    def __init__(self, settings):
        self.settings = settings

    def deliver(self, landing, *_):
        generate(landing, self.settings)


def blocks_of(report):
    def within(blocks):
        for block in blocks:
            yield block
            if isinstance(block, Beside):
                for column in block.columns:
                    yield from within(column)

    return [block for section in report.sections for block in within(section.blocks)]


def texts_of(block):
    if isinstance(block, str):
        yield block
    elif isinstance(block, tuple):
        for each in block:
            yield from texts_of(each)
    elif hasattr(block, "__dataclass_fields__"):
        for name in set(block.__dataclass_fields__) - {"spec", "key", "kind"}:
            yield from texts_of(getattr(block, name))


def kept(tables, segment, sign):
    """Whether the profile says what an action claims of a segment, recounted from the table."""
    rows = tables.profiles.filter(topic="feature", item=sign.feature, measure="median")
    own = rows.filter(segment=segment.number)["value"].item()
    usual = rows.filter(pl.col("segment").is_null(), segment_name=POPULATION)["value"].item()
    apart = own > usual if sign.side > 0 else own < usual
    floor = sign.floor is None or (own - sign.floor) * sign.side >= 0
    return apart and floor


@pytest.mark.evaluate
@pytest.mark.parametrize("seed", range(1, WORLDS + 1))
def test_the_report_of_any_world_is_whole_and_keeps_its_word(tmp_path, seed):
    settings = settings_of(seed)
    months = [month_of(day) for day in settings.months]
    run = made(tmp_path, Generated(settings), *months)
    try:
        tables = read_tables(run.warehouse, months[-1])
    except TooFewCustomersError:
        assert settings.customers < 4 * FEWEST
        return
    segments = [each for each in segments_of(tables, LANGUAGES["en"]) if is_shown(tables, each)]
    planned = {each.number: plan(tables, segments)[each.number] for each in segments}
    claims = [(each, s) for each in segments for a in planned[each.number] for s in a.signs]
    assert [(each.label, sign) for each, sign in claims if not kept(tables, each, sign)] == []
    leads = [actions[0].key for actions in planned.values() if actions]
    assert len(leads) == len(set(leads))
    for language in LANGUAGES.values():
        for write in (write_report, write_evidence):
            whole(write(tables, language), language)


def whole(report, language):
    """Hold a document against what no reader may meet."""
    blocks = blocks_of(report)
    assert [section.key for section in report.sections if not section.blocks] == []
    said = [text for block in blocks for text in texts_of(block)]
    assert [text for text in said if PLACEHOLDERS.search(text)] == []
    charts = [b for b in blocks if isinstance(b, Chart)]
    sizes = [("a list", len(b.items)) for b in blocks if isinstance(b, Bullets)]
    sizes += [(b.caption, len(b.rows)) for b in blocks if isinstance(b, Table)]
    sizes += [(b.source, len(b.figures)) for b in blocks if isinstance(b, KeyFigures)]
    sizes += [(chart.caption, len(chart.table.rows)) for chart in charts]
    assert [name for name, size in sizes if not size] == []
    assert [chart.key for chart in charts if not any(chart.spec["datasets"].values())] == []
    assert [chart.key for chart in charts if "<path" not in svg(chart.spec, language)] == []
