"""Keys, certificates and an authority, made for the tests with the machine's openssl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

EXTENSIONS = """
[leaf]
basicConstraints=CA:FALSE
keyUsage=digitalSignature
extendedKeyUsage={use}
subjectAltName=email:{address}
"""


def openssl(*arguments: object, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *map(str, arguments)], check=check, capture_output=True)


def a_key(path: Path, kind: str = "RSA", bits: int = 2048) -> Path:
    """A private key that only its owner can read: RSA, ED25519 or EC."""
    more = {"RSA": ["-pkeyopt", f"rsa_keygen_bits:{bits}"], "EC": ["-pkeyopt", "ec_paramgen_curve:P-256"]}
    openssl("genpkey", "-algorithm", kind, *more.get(kind, []), "-out", path)
    path.chmod(0o600)
    return path


def public_der(key: Path) -> bytes:
    """SubjectPublicKeyInfo, as `p=` of an RSA key's DNS record."""
    return openssl("pkey", "-in", key, "-pubout", "-outform", "DER").stdout


@dataclass(frozen=True)
class Authority:
    """A root that signs certificates for mail addresses."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def certificate(
        self, key: Path, address: str, *, days: int = 365, use: str = "emailProtection", name: str = ""
    ) -> Path:
        request, made = key.with_suffix(".csr"), key.with_suffix(f".{name}crt")
        extensions = self.folder / f"{key.stem}.ext"
        extensions.write_text(EXTENSIONS.format(use=use, address=address))
        openssl("req", "-new", "-key", key, "-subj", "/CN=Desk", "-out", request)
        openssl(
            "x509", "-req", "-in", request, "-CA", self.root, "-CAkey", self.folder / "root.key",
            "-days", days, "-extfile", extensions, "-extensions", "leaf", "-out", made,
        )  # fmt: skip
        return made


def an_authority(folder: Path) -> Authority:
    key = a_key(folder / "root.key")
    openssl(
        "req", "-x509", "-new", "-key", key, "-subj", "/CN=Test root", "-days", 3650,
        "-addext", "basicConstraints=critical,CA:TRUE", "-out", folder / "root.pem",
    )  # fmt: skip
    return Authority(folder)
