"""Numbers of issues: whether one is known, and what an issue is called."""

from bulletin.errors import NotFoundError
from bulletin.model import IssueNumber
from services.context import Office
from store.database import Transaction
from store.records import IssueState


def archived(unit: Transaction, publication: str, number: IssueNumber) -> bool:
    """Whether an issue of this number has been issued or imported."""
    try:
        record = unit.issues.by_number(publication, number.key, series=number.series, year=number.year)
    except NotFoundError:
        return False
    return record.state is IssueState.ISSUED


def label_of(office: Office, unit: Transaction, issue_id: int | None) -> str:
    """第455期, for the id of an issue; empty for none."""
    return unit.issues.get(office.publication.key, issue_id).number.label if issue_id else ""
