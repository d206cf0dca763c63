"""Settings of one installation, read from ``instance/config.toml`` and the environment."""

from __future__ import annotations

import os
import secrets
import shlex
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lms.core.errors import LmsError

LANGUAGES = ("id", "en")
"""Languages of the interface, the default first."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Host names that stay on this machine."""

KEYS = ("session", "card", "vault")
"""Secrets of this machine: cookies and CSRF; tokens and PINs of cards; sealing of second-factor secrets."""

DEFAULT_INSTANCE = Path(__file__).parents[2] / "instance"
"""Where the installation is unless `LMS_INSTANCE` or `lms --instance` names another folder."""


class ConfigError(LmsError):
    """A setting is missing, unknown or unsafe; the message says which and what to write."""


@dataclass(frozen=True)
class Config:
    """Every setting with its unit and default. An environment variable ``LMS_<NAME>`` wins over the file."""

    INSTANCE: Path
    """Folder of this installation: config, keys, database, files."""
    DATABASE_URL: str = ""
    """Empty: SQLite in the instance folder. PostgreSQL: ``postgresql://user:password@host/name``."""
    BASE_URL: str = ""
    """Public address without trailing slash; QR codes and links carry it. HTTPS anywhere but on loopback.
    Empty: ``http://127.0.0.1:<PORT>``."""
    TRUSTED_HOSTS: tuple[str, ...] = ()
    """Host names answered besides the one of BASE_URL; others get 400."""
    PROXIES: int = 0
    """Number of reverse proxies in front whose X-Forwarded headers are believed."""
    HOST: str = "127.0.0.1"
    """Address `lms serve` listens at."""
    PORT: int = 8000
    """Port `lms serve` listens at."""
    WORKERS: int = 2
    """Server processes."""
    THREADS: int = 4
    """Threads of each server process."""
    JOB_RUNNER: bool = True
    """Whether `lms serve` runs jobs itself; if not, `lms jobs run` must run somewhere."""
    FILE_STORE: str = ""
    """Where kept files lie. Empty: the folder `files` of the instance. Else ``package.module:function`` of a
    store of your own, such as a bucket: see `lms.core.files.FileStore`."""
    MAX_UPLOAD_BYTES: int = 5_000_000
    """Largest request body in bytes."""
    SESSION_IDLE_MINUTES: int = 720
    """A session unused for so long ends; staff 60 at most."""
    SESSION_DAYS: int = 40
    """A trainee's session ends after so many days; staff 1."""
    SITE_NAME: str = "Penggerak"
    """Name in the page head."""
    SIGNER: str = ""
    """What signs the PDFs. Empty: a key in the folder `keys/certificates` of the instance. `pkcs11:…`: a key
    in a device (RFC 7512). `csc+https://…`: one of a remote service."""
    TIMESTAMP_URL: str = ""
    """A time-stamp authority (RFC 3161): signatures then hold for ever (PAdES B-LT). Empty: none is asked."""
    CONTACT: str = ""
    """Where people turn for help, shown in the page foot: an office's address, telephone or e-mail."""
    TESTING: bool = False
    """Set by the tests only: loopback cookies, no rate limit for floods."""
    SECRET_KEY: str = ""
    """From instance/keys/session; at least 32 bytes."""

    @property
    def is_secure(self) -> bool:
        """Whether cookies are Secure and prefixed: everywhere but on plain loopback."""
        return self.BASE_URL.startswith("https://")


def find_instance() -> Path:
    """Return the instance folder: ``LMS_INSTANCE``, else ``instance`` beside the packages."""
    return Path(os.environ.get("LMS_INSTANCE") or DEFAULT_INSTANCE).resolve()


def name_command(instance: Path) -> str:
    """Return the command of an installation as one types it: `lms`, with the folder where it is another."""
    return "lms" if instance == DEFAULT_INSTANCE else f"lms --instance {shlex.quote(str(instance))}"


def load_config(instance: Path, **overrides: Any) -> Config:
    """Read ``instance/config.toml``, the environment and the keys; check what would be unsafe.

    Raises:
        ConfigError: no installation there, unknown setting, wrong type, missing key file, or an unsafe
            combination.
    """
    if not (instance / "keys").is_dir():
        lms = name_command(instance)
        raise ConfigError(
            f"There is no installation in {instance}. `{lms} doctor --prepare` begins an empty one, "
            f"`{lms} demo` one with made-up people."
        )
    values = _read_file(instance / "config.toml") | _read_environment() | overrides
    values.setdefault("DATABASE_URL", "")
    if not values["DATABASE_URL"]:
        values["DATABASE_URL"] = f"sqlite:///{(instance / 'penggerak.sqlite').resolve()}"
    values.setdefault("SECRET_KEY", read_key(instance, "session").hex())
    known = {field.name for field in fields(Config)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ConfigError(f"Unknown setting {', '.join(unknown)} in {instance / 'config.toml'}")
    if not values.get("BASE_URL"):
        values["BASE_URL"] = f"http://127.0.0.1:{values.get('PORT', Config.PORT)}"
    config = Config(INSTANCE=instance, **{k: v for k, v in values.items() if k != "INSTANCE"})
    _check_types(config)
    _check(config)
    return config


def read_key(instance: Path, name: str) -> bytes:
    """Return the 32 secret bytes of ``instance/keys/<name>``.

    Raises:
        ConfigError: the file is missing, too short, or readable by others.
    """
    path = instance / "keys" / name
    try:
        mode = path.stat().st_mode & 0o077
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError) as error:
        raise ConfigError(
            f"Key {path} is missing or damaged: run `{name_command(instance)} doctor --prepare`"
        ) from error
    if mode:
        raise ConfigError(f"Key {path} can be read by others: run `chmod 600 {path}`")
    if len(key) < 32:
        raise ConfigError(f"Key {path} is shorter than 32 bytes: delete it and run `lms doctor --prepare`")
    return key


def prepare_instance(instance: Path) -> None:
    """Make folder, commented config and missing keys; what is there stays as it is."""
    instance.mkdir(parents=True, exist_ok=True)
    keys = instance / "keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    for name in KEYS:
        if not (keys / name).exists():
            handle = os.open(keys / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
    if not (instance / "config.toml").exists():
        (instance / "config.toml").write_text(_commented_defaults(), encoding="utf-8")


def _commented_defaults() -> str:
    lines = ["# Settings of this installation. Uncomment a line to change it; README.md explains each.\n"]
    for field in fields(Config):
        if field.name in {"INSTANCE", "SECRET_KEY", "TESTING"}:
            continue
        value = field.default
        shown = list(value) if isinstance(value, tuple) else value
        lines.append(f"# {field.name} = {_toml(shown)}\n")
    return "".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return str(list(value))
    return f'"{value}"' if isinstance(value, str) else str(value)


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    if isinstance(values.get("TRUSTED_HOSTS"), list):
        values["TRUSTED_HOSTS"] = tuple(values["TRUSTED_HOSTS"])
    return values


def _read_environment() -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields(Config):
        text = os.environ.get(f"LMS_{field.name}")
        if text is None or field.name in {"INSTANCE", "TESTING"}:
            continue
        values[field.name] = _typed(field.name, text, field.default)
    return values


def _typed(name: str, text: str, default: object) -> Any:
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if isinstance(default, bool):
        if text not in {"true", "false"}:
            raise ConfigError(f"LMS_{name} must be true or false, not {text!r}")
        return text == "true"
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError as error:
            raise ConfigError(f"LMS_{name} must be a whole number, not {text!r}") from error
    return text


def _check_types(config: Config) -> None:
    for field in fields(Config):
        value, default = vars(config)[field.name], field.default
        if field.name != "INSTANCE" and type(value) is not type(default):
            raise ConfigError(f"{field.name} must look like {_toml(default)}, not {value!r}")
    if any(not isinstance(host, str) for host in config.TRUSTED_HOSTS):
        raise ConfigError('TRUSTED_HOSTS must look like ["www.example.id"]')
    for name in ("PORT", "WORKERS", "THREADS", "MAX_UPLOAD_BYTES", "SESSION_IDLE_MINUTES", "SESSION_DAYS"):
        if vars(config)[name] < 1:
            raise ConfigError(f"{name} must be 1 or more")
    if config.PROXIES < 0:
        raise ConfigError("PROXIES must not be negative")


def _check(config: Config) -> None:
    if os.environ.get("FLASK_DEBUG", "0") not in {"", "0", "false", "no"}:
        raise ConfigError("FLASK_DEBUG shows code and settings to everybody: unset it")
    if len(config.SECRET_KEY) < 32:
        raise ConfigError(
            "SECRET_KEY is too short: delete instance/keys/session and run `lms doctor --prepare`"
        )
    if not config.is_secure and urlsplit(config.BASE_URL).hostname not in LOOPBACK:
        raise ConfigError(f"BASE_URL must begin with https:// beyond loopback, not {config.BASE_URL}")
    if config.BASE_URL.endswith("/"):
        raise ConfigError("BASE_URL must not end with a slash")
