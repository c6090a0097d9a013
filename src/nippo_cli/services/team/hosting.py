"""`nippo team host`: an administrator sets a team's server up."""

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.carriers.carrier import CarrierError
from nippo_cli.results.team import HostedServer
from nippo_cli.services.team.refusals import unreached
from nippo_cli.services.team.settings import is_server, needs_library, shown_address


def host(
    address: str, *, login: str, new_team: bool = False, distributed: bool = False, dry_run: bool = False
) -> HostedServer:
    """Set a server up, or bring it up to this version; done again, all of it is put right.

    Args:
        address: `postgresql://…`, of somebody who may make roles and schemas.
        login: what all devices log in as.
        new_team: a place for one more team.
        distributed: over machines, by Citus.
        dry_run: all of it is taken back.

    Raises:
        UsageError: the address or the name is none. PlaceUnreachable: the server can't be reached, or refuses.
    """
    if not is_server(address):
        raise UsageError(msg("team.host.no_address", said=address), hint=msg("team.host.no_address.hint"))
    needs_library("psycopg", "postgres")
    from nippo_cli.carriers.hosting import BadLogin, host as set_up

    try:
        done = set_up(address, login=login, new_team=new_team, distributed=distributed, dry_run=dry_run)
    except BadLogin as error:
        raise UsageError(msg("team.host.no_login", said=login), hint=msg("team.host.no_login.hint")) from error
    except CarrierError as error:
        raise unreached(error, address, hint="team.host.hint") from error
    return HostedServer(
        shown_address(address), done.before, done.version, done.address, done.has_password, done.sql, dry_run
    )
