"""Where the host takes its packages from, as text for a clean machine: apt's sources, apt's and pip's settings."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

LOCAL_CERTIFICATES = Path("/usr/local/share/ca-certificates")
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
APT_OPTION = re.compile(r"^Acquire::(?:https?::|Check-|Retries|Languages)", re.IGNORECASE)


def _said(*words: str) -> list[str]:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


def apt_sources() -> list[str]:
    """The lines of sources.list for Debian's own packages, main first."""
    form = "deb $(REPO_URI) $(RELEASE) $(COMPONENT)"
    lines = _said("apt-get", "indextargets", "--format", form, "Created-By: Packages", "Origin: Debian")
    return sorted(set(lines), key=lambda line: ("security" in line, "-updates" in line, line))


def apt_options() -> str:
    """Proxies and the like of the host's apt."""
    return "".join(f"{line}\n" for line in _said("apt-config", "dump") if APT_OPTION.match(line))


def _pip_values() -> dict[str, str]:
    """All that the host's pip is set to, but for files of the host (certificates, constraints) and their like."""
    found: dict[str, str] = {}
    for line in _said(sys.executable, "-m", "pip", "config", "list"):
        name, _, value = line.partition("=")
        said = str(ast.literal_eval(value))
        if not Path(said).is_file():
            found[name.rpartition(".")[2].removeprefix("default-")] = said
    if "proxy" not in found and (proxy := os.environ.get("https_proxy", "")):
        found["proxy"] = proxy
    return found


def pip_settings() -> str:
    """pip.conf of the host, with the certificates where Debian keeps them."""
    values = _pip_values() | {"cert": BUNDLE, "disable-pip-version-check": "true"}
    lines = (" ".join([option, "=", *value.split()]) for option, value in values.items())
    return "\n".join(["[global]", *lines]) + "\n"


def bound_folders() -> list[str]:
    """Folders of packages on the host's disk that its pip looks into; the machine sees them for reading."""
    words = " ".join(_pip_values().values()).split()
    paths = [word.removeprefix("file://") for word in words if word.startswith(("file://", "/"))]
    # An index names its files relative to itself, beside it.
    return sorted(
        {str(Path(path).parent if Path(path).name == "simple" else path) for path in paths if Path(path).is_dir()}
    )
