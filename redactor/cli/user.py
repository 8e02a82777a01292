"""``redactor user``: invite people to the web service."""

from __future__ import annotations

from pathlib import Path

import click

from redactor.cli.common import close_at_end, data_option, open_service, use_data


@click.group()
def user() -> None:
    """Accounts of the web service."""


@user.command()
@click.argument("name")
@click.argument("username")
@data_option
def organisation(name: str, username: str, data: Path | None) -> None:
    """Add an organisation (a controller of its own) and print the one-time link of its administrator."""
    service = open_service(data)
    token = service.accounts.add_organisation(name, username.strip().lower())
    click.echo(f"{service.base.settings.base_url}/set-up/{token}")


@user.command()
@click.argument("username")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="May be given more than once.")
@data_option
def add(username: str, name: str, roles: tuple[str, ...], data: Path | None) -> None:
    """Invite somebody: print a one-time link that sets up their password and second factor."""
    from redactor import app
    from redactor.access import AccountRole
    from redactor.errors import BadArguments
    from redactor.settings import load

    use_data(data)
    known = {role.value: role for role in AccountRole}
    if unknown := [role for role in roles if role not in known]:
        raise BadArguments(f"There is no role '{unknown[0]}'.", next_step=f"Choose from {', '.join(known)}.")
    settings = load()
    app.prepare(settings)
    service = close_at_end(app.compose(settings))
    token = service.accounts.invite(service.accounts.system_actor(), username, name, [known[role] for role in roles])
    click.echo(f"{settings.public_url or 'http://127.0.0.1:8000'}/set-up/{token}")
