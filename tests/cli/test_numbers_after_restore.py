"""Numbers that were printed before a restore find their records after it, though the journal writes as a new device."""

from shell import Shell


def test_old_numbers_keep_answering(nippo: Shell):
    """An entry, a deal, a comment and a day by the numbers of before; new ones bear the new device's name; a number of what
    the copy has not is refused."""
    entry = nippo.deal("A機")
    deal = nippo.done("deal", "show", "A機", "--json").json["id"]
    copy = nippo.done("backup", "--json").json["path"]
    later = str(nippo.done("add", "A機", "--activity", "社内", "-m", "控えの後", "--json").json["entry"]["id"])
    device = nippo.done("restore", copy, "--json").json["device"]
    new = nippo.done("add", "A機", "--activity", "社内", "-m", "戻した後", "--json").json["entry"]["id"]
    assert new.startswith(f"{device}-")
    assert nippo.done("show", entry, "--json").json["values"]["facts"] == "話を聞いた"
    assert nippo.done("deal", "show", deal, "--json").json["name"] == "A機"
    assert nippo.done("edit", entry, "-m", "直した", "--json").json["entry"]["id"] == entry
    assert nippo.done("comment", entry, "-m", "見ました").code == 0
    assert nippo.done("show", new, "--json").json["values"]["facts"] == "戻した後"
    refused = nippo("show", later)
    assert (refused.code, later in refused.err) == (4, True)


def test_a_number_from_after_the_backup_is_told_where_it_is(nippo: Shell):
    """By every command that takes an entry's number, with the command that reads it there; one that nobody ever gave is not."""
    nippo.deal("A機")
    copy = nippo.done("backup", "--json").json["path"]
    later = str(nippo.done("add", "A機", "--activity", "社内", "-m", "控えの後", "--json").json["entry"]["id"])
    nippo.done("restore", copy)
    (kept,) = nippo.journal.glob("journal.2*.db")
    for argv in (("show", later), ("edit", later, "-m", "直す"), ("comment", later, "-m", "見ました"),
                 ("redact", later, "--why", "誤記"), ("add", "A機", "--like", later, "-m", "x")):  # fmt: skip
        refused = nippo(*argv)
        assert (refused.code, kept.name in refused.err) == (4, True), (argv, refused)
    (told,) = [line for line in nippo("show", later).err.splitlines() if kept.name in line]
    assert told.endswith(f"nippo --journal {kept} show {later}")
    assert nippo.bare("--journal", str(kept), "show", later, "--json").json["values"]["facts"] == "控えの後"
    assert kept.name not in nippo("show", later[:-1] + "99").err
    kept.write_bytes(b"torn")
    assert kept.name not in nippo("show", later).err


def test_a_deal_from_after_the_backup_is_told_where_it_is(nippo: Shell):
    """By what reads, what writes and what is a dry run; an entry's number in a deal's place by how an entry is read."""
    nippo.deal("A機")
    copy = nippo.done("backup", "--json").json["path"]
    later = nippo.deal("B機")
    deal = str(nippo.done("deal", "show", "B機", "--json").json["id"])
    nippo.done("restore", copy)
    (kept,) = nippo.journal.glob("journal.2*.db")
    for argv in (("deal", "show", deal), ("deal", "timeline", deal), ("deal", "hold", deal, "--until", "+7d", "--why", "予算待ち"),
                 ("add", deal, "--activity", "社内", "-m", "x"), ("deal", "rename", deal, "C機", "--dry-run")):  # fmt: skip
        refused = nippo(*argv)
        told = refused.err.partition(str(kept.name))[2]
        assert (refused.code, f"nippo --journal {kept} deal show {deal}" in told) == (4, True), (argv, refused)
    assert nippo.bare("--journal", str(kept), "deal", "show", deal, "--json").json["name"] == "B機"
    assert f"nippo --journal {kept} show {later}" in nippo("deal", "show", later).err
    assert f"nippo --journal {kept} deal show {deal}" in nippo("show", deal).err
    assert kept.name not in nippo("deal", "show", f"{deal}99").err
    assert kept.name not in nippo("deal", "show", "B機").err
