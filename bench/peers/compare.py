"""Give the same made-up negotiations to parley and to its peers, in one go, and print how their times compare.

NegMAS enumerates; it is timed on its whole pipeline (calc_scenario_stats) and on the frontier and its solutions alone
(pareto_frontier, nash_points, kalai_points, ks_points, max_welfare_points), its import not counted. moocore is timed on
filtering the worths of all packages, which it is handed ready-made. Parley is timed as a whole process: start, reading
the file, the frontier with a package for every point, four solutions with proofs, ties, and the answer in JSON.

Times are processor seconds (user and system) of whoever did the work, because the machine may be shared; of parley the
median of several runs. Answers are compared: the frontier must have the same points within 1e-9.
"""

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version

import moocore
import numpy as np
from negmas.outcomes import make_issue, make_os
from negmas.preferences import LinearAdditiveUtilityFunction
from negmas.preferences.ops import (
    calc_scenario_stats, kalai_points, ks_points, max_welfare_points, nash_points, pareto_frontier)
from negmas.preferences.value_fun import TableFun


def made(parties, issues, options, seed):
    """Weights in thousandths that sum to 1, values in hundredths of which the best is 1, for each party."""
    rng = random.Random(seed)
    weights, values = [], []
    for _ in range(parties):
        cuts = sorted(rng.sample(range(1, 1000), issues - 1))
        weights.append([b - a for a, b in zip([0] + cuts, cuts + [1000])])
        tables = []
        for _ in range(issues):
            table = [rng.randint(0, 100) for _ in range(options)]
            table[rng.randrange(options)] = 100
            tables.append(table)
        values.append(tables)
    return weights, values


def as_parley(weights, values):
    parties = [f"p{p}" for p in range(len(weights))]
    issues = []
    for i in range(len(weights[0])):
        issues.append({
            "id": f"i{i}",
            "weights": {q: weights[p][i] / 1000 for p, q in enumerate(parties)},
            "options": [{"id": f"o{o}", "worth": {q: values[p][i][o] / 100 for p, q in enumerate(parties)}}
                        for o in range(len(values[0][i]))],
        })
    return {"parley": "scenario/1", "id": "made", "parties": [{"id": q, "reservation": 0} for q in parties], "issues": issues}


def as_negmas(weights, values):
    issues = [make_issue([f"o{o}" for o in range(len(t))], f"i{i}") for i, t in enumerate(values[0])]
    space = make_os(issues)
    ufuns = []
    for w, tables in zip(weights, values):
        funs = [TableFun({f"o{o}": v / 100 for o, v in enumerate(t)}) for t in tables]
        ufuns.append(LinearAdditiveUtilityFunction(values=funs, weights=[x / 1000 for x in w], outcome_space=space, reserved_value=0.0))
    return space, ufuns


def cpu():
    return time.process_time()


def timed(work):
    start = cpu()
    answer = work()
    return cpu() - start, answer


def parley_times(program, file, runs, extra):
    """Processor seconds of whole runs, and the answer of the last."""
    times = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run([program, "analyse", file, "--json", *extra], check=True, capture_output=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times), json.loads(out)


def number(text):
    top, _, bottom = str(text).partition("/")
    return float(top) / float(bottom or 1)


def same(ours, theirs):
    a = sorted({tuple(round(x, 9) for x in p) for p in ours})
    b = sorted({tuple(round(x, 9) for x in p) for p in theirs})
    return len(a) == len(b) and all(abs(x - y) < 2e-9 for p, q in zip(a, b) for x, y in zip(p, q))


def compare(args, issues, parties):
    weights, values = made(parties, issues, 10, args.seed)
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "made.json")
        with open(file, "w", encoding="utf-8") as f:
            json.dump(as_parley(weights, values), f)
        ours, answer = parley_times(args.parley, file, args.runs, ["--draws", "0"])
        with_draws, _ = parley_times(args.parley, file, args.runs, [])
    front = [[number(w) for w in p["worth"]] for p in answer["frontier"]["points"]]

    space, ufuns = as_negmas(weights, values)

    def pipeline():
        points, _ = pareto_frontier(ufuns, issues=space.issues, sort_by_welfare=True)
        return points, [f(ufuns, points, outcome_space=space) for f in (nash_points, kalai_points, ks_points, max_welfare_points)]

    theirs, (points, _) = timed(pipeline)
    stats = None
    if 10 ** issues <= args.stats:
        stats, _ = timed(lambda: calc_scenario_stats(ufuns))

    grid = np.zeros((1, parties))
    for i in range(issues):
        column = np.array([[weights[p][i] * values[p][i][o] for p in range(parties)] for o in range(10)], dtype=float)
        grid = (grid[:, None, :] + column[None, :, :]).reshape(-1, parties)
    filtering, mask = timed(lambda: moocore.is_nondominated(grid, maximise=True, keep_weakly=False))
    return {
        "packages": 10 ** issues, "parties": parties, "frontier": len(front),
        "guarantee": answer["frontier"]["guarantee"]["kind"],
        "same_as_negmas": same(front, points), "negmas_frontier": len(points),
        "same_as_moocore": same(front, grid[mask] / 100000),
        "parley": ours, "parley_with_draws": with_draws, "negmas_frontier_and_solutions": theirs, "negmas_stats": stats, "moocore_filter": filtering,
    }


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("parley", help="the program: go build -o parley ./cmd/parley")
    p.add_argument("--largest", type=int, default=6, help="up to 10 to this power of packages")
    p.add_argument("--stats", type=int, default=1_000_000, help="calc_scenario_stats up to so many packages; it takes minutes for a million")
    p.add_argument("--runs", type=int, default=7)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    print(f"parley {os.path.getsize(args.parley)} bytes; negmas {version('negmas')}, moocore {version('moocore')}, numpy {version('numpy')},"
          f" Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors; seed {args.seed}; processor seconds")
    print("| packages | parties | frontier | parley | parley, 200 draws | negmas frontier | ratio | negmas stats | ratio | moocore filter | same points |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    wrong = False
    for issues in range(3, args.largest + 1):
        for parties in (2, 3):
            r = compare(args, issues, parties)
            stats = f"{r['negmas_stats']:.3g} | {r['negmas_stats'] / r['parley']:,.0f}" if r["negmas_stats"] else "– | –"
            agree = "yes" if r["same_as_negmas"] and r["same_as_moocore"] else f"negmas {r['negmas_frontier']}: {r['same_as_negmas']}, moocore: {r['same_as_moocore']}"
            wrong |= r["guarantee"] != "exact" or not r["same_as_moocore"]
            print(f"| 10^{issues} | {parties} | {r['frontier']} | {r['parley']:.3f} | {r['parley_with_draws']:.3f} | {r['negmas_frontier_and_solutions']:.3g} |"
                  f" {r['negmas_frontier_and_solutions'] / r['parley']:,.0f} | {stats} | {r['moocore_filter']:.3g} | {agree} |", flush=True)
    if wrong:
        sys.exit("an answer differs from the filter of all packages, or was not proved")


if __name__ == "__main__":
    main()
