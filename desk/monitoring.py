"""/health and /metrics, for machines that watch over the desk; they need no account and tell no names."""

from collections.abc import Iterator

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from desk.security import offices
from services import monitoring
from services.monitoring import Figures
from services.settings import publication_keys, publications

router = APIRouter()


@router.get("/health")
def health(request: Request) -> JSONResponse:
    """Whether the desk can work: 200 or 503."""
    found = monitoring.health(offices(request)(""))
    body = {"status": "ok" if found.good else "bad", "problems": found.problems, "milliseconds": found.milliseconds}
    return JSONResponse(body, 200 if found.good else 503)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The figures of every publication as OpenMetrics."""
    settings = request.app.state.settings
    good = {key: monitoring.figures(offices(request)(key)) for key in publications(settings)}
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(list(good.values()), [key for key in publication_keys(settings) if key not in good]))
    content: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return Response(content, media_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    def __init__(self, publications: list[Figures], broken: list[str]) -> None:
        self._publications = publications
        self._broken = broken

    def collect(self) -> Iterator[Metric]:
        """One gauge for each kind of thing, by publication and state."""
        good = GaugeMetricFamily("bulletin_publication_good", "Whether the file can be read.", labels=("publication",))
        for key, value in [(found.publication, 1) for found in self._publications] + [(key, 0) for key in self._broken]:
            good.add_metric((key,), value)
        yield good
        for name, text in (
            ("articles", "Articles in the pool by state."),
            ("submissions", "Submissions received by state."),
            ("issues", "Issues by state."),
        ):
            gauge = GaugeMetricFamily(f"bulletin_{name}", text, labels=("publication", "state"))
            for found in self._publications:
                for state, count in getattr(found, name).items():
                    gauge.add_metric((found.publication, state.value), count)
            yield gauge
        labels = ("publication", "kind", "state")
        run = GaugeMetricFamily(
            "bulletin_last_run_timestamp_seconds", "When the last run of a kind began.", labels=labels
        )
        for found in self._publications:
            for last in found.runs:
                run.add_metric((found.publication, last.kind, last.state.value), last.started.timestamp())
        yield run
