"""What a sync keeps up in a member's own journal: `schema.yaml` follows the team's, and the log says whose the device is."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import msg
from nippo_cli.base.files import replace_file
from nippo_cli.services.context import STAMP, Workspace, free_beside, is_blank, put_text, sha256, stamp

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer


def adopted_sha256(workspace: Workspace) -> str:
    """The SHA-256 of the `schema.yaml` in force."""
    from nippo_cli.journal.read import reading

    with reading(workspace.places.journal_db) as reader:
        return reader.adopted()[0]


def follow_schema(workspace: Workspace, before: str | None) -> None:
    """Put the schema in force into `schema.yaml`, unless that says it already: or the next write here would take the older one
    for a change, and put it over the team's. A member's own change that is not adopted yet is set aside, and told.

    Args:
        before: the SHA-256 of what was in force before the sync; None where somebody comes back to the team, for whom all else that the
            file says is their own.

    Raises:
        OSError: the file can't be written.
    """
    from nippo_cli.journal.read import reading
    from nippo_cli.journal.write import writing

    path = workspace.places.schema
    with reading(workspace.places.journal_db) as reader:
        (after, _), text, known = reader.adopted(), reader.adopted_text(), reader.meta(STAMP)
    stamped = stamp(path)
    if not stamped or is_blank(path):
        return
    try:
        content = path.read_bytes()
    except OSError:
        # What can't be read changes nothing; whoever writes is told.
        return
    if sha256(content) == after:
        return
    if content != text.encode():
        # As it was when it was last adopted here, or when this sync began.
        untouched = before is not None and (stamped == known or sha256(content) == before)
        if not untouched and before == after:
            return
        if not untouched:
            _keep_beside(workspace, "team.schema_aside" if before is not None else "team.schema_of_ones_own")
        put_text(path, text)
    if stamp(path) != known:
        with writing(workspace.places.journal_db, author="", now=workspace.now) as writer:
            writer.set_meta(STAMP, stamp(path))


def _keep_beside(workspace: Workspace, key: str) -> None:
    """Keep a changed `schema.yaml` under another name beside it, and tell by the message of this key."""
    path = workspace.places.schema
    set_aside = free_beside(path, workspace.now)
    replace_file(set_aside, path.read_bytes())
    workspace.notices[:] = [notice for notice in workspace.notices if notice.key != "desk.schema_changed"]
    workspace.notices.append(msg(key, path=str(path), aside=str(set_aside)))


def say_member(writer: "Writer", name: str, role: str, device: str) -> None:
    """Write down whose a device of the team is."""
    writer.append("member", {"do": "begin", "name": name, "role": role, "device": device}, on=writer.today)


def keep_member(workspace: Workspace) -> None:
    """Say whose this device is, where the log doesn't: a journal that was restored goes on as another device."""
    from nippo_cli.journal.log import bare_slot
    from nippo_cli.journal.read import reading
    from nippo_cli.journal.union import opened
    from nippo_cli.journal.write import writing

    path = workspace.places.journal_db
    with opened(path) as cx:
        own = bare_slot(cx)
    with reading(path) as reader:
        members, name = reader.device_members(), reader.meta("author") or workspace.author or workspace.machine_user
    if any(one.slot == own for one in members):
        return
    role = next((one.role for one in reversed(members) if one.name == name), "member")
    with writing(
        path, author=name, now=workspace.now, tell=workspace.notices.append, machine=workspace.device_note
    ) as writer:
        say_member(writer, name, role, writer.device_name)


def erase_own_rows(workspace: Workspace) -> None:
    """Erase what this device imported of rows that a colleague erased without knowing of it."""
    from nippo_cli.journal.log import bare_slot, erased_elsewhere
    from nippo_cli.journal.union import opened
    from nippo_cli.journal.write import writing

    path = workspace.places.journal_db
    with opened(path) as cx:
        rows = erased_elsewhere(cx, bare_slot(cx))
    if not rows:
        return
    author = workspace.author or workspace.machine_user
    with writing(
        path, author=author, now=workspace.now, tell=workspace.notices.append, machine=workspace.device_note
    ) as writer:
        writer.author = workspace.author or writer.meta("author") or author
        for record, why in dict(rows).items():
            if writer.record(record).body is not None:
                writer.redact(record, why)
