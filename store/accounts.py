"""The people of the desk: accounts, sessions, wrong passwords, tokens for scripts, what each sent in.

Secrets are never stored: of a password the hash that argon2 gave, of a session or token its SHA-256.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from bulletin.errors import ConflictError, NotFoundError
from store.account_records import Account, Attempt, Role, SessionRecord, TokenRecord, Upload
from store.ground import KEYS, insert_new
from store.people_schema import accounts, attempts, sessions, tokens, uploads
from store.schema import submissions

SHOWN = [accounts.c[name] for name in Account.model_fields]
BATCH = 500
"""Values in one IN (...): far below the limit of either database."""
FORGOTTEN = timedelta(days=1)
"""After so long without another one, wrong passwords are forgotten."""


class Accounts:
    """Everybody who may sign in."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self,
        name: str,
        password: str,
        role: Role,
        *,
        person: str,
        unit: str,
        publications: Sequence[str],
        mail: str = "",
    ) -> Account:
        """The new account; ConflictError where the name is taken. `password` is a hash."""
        values = {"name": name, "password": password, "role": role.value, "person": person, "unit": unit}
        values |= {"mail": mail, "publications": KEYS.dump_json(tuple(publications)).decode()}
        more = {"disabled": False, "created": self._now, "updated": self._now}
        if not insert_new(self._connection, accounts, values | more):
            raise ConflictError("已有同名账号", subject=name, advice="请换一个用户名")
        return self.get(name)

    def get(self, name: str) -> Account:
        """The account; NotFoundError where there is none."""
        row = self._connection.execute(select(*SHOWN).where(accounts.c.name == name)).mappings().first()
        if row is None:
            raise NotFoundError("没有这个账号", subject=name)
        return _account(row)

    def find(self) -> tuple[Account, ...]:
        """Every account by name."""
        rows = self._connection.execute(select(*SHOWN).order_by(accounts.c.name)).mappings()
        return tuple(_account(row) for row in rows)

    def count(self) -> int:
        return int(self._connection.execute(select(func.count()).select_from(accounts)).scalar_one())

    def password(self, name: str) -> str | None:
        """The hash of the password of an account that may sign in; None where there is no such account."""
        query = select(accounts.c.password).where(accounts.c.name == name, accounts.c.disabled.is_(False))
        return self._connection.execute(query).scalar()

    def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        person: str | None = None,
        unit: str | None = None,
        mail: str | None = None,
        publications: Sequence[str] | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> Account:
        """The account with new values; None leaves one as it is."""
        given: dict[str, Any] = {"role": role and role.value, "person": person, "unit": unit, "mail": mail}
        given |= {"disabled": disabled, "password": password}
        values = {key: value for key, value in given.items() if value is not None}
        if publications is not None:
            values["publications"] = KEYS.dump_json(tuple(publications)).decode()
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(values | {"updated": self._now})
        )
        return self.get(name)

    def signed_in(self, name: str) -> None:
        """Notes that the person has just come in."""
        self._connection.execute(update(accounts).where(accounts.c.name == name).values(seen=self._now))


class Sessions:
    """Who is signed in where."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def open(self, token: str, account: str, csrf: str, lasts: timedelta) -> None:
        """Opens a session; those that are over are swept away."""
        self._connection.execute(delete(sessions).where(sessions.c.expires < self._now))
        values = {"token": token, "account": account, "csrf": csrf, "publication": ""}
        moments = {"created": self._now, "seen": self._now, "expires": self._now + lasts}
        self._connection.execute(insert(sessions).values(values | moments))

    def get(self, token: str) -> SessionRecord | None:
        """The session, unless it is over or its account disabled."""
        query = (
            select(sessions.c.csrf, sessions.c.publication, sessions.c.seen.label("last"), sessions.c.expires, *SHOWN)
            .join(accounts, accounts.c.name == sessions.c.account)
            .where(sessions.c.token == token, sessions.c.expires > self._now, accounts.c.disabled.is_(False))
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        return SessionRecord(
            account=_account({name: row[name] for name in Account.model_fields}),
            csrf=row["csrf"],
            publication=row["publication"],
            seen=row["last"],
            expires=row["expires"],
        )

    def prolong(self, token: str, lasts: timedelta) -> None:
        """Notes that the session is in use."""
        query = update(sessions).where(sessions.c.token == token)
        self._connection.execute(query.values(seen=self._now, expires=self._now + lasts))

    def choose(self, token: str, publication: str) -> None:
        """Notes which publication the person works on."""
        self._connection.execute(update(sessions).where(sessions.c.token == token).values(publication=publication))

    def close(self, token: str) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.token == token))

    def close_all(self, account: str, *, but: str = "") -> None:
        """Signs the account out everywhere, except in the session `but`."""
        where = (sessions.c.account == account, sessions.c.token != but)
        self._connection.execute(delete(sessions).where(*where))


class Attempts:
    """Wrong passwords, by name and by address; names that do not exist are counted like those that do."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def get(self, subject: str) -> Attempt | None:
        row = self._connection.execute(select(attempts).where(attempts.c.subject == subject)).mappings().first()
        if row is None:
            return None
        return Attempt(failures=row["failures"], last=row["last"], locked_until=row["locked_until"])

    def fail(self, subject: str, most: int, pause: timedelta) -> Attempt:
        """Counts one more; at `most` the subject is locked for `pause` and counting begins anew."""
        self._connection.execute(delete(attempts).where(attempts.c.last < self._now - FORGOTTEN))
        known = self.get(subject)
        failures = known.failures + 1 if known else 1
        locked = self._now + pause if failures >= most else None
        values = {"failures": 0 if locked else failures, "last": self._now, "locked_until": locked}
        if not insert_new(self._connection, attempts, {"subject": subject} | values):
            self._connection.execute(update(attempts).where(attempts.c.subject == subject).values(values))
        return Attempt(failures=failures, last=self._now, locked_until=locked)

    def clear(self, subject: str) -> None:
        self._connection.execute(delete(attempts).where(attempts.c.subject == subject))

    def locked(self) -> dict[str, datetime]:
        """Until when each locked subject is locked."""
        query = select(attempts.c.subject, attempts.c.locked_until).where(attempts.c.locked_until > self._now)
        return {row.subject: row.locked_until for row in self._connection.execute(query)}


class Tokens:
    """Tokens with which scripts speak for an account."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, token: str, account: str, label: str) -> int:
        """The id of the new token."""
        values = {"token": token, "account": account, "label": label, "created": self._now}
        return int(self._connection.execute(insert(tokens).returning(tokens.c.id), values).scalar_one())

    def account(self, token: str) -> Account | None:
        """Whom the token speaks for, unless that account is disabled."""
        query = select(*SHOWN).join(tokens, tokens.c.account == accounts.c.name)
        row = (
            self._connection.execute(query.where(tokens.c.token == token, accounts.c.disabled.is_(False)))
            .mappings()
            .first()
        )
        return None if row is None else _account(row)

    def find(self, account: str | None = None) -> tuple[TokenRecord, ...]:
        """The tokens, oldest first; of one account where given."""
        query = select(*(tokens.c[name] for name in TokenRecord.model_fields)).order_by(tokens.c.id)
        if account is not None:
            query = query.where(tokens.c.account == account)
        return tuple(TokenRecord.model_validate(dict(row)) for row in self._connection.execute(query).mappings())

    def used(self, token: str) -> None:
        self._connection.execute(update(tokens).where(tokens.c.token == token).values(seen=self._now))

    def revoke(self, id: int, account: str | None = None) -> None:
        """Takes a token back; NotFoundError where there is none, or it is another account's."""
        query = delete(tokens).where(tokens.c.id == id)
        if account is not None:
            query = query.where(tokens.c.account == account)
        if not self._connection.execute(query).rowcount:
            raise NotFoundError("没有这个令牌", subject=str(id))


class Uploads:
    """Which account sent in which file."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, publication: str, account: str, files: Iterable[tuple[str, str]]) -> None:
        """Notes files, SHA-256 and name, that the account sent in."""
        values = {"publication": publication, "account": account, "at": self._now}
        rows = [values | {"sha256": sha256, "name": name} for sha256, name in files]
        if rows:
            self._connection.execute(insert(uploads), rows)

    def senders(self, publication: str, hashes: Sequence[str]) -> dict[str, tuple[Upload, ...]]:
        """Who sent in each of the files, the first sender first."""
        table = uploads.c
        found: dict[str, tuple[Upload, ...]] = {}
        for start in range(0, len(hashes), BATCH):
            query = select(table.sha256, table.name, table.account, table.at).where(
                table.publication == publication, table.sha256.in_(hashes[start : start + BATCH])
            )
            for row in self._connection.execute(query.order_by(table.id)).mappings():
                found[row["sha256"]] = (*found.get(row["sha256"], ()), Upload.model_validate(dict(row)))
        return found

    def own(self, publication: str, account: str, unit: str, *, limit: int, offset: int = 0) -> tuple[str, ...]:
        """The files that the account sent in or that came from its unit, newest first."""
        sent = select(uploads.c.sha256).where(uploads.c.publication == publication, uploads.c.account == account)
        theirs: ColumnElement[bool] = submissions.c.sha256.in_(sent)
        if unit:
            theirs = or_(theirs, submissions.c.unit == unit)
        query = select(submissions.c.sha256).where(submissions.c.publication == publication, theirs)
        return tuple(
            self._connection.execute(query.order_by(submissions.c.row.desc()).limit(limit).offset(offset)).scalars()
        )


def _account(row: Mapping[Any, Any]) -> Account:
    return Account.model_validate(dict(row) | {"publications": KEYS.validate_json(row["publications"])})
