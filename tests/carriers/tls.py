"""What stands before a server and speaks TLS in its place, as managed services and poolers do; it may also hold everything up."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# What a client sends first, to ask for TLS.
ASKS_FOR_TLS = bytes.fromhex("0000000804d2162f")


class Front:
    """It listens on `port`; nothing passes while `passes` is not set, and so many `bytes_a_second` to the server."""

    def __init__(self, port: int, context: ssl.SSLContext | None) -> None:
        self._behind = port
        self._context = context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.passes = Event()
        self.passes.set()
        self.bytes_a_second = 1e9
        self._open: list[socket.socket] = [self._listening]
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._open.append(client)
        with suppress(OSError):
            if self._context is not None:
                assert client.recv(len(ASKS_FOR_TLS)) == ASKS_FOR_TLS
                client.sendall(b"S")
                client = self._context.wrap_socket(client, server_side=True)
                self._open.append(client)
            try:
                server = socket.create_connection(("127.0.0.1", self._behind))
            except OSError:
                # Nobody is behind it: whoever asks is not left to wait.
                client.close()
                raise
            self._open.append(server)
            Thread(target=self._carry, args=(server, client), daemon=True).start()
            self._carry(client, server)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                self.passes.wait()
                target.sendall(content)
                if target.getpeername()[1] == self._behind:
                    sleep(len(content) / self.bytes_a_second)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut everything."""
        self.passes.set()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextmanager
def front(port: int, context: ssl.SSLContext | None = None) -> Iterator[Front]:
    """Stand before a port of this machine's, for as long as the block lasts."""
    made = Front(port, context)
    try:
        yield made
    finally:
        made.close()


def tls_context(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """The context of a server of these names, and the file of the certificate to verify it by: it vouches for itself."""
    key, certificate = make_certificate(names)
    root, secret = folder / "root.crt", folder / "server.key"
    root.write_bytes(certificate)
    secret.write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(root, secret)
    return context, root


def make_certificate(names: tuple[str, ...]) -> tuple[bytes, bytes]:
    """A key and a certificate for some names, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(one) for one in names]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    ).public_bytes(serialization.Encoding.PEM)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()), certificate
