"""Runs one measurement as one process, and has its result judged."""

import json
import os
import subprocess
import time

from .environment import ROOT, last_line


def threads_environment(threads):
    count = str(threads)
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS",
             "NUMBA_NUM_THREADS")
    return os.environ | {name: count for name in names} | {"PYTHONWARNINGS": "ignore"}


def run(command, work, limit, threads=2, cwd=ROOT):
    """Runs a command; wall, processor seconds and peak memory are those of the process."""
    work.mkdir(parents=True, exist_ok=True)
    with open(work / "stdout", "w+b") as out, open(work / "stderr", "w+b") as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdout=out, stderr=err, cwd=cwd,
            env=threads_environment(threads))
        stopped = False
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            if time.perf_counter() - began > limit:
                process.kill()
                stopped = True
                _, status, usage = os.wait4(process.pid, 0)
                break
            time.sleep(0.005)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    stdout = (work / "stdout").read_text(errors="replace")
    stderr = (work / "stderr").read_text(errors="replace")
    reason = None
    if stopped:
        reason = f"stopped after {limit:.0f} s"
    elif process.returncode != 0:
        reason = f"failed: {last_line(stderr) or last_line(stdout) or process.returncode}"
    return {
        "stdout": stdout, "reason": reason, "wall_seconds": wall,
        "cpu_seconds": usage.ru_utime + usage.ru_stime, "rss_mb": usage.ru_maxrss / 1024,
    }


class Bench:
    """Calls tools by the protocol of README.md."""

    def __init__(self, environment, work, executable, candor, threads, limit):
        self.environment = environment
        self.work = work
        self.executable = executable
        self.candor = candor
        self.threads = threads
        self.limit = limit
        self.scratch = work / "out"

    def measure(self, row, peer, seed, extra=()):
        """One measurement of a peer, or of Candor where `peer` is None."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        output = self.scratch / "found.f64"
        output.unlink(missing_ok=True)
        ending = ["--work", self.work, "--threads", self.threads, "--seed", seed,
                  "--output", output, *extra]
        if row.key == "study-taiwan" and peer is None:
            return self.candor_study(row, seed)
        if peer is None:
            command = [self.executable, row.key, *ending]
        elif peer.tool == "ranger":
            command = ["Rscript", "peers/ranger_forest.R", row.key, *ending]
        else:
            command = [
                self.environment.python, "-m", f"peers.{row.module}", row.key, peer.tool, *ending]
        found = run(command, self.scratch, self.limit, self.threads)
        stdout = found.pop("stdout")
        if found["reason"] is None:
            try:
                report = json.loads(stdout.strip().splitlines()[-1])
                found |= {key: report[key] for key in ("seconds", "version", "settings")}
                found["quality"] = dict(report.get("quality") or {})
            except (IndexError, KeyError, ValueError) as error:
                found["reason"] = f"no line of JSON at the end ({error})"
        if found["reason"] is None and row.quality in ("auc", "objective", "gradient", "net"):
            self.judge(row, found, output)
        return {"row": row.key, "tool": peer.tool if peer else "candor", "round": seed} | found

    def judge(self, row, found, output):
        quality = found["quality"]
        command = [self.environment.python, "-m", "peers.judge", row.key, "--work", self.work,
                   "--file", output]
        if "ridge" in quality:
            command += ["--ridge", quality["ridge"], "--free", json.dumps(quality.pop("free"))]
        judged = run(command, self.scratch / "judge", 3_600)
        if judged["reason"]:
            found["reason"] = f"could not be judged: {judged['reason']}"
        else:
            quality.update(json.loads(judged["stdout"].strip().splitlines()[-1]))

    def candor_study(self, row, seed):
        """The command as a user types it, from start to the written report."""
        repository = ROOT.parent
        output = self.scratch / "report"
        found = run(
            [self.candor, "report", repository / "examples" / "taiwan-credit" / "study.yaml",
             "--output", output, "--threads", self.threads, "--json", "--quiet"],
            self.scratch, self.limit, self.threads, cwd=repository)
        stdout = found.pop("stdout")
        result = {"row": row.key, "tool": "candor", "round": seed} | found
        if found["reason"] is None:
            headlines = json.loads(stdout)
            clock = json.loads((output / "manifest.json").read_text()).get("clock", {})
            result |= {
                "seconds": found["wall_seconds"], "version": self.version(),
                "settings": "candor report, the whole command",
                "quality": {
                    "auc": next(h["value"] for h in headlines if h["name"].startswith("AUC")),
                    "champion": headlines[0]["name"],
                    "stages": {
                        name.removeprefix("seconds, "): float(value)
                        for name, value in clock.items() if name.startswith("seconds, ")}}}
        return result

    def version(self):
        found = subprocess.run([self.candor, "--version"], capture_output=True, text=True)
        return f"Candor {found.stdout.strip()}"
