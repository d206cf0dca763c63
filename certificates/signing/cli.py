"""`lms keys`: the keys of certificates are made, renewed, listed, taken back, copied to a safe place."""

from __future__ import annotations

from pathlib import Path

import click

from certificates.signing.authority import ADDRESS
from certificates.signing.copying import copy_keys
from certificates.signing.folder import PRIVATE, key_folder
from certificates.signing.listing import describe_ring
from certificates.signing.making import REASONS, Maker
from certificates.signing.ring import read_ring
from lms.core.clock import utc_now
from lms.core.config import find_instance, load_config, name_command

ROOT_ADVICE = """\
Keep the root's key off this machine: copy everything with `{lms} keys backup FOLDER` onto two sticks that
lie in different places, look that they can be read, then delete {root}.
Signing, renewing the signer and taking it back go on without it; only `keys rotate issuer` needs it."""

NEW_ROOT_ADVICE = """\
Older roots stay beside it: what was signed below them stays genuine here, in `{lms} certificate trust FOLDER`
(write it again for those who have such a folder) and on the pages of certificates, where anybody gets both.
Whoever told a PDF reader to believe the old root must tell it to believe the new one, too:
{address}"""

BACKUP_ADVICE = """\
The copy holds private keys: whoever has it can make certificates that look genuine. Lock it away, and make a
new one after every `keys rotate`. `lms backup` takes the keys along too."""

REVOKE_ADVICE = """\
{name} is on the list of its issuer, which is published at once. What it signed before is told apart by its
date, and stays what the register says it is. Next: `{lms} keys rotate signer`."""


@click.group()
def keys() -> None:
    """Keys that sign certificates: QR codes (stamp), credentials (badge), PDFs (signer, issuer, root)."""


@keys.command()
def create() -> None:
    """Make the kinds of keys there are none of yet; what is there stays as it is."""
    made = _maker().make_missing()
    click.echo(f"Made: {', '.join(made)}." if made else "All keys are there: nothing was made.")
    for root in (name for name in made if name.startswith("root-")):
        click.echo(_root_advice(root))


@keys.command()
@click.argument("kind", type=click.Choice(["stamp", "badge", "signer", "issuer", "root"]))
@click.option(
    "--root-key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The root's key, where it does not lie with the others; for the kind issuer.",
)
def rotate(kind: str, root_key: Path | None) -> None:
    """Make a new key of a KIND and use it from now on; what old ones signed stays valid.

    A new issuer comes with a new signer, a new root with both. A root lasts 30 years: rotate it when its key
    was lost or seen, or a few years before its end. The old one stays published and is believed as before.
    """
    maker = _maker(root_key)
    makers = {
        "stamp": lambda: [maker.make_stamp_key()],
        "badge": lambda: [maker.make_badge_key()],
        "signer": lambda: [maker.make_signer()],
        "issuer": maker.renew_issuer,
        "root": maker.renew_root,
    }
    made = makers[kind]()
    names = " and ".join(made)
    click.echo(f"{names} made, in use from now on. Copy the keys again: `{_lms()} keys backup FOLDER`.")
    if kind == "root":
        click.echo(_root_advice(made[0]))
        click.echo(NEW_ROOT_ADVICE.format(lms=_lms(), address=_address(maker, made[0])))


@keys.command("list")
def list_keys() -> None:
    """Show every key: which are in use, since and until when; exit code 1 if papers cannot be signed."""
    config = load_config(find_instance())
    ring = read_ring(config.INSTANCE, signer=config.SIGNER, timestamp_url=config.TIMESTAMP_URL)
    for line in describe_ring(config.INSTANCE, ring):
        click.echo(line)
    if config.SIGNER:
        click.echo(f"PDFs are signed by {config.SIGNER}")
    if ring.problem:
        raise click.ClickException(ring.problem)


@keys.command("revoke-signer")
@click.argument("label")
@click.option(
    "--reason",
    type=click.Choice(sorted(REASONS)),
    default="key_compromise",
    show_default=True,
    help="What readers of the list are told.",
)
def revoke_signer(label: str, reason: str) -> None:
    """Take a signer back, by its LABEL in `lms keys list`: others saw its key, or it is no longer used."""
    label = label.removeprefix("signer-")
    _maker().revoke_signer(label, reason=reason)
    click.echo(REVOKE_ADVICE.format(name=f"signer-{label}", lms=_lms()))


@keys.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy the keys into a new FOLDER, for instance on a stick that is locked away.

    What others need to check certificates, without any secret, `lms certificate trust` writes.
    """
    names = copy_keys(find_instance(), folder)
    click.echo(f"{len(names)} files copied to {folder}.")
    click.echo(BACKUP_ADVICE)
    for root in (Path(name).stem for name in names if name.startswith("root-") and name.endswith(PRIVATE)):
        click.echo(_root_advice(root))


def _maker(root_key: Path | None = None) -> Maker:
    config = load_config(find_instance())
    return Maker(
        config.INSTANCE, base_url=config.BASE_URL, site=config.SITE_NAME, now=utc_now(), root_key=root_key
    )


def _address(maker: Maker, root: str) -> str:
    return f"{maker.base_url}{ADDRESS}/{root.replace('root', 'akar')}.cer"


def _root_advice(name: str) -> str:
    root = key_folder(find_instance()) / f"{name}{PRIVATE}"
    return ROOT_ADVICE.format(lms=_lms(), root=root)


def _lms() -> str:
    return name_command(find_instance())
