"""The help of the command line: options in groups, each under its own heading."""

import click
from typing_extensions import override

Section = tuple[str, tuple[str, ...]]
"""A heading, and the names of the parameters under it."""


class Sectioned(click.Group):
    """A group of commands whose options stand under the headings of `sections`; what is in none comes last."""

    sections: tuple[Section, ...] = ()

    @override
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options by section, then the commands."""
        records = {_name(each): record for each in self.get_params(ctx) if (record := each.get_help_record(ctx))}
        widest = max(len(flags) for flags, _ in records.values())
        for heading, names in self.sections:
            shown = [records.pop(name) for name in names if name in records]
            if shown:
                with formatter.section(heading):
                    # A common width, so that all groups stand in the same columns.
                    formatter.write_dl([(flags.ljust(widest), told) for flags, told in shown])
        if records:
            with formatter.section("Options"):
                formatter.write_dl(list(records.values()))
        self.format_commands(ctx, formatter)


def _name(parameter: click.Parameter) -> str:
    """The name of `parameter`; that of the help itself is another in each release of click."""
    return "help" if "--help" in parameter.opts else str(parameter.name)
