"""The peers' virtual environment, and what the machine is."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from .catalogue import PACKAGES

ROOT = Path(__file__).resolve().parents[1]
CPU_WHEELS = "https://download.pytorch.org/whl/cpu"


class Environment:
    """Where the peers live, and which of them could not be installed and why."""

    def __init__(self, folder):
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.missing = {}

    @staticmethod
    def prepare(say):
        given = os.environ.get("CANDOR_BENCHMARK_VENV")
        environment = Environment(Path(given) if given else ROOT / ".venv")
        if not environment.python.exists():
            subprocess.run([sys.executable, "-m", "venv", environment.folder], check=True)
        for package in PACKAGES:
            if environment.version(package) is None:
                say(f"installing {package}")
                environment.install(package)
        if shutil.which("Rscript") is None or environment.ranger_version() is None:
            say("installing ranger")
            environment.install_ranger()
        return environment

    def version(self, package):
        code = f"import importlib.metadata as m; print(m.version({package!r}))"
        found = subprocess.run([self.python, "-c", code], capture_output=True, text=True)
        return found.stdout.strip() if found.returncode == 0 else None

    def install(self, package):
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        tries = [[package]]
        if package == "torch":
            # The wheel without a graphics card's libraries is a tenth of the size.
            tries.insert(0, ["--retries", "0", "--index-url", CPU_WHEELS, package])
        for arguments in tries:
            found = subprocess.run(pip + arguments, capture_output=True, text=True)
            if found.returncode == 0:
                return
        self.missing[package] = last_line(found.stderr) or "pip failed"

    def ranger_version(self):
        if shutil.which("Rscript") is None:
            return None
        found = subprocess.run(
            ["Rscript", "-e", "cat(as.character(packageVersion('ranger')))"],
            capture_output=True, text=True)
        return found.stdout.strip() if found.returncode == 0 else None

    def install_ranger(self):
        if shutil.which("apt-get") is None:
            self.missing["ranger"] = "no apt-get on this machine"
            return
        if os.geteuid() != 0:
            self.missing["ranger"] = "needs root: apt-get install r-cran-ranger"
            return
        found = subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", "r-cran-ranger"],
            capture_output=True, text=True)
        if found.returncode != 0:
            self.missing["ranger"] = last_line(found.stderr) or "apt-get failed"

    def versions(self):
        found = {package: self.version(package) for package in PACKAGES}
        found["ranger"] = self.ranger_version()
        return found


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def machine():
    """Processor, cores, memory, kernel, system and load, as lines of a table."""
    processor, memory = platform.processor(), ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal"):
            memory = f"{int(line.split()[1]) / 2**20:.1f} GiB"
            break
    system = platform.system()
    release = Path("/etc/os-release")
    if release.exists():
        for line in release.read_text().splitlines():
            if line.startswith("PRETTY_NAME="):
                system = line.split("=", 1)[1].strip('"')
    flags = "AVX-512" if "avx512f" in Path("/proc/cpuinfo").read_text() else "no AVX-512"
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True)
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return {
        "processor": f"{processor} ({platform.machine()}, {flags})",
        "cores": str(os.cpu_count()),
        "memory": memory,
        "kernel": platform.release(),
        "system": system,
        "Python": platform.python_version(),
        "Swift": next(iter(swift.stdout.splitlines()), "not found"),
        "load at the start": load,
    }
