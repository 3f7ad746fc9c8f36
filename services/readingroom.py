"""Where submissions are read and judged: settings, publication, files and reference data, and no database."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.model import Publication
from services.settings import REFERENCE, Settings, read_publication
from store.archive import Files
from store.objects import open_files

if TYPE_CHECKING:
    from bulletin.actors import ActorFinder
    from bulletin.classify import Classifier
    from bulletin.proofread import Lexicon


@dataclass
class ReadingRoom:
    """What reading and judging for one publication need. What is costly to load is loaded when first asked for."""

    settings: Settings
    publication: Publication
    files: Files

    @cached_property
    def classifier(self) -> "Classifier":
        return load_classifier(self.settings, self.publication)

    @cached_property
    def actors(self) -> "ActorFinder":
        from bulletin.actors import ActorFinder
        from services.training import read_places

        return ActorFinder(read_places(REFERENCE))

    @cached_property
    def lexicon(self) -> "Lexicon":
        from services.reference import load_lexicon

        return load_lexicon(REFERENCE)


def load_classifier(settings: Settings, publication: Publication) -> "Classifier":
    """The publication's classifier: rules and model of the home where it has its own, else the shipped ones."""
    from services.training import load_classifier as load

    return load(REFERENCE, publication, home_folders(settings))


def home_folders(settings: Settings) -> tuple[Path, ...]:
    """Where a home keeps rules and models of its own."""
    return settings.home / "publications", settings.home / "models"


def open_room(settings: Settings, publication: str = "") -> ReadingRoom:
    """The reading room of a home folder; its database is neither made nor opened."""
    files = open_files(settings.home, settings.files, settings.files_options)
    return ReadingRoom(settings, read_publication(settings, publication), files)
