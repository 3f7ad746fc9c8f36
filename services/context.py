"""The office: settings, publication, store and clock, wired once and handed to every use case."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from services.readingroom import ReadingRoom
from services.service import Service
from services.settings import Settings, main_publication, read_publication, read_service
from store.database import Store, open_store

if TYPE_CHECKING:
    from builders.style import HouseStyle


@dataclass
class Office(ReadingRoom):
    """One publication at work. What is costly to load is loaded when first asked for."""

    store: Store
    clock: Callable[[], datetime] = field(repr=False)

    def now(self) -> datetime:
        """This moment in the office's time zone."""
        return self.clock()

    def today(self) -> date:
        return self.now().date()

    @cached_property
    def service(self) -> Service:
        """Where the publication's material comes from, and who is told what."""
        return read_service(self.settings, self.publication.key)

    @cached_property
    def is_main(self) -> bool:
        """Whether this is the installation's main publication, whose folders bear no name of their own."""
        return main_publication(self.settings) == self.publication.key

    @property
    def inbox(self) -> Path:
        """The folder this publication collects from; never that of another one."""
        own = self.settings.home / f"inbox-{self.publication.key}"
        return self.service.inbox or (self.settings.inbox_folder if self.is_main else own)

    @property
    def drafts_folder(self) -> Path:
        folder = self.settings.home / "drafts"
        return folder if self.is_main else folder / self.publication.key

    def default_sources(self) -> list[str]:
        """Where material arrives when nobody says where: the inbox folder and the addresses of the settings."""
        shared = self.settings.urls if self.is_main else ()
        return [*([str(self.inbox)] if self.inbox.is_dir() else []), *shared, *self.service.urls]

    @cached_property
    def style(self) -> "HouseStyle":
        from services.styles import load_house_style

        return load_house_style(self.settings, self.publication)

    @cached_property
    def template(self) -> bytes:
        """The publication's own form (builders.template), b"" where it has none."""
        from services.styles import load_template

        return load_template(self.settings, self.publication)


def open_office(settings: Settings, publication: str = "", clock: Callable[[], datetime] | None = None) -> Office:
    """The office of a home folder; makes the folder and brings the store to the current schema."""
    # Before the store: one that is not there makes no database, and leaves none open.
    found = read_publication(settings, publication)
    settings.home.mkdir(parents=True, exist_ok=True)
    store = open_store(**settings.storage)
    return Office(
        settings=settings,
        publication=found,
        files=store.files,
        store=store,
        clock=clock or (lambda: datetime.now(settings.zone)),
    )


@contextmanager
def office(settings: Settings, publication: str = "") -> Iterator[Office]:
    """An open office that is closed at the end."""
    opened = open_office(settings, publication)
    try:
        yield opened
    finally:
        opened.store.close()
