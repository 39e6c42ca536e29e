import socket
from contextlib import closing
from http.client import HTTPConnection

import pytest

from amazing_assets.delivery.report.printing.index import name_of
from amazing_assets.runs.reports import reports_served

HERE, WEB_UI = "127.0.0.1", "http://127.0.0.1:3000"


@pytest.fixture
def port(tmp_path):
    """A port at which one report is served."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        number = free.getsockname()[1]
    reports = tmp_path / "reports"
    (reports / "2019-11").mkdir(parents=True)
    (reports / "2019-11" / name_of("2019-11", "fr", "html")).write_text("<h1>Novembre</h1>")
    (reports / ".2019-11.draft").mkdir()
    (reports / ".2019-11.draft" / "page.html").write_text("not yet")
    (tmp_path / "pseudonym.key").write_text("secret")
    with reports_served(reports, HERE, number, WEB_UI) as is_served:
        assert is_served
        yield number


def get(port, path, host=None, **headers):
    with closing(HTTPConnection(HERE, port, timeout=10)) as connection:
        asked = {"Host": host or f"{HERE}:{port}", "Accept-Language": "fr", **headers}
        connection.request("GET", path, headers=asked)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location"), answer.read().decode()


def test_from_the_page_of_all_reports_one_gets_to_the_latest_and_back_to_the_web_ui(port):
    status, _, page = get(port, "/")
    assert status == 200
    assert 'href="latest"' in page
    assert f'href="{WEB_UI}"' in page
    status, there, _ = get(port, "/latest")
    assert (status, there) == (302, "/2019-11/segments-2019-11-fr.html")
    assert get(port, there)[::2] == (200, "<h1>Novembre</h1>")


@pytest.mark.parametrize(
    "path",
    [
        "/2019-11/",
        "/2019-11",
        "/.2019-11.draft/page.html",
        "/../pseudonym.key",
        "/%2e%2e/pseudonym.key",
        "/2019-12/segments-2019-12-fr.html",
    ],
)
def test_nothing_is_shown_but_files_of_reports(port, path):
    status, _, page = get(port, path)
    assert status == 404
    assert "secret" not in page
    assert "not yet" not in page


@pytest.mark.parametrize("path", ["/", "/2019-11/segments-2019-11-fr.html"])
def test_a_page_of_elsewhere_cannot_read_them_under_its_own_name(port, path):
    assert get(port, path, host="example.com")[0] == 404
    assert get(port, path, host=f"localhost:{port}")[0] == 200


def test_there_is_no_latest_in_a_language_that_has_none(port):
    assert get(port, "/latest", **{"Accept-Language": "en"})[0] == 404


def test_a_port_that_is_taken_is_told_and_nothing_is_served(port, tmp_path):
    with reports_served(tmp_path, HERE, port, WEB_UI) as is_served:
        assert not is_served
