# Writes testfloat.txt; see README.md.   python3 testfloat.py PATH-OF-testfloat_gen > testfloat.txt
import random, subprocess, sys
GEN = sys.argv[1]
COUNT = 2000
MODES = ["near_even", "minMag", "min", "max", "near_maxMag"]
ROUNDED = [f"f{w}_{op}" for w in (64, 32) for op in ("add", "sub", "mul", "div", "sqrt", "mulAdd")]
ROUNDED += [f"f{w}_to_{i}" for w in (64, 32) for i in ("i32", "ui32", "i64", "ui64")]
ROUNDED += ["i64_to_f64", "ui64_to_f64", "i32_to_f32", "ui32_to_f32", "i64_to_f32", "ui64_to_f32", "f64_to_f32"]
EXACT = ["i32_to_f64", "ui32_to_f64", "f32_to_f64"] + [f"f{w}_{op}" for w in (64, 32) for op in ("eq", "le", "lt")]
SMALLEST = {"mulAdd": 6133248, "add": 46464, "sub": 46464, "mul": 46464, "div": 46464, "eq": 46464, "le": 46464, "lt": 46464}

def sample(function, mode):
    total = SMALLEST.get(function.split("_")[1], COUNT)
    chosen = set(random.Random(function).sample(range(total), COUNT))
    command = [GEN, "-seed", "1", "-level", "1", "-n", str(total), "-r" + mode, "-tininessafter"]
    if "_to_i" in function or "_to_ui" in function:
        command.append("-exact")
    with subprocess.Popen(command + [function], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        rows = [line.split() for at, line in enumerate(run.stdout) if at in chosen]
    assert len(rows) == COUNT, (function, mode, len(rows))
    return rows

for function in ROUNDED + EXACT:
    modes = MODES if function in ROUNDED else MODES[:1]
    columns = [sample(function, mode) for mode in modes]
    print(function, len(modes))
    for rows in zip(*columns):
        operands = rows[0][:-2]
        assert all(row[:-2] == operands for row in rows)
        results = []
        for row in rows:
            result = row[-2] + row[-1]
            results.append("=" if results and result == results[0] else result)
        print(*operands, *results)
