"""Training on what editors corrected, and how good the publication's classifier is."""

from collections.abc import Callable

from bulletin.model import Article, Frozen
from services.context import Office
from services.readingroom import home_folders
from services.settings import REFERENCE

SECTION = "section"
"""The kind of correction that moves an article to another section."""


class Training(Frozen):
    """What a training run used and where the model is."""

    examples: int
    corrections: int
    path: str


class SectionFigures(Frozen):
    section: str
    precision: float
    recall: float
    f1: float
    count: int


class Report(Frozen):
    """The figures of a cross-validation over the written examples."""

    sections: tuple[SectionFigures, ...]
    labels: tuple[str, ...]
    confusion: dict[str, dict[str, int]]
    accuracy: float
    macro_f1: float
    hard_accuracy: float | None
    calibration_error: float

    def confusion_rows(self) -> list[list[str | int]]:
        """One row a true section: its name, then how often each section was said."""
        return [[true, *(self.confusion[true][said] for said in self.labels)] for true in self.labels]


def corrections(office: Office) -> list[tuple[Article, str]]:
    """The articles whose section an editor changed, with the section they said."""
    key = office.publication.key
    with office.store.reading() as unit:
        found, _ = unit.feedback.latest(key, SECTION)
        last = {one.article: one.now for one in found}
        records = unit.articles.records(key, tuple(last))
    return [(record.article, last[record.id]) for record in records]


def train_publication(office: Office) -> Training:
    """Train on the shipped examples and the editors' corrections; the model goes to the home's models folder."""
    from services.training import train, write_model

    learned = corrections(office)
    model = train(REFERENCE, office.publication, learned, home_folders(office.settings))
    path = office.settings.home / "models" / f"{office.publication.key}.json"
    write_model(model, path)
    return Training(examples=int(model["examples"]) - len(learned), corrections=len(learned), path=str(path))


def evaluate_publication(office: Office, progress: Callable[[int, int], object] | None = None) -> Report:
    """The cross-validated figures, with the publication's own names for the sections.

    `progress` is told how many of how many trainings are done.
    """
    from bulletin.features import Rules
    from services.evaluation import crossvalidate
    from services.training import prepare, read_examples, read_places, read_rules

    rules = Rules.parse(read_rules(REFERENCE, office.publication, home_folders(office.settings)))
    prepared = prepare(read_examples(REFERENCE / "training"), rules, read_places(REFERENCE), office.publication.level)
    result = crossvalidate(prepared, progress=progress)
    names = {one.label: rules.roles.get(one.label, one.label) for one in result.figures}
    return Report(
        sections=tuple(
            SectionFigures(section=names[f.label], precision=f.precision, recall=f.recall, f1=f.f1, count=f.count)
            for f in result.figures
        ),
        labels=tuple(names.values()),
        confusion=_renamed(result.confusion, names),
        accuracy=result.accuracy,
        macro_f1=result.macro_f1,
        hard_accuracy=result.hard_accuracy,
        calibration_error=result.calibration_error,
    )


def _renamed(confusion: dict[str, dict[str, int]], names: dict[str, str]) -> dict[str, dict[str, int]]:
    return {names[true]: {names[said]: count for said, count in row.items()} for true, row in confusion.items()}
