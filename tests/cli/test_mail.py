"""A report as a mail: read back by the standard library's parser, sent to a real server of this machine."""

import os
import re
import sys
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from shell import Answer, Shell
from smtp_server import MailServer, make_certificate, serving

from nippo_cli.base.places import find_places
from nippo_cli.schema.schema import MailTerms, SendTerms
from nippo_cli.services.context import Workspace
from nippo_cli.services.pages import mailing

SECRET = "合言葉-secret"


def mail(content: bytes) -> EmailMessage:
    """A mail as a program of mail reads it."""
    read = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(read, EmailMessage)
    return read


def text_of(message: EmailMessage, kind: str) -> str:
    """Its plain text, or its HTML."""
    body = message.get_body((kind,))
    assert body is not None
    return body.get_content()


def with_mail(shell: Shell, said: str) -> None:
    """The schema's `mail:`."""
    text = shell.schema.read_text("utf-8").partition("\nmail:")[0]
    shell.schema.write_text(f"{text}\nmail:\n{said}", encoding="utf-8")


ADDRESSES = "  to: [佐々木 部長 <boss@example.co.jp>, team@example.co.jp]\n  cc: kaigi@example.co.jp\n  from: 佐藤 <sato@example.co.jp>\n"


@pytest.fixture
def lived(kept: Shell) -> Shell:
    """A day with a contact, its impression, and remarks; addresses in the schema."""
    kept.done("add", "案件", "--activity", "電話", "-m", "値段の話", "--impression", "極秘の所感", "--later")
    kept.done("day", "-m", "よい一日")
    with_mail(kept, f"{ADDRESSES}  subject: '{{title}} {{author}} {{day}}'\n")
    return kept


def test_a_draft_says_the_same_twice_and_is_addressed(lived: Shell, tmp_path: Path):
    """Heads in Japanese come back as they were, in ASCII alone; HTML and plain text hold the day; the workbook is attached."""
    lived.done("log", "--on", "today", "--eml", "-o", "日報.eml")
    content = (tmp_path / "日報.eml").read_bytes()
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    read = mail(content)
    assert read["X-Unsent"] == "1"
    assert [(one.display_name, one.addr_spec) for one in read["To"].addresses] == [
        ("佐々木 部長", "boss@example.co.jp"), ("", "team@example.co.jp"),
    ]  # fmt: skip
    assert read["Cc"].addresses[0].addr_spec == "kaigi@example.co.jp"
    assert read["From"].addresses[0].display_name == "佐藤"
    assert read["Subject"] == "日報　2026/11/23(月) 佐藤 2026-11-23"
    plain, html = text_of(read, "plain"), text_of(read, "html")
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    for said in ("値段の話", "話を聞いた", "よい一日", "青葉製作所"):
        assert said in plain
        assert said in shown
    # Whatever words the plain text has, the page has.
    assert set(re.findall(r"\w+", plain)) <= set(re.findall(r"\w+", shown))
    (book,) = read.iter_attachments()
    assert book.get_filename() == "日報.xlsx"
    facts = [c.value for row in load_workbook(BytesIO(book.get_content())).active.iter_rows() for c in row]
    assert "値段の話" in facts


def test_the_same_mail_is_the_same_bytes(lived: Shell, tmp_path: Path):
    """Nothing in it comes by chance."""
    book = ("log", "--on", "today", "--eml", "--form", str(form(tmp_path)), "-o")
    lived.done(*book, "a.eml")
    lived.done(*book, "b.eml")
    assert (tmp_path / "a.eml").read_bytes() == (tmp_path / "b.eml").read_bytes()


@pytest.mark.parametrize(
    "argv", [("gap",), ("landing",), ("deal", "show", "2"), ("log",), ("log", "--week"), ("lessons",)]
)
def test_any_answer_may_be_a_mail(lived: Shell, tmp_path: Path, argv: tuple[str, ...]):
    """By the file's ending."""
    lived.done(*argv, "-o", "x.eml")
    read = mail((tmp_path / "x.eml").read_bytes())
    assert read["Subject"]
    assert text_of(read, "plain").strip()
    assert len(list(read.iter_attachments())) == 1


def test_what_stays_among_us_is_in_no_part(lived: Shell, tmp_path: Path):
    """Not in the texts, not in the workbook, unless it is asked for."""
    for argv in (("log", "--on", "today"), ("log",), ("deal", "show", "2")):
        lived.done(*argv, "-o", "x.eml")
        read = mail((tmp_path / "x.eml").read_bytes())
        (book,) = read.iter_attachments()
        cells = [
            c.value for sheet in load_workbook(BytesIO(book.get_content())) for row in sheet.iter_rows() for c in row
        ]
        assert "極秘" not in f"{text_of(read, 'plain')}{text_of(read, 'html')}{cells}"
    lived.done("log", "--on", "today", "-o", "x.eml", "--with", "impressions")
    assert "極秘の所感" in text_of(mail((tmp_path / "x.eml").read_bytes()), "plain")


def test_the_page_for_the_meeting_goes_as_a_mail(lived: Shell, tmp_path: Path, certificate: Path):
    """The page is attached, as it is written to a file; sent, it says to whom."""
    lived.done("report", "-o", "monday.html")
    lived.done("report", "--eml", "-o", "monday.eml")
    read = mail((tmp_path / "monday.eml").read_bytes())
    (page,) = read.iter_attachments()
    assert (page.get_filename(), page.get_content_type()) == ("monday.html", "text/html")
    assert page.get_payload(decode=True) == (tmp_path / "monday.html").read_bytes()
    plain, html = text_of(read, "plain"), text_of(read, "html")
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    assert set(re.findall(r"\w+", plain)) <= set(re.findall(r"\w+", shown))
    # What opens on a press lies open in a program of mail, and a link within the page leads nowhere there.
    assert not re.search(r'<details|<svg|<a |class="called"', html)
    assert len(html) < 102_000
    with serving(certificate, password=SECRET) as server:
        by_server(lived, server.port)
        assert lived.done("report", "--send", "--json").json["attachments"][0].endswith(".html")
    assert "極秘" not in text_of(sent(server), "plain")


def form(folder: Path) -> Path:
    """A form with one mark."""
    book = Workbook()
    book.active["A1"] = "{{活動.事実}}"
    book.save(folder / "週報.xlsx")
    return folder / "週報.xlsx"


def test_the_companys_form_goes_with_it(lived: Shell, tmp_path: Path):
    """Filled, under its own name; a draft needs no addresses."""
    with_mail(lived, "  subject: 週報\n")
    lived.done("log", "--week", "--form", str(form(tmp_path)), "--eml", "-o", "out.eml")
    read = mail((tmp_path / "out.eml").read_bytes())
    assert (read["To"], read["Subject"]) == (None, "週報")
    (attached,) = read.iter_attachments()
    assert attached.get_filename() == "週報.xlsx"
    assert load_workbook(BytesIO(attached.get_content())).active["A1"].value == "話を聞いた"


def test_no_head_can_be_slipped_in(lived: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A name with line ends stays within the subject."""
    with_mail(lived, "  subject: '{author}'\n")
    lived.done("day", "-m", "x", "--by", "悪\r\nBcc: spy@example.com")
    monkeypatch.setenv("NIPPO_MAIL_FROM", "a@example.com")
    lived.done("log", "--on", "today", "--eml", "-o", "x.eml", "--by", "悪\r\nBcc: spy@example.com")
    read = mail((tmp_path / "x.eml").read_bytes())
    assert read["Bcc"] is None
    assert read["From"] == "a@example.com"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's, which this machine trusts."""
    made = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    return made


def by_server(
    shell: Shell, port: int, *, security: str = "starttls", password: str = SECRET, agree: bool = True
) -> None:
    """The schema's `send:`; the password comes of a command, to which the person has agreed."""
    says = shell.journal.parent / "says.py"
    says.write_text(f"import sys\nsys.stdout.buffer.write({password!r}.encode() + b'\\n')\n", encoding="utf-8")
    command = f'"{sys.executable}" "{says}"'
    with_mail(
        shell,
        f"{ADDRESSES}  send: {{server: 127.0.0.1, port: {port}, security: {security}, user: sato, password: '{command}'}}\n",
    )
    if agree:
        terms = MailTerms(send=SendTerms("127.0.0.1", port, password=command, user="sato"))
        mailing.trust(_workspace(shell), terms)


def _workspace(shell: Shell) -> Workspace:
    places = find_places(journal=str(shell.journal), schema=None, env=os.environ, cwd=Path.cwd())
    return Workspace(places=places, now=datetime.now(UTC))


def sent(server: MailServer) -> EmailMessage:
    """The one mail that a server has."""
    ((_, _, text, _, _),) = server.mails
    return mail(text)


@pytest.mark.parametrize(("security", "password"), [("starttls", SECRET), ("tls", "plain ascii")])
def test_it_is_sent_where_that_is_asked_for(lived: Shell, certificate: Path, security: str, password: str):
    """To each address once, in secret, by who logged in; the answer says to whom. It is no draft any more, and none is left."""
    with serving(certificate, password=password, tls=security) as server:
        by_server(lived, server.port, security=security, password=password)
        answer = lived.done("log", "--on", "today", "--send", "--json")
        ((sender, to, _, user, secret),) = server.mails
    assert "sato@example.co.jp" in sender
    assert [re.findall(r"<(.*?)>", one)[0] for one in to] == [
        "boss@example.co.jp", "team@example.co.jp", "kaigi@example.co.jp",
    ]  # fmt: skip
    assert (user, secret) == ("sato", True)
    read = sent(server)
    (book,) = read.iter_attachments()
    assert book.get_filename() == "日報　2026-11-23(月).xlsx"
    assert read["X-Unsent"] is None
    assert read["Message-ID"].endswith("@example.co.jp>")
    assert "値段の話" in text_of(read, "plain")
    assert answer.json["to"] == ["佐々木 部長 <boss@example.co.jp>", "team@example.co.jp"]
    assert answer.json["cc"] == ["kaigi@example.co.jp"]
    assert answer.json["draft"] is None
    assert answer.err.count("\n") == len(set(answer.err.splitlines()))
    assert drafts(lived) == []
    assert password not in answer.out + answer.err


def test_what_a_team_did_is_sent_too_and_one_entry_is_not(lived: Shell, certificate: Path):
    """Whatever `--send` stands beside, it sends or says that it doesn't."""
    with serving(certificate, password=SECRET) as server:
        by_server(lived, server.port)
        lived.done("log", "--team", "--send")
        assert "値段の話" in text_of(sent(server), "plain")
        answer = lived("log", "2", "--send")
        assert answer.code == 2
        assert "--send で送れるのは" in answer.err
        assert len(server.mails) == 1


def drafts(shell: Shell) -> list[Path]:
    """The mails in the state folder."""
    return sorted((_workspace(shell).places.state / "mails").glob("*.eml"))


def refused(shell: Shell, *argv: str) -> Answer:
    """A mail that can't be sent: an error in words, the draft kept."""
    answer = shell("log", "--on", "today", "--send", *argv)
    assert answer.code == 1
    assert SECRET not in answer.out + answer.err
    return answer


def test_what_keeps_it_from_being_sent_is_said_and_the_draft_is_kept(lived: Shell, certificate: Path, tmp_path: Path):
    """A wrong password, no encryption, no server, addresses that nobody has."""
    with serving(certificate, password="another") as server:
        by_server(lived, server.port)
        assert "パスワードが違うか、許可されていません（535" in refused(lived).err
    (kept_draft,) = drafts(lived)
    assert mail(kept_draft.read_bytes())["X-Unsent"] == "1"
    assert "つながりません" in refused(lived, "-o", "mine.eml").err
    assert mail((tmp_path / "mine.eml").read_bytes())["To"] is not None
    with serving(certificate, tls="") as server:
        by_server(lived, server.port)
        assert "STARTTLS" in refused(lived).err
        assert "AUTH" not in server.lines
        assert server.mails == []
    with serving(certificate, log_in="SIZE") as server:
        by_server(lived, server.port)
        assert "127.0.0.1:" in (said := refused(lived).err)
        assert "断りました（AUTH" in said
        assert server.mails == []
    with serving(certificate, password=SECRET, unknown="example.co.jp>") as server:
        by_server(lived, server.port)
        assert "boss@example.co.jp" in refused(lived).err


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_computer_with_a_japanese_name_sends(
    lived: Shell, certificate: Path, monkeypatch: pytest.MonkeyPatch, security: str
):
    """Windows lets one call it so; a server reads ASCII alone."""
    monkeypatch.setattr("socket.gethostname", lambda: "西村のパソコン")
    monkeypatch.setattr("socket.getfqdn", lambda name="": "西村のパソコン.example.jp")
    with serving(certificate, password=SECRET, tls=security) as server:
        by_server(lived, server.port, security=security)
        lived.done("log", "--on", "today", "--send")
    assert len(server.mails) == 1


def test_some_that_the_server_refuses_are_named(lived: Shell, certificate: Path):
    """The others have it."""
    with serving(certificate, password=SECRET, unknown="team@") as server:
        by_server(lived, server.port)
        assert lived.done("log", "--on", "today", "--send", "--json").json["refused"] == ["team@example.co.jp"]


def test_a_server_that_nobody_vouches_for_gets_nothing(lived: Shell, tmp_path: Path):
    """Neither the mail nor the password."""
    with serving(make_certificate(tmp_path), password=SECRET) as server:
        by_server(lived, server.port)
        assert "証明書" in refused(lived).err
        assert server.mails == []
        assert "AUTH" not in server.lines


def test_nothing_is_sent_and_no_command_run_unless_asked(lived: Shell, certificate: Path, tmp_path: Path):
    """A draft alone speaks to no server; a command that came with the schema is run only once a person has agreed to it here."""
    with serving(certificate, password=SECRET) as server:
        by_server(lived, server.port, agree=False)
        lived.done("log", "--on", "today", "--eml", "-o", "x.eml")
        answer = lived("log", "--on", "today", "--send")
        assert answer.code == 2
        assert "許可" in answer.err
        assert server.lines == []
    assert drafts(lived) == []


@pytest.mark.parametrize("changed", [("user: sato", "user: spy"), ("127.0.0.1", "localhost")])
def test_another_server_is_not_told_the_password_that_one_was(
    lived: Shell, certificate: Path, changed: tuple[str, str]
):
    """Who agreed to a command agreed to where its password goes: a schema that names another server asks anew."""
    with serving(certificate, password=SECRET) as server:
        by_server(lived, server.port)
        lived.schema.write_text(lived.schema.read_text("utf-8").replace(*changed), encoding="utf-8")
        answer = lived("log", "--on", "today", "--send")
        assert answer.code == 2
        assert "許可" in answer.err
        assert server.lines == []


@pytest.mark.parametrize("said", ["西村", "Kato, Jiro <a@example.jp>"])
def test_a_sender_that_is_no_address_sends_nothing(
    lived: Shell, certificate: Path, monkeypatch: pytest.MonkeyPatch, said: str
):
    """The environment's is not checked by the schema."""
    monkeypatch.setenv("NIPPO_MAIL_FROM", said)
    with serving(certificate, password=SECRET) as server:
        by_server(lived, server.port)
        answer = lived("log", "--on", "today", "--send")
        assert answer.code == 2
        assert "NIPPO_MAIL_FROM" in answer.err
        assert server.lines == []


def test_what_mail_lacks_is_named(lived: Shell):
    """Before anything is drawn or written."""
    with_mail(lived, "  to: boss@example.co.jp\n")
    answer = lived("log", "--on", "today", "--send")
    assert answer.code == 2
    assert "send, from" in answer.err
    assert lived("log", "--send", "--since", "7d").code == 2
    assert lived("log", "--send", "3").code == 2
    assert lived("log", "--on", "today", "--send", "-o", "x.txt").code == 2
    # A mail under the name of a workbook opens nowhere.
    assert lived("log", "--on", "today", "--eml", "-o", "x.xlsx").code == 2
    assert lived("log", "--on", "today", "--eml", "--format", "csv").code == 2


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("  to: 部長", "mail.to"),
        ("  to: a@b@c", "mail.to"),
        ("  subject: '{price}'", "mail.subject"),
        ("  from: 'a <a@b>, c@d'", "mail.from"),
    ],
)
def test_the_schemas_check_reads_it(lived: Shell, said: str, where: str):
    """An address is one that servers take; a subject holds what is known."""
    with_mail(lived, f"{said}\n")
    checked = lived("schema", "check", "--json")
    assert checked.code == 3
    assert [one["field"].startswith(where) for one in checked.json["problems"]] == [True]
