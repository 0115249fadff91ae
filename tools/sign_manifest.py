"""Make the keys of whoever publishes versions, and the signed manifest that desktops ask for.

`python -m tools.sign_manifest new-key KEYFILE` writes a private key and prints the public one, which goes into the
settings of the desktops. `python -m tools.sign_manifest sign KEYFILE SETUP --version 1.4.0 --place PLACE --news TEXT …`
writes the manifest beside the setup program. Keep the key file where no desktop and no server reads it.
"""

import argparse
import base64
import hashlib
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nacl.signing import SigningKey

from cmxero_desktop.adapters.store.migrating import HEAD
from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.domain.releases import (
    KEY_BYTES,
    MANIFEST_NAME,
    MOST_BYTES,
    Release,
    SetupFile,
    decoded,
    release_of,
    sealed,
    signed_bytes,
    text_of,
)

_VALID_DAYS = 400


def new_key(path: Path) -> str:
    """Write a private key for its owner alone, and return the public one. Raises OSError where a file is already."""
    key = SigningKey.generate()
    # Never over another: what was signed by it would be lost to every desktop.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{base64.b64encode(bytes(key)).decode('ascii')}\n")
    return public_key(key)


def public_key(key: SigningKey) -> str:
    """Return the public key as it stands in the settings."""
    return base64.b64encode(bytes(key.verify_key)).decode("ascii")


def key_in(path: Path) -> SigningKey:
    """Read a private key. Raises ReleaseError for a file that holds none."""
    found = decoded(path.read_text(encoding="ascii", errors="replace").strip(), KEY_BYTES)
    if found is None:
        message = f"{path} holds no private key."
        raise ReleaseError(message, "Make one: python -m tools.sign_manifest new-key KEYFILE")
    return SigningKey(found)


def signed(release: Release, key: SigningKey) -> bytes:
    """Return the manifest's file. Raises ReleaseError for a release that no desktop would understand."""
    text = text_of(release)
    release_of(text, release.version)
    manifest = sealed(text, key.sign(signed_bytes(text)).signature)
    if len(manifest) > MOST_BYTES:
        message = f"The manifest would have {len(manifest):,} bytes; desktops read {MOST_BYTES:,}."
        raise ReleaseError(message, "Say less of what is new.")
    return manifest


def main(words: Sequence[str], now: datetime) -> int:
    """Do what the words say and return the exit status."""
    asked = _parser().parse_args(words)
    try:
        if asked.verb == "new-key":
            _say(new_key(asked.key))
        else:
            key, content = key_in(asked.key), asked.setup.read_bytes()
            release = Release(
                version=asked.version,
                published_at=now.replace(microsecond=0),
                valid_until=now.replace(microsecond=0) + timedelta(days=asked.valid_days),
                news=tuple(asked.news),
                setup=SetupFile(
                    place=asked.place or asked.setup.name,
                    sha256=hashlib.sha256(content).hexdigest(),
                    size_bytes=len(content),
                ),
                store_revision=HEAD,
                notes=tuple(asked.note),
            )
            target = asked.setup.with_name(MANIFEST_NAME)
            target.write_bytes(signed(release, key))
            _say(f"Written: {target}, signed by {public_key(key)}")
    except (OSError, ReleaseError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sign_manifest", description="Keys and manifests of new versions.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("new-key").add_argument("key", type=Path)
    sign = verbs.add_parser("sign")
    sign.add_argument("key", type=Path)
    sign.add_argument("setup", type=Path)
    sign.add_argument("--version", required=True)
    sign.add_argument("--place", default="", help="where people find the setup program; without it, its name")
    sign.add_argument("--news", nargs="*", default=[], help="what is new, a line each")
    sign.add_argument("--note", nargs="*", default=[], help="what an administrator has to know, a line each")
    sign.add_argument("--valid-days", type=int, default=_VALID_DAYS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
