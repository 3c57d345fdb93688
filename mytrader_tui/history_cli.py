"""The commands on the history: what it holds, its limits, its way out and its way to another house."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

import click
import msgspec

from mytrader_tui.history.error import HistoryError
from mytrader_tui.settings.history import History as HistorySettings
from mytrader_tui.settings.history import check_history_url

if TYPE_CHECKING:
    from mytrader_tui.history.copying import Progress
    from mytrader_tui.history.statistics import Statistics
    from mytrader_tui.history.store import History
    from mytrader_tui.start import Setup

EXIT_UNUSABLE = 5
"""The history cannot be opened, read or written."""

KINDS = ("quotes", "hourly", "bars", "equity", "transitions")
_WITHOUT_SYMBOLS = frozenset({"equity", "transitions"})
FORMATS = ("csv", "jsonl", "parquet")


EXIT_STOPPED = 130
"""What a shell says of a program that Ctrl-C ended: 128 + SIGINT."""


class _UnusableHistory(click.ClickException):
    exit_code = EXIT_UNUSABLE


class _Stopped(click.ClickException):
    exit_code = EXIT_STOPPED


@click.group(short_help="What was seen and kept, its size and its limits.")
def history() -> None:
    """What was seen and kept: quotes, bars, equity and changes of source."""


@history.command()
@click.option("--json", "as_json", is_flag=True, help="JSON with every figure.")
@click.pass_obj
def stats(setup: "Setup", as_json: bool) -> None:
    """Print what the history holds: rows, their span and their size."""
    from mytrader_tui.history.statistics import statistics

    with _opened(setup) as (kept, place):
        found = statistics(kept)
    click.echo(msgspec.json.encode(found).decode() if as_json else "\n".join(_lines(found, place)))


@history.command(short_help="Bring the history within its limits now.")
@click.pass_obj
def prune(setup: "Setup") -> None:
    """Bring the history within its limits now: old prices become hours, old hours go."""
    from mytrader_tui.history.retention import Limits
    from mytrader_tui.history.retention import prune as prune_history

    limits = setup.settings.history
    with _opened(setup) as (kept, _):
        done = prune_history(kept, Limits(limits.raw_days, limits.hourly_days, limits.max_megabytes), datetime.now(UTC))
    click.echo(f"{done.rolled_up:,} prices became hours, {done.removed:,} rows went.")


@history.command()
@click.pass_obj
def vacuum(setup: "Setup") -> None:
    """Give the disk back what was removed."""
    from mytrader_tui.history.retention import size_of
    from mytrader_tui.history.retention import vacuum as vacuum_history

    with _opened(setup) as (kept, place):
        vacuum_history(kept)
        click.echo(f"{place}: {size_of(kept) / 2**20:,.1f} MB.")


@history.command()
@click.option("--to", "target", required=True, metavar="URL", help="postgresql+psycopg://user@host/database")
@click.pass_obj
def copy(setup: "Setup", target: str) -> None:
    """Copy the history into the one at URL. Cut short, it goes on where it stopped when it is run again.

    The password belongs in ~/.pgpass or PGPASSWORD.
    """
    from mytrader_tui.history.copying import copy as copy_history
    from mytrader_tui.history.engine import place_of, url_for
    from mytrader_tui.history.opening import open_history

    try:
        check_history_url("--to", target)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    url = url_for(target, Path())
    if setup.settings.history.url and url_for(setup.settings.history.url, Path()) == url:
        setup.close()
        raise click.BadParameter("`--to` is where the history is already: [history] url names it")
    with _opened(setup) as (kept, place), _progress() as told:
        try:
            opened = open_history(url)
            copied = copy_history(kept, opened.history, told)
            opened.history.close()
        except HistoryError as error:
            raise _UnusableHistory(f"The history could not be copied: {error}") from error
        except KeyboardInterrupt as stop:
            raise _Stopped("Stopped. What has arrived stays: the same command goes on from there.") from stop
    if not any(table.rows for table in copied):
        raise _UnusableHistory(f"There is nothing to copy in {place}.")
    for table in copied:
        click.echo(f"{table.table:<12} {table.rows:>12,} rows, verified")
    click.echo(f"{place} is now also in {place_of(url)}. Set [history] url to go on there.")


@click.command(short_help="Write what was kept: CSV, JSON lines or Parquet.")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--symbol", "symbols", multiple=True, metavar="SYMBOL", help="Only this symbol; may be given again.")
@click.option("--from", "start", metavar="WHEN", help="From this day or instant on (ISO 8601; without a zone, yours).")
@click.option("--to", "end", metavar="WHEN", help="Until before this day or instant.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Not the screen.")
@click.pass_obj
def export(
    setup: "Setup",
    kind: str,
    symbols: tuple[str, ...],
    start: str | None,
    end: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Write KIND of what was kept (quotes, hourly, bars, equity, transitions), row by row."""
    from mytrader_tui.history.export import Format, Kind, Wanted
    from mytrader_tui.history.export import export as export_history

    if symbols and kind in _WITHOUT_SYMBOLS:
        raise click.UsageError(f"{kind} has no symbols: leave --symbol out")
    wanted = Wanted(Kind(kind), _canonical(symbols), _instant("--from", start), _instant("--to", end))
    if wanted.start is not None and wanted.end is not None and wanted.start >= wanted.end:
        raise click.UsageError("--from is not before --to: nothing lies between them")
    with _opened(setup) as (kept, _):
        try:
            with _target(output, form) as target:
                written = export_history(kept, wanted, Format(form), target)
        except HistoryError as error:
            raise _UnusableHistory(f"The history could not be exported: {error}") from error
        except OSError as error:
            if output is None:
                raise
            raise click.ClickException(f"{output} could not be written: {error.strerror or error}") from error
    click.echo(f"{written:,} rows.", err=True)


def _lines(found: "Statistics", place: str) -> Iterator[str]:
    """The figures in aligned columns; times are the machine's own."""
    yield place
    yield f"{found.bytes / 2**20:,.1f} MB, schema {found.version}, prices of {found.symbols:,} symbols"
    yield f"{'':<12} {'rows':>14}  {'oldest':<16}  newest"
    for table in found.tables:
        spans = (
            "—" if time is None else f"{time.astimezone():%Y-%m-%d %H:%M}" for time in (table.oldest, table.newest)
        )
        yield f"{table.name:<12} {table.rows:>14,}  {next(spans):<16}  {next(spans)}"


@contextmanager
def _opened(setup: "Setup") -> "Iterator[tuple[History, str]]":
    """The history of the settings, and where it is; its errors end the command in plain words.

    Where there is none yet, none is begun: an empty one that goes again stands in for it.
    """
    from mytrader_tui.history.engine import FILE_NAME, place_of, url_for
    from mytrader_tui.history.opening import open_history

    settings: HistorySettings = setup.settings.history
    url = url_for(settings.url, setup.paths.data_folder)
    place = place_of(url)
    with ExitStack() as ending:
        ending.callback(setup.close)
        if not settings.url and not (setup.paths.data_folder / FILE_NAME).exists():
            click.echo(f"There is no history yet: {place} is begun by the first start.", err=True)
            url = url_for("", Path(ending.enter_context(TemporaryDirectory(prefix="mytrader-tui-none-"))))
        try:
            opened = open_history(url)
            if opened.note:
                click.echo(opened.note, err=True)
            try:
                yield opened.history, place
            finally:
                opened.history.close()
        except HistoryError as error:
            raise _UnusableHistory(f"The history in {place} is of no use now: {error}") from error


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar for each table on the standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def told(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = bars.add_task(table, total=total)
            bars.update(tasks[table], completed=done)

        yield told


@contextmanager
def _target(output: Path | None, form: str) -> Iterator[IO[bytes]]:
    if output is None:
        if form == "parquet" and sys.stdout.isatty():
            raise click.UsageError("parquet is no text for a terminal: name a file with --output, or pipe it on")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    # What was cut short must not pass for the whole.
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _canonical(symbols: tuple[str, ...]) -> tuple[str, ...]:
    from mytrader_tui.settings.lists import canonical_symbols

    try:
        return canonical_symbols(symbols)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _instant(option: str, text: str | None, zone: tzinfo | None = None) -> datetime | None:
    """An instant as people write it; a day is its beginning, and what names no zone is in the machine's."""
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{option} takes a day or an instant: 2026-11-20, 2026-11-20T15:30Z") from error
    return when.replace(tzinfo=zone).astimezone(UTC) if when.tzinfo is None else when.astimezone(UTC)
