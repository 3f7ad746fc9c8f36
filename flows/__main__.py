"""Run one flow from the command line: `python -m flows compile REQUEST ANSWER`.

The command `bulletin` starts this in a process of its own and reads the answer file.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from bulletin.errors import BulletinError
from services import requests

FLOWS: dict[str, tuple[str, type[requests.Form]]] = {
    "compile": ("flows.publish:compile_issue", requests.CompileRequest),
    "bring-in": ("flows.bulk:bring_in", requests.BringInRequest),
}


def main(command: str, request: str, answer: str) -> int:
    """The exit code; the result, or the error, is in the answer file as JSON."""
    address, form = FLOWS[command]
    module, _, name = address.partition(":")
    try:
        result = getattr(import_module(module), name)(form.model_validate_json(request))
        text = result.model_dump_json()
    except BulletinError as error:
        text = json.dumps({"error": str(error)}, ensure_ascii=False)
    # Renamed into place, so that a reader never sees half of it.
    part = Path(f"{answer}.part")
    part.write_text(text, "utf-8")
    part.replace(answer)
    return 0


if __name__ == "__main__":
    # A cluster's processes begin by importing this module.
    sys.exit(main(*sys.argv[1:4]))
