"""What the store gives back about the people of the desk."""

from datetime import datetime
from enum import StrEnum

from bulletin.model import Frozen


class Role(StrEnum):
    """What an account may do; each role may do what the ones before it may."""

    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    SIGNER = "signer"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]

    def covers(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


ROLE_LABELS = {
    Role.CONTRIBUTOR: "投稿",
    Role.EDITOR: "编辑",
    Role.SIGNER: "签发",
    Role.ADMINISTRATOR: "管理",
}


class Account(Frozen):
    """One person, without the password."""

    name: str
    """What is typed at the door: lower case."""
    person: str = ""
    """The name shown to others."""
    role: Role
    unit: str = ""
    """The unit a contributor writes for."""
    mail: str = ""
    """Where it is told what became of what it sent in."""
    publications: tuple[str, ...] = ()
    """Keys of the publications it may see; empty for all."""
    disabled: bool = False
    created: datetime
    updated: datetime
    seen: datetime | None = None
    """When it last signed in."""

    @property
    def shown(self) -> str:
        return self.person or self.name


class SessionRecord(Frozen):
    """A person who is signed in."""

    account: Account
    csrf: str
    publication: str
    """The publication chosen; empty for the installation's default."""
    seen: datetime
    expires: datetime


class Attempt(Frozen):
    """Wrong passwords given for a name or from an address."""

    failures: int
    last: datetime
    locked_until: datetime | None = None


class TokenRecord(Frozen):
    """A script's token, without its secret."""

    id: int
    account: str
    label: str
    created: datetime
    seen: datetime | None = None


class Upload(Frozen):
    """One file that an account sent in."""

    sha256: str
    name: str
    account: str
    at: datetime
