"""A mail server of this machine, as far as a mail is handed to it: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA."""

import base64
import datetime as dt
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file, by which the server is known to whoever trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class MailServer(socketserver.ThreadingTCPServer):
    """What came in, in `mails`: the sender, the receivers, the text, who had logged in, and whether nobody could read along."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, certificate: Path, *, password: str, tls: str, unknown: str, log_in: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificate)
        self.password, self.tls, self.unknown, self.log_in = password, tls, unknown, log_in
        self.mails: list[tuple[str, list[str], bytes, str, bool]] = []
        self.lines: list[str] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that breaks off is no error of the server's."""


class _Talk(socketserver.BaseRequestHandler):
    """One connection."""

    server: MailServer

    def handle(self) -> None:
        """Answer line by line until the client leaves."""
        self.secret = self.server.tls == "tls"
        self.channel = self.request
        if self.secret:
            self.channel = self.server.context.wrap_socket(self.request, server_side=True)
        self.file = self.channel.makefile("rb")
        self.user, self.sender, self.to = "", "", list[str]()
        self.say("220 test")
        while line := self.file.readline().decode().rstrip("\r\n"):
            self.server.lines.append(line.partition(" ")[0].upper())
            if not self.answer(line):
                break
        self.file.close()
        self.channel.close()

    def say(self, line: str) -> None:
        """One line to the client."""
        self.channel.sendall(f"{line}\r\n".encode())

    def answer(self, line: str) -> bool:
        """Answer a command; False ends the talk."""
        word, _, rest = line.partition(" ")
        match word.upper():
            case "EHLO":
                more = self.server.log_in if self.secret else "STARTTLS" if self.server.tls == "starttls" else "SIZE"
                self.say("250-test")
                self.say(f"250 {more}")
            case "STARTTLS" if self.server.tls == "starttls":
                self.say("220 go on")
                self.channel = self.server.context.wrap_socket(self.channel, server_side=True)
                self.file, self.secret = self.channel.makefile("rb"), True
            case "AUTH":
                _, user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
                self.user = user if password == self.server.password else ""
                self.say("235 welcome" if self.user else "535 no")
            case "MAIL":
                self.sender = rest
                self.say("250 ok")
            case "RCPT":
                self.to.append(rest)
                self.say("550 nobody" if self.server.unknown and self.server.unknown in rest else "250 ok")
            case "DATA":
                self.say("354 go on")
                text = b"".join(iter(self.file.readline, b".\r\n"))
                self.server.mails.append((self.sender, self.to, text, self.user, self.secret))
                self.say("250 taken")
            case "QUIT":
                self.say("221 bye")
                return False
            case _:
                self.say("250 ok")
        return True


@contextmanager
def serving(
    certificate: Path, *, password: str = "", tls: str = "starttls", unknown: str = "", log_in: str = "AUTH PLAIN"
) -> Iterator[MailServer]:
    """A server for as long as the block lasts.

    Args:
        tls: `starttls`, `tls`, or empty for one that knows neither.
        unknown: an address that it has nobody for.
        log_in: how one logs in, as it says so.
    """
    server = MailServer(certificate, password=password, tls=tls, unknown=unknown, log_in=log_in)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
