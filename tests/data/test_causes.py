"""Causes in words: what a disk and a network say, through which proxy, never with a password."""

import errno
import http.client
import os
import socket
import ssl
import urllib.error

import pytest
from together import each_of

from course_snn.data import causes
from course_snn.language import speaking

URL = "https://mirror.example/file.gz"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


NETWORK = [
    (urllib.error.URLError(socket.gaierror(-2, "Name or service not known")), "找不到服务器的地址", "is not found"),
    (TimeoutError("timed out"), "没有应答", "no answer in time"),
    (urllib.error.URLError(ConnectionRefusedError(111, "refused")), "连接被拒绝", "the connection is refused"),
    (ConnectionResetError(104, "reset by peer"), "连接被切断", "the connection is cut"),
    (http.client.RemoteDisconnected("closed"), "连接被切断", "the connection is cut"),
    (urllib.error.URLError(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]")), "加密连接失败", "encrypted connection"),
    (ssl.SSLError(1, "[SSL] record layer failure"), "加密连接失败", "encrypted connection"),  # 1 is EPERM on a disk
    (urllib.error.HTTPError(URL, 403, "", None, None), "服务器拒绝访问（HTTP 403）", "refuses (HTTP 403)"),
    (urllib.error.HTTPError(URL, 511, "", None, None), "网络要求先登录", "a login first (HTTP 511)"),
    (urllib.error.HTTPError(URL, 500, "", None, None), "服务器答复（HTTP 500）", "answers (HTTP 500)"),
    (http.client.IncompleteRead(b"", 5), "IncompleteRead", "IncompleteRead"),
    (ValueError("unknown url type"), "unknown url type", "unknown url type"),
]


@each_of(("error", "zh", "en"), NETWORK)
def test_the_network(error, zh, en):
    cause = causes.network(error, URL)
    assert zh in cause.zh and en in cause.en
    assert not causes.of_disk(error)


@each_of(
    ("proxy", "shown"),
    [
        ("http://127.0.0.1:7890", "the proxy 127.0.0.1:7890 ("),
        ("127.0.0.1:7890/", "the proxy 127.0.0.1:7890 ("),
        ("http://me:secret@proxy.school.edu:8080", "the proxy proxy.school.edu:8080 ("),
        ("socks5://me:secret@127.0.0.1:1080", "127.0.0.1:1080 (SOCKS, which cannot be used here: give its HTTP port)"),
    ],
)
def test_a_proxy_is_named_without_name_and_password(monkeypatch, proxy, shown):
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("https_proxy", proxy)
    cause = causes.network(urllib.error.URLError(ConnectionRefusedError()), URL)
    assert shown in cause.en and "refused" in cause.en and "unset HTTP_PROXY" in cause.en
    assert "secret" not in cause.en + cause.zh
    assert "proxy" not in causes.network(urllib.error.HTTPError(URL, 404, "", None, None), URL).en
    monkeypatch.setenv("no_proxy", "mirror.example")
    assert causes.network(ConnectionRefusedError(), URL).en == "the connection is refused"


@each_of(
    ("number", "zh", "en"),
    [
        (errno.ENOSPC, "磁盘已满", "the disk is full"),
        (errno.EDQUOT, "磁盘配额已用完", "quota"),
        (errno.EROFS, "只读", "read-only"),
        (errno.EACCES, "没有权限", "no permission"),
        (errno.EIO, "磁盘读写出错", "the disk reports an error"),
    ],
)
def test_the_disk(number, zh, en):
    error = OSError(number, os.strerror(number), "/some/where")
    assert zh in causes.system(error).zh and en in causes.system(error).en
    assert os.strerror(number) in causes.system(error).en and causes.of_disk(error)


def test_what_has_no_name_keeps_its_own_words():
    with speaking("en"):
        assert causes.system(OSError(errno.EXDEV, "Cross-device link")) == "Cross-device link"
        assert causes.system(NotImplementedError("no flock")) == "no flock"
        assert causes.system(OSError()) == "OSError"
