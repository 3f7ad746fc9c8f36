"""The `bulletin` command: options that hold for every command, and errors turned into exit codes.

Exit codes: 0 all good; 1 something failed and is reported, one line each, the rest done; 2 wrong usage.
"""

import os
import sys
from collections.abc import Sequence

from cli import chinese  # before typer: see there

# isort: split
import typer
from typer.exceptions import TyperException

from bulletin.errors import BulletinError
from cli import admin, archive, desk, issues, keeping, products, running, setup, texts
from cli.app import App
from cli.output import err, fail
from cli.state import state
from services import memory

app = App(name="bulletin", help="工作简报：收稿、清理、分栏、编号、排版、归档。")
for module in (setup, texts, issues, archive, products, running, desk, keeping, admin):
    module.register(app)

ANYWHERE = ("--home", "--publication")
"""Options of the whole program that people also write behind the command."""


@app.callback()
def main(
    home: str = typer.Option("", "--home", metavar="文件夹", help="数据所在文件夹（也可用环境变量 BULLETIN_HOME）。"),
    publication: str = typer.Option("", "--publication", metavar="代号", help="哪一种刊物。"),
) -> None:
    """Keep the options that hold for every command."""
    state.home = home
    state.publication = publication


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    memory.seldom_tidied()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(_global_options_first(words), prog_name="bulletin", standalone_mode=False)
        sys.stdout.flush()
    except BulletinError as error:
        fail(str(error))
        code = 1
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            err.print(str(error), markup=False)
        else:
            fail(chinese.usage_message(error))
        code = 2
    except (KeyboardInterrupt, typer.Abort):
        fail("已中止；再次运行会接着做。")
        code = 1
    except BrokenPipeError:
        sys.stderr.close()
        code = 1
    except OSError as error:
        if not error.filename and error.errno not in chinese.FULL:
            raise
        fail(chinese.file_message(error))
        _drop_what_cannot_be_printed()
        code = 1
    memory.left_as_it_is()
    raise SystemExit(code if isinstance(code, int) else 0)


def _drop_what_cannot_be_printed() -> None:
    """Python would try again at its end, and show that it cannot."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _global_options_first(words: list[str]) -> list[str]:
    """The words with the options of the whole program moved to the front."""
    front: list[str] = []
    rest: list[str] = []
    iterator = iter(words)
    for word in iterator:
        if word == "--":
            rest += [word, *iterator]
        elif word in ANYWHERE:
            front += [word, *([value] if (value := next(iterator, None)) is not None else [])]
        elif word.startswith(tuple(f"{option}=" for option in ANYWHERE)):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


if __name__ == "__main__":
    run()
