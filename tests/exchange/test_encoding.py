"""In which encoding a file is written."""

import pytest

from nippo_cli.exchange.encoding import scan
from nippo_cli.exchange.source import SourceRefused

JAPANESE = "顧客,事実\r\n株式会社山田製作所,髙橋様と①号機の話をした\r\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a,b\r\n1,2\r\n", "utf-8"),
        (JAPANESE.encode(), "utf-8"),
        (JAPANESE.encode("utf-8-sig"), "utf-8-sig"),
        (JAPANESE.encode("cp932"), "cp932"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ,ｶﾄｳ\n".encode("cp932"), "cp932"),
        (JAPANESE.encode("utf-16"), "utf-16"),
    ],
)
def test_an_encoding_is_found(tmp_path, content, encoding):
    """A mark decides; else UTF-8 where all of it is that, else CP932 where it reads as Japanese."""
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    assert scan(path).encoding == encoding


@pytest.mark.parametrize(
    "content",
    [
        "Müller,Société Générale,Besançon\n".encode("latin-1") * 20,
        "顧客,事実\n株式会社山田製作所,見積の話をした\n".encode("euc_jp"),
        # UTF-8 that lost a byte reads as CP932 full of rare kanji.
        ("きょうのおはなし" * 30).encode()[1:],
        b"\x80\x81\x82\xff\xfe" * 10,
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, content):
    """Nothing is guessed: the person is asked to name the encoding."""
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(SourceRefused) as refused:
        scan(path)
    assert refused.value.message.key == "exchange.undecidable"
    assert refused.value.hint is not None


@pytest.mark.parametrize("encoding", ["euc_jp", "iso2022_jp", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "content", ["顧客,事実\n株式会社山田製作所,見積の話をした\n", "顧客,事実\r\n甲社,訪問　13:00\r\n"]
)
def test_what_a_file_is_likely_to_be_is_named(tmp_path, encoding, content):
    """Never read as something else, as ISO-2022-JP is UTF-8 to its last byte; and so named, it is read."""
    path = tmp_path / "rows.csv"
    path.write_bytes(content.encode(encoding))
    with pytest.raises(SourceRefused) as refused:
        scan(path)
    assert refused.value.hint is not None
    assert refused.value.hint.params["encoding"] == encoding
    assert path.read_bytes().decode(scan(path, encoding).encoding) == content


def test_english_in_utf_16_without_a_mark_is_not_taken_for_utf_8(tmp_path):
    """All of its bytes are ASCII."""
    path = tmp_path / "rows.csv"
    path.write_bytes("customer,facts\nAcme,visited\n".encode("utf-16-le"))
    with pytest.raises(SourceRefused) as refused:
        scan(path)
    assert (refused.value.message.key, refused.value.message.params["encoding"]) == ("exchange.likely", "utf-16-le")


def test_zeros_that_a_broken_program_left_make_no_utf_16_of_japanese(tmp_path):
    """Every character of it is UTF-8's: the rows with a zero are named, and no encoding is asked for."""
    path = tmp_path / "rows.csv"
    path.write_bytes("案件,顧客,金額\nA\0B,甲\0,100\n".encode())
    assert scan(path).encoding == "utf-8"


def test_bytes_that_are_not_what_was_asked_for_are_refused_with_their_line(tmp_path):
    """The file says CP932 in its third line, where UTF-8 was asked for."""
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a\nb\n" + "見積".encode("cp932") + b"\n")
    with pytest.raises(SourceRefused) as refused:
        scan(path, "utf-8")
    assert refused.value.message.params["line"] == 3


@pytest.mark.parametrize("name", ["Shift_JIS", "sjis", "windows-31j", "CP932"])
def test_shift_jis_is_read_as_windows_writes_it(tmp_path, name):
    """`①` and `髙` are in no strict Shift_JIS."""
    path = tmp_path / "rows.csv"
    path.write_bytes("髙橋①".encode("cp932"))
    assert scan(path, name).encoding == "cp932"


@pytest.mark.parametrize("name", ["utf-9", "hex", "rot13"])
def test_an_unknown_encoding_is_refused(tmp_path, name):
    """A codec that is none of text is as unknown as one that is not there."""
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a")
    with pytest.raises(SourceRefused) as refused:
        scan(path, name)
    assert refused.value.message.key == "exchange.no_encoding"


def test_a_mark_stands_before_what_was_asked_for(tmp_path):
    """A rejects file is UTF-8 with a mark, whatever encoding the map gives for the source."""
    path = tmp_path / "rows.csv"
    path.write_bytes(JAPANESE.encode("utf-8-sig"))
    assert scan(path, "cp932").encoding == "utf-8-sig"


def test_an_empty_file_is_refused(tmp_path):
    """Nothing can be told of nothing."""
    path = tmp_path / "rows.csv"
    path.touch()
    with pytest.raises(SourceRefused) as refused:
        scan(path)
    assert refused.value.message.key == "exchange.empty"


def test_a_bad_line_is_named_however_far_it_stands(tmp_path):
    """Behind the first megabyte, in whose last bytes a character is cut in two."""
    path = tmp_path / "rows.csv"
    lines = 500_000
    path.write_bytes("あ\n".encode() * lines + b"\xff\n")
    with pytest.raises(SourceRefused) as refused:
        scan(path, "utf-8")
    assert refused.value.message.params["line"] == lines + 1
