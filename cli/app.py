"""Commands and groups whose help is Chinese throughout."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from cli import chinese  # noqa: F401  before typer: see there

# isort: split
import typer
from typer.core import TyperCommand, TyperGroup

Function = TypeVar("Function", bound=Callable[..., Any])


_TYPE = re.compile(r"<[a-z\[\] ]+>")
"""A type as Python calls it, which tells an editor nothing; choices have bars between them."""


def _fold_help() -> None:
    """Breaks the text of help where its line is full: Chinese has no spaces, and would end in … with the rest lost."""
    # Loaded when help is asked for: it takes a tenth of a second.
    from typer import rich_utils

    if isinstance(rich_utils._make_rich_text, partial):
        return

    def folding(make: Callable[..., Any], **said: Any) -> Any:
        text = make(**said)
        text.overflow = "fold"
        return text

    rich_utils._make_rich_text = partial(folding, rich_utils._make_rich_text)


class _Chinese:
    """What typer would write in English: the usage line, the help option and the types of values."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _fold_help()
        for parameter in self.get_params(ctx):  # type: ignore[attr-defined]
            # A range is told by the message where it is not kept; 1<=x<=9999 is for programmers.
            parameter._get_number_range_help_str = str
            if _TYPE.fullmatch(shown := parameter.display_type_rich(ctx=ctx) or ""):
                parameter.display_type_rich = lambda ctx: ""
            elif shown.startswith("<"):
                parameter.display_type_rich = lambda ctx, shown=shown: shown.strip("<>")
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_usage(self, ctx: Any) -> str:
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return usage.replace("Usage:", "用法：", 1)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示本说明。"
        return option


class Command(_Chinese, TyperCommand):
    pass


class Group(_Chinese, TyperGroup):
    pass


class App(typer.Typer):
    """A group of commands."""

    def __init__(self, help: str, name: str | None = None) -> None:
        super().__init__(
            name=name,
            cls=Group,
            help=help,
            no_args_is_help=True,
            add_completion=False,
            rich_markup_mode="rich",
            pretty_exceptions_enable=False,
            options_metavar="[选项]",
            subcommand_metavar="命令 [参数]...",
        )

    def command(self, name: str | None = None, **options: Any) -> Callable[[Function], Function]:
        return super().command(name, cls=Command, options_metavar="[选项]", **options)
