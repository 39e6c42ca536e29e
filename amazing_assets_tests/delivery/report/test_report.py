"""The report on two months of the demo world: what stands in it, and what must not."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import chain, pairwise, product

import polars as pl
import pytest
from pypdf import PdfReader

from amazing_assets.defs.assets.segments.months import segment_report
from amazing_assets.delivery.report.actions import ALWAYS, RULES, Action, plan, theme_of
from amazing_assets.delivery.report.chapters.proof import ASSIGNERS
from amazing_assets.delivery.report.chapters.shortfalls import EVIDENCE
from amazing_assets.delivery.report.features import FEATURES
from amazing_assets.delivery.report.printing.files import write_files
from amazing_assets.delivery.report.printing.index import name_of
from amazing_assets.delivery.report.report import write_evidence, write_report
from amazing_assets.delivery.report.segments import is_shown, segments_of
from amazing_assets.delivery.report.tables import read_tables
from amazing_assets.language.language import ENGLISH, FRENCH, LANGUAGES
from amazing_assets.segments.behaviour.columns import FEATURES as OFFERED
from amazing_assets.segments.clustering.families import FAMILIES
from amazing_assets.segments.naming.given import Given
from amazing_assets.segments.search.assigners import assigners
from amazing_assets.segments.search.gates import GATES, IN_TIME
from amazing_assets.segments.threshold.choice import LEAST_KAPPA
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.defs.homes import failure, materialize
from amazing_assets_tests.delivery.report.evidence import CHOICE, evidence
from amazing_assets_tests.segmented import MONTHS, NAMES

NOVEMBER = MONTHS[1]
SECTIONS = {
    "segments": [
        "summary",
        "plan",
        # The fourth has too few customers for a page.
        *(f"segment-{i}" for i in range(1, 4)),
        "migrations",
        "risk",
        "next_actions",
        "gdpr",
    ],
    "evidence": [
        "data",
        "threshold",
        "choice",
        "rules",
        "drift",
        "models_compared",
        "method",
        "limits",
    ],
}

# Elements that are never closed.
VOID = {"meta", "br", "hr", "img", "input", "link"}


@pytest.fixture(scope="module")
def tables(home_with_segments):
    """What the warehouse has of November, and every table of evidence."""
    found = read_tables(DuckDBWarehouse(home_with_segments.warehouse), NOVEMBER)
    return replace(found, **evidence(dict(enumerate(NAMES, start=1))))


@pytest.fixture(scope="module")
def run(home_with_segments):
    """The asset of November, made from what the warehouse has: no table of evidence."""
    run = materialize([segment_report], NOVEMBER, home_with_segments.resources)
    assert run.success
    return run


@pytest.fixture(scope="module")
def folder(run, home_with_segments):
    return home_with_segments.warehouse.parent / "reports" / NOVEMBER


class Page(HTMLParser):
    """A page taken apart: what a browser or a screen reader would find."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.unbalanced, self.words = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        if "style" not in self.open and "svg" not in self.open:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def read(folder, document, language):
    text = (folder / name_of(NOVEMBER, language, "html", document)).read_text()
    return language, text, Page(text)


@pytest.fixture(scope="module", params=[*product(SECTIONS, LANGUAGES)], ids="-".join)
def page(request, folder):
    return read(folder, *request.param)


def written(tables, language):
    """Both documents as one: what a reader of both has read."""
    report, evidence = (write(tables, language) for write in (write_report, write_evidence))
    return replace(report, sections=(*report.sections, *evidence.sections))


def words_of(report):
    """Everything a reader can read of a report, in one string."""

    def texts(block):
        if isinstance(block, str):
            yield block
        elif isinstance(block, tuple):
            for each in block:
                yield from texts(each)
        elif hasattr(block, "__dataclass_fields__"):
            for name in block.__dataclass_fields__:
                yield from texts(getattr(block, name))

    return " ".join(texts(report.sections))


def chart(report, key):
    return next(each for each in report.charts if each.key == key)


def test_every_feature_and_action_has_words():
    wanted = {f"action.{rule.key}{end}" for rule in RULES for end in ("", ".lead")}
    wanted |= {f"feature.{feature.name}" for feature in FEATURES}
    assert wanted == set(filter(FRENCH.knows, wanted))


def test_the_page_is_well_formed_and_says_its_language(page):
    language, text, parsed = page
    assert text.startswith("<!doctype html>")
    assert not parsed.unbalanced
    assert not parsed.open
    (html,) = parsed.all("html")
    assert html["lang"] == language
    names = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(names) == len(set(names))


def test_the_page_asks_nothing_of_any_network(page):
    _, text, parsed = page
    outside = re.findall(r'(?:src|href|url\()\s*=?\s*["\']?((?:https?:)?//[^"\')\s]+)', text)
    # The name of a vocabulary is no address that anybody asks.
    assert not [link for link in outside if "www.w3.org" not in link]
    assert not [tag for tag, _ in parsed.elements if tag in {"script", "link", "iframe"}]


@pytest.mark.parametrize(("document", "other"), [*pairwise([*SECTIONS, "segments"])])
def test_the_page_has_every_section_once_and_links_to_it_and_to_what_lies_beside(
    folder, document, other
):
    _, _, parsed = read(folder, document, "fr")
    names = SECTIONS[document]
    assert [section["id"] for section in parsed.all("section")] == names
    files = [name_of(NOVEMBER, "fr", "html", other), name_of(NOVEMBER, "fr", "pdf", document)]
    assert [link["href"] for link in parsed.all("a")] == [*files, *(f"#{name}" for name in names)]
    assert all((folder / file).is_file() for file in files)


def test_every_picture_is_told_in_words_and_in_a_table(page):
    language, text, parsed = page
    pictures = [attributes for attributes in parsed.all("svg") if attributes.get("role") == "img"]
    assert len(pictures) == len(parsed.all("figure")) == len(parsed.all("svg")) > 0
    assert all(len(picture["aria-label"]) > 40 for picture in pictures)
    figures = re.findall(r"<figure>.*?</figure>", text, flags=re.DOTALL)
    assert all("<table>" in figure for figure in figures)
    assert all(re.search(r"(segment|event)_[a-z]+, 2019-11", figure) for figure in figures)
    assert LANGUAGES[language].say("report.figures") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_measured_is_said_plainly(folder, language):
    _, _, parsed = read(folder, "evidence", language)
    said = " ".join(parsed.words)
    for table in ("event_threshold", "segment_candidates", "segment_surrogate", "segment_drift"):
        assert LANGUAGES[language].say("missing", asset=table) in said


@pytest.mark.parametrize(("key", "language"), [*product(SECTIONS, LANGUAGES)])
def test_the_document_has_pages_and_all_its_sections(folder, home_with_segments, key, language):
    document = PdfReader(folder / name_of(NOVEMBER, language, "pdf", key))
    assert 5 < len(document.pages) < 15
    text = " ".join(page.extract_text() for page in document.pages)
    found = read_tables(DuckDBWarehouse(home_with_segments.warehouse), NOVEMBER)
    write = {"segments": write_report, "evidence": write_evidence}[key]
    for section in write(found, LANGUAGES[language]).sections:
        assert " ".join(section.title.split()) in " ".join(text.split())
    assert all(len(page.extract_text()) > 60 for page in document.pages)
    assert document.root_object["/Lang"] == language
    assert document.root_object["/MarkInfo"].get_object()["/Marked"]  # type: ignore[index]  # a dictionary


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_pages_come_first_and_each_segment_has_one(folder, language):
    document = PdfReader(folder / name_of(NOVEMBER, language, "pdf"))
    chapters = [each for each in document.outline if not isinstance(each, list)]
    begins = [document.get_destination_page_number(each) for each in chapters]
    # In brief, what to do, three segments, and what follows them.
    assert begins[:6] == [0, 1, 2, 3, 4, 5]


def verdict_of(tables):
    (found,) = [b for b in write_report(tables, ENGLISH).sections[0].blocks if b.kind == "verdict"]
    return found.level, f"{found.lead} {found.text}"


def test_one_verdict_says_whether_the_segments_can_be_relied_on(tables):
    """November's history is short; with seven months nothing speaks against them."""
    level, said = verdict_of(tables)
    assert level == "care"
    assert "With care. Against it speaks: fewer months of history than wanted; " in said
    months = [f"2019-{month:02}" for month in range(5, 12)]
    told = tables.profiles.filter(topic="season").select(pl.all().exclude("item"))
    season = told.unique(["segment_name", "measure"], maintain_order=True)
    longer = season.join(pl.DataFrame({"item": months}), how="cross").select(
        tables.profiles.columns
    )
    calm = tables.drift.with_columns(level=pl.lit("ok"))
    kept = tables.profiles.filter(pl.col("topic") != "season")
    gates = tables.candidates.with_columns(unmeasured_gates=pl.lit(None, pl.String))
    steady = replace(tables, profiles=pl.concat([kept, longer]), drift=calm, candidates=gates)
    level, said = verdict_of(steady)
    assert level == "yes"
    assert said.startswith("Can the segments be relied on? Yes. Would chance make these segments?")
    moved = replace(steady, drift=tables.drift.with_columns(level=pl.lit("refit")))
    level, said = verdict_of(moved)
    assert level == "care"
    assert "moved so far since the training that a new one is called for" in said
    level, said = verdict_of(replace(steady, drift=None))
    assert (level, "this month was not compared with the training" in said) == ("care", True)


PAID = {1: 0.2, 2: 0.1, 3: 0.6}


def with_revenue(tables):
    """The same tables with parts of the revenue that may be told."""
    is_paid = (pl.col("topic") == "size") & (pl.col("measure") == "revenue_share")
    known = pl.col("segment").replace_strict(PAID, default=None, return_dtype=pl.Float64)
    value = pl.when(is_paid & known.is_not_null()).then(known).otherwise("value").alias("value")
    return replace(tables, profiles=tables.profiles.with_columns(value))


def test_who_pays_is_drawn_with_the_figures_of_its_table(tables):
    report = write_report(with_revenue(tables), ENGLISH)
    table = chart(report, "who-pays").table
    told = {row[0]: row[3] for row in table.rows[: len(PAID)]}
    found = drawn(report, "who-pays", "segment", "part", "value")
    bars = {name: ENGLISH.share(value) for name, part, value in found if part == "of revenue"}
    assert bars == told
    assert [*bars.values()] != []
    assert "Most revenue: Lions, 60.0% of the revenue" in words_of(report)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_the_plan_has_a_line_and_a_decision_for_each_segment_that_pay_most_on_top(tables, language):
    report = write_report(with_revenue(tables), language)
    lines, decisions = [b for b in report.sections[1].blocks if b.kind == "table"]
    labels = {each.number: each.label for each in segments_of(tables, language)}
    ranked = [labels[number] for number in (3, 1, 2)]
    assert [row[0] for row in lines.rows] == ranked
    assert [row[-1] for row in lines.rows] == [language.share(PAID[n]) for n in (3, 1, 2)]
    assert [row[1] for row in decisions.rows] == ranked
    assert len({row[0] for row in decisions.rows}) == len(ranked)
    assert all(all(row) for row in (*lines.rows, *decisions.rows))


def test_every_theme_of_an_action_has_who_when_and_how_it_is_measured():
    themes = {rule.theme for rule in RULES} | {theme_of(Action(key)) for key in ALWAYS}
    wanted = {f"plan.{theme}.{part}" for theme in themes for part in ("who", "when", "measured")}
    assert wanted == set(filter(FRENCH.knows, wanted))


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_with_every_table_nothing_is_missing_and_every_plot_is_there(tables, language):
    report = written(tables, language)
    said = words_of(report)
    assert not [name for name in tables.missing if name in said]
    assert tables.missing == ()
    keys = {each.key for each in report.charts}
    assert {
        "events-by-day",
        "threshold-agreement",
        "threshold-coverage",
        "by-number-of-segments",
        "map",
        "rfm",
        "heat-map",
        "confusion",
        "roc",
        "migrations",
    } <= keys


# That the others may be missing is shown by the asset, which has none of them.
@pytest.mark.parametrize("field", ["statistics", "migrations", "roc"])
def test_without_a_table_the_rest_of_the_report_stands(tables, field):
    report = written(replace(tables, **{field: None}), FRENCH)
    assert [section.key for section in report.sections] == [*chain.from_iterable(SECTIONS.values())]
    assert all(section.blocks for section in report.sections)


def test_numbers_of_the_report_are_those_of_the_tables(tables):
    report = written(tables, ENGLISH)
    overview = next(b for b in report.sections[0].blocks if b.kind == "table")
    sizes = tables.profiles.filter(topic="size", item="all", measure="users").drop_nulls("value")
    told = {row[0]: row[1] for row in overview.rows}
    labels = {s.name: s.label for s in segments_of(tables, ENGLISH)}
    for name, users in sizes.select("segment_name", "value").iter_rows():
        if name in labels:
            assert told[labels[name]] == f"{users:,.0f}"
    z = tables.profiles.filter(topic="feature", item="frequency", measure="z", segment=1)["value"][
        0
    ]
    (row,) = [r for r in chart(report, "heat-map").table.rows if r[0] == "Visits a month"]
    assert row[1] == f"{z:.2f}".replace("-", "\u2212")


def drawn(report, key, *columns):
    """Every row drawn in a chart that has these columns, once."""
    rows = [row for data in chart(report, key).spec["datasets"].values() for row in data]
    found = {tuple(row[name] for name in columns) for row in rows if set(columns) <= set(row)}
    assert found
    return found


def test_the_heat_map_draws_the_figures_of_its_table(tables):
    report = written(tables, ENGLISH)
    table = chart(report, "heat-map").table
    told = {
        (row[0], segment, figure)
        for row in table.rows
        for segment, figure in zip(table.header[1:], row[1:], strict=True)
        if figure != "\u2013"
    }
    found = drawn(report, "heat-map", "feature", "segment", "z", "shown")
    assert {(feature, segment, ENGLISH.number(z, 2)) for feature, segment, z, _ in found} == told
    assert all(shown == ENGLISH.number(z, 1) for _, _, z, shown in found)


def test_candidates_are_drawn_with_the_figures_of_their_table(tables):
    report = written(tables, ENGLISH)
    table = chart(report, "by-number-of-segments").table
    told = {
        (*row[0].split(": "), k, figure)
        for row in table.rows
        for k, figure in zip(table.header[1:], row[1:], strict=True)
        if figure
    }
    # The panels do not name their measure: each figure is one of the two.
    figures = {(name, k, figure) for name, _, k, figure in told}
    found = drawn(report, "by-number-of-segments", "candidate", "k", "value")
    assert {(name, str(k), ENGLISH.number(value, 2)) for name, k, value in found} == figures
    assert {measure for _, measure, _, _ in told} == {"silhouette", "prediction strength"}


def test_ribbons_are_as_wide_as_their_moves_are_large(tables):
    report = write_report(tables, ENGLISH)
    bars = drawn(report, "migrations", "label", "total", "low", "high", "left")
    before = [bar for bar in bars if bar[-1]]
    scale = sum(high - low for *_, low, high, _ in before) / sum(bar[1] for bar in before)
    points = drawn(report, "migrations", "ribbon", "source", "x", "low", "high")
    start = min(x for _, _, x, _, _ in points)
    found = [(source, round((b - a) / scale, 6)) for _, source, x, a, b in points if x == start]
    told = [(r[0], float(r[2].replace(",", ""))) for r in chart(report, "migrations").table.rows]
    assert sorted(found) == sorted(told)
    moved = tables.migrations.drop_nulls("users")["users"].to_list()
    assert sorted(users for _, users in told) == sorted(moved)


def test_the_curves_of_the_threshold_are_drawn_with_the_figures_of_their_table(tables):
    report = written(tables, ENGLISH)
    for key, column in (("agreement", "test_retest"), ("coverage", "coverage")):
        table = chart(report, f"threshold-{key}").table
        told = {
            (row[0], name, figure)
            for row in table.rows
            for name, figure in zip(table.header[1:], row[1:], strict=True)
        }
        found = drawn(report, f"threshold-{key}", "events", "name", "value")
        assert {(str(n), name, ENGLISH.share(value)) for n, name, value in found} == told
        assert len(told) == tables.threshold.filter(experiment=column).height


def test_the_wanted_agreement_is_drawn_where_the_choice_asks_for_it(tables):
    chart_of = chart(written(tables, ENGLISH), "threshold-agreement")
    datasets = [data for data in chart_of.spec["datasets"].values() if len(data) == 1]
    assert datasets == [[{"events": CHOICE.events, "value": LEAST_KAPPA}]]


def test_the_threshold_says_why_in_the_language_of_the_report(tables):
    assert "20 events: from 10 events in each half" in words_of(written(tables, ENGLISH))
    assert "clients reçoivent le même segment" in words_of(written(tables, FRENCH))


def test_what_readable_rules_miss_is_told_beside_what_any_tree_would(tables):
    english = words_of(written(tables, ENGLISH))
    assert "(14 rules) on customers held out: accuracy 95.8%," in english
    assert "any size, which nobody could read, would place 98.2% as the model does" in english


def plainly(text):
    """A text with ordinary spaces: where lines may break is another test's matter."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_rules_are_told_in_the_language_of_the_report(tables):
    english, french = (words_of(written(tables, each)) for each in (ENGLISH, FRENCH))
    told = "time since the last activity: 11 d to 40 d; bought per carted: at most 40.0%"
    assert told in plainly(english)
    assert "délai depuis la dernière activité : de 11 j à 40 j" in plainly(french)
    assert "Wolves (thrifty, loyal) (12.0% of the customers, right for 97% of them):" in english


def test_small_cells_are_hidden_in_words_tables_and_pictures(tables):
    report = written(tables, ENGLISH)
    small = next(s for s in segments_of(tables, ENGLISH) if s.number == 4)
    notices = [block.text for block in report.sections[0].blocks if block.kind == "notice"]
    assert notices[-1] == (
        f"Without a chapter, as of fewer than 20 customers nothing is shown: {small.label}."
    )
    confusion = chart(report, "confusion")
    assert {row[2:] for row in confusion.table.rows} == {("400", "80%"), ("31", "6%")}
    cells = [cell for data in confusion.spec["datasets"].values() for cell in data]
    assert {cell["share"] for cell in cells if cell["shown"] == "\u00b7"} == {0}
    hidden = tables.drift.with_columns(
        value=pl.when(pl.col("measure") != "share").then(pl.col("value"))
    )
    told = written(replace(tables, drift=hidden), ENGLISH)
    drift = next(s for s in told.sections if s.key == "drift").blocks[-1]
    assert [row[1] for row in drift.rows if row[0].startswith("Share of")] == ["hidden"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (ENGLISH, "(agreement 0.99, the lowest of 5 trials 0.94; 1 the same, 0 chance)"),
        (ENGLISH, "“Price level within the category”. Exchanged between customers, it moves 26.0%"),
        (ENGLISH, "agree with these by 0.85 or more"),
        (ENGLISH, "2 of 5 habits offered are used. Left out: “Variety of brands” (says what"),
        (ENGLISH, "“Irregularity of visits” (the same for nearly everybody)"),
        (ENGLISH, "“Removed per carted” (the same for everybody)."),
        (ENGLISH, "the best, support vector machine, places 98.9% of the customers"),
        (
            ENGLISH,
            "4 smaller or less certain rules, of 16.0% of the customers together",
        ),
        (FRENCH, "(dit la même chose que «\u00a0Variété des catégories\u00a0»)"),
        (FRENCH, "(machine à vecteurs de support) place 98,9\u00a0% des clients"),
    ],
)
def test_the_evidence_is_told_in_sentences_to_take_away(tables, language, sentence):
    assert sentence in words_of(written(tables, language))


def test_one_rule_or_outage_more_is_not_told_as_several(tables):
    is_told = pl.col("rule_number") < 3
    rules = tables.rules.filter(is_told | (pl.col("segment") == 1))
    outages = pl.DataFrame({"topic": "outage", "measure": "minutes", "value": 90.0}).join(
        pl.DataFrame({"item": [f"2019-11-0{day} 02:00" for day in range(1, 5)]}), how="cross"
    )
    statistics = pl.concat([tables.statistics, outages], how="diagonal")
    said = words_of(written(replace(tables, rules=rules, statistics=statistics), ENGLISH))
    assert "1 smaller or less certain rule, of 4.0% of the customers, is in" in said
    assert "1 more outage is listed in event_statistics." in said


def test_segments_that_depend_on_who_was_looked_at_are_said_to(tables):
    wavering = tables.validation.with_columns(
        value=pl.when(pl.col("fold") == 2).then(0.7).otherwise("value")
    )
    said = words_of(written(replace(tables, validation=wavering), ENGLISH))
    assert "The segments depend on who was looked at" in said
    assert "the lowest of 5 trials 0.70" in said


def test_every_way_of_grouping_gate_and_assigner_has_words():
    families = {family.name.removesuffix("_pca95") for family in FAMILIES}
    gates = {gate.name for gate in (*GATES, IN_TIME)}
    wanted = {f"family.{name}" for name in {*families, "rfm"}}
    wanted |= {f"missed.{name}" for name in gates} | {f"feature.{name}" for name in OFFERED}
    assert wanted == set(filter(ENGLISH.knows, wanted))
    assert set(ASSIGNERS) == set(assigners(0))


def test_the_english_report_calls_segments_by_their_english_names(tables):
    labels = [segment.label for segment in segments_of(tables, ENGLISH)]
    assert labels == [
        "Foxes (provisional name)",
        "Beavers",
        "Lions",
        "Wolves (thrifty, loyal)",
    ]
    said = words_of(write_report(tables, ENGLISH))
    assert not [
        name for name in ("Renards", "Castors", "Loup", "beavers", "wolves") if name in said
    ]


def test_a_provisional_name_is_said_to_be_one_and_is_not_explained(tables):
    report = write_report(tables, FRENCH)
    provisional, settled = (
        next(s for s in report.sections if s.key == key) for key in ("segment-1", "segment-2")
    )
    assert provisional.title == "Renards (nom provisoire)"
    assert not [b for b in provisional.blocks if b.kind == "paragraph" and "En un mot" in b.text]
    assert [b for b in settled.blocks if b.kind == "paragraph" and "En un mot" in b.text]


def test_a_name_that_a_person_gave_is_told_everywhere_and_not_explained(tables):
    given = {2: Given("Curieux", "Browsers", "Ada Lovelace", "2019-11-02")}
    named = replace(tables, given=given)
    french, english = (write_report(named, language) for language in (FRENCH, ENGLISH))
    titles = {s.key: s.title for s in french.sections}
    assert titles["segment-2"] == "Curieux"
    assert "Castors" not in words_of(french)
    assert "Browsers" in words_of(english)
    assert "Beavers" not in words_of(english)
    (told,) = [s for s in french.sections if s.key == "segment-2"]
    assert not [b for b in told.blocks if b.kind == "paragraph" and "En un mot" in b.text]


def actions_of(tables):
    """The actions for each segment of which anything may be told, by its number."""
    segments = segments_of(tables, FRENCH)
    planned = plan(tables, segments)
    return {
        each.number: [action.key for action in planned[each.number]]
        for each in segments
        if is_shown(tables, each)
    }


def with_z(tables, z):
    """The same tables with other standings of the segments."""
    changed = pl.when(measure="z").then(z).otherwise("value").alias("value")
    return replace(tables, profiles=tables.profiles.with_columns(changed))


def test_actions_follow_from_the_profile_and_not_from_the_name(tables):
    found = actions_of(tables)
    assert all(0 < len(set(keys)) == len(keys) <= 3 for keys in found.values())
    assert len({keys[0] for keys in found.values()}) == len(found)
    renamed = tables.profiles.with_columns(
        segment_name=pl.when(pl.col("segment").is_null())
        .then("segment_name")
        .otherwise(pl.col("segment_name") + "s")
    )
    assert actions_of(replace(tables, profiles=renamed)) == found
    assert actions_of(with_z(tables, -pl.col("value"))) != found


def test_segments_like_all_others_get_actions_that_suit_everybody(tables):
    keys = [key for keys in actions_of(with_z(tables, pl.lit(0.0))).values() for key in keys]
    assert set(keys) <= set(ALWAYS)
    assert "ask" in keys


def test_the_asset_says_where_its_files_are_and_what_is_missing(run, folder):
    (made,) = [event for event in run.all_events if event.is_step_materialization]
    metadata = made.step_materialization_data.materialization.metadata
    assert metadata["segments pdf fr"].value == (
        f"http://127.0.0.1:3001/{NOVEMBER}/segments-{NOVEMBER}-fr.pdf"
    )
    assert metadata["segments pages fr"].value > 5
    assert "segment_candidates" in metadata["not measured yet"].value


def test_writing_again_leaves_the_same_files_and_nothing_beside_them(folder, home_with_segments):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    tables = read_tables(DuckDBWarehouse(home_with_segments.warehouse), NOVEMBER)
    write_files(tables, folder.parent, ["en"])
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [each.name for each in folder.parent.iterdir()] == [NOVEMBER]


def test_a_month_without_segments_is_one_sentence(october, home_with_segments):
    home, _ = october
    others = {name: home_with_segments.resources[name] for name in ("reports", "models")}
    run = materialize([segment_report], "2019-10", {**home.resources, **others})
    assert not run.success
    assert failure(run).startswith("Nobody has been assigned to a segment in 2019-10; materialize")


def test_a_month_of_which_nothing_landed_has_no_report(home_with_segments):
    run = materialize([segment_report], "2020-03", home_with_segments.resources)
    assert run.success
    assert not (home_with_segments.warehouse.parent / "reports" / "2020-03").exists()


def test_an_action_never_talks_of_a_favourite_that_is_hidden(tables):
    segments = segments_of(tables, ENGLISH)
    assert [each.key for each in plan(tables, segments)[segments[-1].number]] == ["ask"]


def test_without_a_move_that_may_be_shown_the_chapter_says_so(tables):
    hidden = tables.migrations.with_columns(pl.lit(None, pl.Int64).alias("users"))
    report = write_report(replace(tables, migrations=hidden), ENGLISH)
    chapter = next(section for section in report.sections if section.key == "migrations")
    assert [block.text for block in chapter.blocks] == [
        "No move is shown: each is of fewer than 20 customers, or would give such a one away."
    ]


def standing_in(tables, *codes):
    """The report on a month whose first segments have these names, and no evidence."""
    names = dict(enumerate(codes, start=1))
    bare = replace(tables, **dict.fromkeys(EVIDENCE))
    told = bare.profiles.filter(pl.col("segment").is_null() | pl.col("segment").is_in(list(names)))
    renamed = pl.col("segment").replace_strict(names, default=pl.col("segment_name"))
    return written(
        replace(
            bare,
            profiles=told.with_columns(segment_name=renamed, name_status=pl.lit(None, pl.String)),
        ),
        ENGLISH,
    )


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        (["undifferentiated"], "The customers are one group: too few of them can be segmented"),
        (["asleep", "promising"], "No segments that last were found, or too few customers to"),
    ],
)
def test_what_stands_in_for_segments_is_said_first_and_not_proved(tables, codes, sentence):
    report = standing_in(tables, *codes)
    (verdict,) = [block for block in report.sections[0].blocks if block.kind == "verdict"]
    assert verdict.level == "no"
    assert verdict.text.startswith(sentence)
    assert {"choice", "rules"}.isdisjoint(section.key for section in report.sections)
