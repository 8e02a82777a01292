"""The command line: one file a verb, loaded only when it is asked for."""

from __future__ import annotations

import importlib
import sys

import click

from redactor.errors import ExitCode, RedactorError

VERBS = {
    "redact": "redactor.cli.redact:redact",
    "detect": "redactor.cli.detect:detect",
    "plan": "redactor.cli.plan:plan",
    "verify": "redactor.cli.verify:verify",
    "trace": "redactor.cli.trace:trace",
    "profile": "redactor.cli.profile:profile",
    "doctor": "redactor.cli.doctor:doctor",
    "demo": "redactor.cli.demo:demo",
    "generate": "redactor.cli.generate:generate",
    "bundle": "redactor.cli.bundle:bundle",
    "serve": "redactor.cli.serve:serve",
    "worker": "redactor.cli.serve:worker",
    "intake": "redactor.cli.intake:intake",
    "keys": "redactor.cli.keys:keys",
    "user": "redactor.cli.user:user",
    "backup": "redactor.cli.backup:backup",
    "restore": "redactor.cli.restore:restore",
    "audit": "redactor.cli.audit:audit",
    "retention": "redactor.cli.retention:retention",
}


class _LazyGroup(click.Group):
    """A group whose verbs are imported when they are used, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs with a line each, without importing them."""
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, SUMMARIES[verb]) for verb in VERBS])


SUMMARIES = {
    "redact": "make one reader's copy of a document, proven or not at all",
    "detect": "find the people and their details",
    "plan": "say what would happen to each finding, for a person to review",
    "verify": "look at any PDF the way somebody would who wants the hidden text",
    "trace": "name the copy that a leaked file, print or photograph was made from",
    "profile": "list, show, check, explain and compare profiles",
    "doctor": "say what is missing or unsafe on this host, and the fix",
    "demo": "redact the samples under every profile and prove each copy",
    "generate": "make minutes, agendas, letters and registers from a data file",
    "bundle": "several documents to one indexed, numbered bundle for a court",
    "serve": "start the web service with its worker",
    "worker": "do the waiting work of the web service",
    "keys": "make the keys of this installation",
    "user": "invite people to the web service",
    "backup": "write everything into one file that only an offline key opens",
    "restore": "fill an empty place from a backup and prove that all of it opens",
    "audit": "check the record of who did what",
    "retention": "destroy what is due, with a certificate for each",
}


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version="0.1.0", prog_name="redactor")
def group() -> None:
    """Find, decide, remove, prove: document redaction for children's safeguarding partnerships."""


def main() -> None:
    """Run the command line and leave with one of the exit codes of docs/errors.md."""
    sys.exit(_run())


def _run() -> int:
    try:
        group.main(standalone_mode=False)
    except RedactorError as refusal:
        click.echo(f"{refusal.message}\n{refusal.next_step}", err=True)
        return refusal.exit_code
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return ExitCode.BAD_ARGUMENTS
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing was written.", err=True)
        return ExitCode.INTERRUPTED
    except Exception as fault:
        # The text of an unforeseen error may quote the document, so only its type is told.
        click.echo(f"Something unforeseen went wrong ({type(fault).__name__}). Nothing was written.", err=True)
        return ExitCode.UNEXPECTED
    return ExitCode.OK
