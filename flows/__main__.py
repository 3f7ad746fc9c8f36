"""Run one flow from the command line: `python -m flows compile REQUEST ANSWER`.

The command `bulletin` starts this in a process of its own and reads the answer file.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from bulletin.errors import BulletinError
from services import memory, requests
from services.ahead import started_ahead

FLOWS: dict[str, tuple[str, type[requests.Form]]] = {
    "compile": ("flows.publish:compile_issue", requests.CompileRequest),
    "bring-in": ("flows.bulk:bring_in", requests.BringInRequest),
}

NOBODY = Path(__file__).with_name("nobody.pem")
"""Over plain HTTP no certificate is looked at, but Prefect reads the whole world's for each of its four clients
(0.2 s); these are read at once."""


def watched_from_here(flow: Callable[[Any], Any], request: requests.Form) -> Any:
    """What the flow returns, without what only those need who watch from afar or know nothing of our forms.

    Signs of life every three minutes: whoever started this process sees when it ends, and the thread that gives them
    is waited for (0.5 s). And the encoder of FastAPI, with all of FastAPI (0.15 s), for the parameters that the server
    keeps: a form knows how to write itself.
    """
    from prefect.context import SettingsContext, get_settings_context

    context = get_settings_context()
    flows = context.settings.flows.model_copy(update={"heartbeat_frequency": None})
    settings = context.settings.model_copy(update={"flows": flows})
    with SettingsContext(profile=context.profile, settings=settings):
        flow.serialize_parameters = _written  # type: ignore[attr-defined]
        return flow(request)


def _written(parameters: dict[str, requests.Form]) -> dict[str, Any]:
    return {name: form.model_dump(mode="json") for name, form in parameters.items()}


def _ahead(request: requests.Form) -> AbstractContextManager[None]:
    """Loading Prefect takes a second, in which others get ready."""
    if isinstance(request, requests.CompileRequest):
        return started_ahead(request.sources, request.home, request.publication)
    return nullcontext()


def main(command: str, request: str, answer: str) -> int:
    """0; the result, or the error, is in the answer file as JSON."""
    address, form = FLOWS[command]
    module, _, name = address.partition(":")
    asked = form.model_validate_json(request)
    if os.environ.get("PREFECT_API_URL", "").startswith("http://"):
        os.environ.setdefault("PREFECT_API_SSL_CERT_FILE", str(NOBODY))
    try:
        with _ahead(asked):
            with memory.while_loading():
                flow = getattr(import_module(module), name)
            result = watched_from_here(flow, asked)
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
    memory.seldom_tidied()
    code = main(*sys.argv[1:4])
    memory.left_as_it_is()
    sys.exit(code)
