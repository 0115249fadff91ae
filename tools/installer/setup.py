"""Make the setup program around a bundle, and sign what is signed, where there is a certificate."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from cmxero_desktop import __version__
from tools.installer.bundle import HERE, Bundle, total_bytes
from tools.windows.place import ROOT, Place
from tools.windows.system import run_inside

_PACK_LIMIT_S = 1_200
_SIGN_LIMIT_S = 120
_CERTIFICATE, _PASSWORD_FILE, _CLOCK = "CMXERO_SIGNING_PKCS12", "CMXERO_SIGNING_PASSWORD_FILE", "CMXERO_SIGNING_CLOCK"


@dataclass(frozen=True, slots=True)
class Signing:
    """The certificate with its key (PKCS#12), the file with its password, and who confirms the time; files of work."""

    pkcs12: Path
    password_file: Path
    clock_url: str = ""


def chosen_signing(place: Place) -> Signing | None:
    """Return what the variables of whoever releases name; None makes programs that are not signed."""
    certificate, password = os.environ.get(_CERTIFICATE), os.environ.get(_PASSWORD_FILE)
    if not certificate or not password:
        return None
    making = place.work / "making"
    copies = Signing(making / "signing.p12", making / "signing.password", os.environ.get(_CLOCK, ""))
    for source, target in ((certificate, copies.pkcs12), (password, copies.password_file)):
        shutil.copy(source, target)
        target.chmod(0o600)
    return copies


def setup_path(place: Place, version: str = __version__) -> Path:
    """Return where the setup program of a version is laid."""
    return place.work / f"cm-xero-desk-{version}-setup.exe"


def sign(place: Place, program: Path, signing: Signing) -> None:
    """Sign one program of work in place, and check the signature; CalledProcessError."""
    signed = program.with_suffix(".signed")
    words = [*_signing_words(place, signing), "-in", place.inside(program), "-out", place.inside(signed)]
    run_inside(place, ROOT, words, limit_s=_SIGN_LIMIT_S)
    signed.replace(program)


def _signing_words(place: Place, signing: Signing) -> list[str]:
    words = ["osslsigncode", "sign", "-pkcs12", place.inside(signing.pkcs12)]
    words += ["-readpass", place.inside(signing.password_file), "-n", "CM-Xero-Desk", "-h", "sha256"]
    return [*words, "-ts", signing.clock_url] if signing.clock_url else words


def make_setup(place: Place, bundle: Bundle, signing: Signing | None, version: str = __version__) -> Path:
    """Make the setup program in the place's work, and return it."""
    making = place.work / "making"
    shutil.copy(HERE / "setup.nsi", making)
    shutil.copy(ROOT / "LICENSE", making / "LICENSE.txt")
    target = setup_path(place, version)
    if signing is not None:
        for program in sorted(bundle.folder.glob("*.exe")):
            sign(place, program, signing)
    given = {
        "BUNDLE": place.inside(bundle.folder),
        "VERSION": version,
        "NUMBERS": four_numbers(version),
        "WEIGHT_KB": str(total_bytes(bundle) // 1024),
        "TARGET": place.inside(target),
    }
    if signing is not None:
        # The program that removes it is made while the setup is packed, and signed before it goes in.
        given["SIGN"] = " ".join(_signing_words(place, signing))
    words = ["makensis", "-V2", "-WX", *(f"-D{name}={value}" for name, value in given.items()), "setup.nsi"]
    run_inside(place, ROOT, ["env", "--chdir=/work/making", *words], limit_s=_PACK_LIMIT_S)
    if signing is not None:
        sign(place, target, signing)
    return target


def four_numbers(version: str) -> str:
    """Return a version as Windows writes them: 0.1.0 is 0.1.0.0."""
    return ".".join([*re.findall(r"\d+", version)[:3], "0", "0", "0"][:4])
