"""A written book opens in Fava: the pages an auditor looks at answer, with our accounts and figures in them."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

import pytest

from books import checker
from books.generation import write_books
from tests.books.sample_books import january


def free_port() -> int:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 0))
        except OSError:
            pytest.skip("no loopback address to listen on")
        return int(probe.getsockname()[1])


def get(url: str) -> tuple[int, str, str]:
    """Status, final address and body; the machine's proxy settings are left aside."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=20) as answer:
        return answer.status, answer.url, answer.read().decode("utf-8")


@pytest.fixture(scope="module")
def fava(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the book in a read-only Fava in a process of its own."""
    pytest.importorskip("fava")
    book = write_books(tmp_path_factory.mktemp("books"), january()).folder / "main.beancount"
    port = free_port()
    command = [sys.executable, "-P", "-m", "fava.cli", "--read-only", "--host", "127.0.0.1", "--port", str(port), str(book)]
    server = subprocess.Popen(command, env=checker.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                yield get(f"http://127.0.0.1:{port}/")[1].rpartition("/income_statement/")[0]
                break
            except URLError:
                if server.poll() is not None or time.monotonic() > until:
                    pytest.fail(f"Fava did not start: {server.communicate()[0] if server.poll() is not None else 'late'}")
                time.sleep(0.2)
    finally:
        server.terminate()
        server.communicate(timeout=20)


def data(fava: str, endpoint: str) -> Any:
    status, _, body = get(f"{fava}/api/{endpoint}")
    assert status == 200
    return json.loads(body)["data"]


@pytest.mark.parametrize("page", ["income_statement/", "balance_sheet/", "journal/", "trial_balance/", "account/Assets:1005国库存款/", "errors/"])
def test_pages_answer(fava: str, page: str) -> None:
    """Income statement, balance sheet, journal, trial balance, an account and the error page are there."""
    status, _, body = get(f"{fava}/{quote(page)}")
    assert status == 200
    assert json.dumps("国库存款")[1:-1] in body


def test_fava_finds_no_error_and_speaks_chinese(fava: str) -> None:
    """Fava's own list of errors is empty, and the book asks for Chinese pages."""
    assert data(fava, "errors") == []
    assert data(fava, "options")["fava_options"]["language"] == "'zh'"


def test_reports_hold_our_accounts(fava: str) -> None:
    """The reports behind the pages name our accounts with their codes, and the account's journal shows its vouchers."""
    statement = json.dumps(data(fava, "income_statement"), ensure_ascii=False)
    assert "Income:4001社会保险费收入:400101个人缴费" in statement
    sheet = json.dumps(data(fava, "balance_sheet"), ensure_ascii=False)
    assert "Assets:1003财政专户存款:100301活期存款" in sheet
    account = json.dumps(data(fava, f"account_report?a={quote('Assets:1005国库存款')}"), ensure_ascii=False)
    assert "记-2026-01-0002" in account
    assert "1230" in account.replace(".", "")


def test_read_only_refuses_writes(fava: str) -> None:
    """Started read-only, Fava refuses to change the source."""
    request = urllib.request.Request(f"{fava}/api/source", data=b"{}", method="PUT", headers={"Content-Type": "application/json"})
    with pytest.raises(URLError):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20)
