"""Why a disk or a network refused, in the learner's words; what the system said stands behind them."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request

from course_snn.language import Label, tr

NETWORK_ERRORS = (OSError, http.client.HTTPException, ValueError)  # urllib's and time-outs are OSErrors
_SYSTEM = {
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is used up"),
    errno.EROFS: ("这个位置是只读的", "this place is read-only"),
    errno.EACCES: ("没有权限", "no permission"),
    errno.EPERM: ("没有权限", "no permission"),
    errno.EIO: ("磁盘读写出错", "the disk reports an error"),
    errno.ENOTDIR: ("应为文件夹的位置上是一个文件", "a file stands where a folder should"),
    errno.EEXIST: ("应为文件夹的位置上是一个文件", "a file stands where a folder should"),
    errno.EISDIR: ("应为文件的位置上是一个文件夹", "a folder stands where a file should"),
    errno.ENAMETOOLONG: ("路径太长", "the path is too long"),
}
_STATUS = {
    403: ("服务器拒绝访问", "the server refuses"),
    404: ("服务器上没有这个文件", "the server has no such file"),
    407: ("代理要求登录", "the proxy asks for a login"),
    511: ("网络要求先登录", "the network asks for a login first"),
}


def system(error: OSError | NotImplementedError) -> Label:
    """Return what the operating system refused: a full disk, no permission, and so on, with its own words.

    Args:
        error: what reading or writing raised.
    """
    own = getattr(error, "strerror", None) or str(error) or type(error).__name__
    zh, en = _SYSTEM.get(getattr(error, "errno", None), ("", ""))
    return tr(f"{zh}（{own}）", f"{en} ({own})") if zh else tr(own, own)


def of_disk(error: Exception) -> bool:
    """Whether an error during a download came from writing here and not from the network.

    Args:
        error: what was raised; urllib hides the number of an error of the network in ``reason``.
    """
    network = (ConnectionError, ssl.SSLError)  # the numbers of SSL are others
    return isinstance(error, OSError) and not isinstance(error, network) and error.errno in _SYSTEM


def network(error: Exception, url: str) -> Label:
    """Return why an address could not be read: certificate, proxy, no such host, no answer, an HTTP status.

    Args:
        error: one of NETWORK_ERRORS.
        url: what was asked for.
    """
    if isinstance(error, urllib.error.HTTPError):
        zh, en = _STATUS.get(error.code, ("服务器答复", "the server answers"))
        return tr(f"{zh}（HTTP {error.code}）", f"{en} (HTTP {error.code})")
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        own = getattr(reason, "verify_message", None) or reason
        return tr(
            f"证书无法验证（{own}）：电脑的日期不对，或者学校、公司的代理换了证书",
            f"its certificate cannot be verified ({own}): the computer's date is wrong, or the "
            "proxy of a school or company puts its own in place",
        )
    if where := _proxy(url):
        own = _own_words(reason)
        return tr(
            f"经过代理 {where.zh} 没有连上（{own.zh}）：代理程序在运行吗？不用代理时，请关掉系统代理，"
            "删去环境变量 HTTP_PROXY、HTTPS_PROXY",
            f"no connection through the proxy {where.en} ({own.en}): is the proxy's program running? Without one, "
            "switch the system's proxy off and unset HTTP_PROXY and HTTPS_PROXY",
        )
    return _own_words(reason)


def _own_words(reason: object) -> Label:
    """The cause without proxy; ``reason`` is an exception, or urllib's text."""
    if isinstance(reason, socket.gaierror):
        return tr("找不到服务器的地址（没有联网？）", "the server's address is not found (no connection?)")
    if isinstance(reason, TimeoutError):
        return tr("没有应答", "no answer in time")
    if isinstance(reason, ConnectionRefusedError):
        return tr("连接被拒绝", "the connection is refused")
    if isinstance(reason, (ConnectionResetError, http.client.RemoteDisconnected)):
        return tr("连接被切断", "the connection is cut")
    if isinstance(reason, ssl.SSLError):
        own = getattr(reason, "reason", None) or reason  # an error that Python raises itself has none
        return tr(f"加密连接失败（{own}）", f"the encrypted connection failed ({own})")
    text = str(reason) or type(reason).__name__
    return tr(text, text)


def _proxy(url: str) -> Label | None:
    """The proxy that an address goes through, without name and password; None without one."""
    parts = urllib.parse.urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme, "")
    if not proxy or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    scheme, _, rest = proxy.rpartition("://")
    host = rest.rpartition("@")[2].strip("/")
    if scheme.startswith("socks"):
        return tr(
            f"{host}（SOCKS，这里用不了，请给 HTTP 端口）",
            f"{host} (SOCKS, which cannot be used here: give its HTTP port)",
        )
    return tr(host, host)
