"""The names of segments in words, beside every column of a table that holds a number or a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from amazing_assets.language.language import LANGUAGES
from amazing_assets.places import SCHEMA
from amazing_assets.segments.naming.codes import NAME_COLUMNS, Name
from amazing_assets.segments.naming.given import BY_A_PERSON
from amazing_assets.segments.naming.words import plainly_called
from amazing_assets.warehouse.described import comments, identifier, qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import duckdb

    from amazing_assets.language.language import Language
    from amazing_assets.segments.naming.given import GivenNames

# Of every table that says which segment a row is about: its number, and the code of its name.
_PAIRS = (
    ("segment", "segment_name"),
    ("from_segment", "from_name"),
    ("to_segment", "to_name"),
    ("segment_by_rules", "segment_by_rules_name"),
)

NAMES = "segment_names"

_OF_NAMES = {
    "segment": "Number of the segment. Null: no segment, see the code.",
    "code": "Code of the name, as other tables hold it. Never null.",
    "status": "settled; provisional: a person has yet to agree; reserve: a name without a meaning; "
    "given: by a person. Null: no segment.",
    "is_latest": "Whether the code is the one that the number was given last. Never null.",
    "en": "The name in English. Never null.",
    "fr": "The name in French. Never null.",
    "named_by": "The person who gave the name. Null: nobody did.",
    "named_on": "Day on which it was given. Null: as above.",
}

_LANGUAGE = {"en": "in English", "fr": "in French"}


class Read(NamedTuple):
    """A query with names in words.

    Attributes:
        query: What is selected.
        columns: What each column that was added is.
    """

    query: str
    columns: dict[str, str]


def names_segments(columns: Mapping[str, str]) -> bool:
    """Whether a table says which segment a row is about."""
    return any(number in columns for number, _ in _PAIRS)


def add_names(query: str, columns: Mapping[str, str], schema: str = SCHEMA) -> Read:
    """Return a query with the names of its segments in words, as they are called today.

    In words that DuckDB, PostgreSQL and Redshift understand alike.

    Args:
        query: Reads it without them.
        columns: What each of its columns is.
        schema: Of the table of names.
    """
    pairs = [pair for pair in _PAIRS if pair[0] in columns]
    if not pairs:
        return Read(query, {})
    joins, selected, said = [], ["stored.*"], {}
    for number, code in pairs:
        alias = identifier(f"names of {number}")
        same = f"{alias}.code = stored.{code}" if code in columns else f"{alias}.is_latest"
        # No segment has a number below one, and not all know `is not distinct from`.
        joins.append(
            f"left join {schema}.{NAMES} {alias} "
            f"on coalesce({alias}.segment, -1) = coalesce(stored.{number}, -1) and {same}"
        )
        for column, (source, meaning) in _added(number, code, columns).items():
            selected.append(f"{alias}.{source} as {column}")
            said[column] = meaning
    added = f"select {', '.join(selected)} from ({query}) stored {' '.join(joins)}"  # noqa: S608  our own names
    return Read(added, said)


def _added(number: str, code: str, columns: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the columns that are added to a pair: what each takes of a name, and what it is."""
    of = f"of the segment in `{number}`"
    null = "Null: there is none."
    added = {}
    if code not in columns:
        added[code] = ("code", f"Code of the name {of}. {null}")
    for language, said in _LANGUAGE.items():
        added[f"{code}_{language}"] = (language, f"Name {of}, {said}. {null}")
    if code != NAME_COLUMNS[0] or "name_status" not in columns:
        added[f"{code}_status"] = ("status", f"Status of the name {of}. {_OF_NAMES['status']}")
    return added


def write_names(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Collection[str]],
    given: GivenNames,
) -> None:
    """Make the table of names in words, of all that tables call segments, and describe it.

    Args:
        connection: To the database, in which the tables are.
        tables: Their columns, by name.
        given: The names that people gave.
    """
    named = f"{SCHEMA}.{NAMES}"
    connection.execute(
        f"create table {named} (segment smallint, code varchar not null, status varchar, "
        "is_latest boolean not null, en varchar not null, fr varchar not null, "
        "named_by varchar, named_on date)"
    )
    rows = names_of(connection, tables, given)
    if rows:
        connection.executemany(f"insert into {named} values (?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608  our own names
    connection.execute(";".join(described_names()))


def described_names(schema: str = SCHEMA) -> Iterator[str]:
    """Yield the statements that describe the table of names."""
    said = "One row per name that a segment has had."
    yield from comments("table", qualified(NAMES, schema), said, _OF_NAMES)


def names_of(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Collection[str]],
    given: GivenNames,
) -> list[tuple[Any, ...]]:
    """Return the rows of the table of names, of all that tables call segments."""
    return [_row(given, *each) for each in _found(connection, tables)]


def naming(columns: Collection[str]) -> list[str]:
    """Return the columns from which the names of a table are read; none: it names no segment."""
    held = [each for pair in _PAIRS if {*pair} <= {*columns} for each in pair]
    if not held or "model_version" not in columns:
        return []
    return [*held, *(name for name in NAME_COLUMNS[1:] if name in columns), "model_version"]


def _found(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Collection[str]]
) -> list[tuple[Any, ...]]:
    """Return number, code, status, traits of every name, and whether it is the number's last."""
    sources = [query for table, columns in tables.items() for query in _sources(table, columns)]
    if not sources:
        return []
    # A model that is trained later has a higher version; what only migrations know is older.
    return connection.execute(
        f"with found as ({' union all '.join(sources)}), "  # noqa: S608  our own names
        "names as (select segment, code, max_by(status, version) as status, "
        "max_by(traits, version) as traits, max(version) as version "
        "from found group by segment, code) "
        "select segment, code, status, traits, segment is not null and row_number() over "
        "(partition by segment order by version desc, code) = 1 from names order by all"
    ).fetchall()


def _sources(table: str, columns: Collection[str]) -> Iterator[str]:
    version = "coalesce(try_cast(model_version as integer), 0)"
    for number, code in _PAIRS:
        if {number, code, "model_version"} <= set(columns):
            is_whole = code == NAME_COLUMNS[0] and set(NAME_COLUMNS) <= set(columns)
            held = NAME_COLUMNS[1:] if is_whole else ("null", "null")
            yield (
                f"select distinct {number}::smallint as segment, {code} as code, "  # noqa: S608  our own names
                f"{held[0]}::varchar as status, {held[1]}::varchar as traits, "
                f"{version if is_whole else -1} as version "
                f"from {SCHEMA}.{identifier(table)} where {code} is not null"
            )


def _row(given: GivenNames, segment: int | None, *found: Any) -> tuple[Any, ...]:  # noqa: ANN401  a row
    code, status, traits, is_latest = found
    name, held = Name.of(code, status, traits), None if segment is None else given.get(segment)
    words = (_words(segment, name, LANGUAGES[language], given) for language in _LANGUAGE)
    named = (held.by, held.day) if held else (None, None)
    return (segment, code, BY_A_PERSON if held else status, is_latest, *words, *named)


def _words(segment: int | None, name: Name, language: Language, given: GivenNames) -> str:
    if segment is None:
        return language.say(f"segment.{name.code}")
    held = given.get(segment)
    return held.word(language) if held else plainly_called(name, language)
