"""Writes what was measured as a table (Markdown) and a picture (SVG, where matplotlib is there)."""

import os
import pathlib
import platform
import statistics


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def spread(values, digits=1):
    return "{1:.{0}f} ({2:.{0}f}-{3:.{0}f})".format(digits, statistics.median(values), min(values), max(values))


def megabytes(count):
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def table(pairs):
    """`pairs`: {contender: [(ovbake's run, the contender's run beside it), …]}"""
    lines = ["| who | wall s, median (range) | CPU s | peak memory | wall, × ovbake in the same pair |",
             "|---|---|---|---|---|"]
    for contender, runs in pairs.items():
        theirs = [their for _, their in runs]
        ratios = [their.seconds / our.seconds for our, their in runs]
        lines.append("| {} | {} | {:.1f} | {} | {} |".format(
            contender.name, spread([run.seconds for run in theirs]),
            statistics.median(run.cpu_seconds for run in theirs),
            megabytes(max(run.peak_bytes for run in theirs)), spread(ratios)))
    return lines


def ovbake_row(runs):
    return "| **ovbake** | {} | {:.1f} | {} | 1 |".format(
        spread([run.seconds for run in runs]),
        statistics.median(run.cpu_seconds for run in runs),
        megabytes(max(run.peak_bytes for run in runs)))


def markdown(title, source_bytes, output_bytes, pairs, missing, stages):
    ours = [our for runs in pairs.values() for our, _ in runs]
    lines = [f"# {title}", "",
             f"Made by `make bench` on {processor()}, {os.cpu_count()} cores. "
             f"{source_bytes / 1e9:.2f} GB of bf16 in, {output_bytes / 1e9:.2f} GB out; INT4 symmetric, "
             "group size 128, embeddings and lm_head INT8. The source is read once before every run "
             "(warm page cache, as far as memory goes). Nobody waits for the disk here, ovbake runs "
             "with --no_fsync; its own verification, which reads everything back, is counted.", ""]
    rows = table(pairs)
    lines += [*rows[:2], ovbake_row(ours), *rows[2:], ""]
    lines += [f"- {contender.name}: {contender.what}" for contender in pairs]
    lines += [f"- {name}: not installed, so not measured" for name in missing]
    lines += ["", "## One durable bake by its stages", "", "```", stages.strip(), "```", ""]
    return "\n".join(lines)


def draw(path, title, pairs):
    """Two rows of bars, wall time and peak memory, both logarithmic. Returns whether it could."""
    try:
        import matplotlib
        matplotlib.use("svg")
        matplotlib.rcParams["svg.hashsalt"] = "ovbake"
        import matplotlib.pyplot as plt
    except ImportError:
        return False
    ours = [our for runs in pairs.values() for our, _ in runs]
    runs = {"ovbake": ours, **{c.name: [their for _, their in r] for c, r in pairs.items()}}
    names = list(runs)[::-1]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 0.5 * len(names) + 1.4), sharey=True)
    colors = ["#0068b5" if name == "ovbake" else "#b0b7bf" for name in names]
    for axes, label, values in (
            (left, "wall time, s", [statistics.median(r.seconds for r in runs[n]) for n in names]),
            (right, "peak memory, MB", [max(r.peak_bytes for r in runs[n]) / 1e6 for n in names])):
        bars = axes.barh(names, values, color=colors)
        axes.bar_label(bars, fmt="%.3g", padding=3)
        axes.set(xscale="log", xlabel=label, xlim=(min(values) / 2, max(values) * 3))
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    return True
