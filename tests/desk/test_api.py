"""The same work for scripts: tokens, what each may do, the description, health and metrics."""

import io

import pytest
import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from bulletin.errors import NotFoundError
from bulletin.model import Series
from services import accounts
from services.issuing import sign_issue
from services.publish import assemble
from services.requests import CompileRequest
from services.typesetting import print_draft
from tests.desk.conftest import PATIENCE, Desk
from tests.desk.samples import fill, story


class Script:
    """A program that speaks for an account."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.address = desk.address
        secret = accounts.make_token(desk.office, name, "周报脚本", name)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str) -> requests.Response:
        return requests.get(self.address + path, headers=self.headers, timeout=PATIENCE)

    def send(self, **files: bytes) -> requests.Response:
        parts = [("files", (f"{name}.txt", content)) for name, content in files.items()]
        return requests.post(f"{self.address}/api/submissions", files=parts, headers=self.headers, timeout=PATIENCE)


def test_a_script_submits_and_learns_the_fate(desk_server: Desk) -> None:
    script = Script(desk_server, "contributor")
    (told,) = script.send(宣讲=story().encode()).json()
    assert (told["name"], told["state"], told["known"]) == ("宣讲.txt", "已读取", False)
    assert told["pieces"][0]["title"] == "临川市扎实推进基层宣讲工作"
    assert told["pieces"][0]["article"] == ""
    (again,) = script.send(宣讲=story().encode()).json()
    assert again["known"] is True
    assert [one["sha256"] for one in script.get("/api/submissions").json()] == [told["sha256"]]


def test_a_script_lists_and_reads_articles(desk_server: Desk) -> None:
    fill(desk_server.office, 90)
    script = Script(desk_server, "editor")
    page = script.get("/api/articles?page=3&sort=title&ascending=true").json()
    assert (page["total"], page["pages"], len(page["articles"])) == (90, 3, 10)
    (found,) = script.get("/api/articles?words=第77批学习").json()["articles"]
    whole = script.get(f"/api/articles/{found['id']}").json()
    assert whole["figures"] == found["figures"]
    assert whole["title"] == found["title"]
    assert whole["blocks"][0]["type"] == "paragraph"


def test_an_issue_comes_back_as_the_bytes_that_were_signed(desk_server: Desk) -> None:
    fill(desk_server.office, 4)
    draft = assemble(desk_server.office, CompileRequest())
    print_draft(desk_server.office, draft.issue_id)
    signed = sign_issue(desk_server.office, draft.number, Series.REGULAR, "签发甲")
    script = Script(desk_server, "editor")
    answer = script.get(f"/api/issues/{draft.number}.docx")
    assert answer.content == desk_server.office.store.files.get(signed["sha256"])
    assert io.BytesIO(answer.content).read(2) == b"PK"
    assert [issue["number"] for issue in script.get("/api/issues").json()] == [draft.number]
    missing = script.get("/api/issues/99999.docx")
    assert missing.status_code == 404
    assert missing.json()["message"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer bulletin_x"])
def test_without_a_good_token_nothing_is_told(desk_server: Desk, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{desk_server.address}/api/articles", headers=headers, timeout=PATIENCE)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not-signed-in"


def test_a_token_may_do_what_its_account_may_and_ends_with_it(desk_server: Desk) -> None:
    contributor, editor = Script(desk_server, "contributor"), Script(desk_server, "editor")
    assert contributor.get("/api/articles").status_code == 403
    assert contributor.get("/api/issues").status_code == 403
    assert requests.get(f"{desk_server.address}/pool", headers=editor.headers, timeout=PATIENCE).url.endswith(
        "next=/pool"
    )
    (token,) = accounts.list_tokens(desk_server.office, "editor")
    with pytest.raises(NotFoundError):
        accounts.revoke_token(desk_server.office, token.id, "contributor")
    accounts.revoke_token(desk_server.office, token.id, "editor")
    assert editor.get("/api/articles").status_code == 401
    accounts.change_account(desk_server.office, "contributor", disabled=True)
    assert contributor.get("/api/submissions").status_code == 401


def test_the_description_is_chinese_and_has_only_the_api(desk_server: Desk) -> None:
    described = Script(desk_server, "contributor").get("/api/openapi.json").json()
    assert set(described["paths"]) >= {"/api/submissions", "/api/articles", "/api/issues", "/api/issues/{number}.docx"}
    assert all(path.startswith("/api/") for path in described["paths"])
    for methods in described["paths"].values():
        for act in methods.values():
            assert not act["summary"].isascii()
            assert all(not parameter["description"].isascii() for parameter in act.get("parameters", ()))


def test_health_and_metrics_need_no_account_and_tell_no_names(desk_server: Desk) -> None:
    fill(desk_server.office, 7)
    health = requests.get(f"{desk_server.address}/health", timeout=PATIENCE)
    assert (health.status_code, health.json()["status"]) == (200, "ok")
    metrics = requests.get(f"{desk_server.address}/metrics", timeout=PATIENCE)
    assert metrics.headers["content-type"].startswith("application/openmetrics-text")
    families = {family.name: family for family in text_string_to_metric_families(metrics.text)}
    new = [s.value for s in families["bulletin_articles"].samples if s.labels["state"] == "new"]
    assert new == [7.0]
    assert {"bulletin_submissions", "bulletin_issues"} <= set(families)
    assert "临川" not in metrics.text
