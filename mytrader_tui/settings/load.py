"""config.toml and the environment, read into Settings or refused with one clear sentence."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from mytrader_tui.market.text import clean
from mytrader_tui.settings.credentials import PAIRS
from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.explain import line_of, looks_secret, misfit, nearest
from mytrader_tui.settings.files import read_text
from mytrader_tui.settings.keys import BadBindingError, keymap
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import PAPER_HOST, Settings, check_url

BASE_URL_VARIABLE = "APCA_API_BASE_URL"
_MAX_MESSAGE = 300
_AT = re.compile(r"^(?P<why>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$", re.DOTALL)


def load(path: Path | None = None, default: Path | None = None) -> Settings:
    """The settings in the file at `path`, or in the `default` file (the platform's own) if `path` is None.

    Only the default file may be missing. Raises SettingsError.
    """
    file = path or default or Paths.default().config_file
    try:
        text = read_text(file)
    except FileNotFoundError as error:
        if path is None:
            return Settings()
        raise SettingsError(f"{_name(file)}: there is no such file") from error
    except OSError as error:
        raise SettingsError(f"{_name(file)}: cannot be read: {error.strerror or error}") from error
    return parse(text, file)


def parse(text: str, file: Path) -> Settings:
    """The settings in `text`, which stands in `file`. Raises SettingsError."""
    document = _document(text, file)
    sections = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for name, table in document.items():
        if name not in sections:
            raise SettingsError(f"{_where(file, text, name)}: {_unknown_section(name, table)}")
        if not isinstance(table, dict):
            raise SettingsError(
                f"{_where(file, text, name)}: `{name}` must be a section, [{name}] on a line of its own"
            )
        if get_origin(sections[name]) is dict:
            _check_free_section(file, text, name, table, get_args(sections[name])[1])
        else:
            _check_section(file, text, name, table, sections[name])
    settings = msgspec.convert(document, Settings)
    _check_keys(file, text, settings)
    return settings


def check_environment(environ: Mapping[str, str]) -> None:
    """Raise SettingsError if `environ` points Alpaca's tools at a live account.

    The variable is never used as a host; but whoever set it means that host, and would trade paper unawares.
    """
    url = environ.get(BASE_URL_VARIABLE, "").strip()
    if not url:
        return
    try:
        check_url(BASE_URL_VARIABLE, url, "https", host=PAPER_HOST)
    except ValueError as error:
        raise SettingsError(f"environment: {clean(str(error), _MAX_MESSAGE)}; unset it or set it to paper") from error


def _document(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.match(str(error))
        why = clean(at["why"] if at else str(error), _MAX_MESSAGE)
        line = int(at["line"]) if at else text.count("\n") + 1
        column = f" at column {at['column']}" if at else ""
        raise SettingsError(f"{_name(file)}:{line}: not valid TOML: {why}{column}") from error
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits and brackets nested by the hundred: tomllib's limits, not its errors.
        raise SettingsError(f"{_name(file)}: not valid TOML: too long a number or too deep a nesting") from error


def _check_section(file: Path, text: str, section: str, table: dict[str, Any], kind: type[msgspec.Struct]) -> None:
    hints = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        where = _where(file, text, section, key)
        if key not in hints:
            raise SettingsError(f"{where}: {_unknown_key(section, key, hints)}")
        try:
            msgspec.convert(value, hints[key])
        except msgspec.ValidationError as error:
            raise SettingsError(f"{where}: [{section}] {key}{misfit(value, hints[key])}") from error
    try:
        msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        key = next((key for key in table if f"`{key}`" in message), next(iter(table)))
        why = clean(message, _MAX_MESSAGE)
        raise SettingsError(f"{_where(file, text, section, key)}: [{section}] {key}: {why}") from error


def _check_free_section(file: Path, text: str, section: str, table: dict[str, Any], kind: object) -> None:
    """Check a section whose keys the user makes up; what is wrong with a key is what Settings says of it."""
    for key, value in table.items():
        where = _where(file, text, section, key)
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            if looks_secret(key):
                raise SettingsError(f"{where}: {_refused_secret(key)}") from error
            raise SettingsError(f"{where}: [{section}] {_quoted(key)}{misfit(value, kind)}") from error
    # Each by itself, so that the line is the right one; then all, since two of them may not agree.
    for part in (*({key: value} for key, value in table.items()), table):
        try:
            msgspec.convert({section: part}, Settings)
        except msgspec.ValidationError as error:
            named = next((key for key in part if f"`{key}`" in str(error)), None)
            key = next(iter(part)) if named is None else named
            prefix = f"[{section}] {_quoted(key)}: " if named is None else f"[{section}] "
            why = clean(str(error), _MAX_MESSAGE)
            raise SettingsError(f"{_where(file, text, section, key)}: {prefix}{why}") from error


def _check_keys(file: Path, text: str, settings: Settings) -> None:
    """Check the keys as a whole: whether one is free may be settled by another, wherever it stands."""
    try:
        keymap(settings.keys)
    except BadBindingError as error:
        raise SettingsError(
            f"{_where(file, text, 'keys', error.action)}: [keys] {clean(str(error), _MAX_MESSAGE)}"
        ) from error


def _unknown_section(name: str, table: object) -> str:
    if looks_secret(name):
        return _refused_secret(name)
    settings = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    if not isinstance(table, dict):
        homes = [section for section, kind in settings.items() if name in getattr(kind, "__struct_fields__", ())]
        if homes:
            return f"`{name}` belongs under " + " or ".join(f"[{home}]" for home in homes)
    kind = "section" if isinstance(table, dict) else "key"
    return f"unknown {kind} {_quoted(name)}" + _hint(nearest(name, settings), "[{}]", settings)


def _unknown_key(section: str, key: str, known: Mapping[str, Any]) -> str:
    if looks_secret(key):
        return _refused_secret(key)
    return f"unknown key {_quoted(key)} in [{section}]" + _hint(nearest(key, known), "{}", known)


def _hint(near: str | None, form: str, known: Mapping[str, Any]) -> str:
    if near:
        return f"; did you mean {form.format(near)}?"
    return "; known are " + ", ".join(form.format(name) for name in known)


def _refused_secret(name: str) -> str:
    key, secret = PAIRS[0]
    return f"{_quoted(name)} does not belong here: credentials go in the environment, as {key} and {secret}"


def _quoted(name: str) -> str:
    return f"`{clean(name, 60)}`"


def _name(file: Path) -> str:
    return clean(str(file), _MAX_MESSAGE)


def _where(file: Path, text: str, *names: str) -> str:
    line = line_of(text, *names)
    return _name(file) if line is None else f"{_name(file)}:{line}"
