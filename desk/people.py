"""The door (signing in and out), one's own account, and the administrator's page of accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from bulletin.errors import AccessError, BulletinError
from desk.frame import local_path, redirect, render
from desk.problems import status_of
from desk.security import (
    COOKIE,
    Administrator,
    Contributor,
    NotSignedInError,
    guard,
    offices,
    same_page,
    visitor,
)
from services import accounts
from store.account_records import Role

door = APIRouter(dependencies=[Depends(same_page)])
router = APIRouter(dependencies=guard(Role.CONTRIBUTOR))

Text = Annotated[str, Form()]


@door.get("/sign-in")
def sign_in_page(request: Request, next: str = "/", expired: str = "") -> Response:
    """The door; it says what became of somebody who was signed out at work: `expired` is yes, or unsaved."""
    try:
        visitor(request)
    except NotSignedInError:
        empty = not accounts.list_accounts(offices(request)(""))
        context = {"next": local_path(next), "name": "", "error": None, "empty": empty, "expired": expired}
        return render(request, "sign_in.html", context)
    return redirect(request, local_path(next))


@door.post("/sign-in")
def sign_in(request: Request, name: Text = "", password: Text = "", next: Text = "/") -> Response:
    """Lets a person in, or says why not."""
    address = request.client.host if request.client else ""
    try:
        secret = accounts.sign_in(offices(request)(""), name, password, address)
    except AccessError as error:
        context = {"next": local_path(next), "name": name, "error": error, "empty": False, "expired": ""}
        return render(request, "sign_in.html", context, status=403)
    response = redirect(request, local_path(next))
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=secure, path="/")
    return response


@router.post("/sign-out")
def sign_out(request: Request, who: Contributor) -> Response:
    accounts.sign_out(who.office, who.secret)
    response = redirect(request, "/sign-in", "已退出")
    response.delete_cookie(COOKIE)
    return response


@router.get("/")
def home(request: Request, who: Contributor) -> Response:
    """The page a person begins with."""
    return redirect(request, "/pool" if who.may("editor") else "/intake")


@router.post("/publication")
def choose_publication(request: Request, who: Contributor, key: Text) -> Response:
    offices(request)(key)
    accounts.choose_publication(who.office, who.secret, who.account, key)
    return redirect(request, "/")


# ---------------------------------------------------------------- one's own account


@router.get("/me")
def me(request: Request, who: Contributor) -> Response:
    return _me(request, who)


def _me(request: Request, who: Contributor, *, error: BulletinError | None = None, secret: str = "") -> Response:
    tokens = accounts.list_tokens(who.office, who.name)
    context = {"tokens": tokens, "error": error, "secret": secret}
    return render(request, "me.html", context, status=status_of(error) if error else 200)


@router.post("/me/password")
def change_password(request: Request, who: Contributor, old: Text, new: Text, again: Text) -> Response:
    try:
        if new != again:
            raise AccessError("两次输入的新密码不一样")
        accounts.change_own_password(who.office, who.name, old, new, who.secret)
    except BulletinError as error:
        return _me(request, who, error=error)
    return redirect(request, "/me", "密码已修改，其他地方的登录已退出")


@router.post("/me/mail")
def change_mail(request: Request, who: Contributor, mail: Text = "") -> Response:
    try:
        accounts.change_account(who.office, who.name, mail=mail, who=who.name)
    except BulletinError as error:
        return _me(request, who, error=error)
    return redirect(request, "/me", "邮箱已保存")


@router.post("/me/tokens")
def make_token(request: Request, who: Contributor, label: Text) -> Response:
    """Shows the new token, this once."""
    try:
        return _me(request, who, secret=accounts.make_token(who.office, who.name, label, who.name))
    except BulletinError as error:
        return _me(request, who, error=error)


@router.post("/me/tokens/{id}/revoke")
def revoke_token(request: Request, who: Contributor, id: int) -> Response:
    accounts.revoke_token(who.office, id, who.name)
    return redirect(request, "/me", "令牌已收回")


# ---------------------------------------------------------------- everybody's


@router.get("/accounts")
def account_list(request: Request, who: Administrator) -> Response:
    return _accounts(request, who)


def _accounts(request: Request, who: Administrator, error: BulletinError | None = None) -> Response:
    with who.office.store.reading() as work:
        log = work.audit.find("", limit=30)
    context = {
        "accounts": accounts.list_accounts(who.office),
        "locked": accounts.locked_names(who.office),
        "roles": list(Role),
        "error": error,
        "log": log,
    }
    return render(request, "accounts.html", context, status=status_of(error) if error else 200)


class AccountForm(BaseModel):
    """What an administrator says of an account."""

    role: Role
    person: str = ""
    unit: str = ""
    mail: str = ""
    publications: list[str] = []


class NewAccountForm(AccountForm):
    name: str
    password: str


@router.post("/accounts")
def add(request: Request, who: Administrator, typed: Annotated[NewAccountForm, Form()]) -> Response:
    try:
        account = accounts.add_account(who.office, **dict(typed), who=who.name)
    except BulletinError as error:
        return _accounts(request, who, error)
    return redirect(request, "/accounts", f"已建立账号 {account.name}")


@router.post("/accounts/{name}")
def change(request: Request, who: Administrator, name: str, typed: Annotated[AccountForm, Form()]) -> Response:
    try:
        accounts.change_account(who.office, name, **dict(typed), who=who.name)
    except BulletinError as error:
        return _accounts(request, who, error)
    return redirect(request, "/accounts", f"账号 {name} 已修改")


@router.post("/accounts/{name}/password")
def set_password(request: Request, who: Administrator, name: str, password: Text) -> Response:
    try:
        accounts.set_password(who.office, name, password, who=who.name, keep=who.secret)
    except BulletinError as error:
        return _accounts(request, who, error)
    return redirect(request, "/accounts", f"账号 {name} 的密码已修改")


@router.post("/accounts/{name}/{act}")
def act_on(request: Request, who: Administrator, name: str, act: str) -> Response:
    """Disables, enables or unlocks an account."""
    try:
        if act == "unlock":
            accounts.unlock(who.office, name, who.name)
        else:
            accounts.change_account(who.office, name, disabled=act == "disable", who=who.name)
    except BulletinError as error:
        return _accounts(request, who, error)
    done = {"unlock": "已解锁", "disable": "已停用"}.get(act, "已启用")
    return redirect(request, "/accounts", f"账号 {name} {done}")
