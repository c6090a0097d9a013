"""What a member follows, with how it stands."""

from nippo_cli.results.news import FollowList, FollowRow
from nippo_cli.services.context import Workspace, me_of, reading


def followed(workspace: Workspace) -> FollowList:
    """The deals and customers that whoever looks follows, in the order in which they began to."""
    with reading(workspace) as (reader, as_of):
        me = me_of(workspace, reader)
        follows = reader.follows_of(as_of, me.name)
        heads = {
            head.id: head for head in reader.heads(as_of, ids=[one.deal for one in follows if one.deal is not None])
        }
        rows = [FollowRow(one, heads.get(one.deal or 0), one.customer) for one in follows]
        return FollowList(as_of.on, reader.schema(as_of), me.name, [one for one in rows if one.customer or one.deal])
