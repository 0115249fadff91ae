"""Make a certificate for signing that nobody trusts, so that the way a release is signed is gone in every run."""

import secrets
import shutil

from tools.installer.setup import Signing
from tools.windows.place import ROOT, Place
from tools.windows.system import run_inside

_LIMIT_S = 120
_NAME = "/CN=CM-Xero Desk trial, trusted by nobody"
# One day: it is no use to anybody who finds it.
_MAKE = (
    *("openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "1", "-sha256", "-subj", _NAME),
    *("-addext", "extendedKeyUsage=codeSigning", "-addext", "keyUsage=digitalSignature"),
)


def make_trial_certificate(place: Place) -> Signing:
    """Make key and certificate in a folder of work, and return them as whoever releases gives theirs."""
    folder = place.work / "trial-certificate"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    key, certificate = place.inside(folder / "key.pem"), place.inside(folder / "certificate.pem")
    signing = Signing(folder / "both.p12", folder / "password")
    signing.password_file.write_text(secrets.token_urlsafe(), encoding="ascii")
    run_inside(place, ROOT, [*_MAKE, "-keyout", key, "-out", certificate], limit_s=_LIMIT_S)
    words = ["openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", place.inside(signing.pkcs12)]
    words += ["-passout", f"file:{place.inside(signing.password_file)}"]
    run_inside(place, ROOT, words, limit_s=_LIMIT_S)
    return signing
