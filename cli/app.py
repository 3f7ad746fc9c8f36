"""Commands and groups whose help is Chinese throughout."""

from collections.abc import Callable
from typing import Any, TypeVar

from cli import chinese  # noqa: F401  before typer: see there

# isort: split
import typer
from typer.core import TyperCommand, TyperGroup

Function = TypeVar("Function", bound=Callable[..., Any])


class _Chinese:
    """What typer would write in English: the usage line and the help option."""

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
