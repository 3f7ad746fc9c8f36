"""What the options of the whole program chose, and the office they open."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.context import Office
    from services.settings import Settings


@dataclass
class State:
    home: str = ""
    publication: str = ""

    def settings(self) -> "Settings":
        """The settings of the chosen home folder."""
        from services.logs import set_up_logging
        from services.settings import read_settings, use_tools

        settings = read_settings(Path(self.home) if self.home else None, publication=self.publication or None)
        set_up_logging(settings)
        use_tools(settings)
        return settings

    def office(self) -> "Office":
        """The office of the chosen home and publication, its store open."""
        from services.context import open_office

        return open_office(self.settings())


state = State()
