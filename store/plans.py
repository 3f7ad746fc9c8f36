"""Study plans: kept as data, never printed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from bulletin.errors import NotFoundError
from bulletin.model import StudyPlan
from store.ground import insert_new
from store.schema import plans


class Plans:
    """The study plans of every publication, by the submission they came in."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, publication: str, plan: StudyPlan) -> bool:
        """True where the plan is new; the one of the same submission stays as it is."""
        values = {
            "publication": publication,
            "source": plan.source,
            "title": plan.title,
            "organisation": plan.organisation,
            "year": plan.year,
            "created": self._now,
            "data": plan.model_dump_json(),
        }
        return insert_new(self._connection, plans, values)

    def get(self, publication: str, source: str) -> StudyPlan:
        """The plan of a submission; NotFoundError where there is none."""
        query = select(plans.c.data).where(plans.c.publication == publication, plans.c.source == source)
        data = self._connection.execute(query).scalar()
        if data is None:
            raise NotFoundError("没有这份学习计划", subject=source)
        return StudyPlan.model_validate_json(data)

    def find(self, publication: str, *, year: int | None = None) -> tuple[StudyPlan, ...]:
        """All plans of the publication, or of one year, in order of arrival."""
        query = select(plans.c.data).where(plans.c.publication == publication)
        if year is not None:
            query = query.where(plans.c.year == year)
        rows = self._connection.execute(query.order_by(plans.c.created, plans.c.source)).scalars()
        return tuple(StudyPlan.model_validate_json(data) for data in rows)

    def titles(self, publication: str, sources: Sequence[str]) -> dict[str, str]:
        """The title of the plan in each of the submissions that holds one."""
        query = select(plans.c.source, plans.c.title).where(
            plans.c.publication == publication, plans.c.source.in_(sources)
        )
        return {row.source: row.title for row in self._connection.execute(query)}
