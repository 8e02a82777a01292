"""Accounts of the organisation, for its administrators."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from redactor.access import AccountRole, Permission
from redactor.errors import BadArguments
from redactor.web import words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


def absolute(path: str) -> str:
    """Return a link as it is handed to somebody: with the service's address."""
    base = str(current_app.config["PUBLIC_URL"] or request.host_url)
    return base.rstrip("/") + path


def _roles(form: Form) -> set[AccountRole]:
    chosen = set(form.many("roles"))
    if not chosen or chosen - {role.value for role in words.ROLES}:
        form.errors["roles"] = "Choose at least one role"
        return set()
    return {AccountRole(value) for value in chosen}


@blueprint.route("")
@needs(Permission.ACCOUNTS_MANAGE)
def index() -> str:
    """List the accounts."""
    return render_template("accounts.html", accounts=service().accounts.list(actor()))


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.ACCOUNTS_MANAGE)
def new() -> str:
    """Invite somebody."""
    form = Form()
    if form.sent:
        username = form.require("username", "Enter a user name, for example an e-mail address")
        name = form.require("name", "Enter the person's name")
        roles = _roles(form)
        if form.good:
            with form.trying("username"):
                token = service().accounts.invite(actor(), username, name, roles)
                return _link(name, token)
    return render_template("account_new.html", form=form)


def _link(name: str, token: str) -> str:
    link = absolute(url_for("auth.set_up", token=token))
    return render_template("account_link.html", name=name, link=link)


@blueprint.route("/<account>", methods=["GET", "POST"])
@needs(Permission.ACCOUNTS_MANAGE)
def edit(account: str) -> str | Response:
    """Change roles, close or open an account, or send a new link."""
    accounts = service().accounts
    view = next((known for known in accounts.list(actor()) if known.id == account), None)
    if view is None:
        raise BadArguments("There is no such account.", next_step="Choose one from the list.")
    form = Form(starting={"roles": [role.value for role in view.roles]})
    step = form.text("step")
    if form.sent:
        with form.trying("roles"):
            if step == "reset":
                return _link(view.name, accounts.reset(actor(), account))
            if step == "disable":
                accounts.disable(actor(), account)
                flash("The account is closed and its sessions have ended.")
            elif step == "enable":
                accounts.enable(actor(), account)
                flash("The account is open again.")
            elif roles := _roles(form):
                accounts.set_roles(actor(), account, roles)
                flash("The roles are saved. They hold from the next page on.")
        if form.good:
            return redirect(url_for("accounts.index"))
    return render_template("account_edit.html", form=form, view=view)
