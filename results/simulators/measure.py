"""How long a round of FedAvg takes, and how much memory, beside PFLlib as its authors wrote it.

    python3 results/simulators/measure.py PFLLIB_CHECKOUT

Both train PFLlib's CNN in mini-batches of 10 on as many threads as there are cores: PFLlib the
clients one after the other, each on all threads, fedlayers one client a thread. Images are
CIFAR-10's for fedlayers (FEDLAYERS_DATA says where they are) and noise of that shape for PFLlib.
Turns alternate; a round's time is PFLlib's own average over rounds after the first, and for
fedlayers the difference between a long run and one of a single round. Memory is the process's
largest resident set.

Needs a Python with PyTorch, NumPy and what else PFLlib's FedAvg imports; packages that only its
other methods use may be missing. Writes simulators.csv beside this file.
"""
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy

HERE = pathlib.Path(__file__).resolve().parent
TURNS = 3
BATCH = 10
# Clients, how many of them take part in a round, images of each, rounds of PFLlib's and of ours.
SETTINGS = [(20, 20, 500, 4, 4), (1000, 10, 50, 10, 60)]

# Runs main.py where packages that other methods import may be missing.
START = """
import importlib, runpy, sys
from unittest import mock
for name in ("cvxpy", "torchvision", "torchtext", "matplotlib", "matplotlib.pyplot", "calmsize"):
    try:
        importlib.import_module(name)
    except Exception:
        sys.modules[name] = mock.MagicMock(size=float)
sys.path.insert(0, "")
runpy.run_path("main.py", run_name="__main__")
"""


def process(command, folder, environment=None):
    """What a command printed, and the largest resident set of its process in MiB."""
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, env=environment
        )
        _, status, used = os.wait4(child.pid, 0)
        out.seek(0)
        printed = out.read()
    if status:
        sys.exit(printed[-3000:] + f"\n{command[0]} failed")
    return printed, used.ru_maxrss / 1024


def pfllib(checkout, clients, cohort, images, rounds):
    data = checkout / "dataset" / "Cifar10-noise"
    random = numpy.random.default_rng(0)
    for part, count in (("train", images), ("test", 1)):
        (data / part).mkdir(parents=True, exist_ok=True)
        for client in range(clients):
            pixels = random.standard_normal((count, 3, 32, 32), dtype=numpy.float32)
            labels = random.integers(10, size=count)
            numpy.savez(data / part / f"{client}.npz", data={"x": pixels, "y": labels})
    options = {
        "-data": data.name,
        "-dev": "cpu",
        "-nc": clients,
        "-jr": cohort / clients,
        "-gr": rounds,
        "-lbs": BATCH,
        "-eg": 1000,
    }
    command = [sys.executable, "-c", START] + [str(x) for pair in options.items() for x in pair]
    printed, memory = process(command, checkout / "system")
    return float(printed.split("Average time cost per round.")[1].split()[0]), memory


def fedlayers(clients, cohort, images, rounds):
    def run(many):
        with tempfile.TemporaryDirectory() as work:
            experiment = pathlib.Path(work, "round.yaml")
            experiment.write_text(
                json.dumps(
                    {
                        "title": "Rounds of FedAvg",
                        "settings": {
                            "data": {"set": "cifar-10", "test": 100},
                            "model": "fedavg-cnn",
                            "federation": {"clients": clients, "cohort": cohort, "samples": images},
                            "training": {"epochs": 1, "batch": BATCH, "rate": 0.005},
                            "scoring": {"averages": ["cohort"]},
                            "rounds": many,
                            "arms": ["federated"],
                        },
                        "seeds": [0],
                    }
                )
            )
            command = [HERE.parent.parent / "environment/fedlayers", "run", experiment]
            command += ["--out", work + "/out", "--checkpoint", "600"]
            _, memory = process([str(word) for word in command], work)
            timings = next(pathlib.Path(work, "out").rglob("timings.jsonl")).read_text()
            return json.loads(timings.splitlines()[0])["seconds"], memory

    first, _ = run(1)
    all_rounds, memory = run(1 + rounds)
    return (all_rounds - first) / rounds, memory


def main():
    checkout = pathlib.Path(sys.argv[1]).resolve()
    head = "simulator,clients,cohort,images_a_client,seconds_a_round,low,high,images_per_second,peak_mib"
    with open(HERE / "simulators.csv.part", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head.split(","))
        for clients, cohort, images, theirs, ours in SETTINGS:
            turns = {"PFLlib": [], "fedlayers": []}
            for _ in range(TURNS):
                turns["PFLlib"].append(pfllib(checkout, clients, cohort, images, theirs))
                turns["fedlayers"].append(fedlayers(clients, cohort, images, ours))
            for name, measured in turns.items():
                seconds = [one for one, _ in measured]
                middle = statistics.median(seconds)
                row = [name, clients, cohort, images]
                row += [f"{value:.3f}" for value in (middle, min(seconds), max(seconds))]
                row += [round(cohort * images / middle), round(max(peak for _, peak in measured))]
                print(*row)
                table.writerow(row)
    os.replace(HERE / "simulators.csv.part", HERE / "simulators.csv")


main()
