"""Row `load-m`: CSV to typed columns. Counting what was read is not timed."""

import os

from .protocol import Result, Stopwatch, main, version_of


def paths(job):
    return job.work / "warm.csv", job.work / "m" / "train.csv"


def measure(job, read):
    """Reads a small file first, so that thread pools and lazy imports are there."""
    warm, full = paths(job)
    read(warm)
    with Stopwatch() as watch:
        table = read(full)
    return watch.seconds, table


def pandas_quality(frame):
    import pandas as pd

    numbers = frame.select_dtypes("number")
    texts = [c for c in frame.columns if c not in numbers.columns]
    return {
        "rows": len(frame), "missing": int(frame.isna().sum().sum()),
        "sum": float(sum(pd.to_numeric(numbers[c]).sum() for c in numbers.columns)),
        "levels": int(sum(frame[c].nunique() for c in texts)),
    }


def pandas_tool(settings, **options):
    def run(job):
        import pandas as pd

        keywords = dict(options)
        if keywords.pop("categories", False):
            keywords["dtype"] = {c: "category" for c in job_categories(job)}
        if options.get("engine") == "pyarrow":
            import pyarrow

            pyarrow.set_cpu_count(job.threads)
        seconds, frame = measure(job, lambda path: pd.read_csv(path, **keywords))
        return Result(
            seconds, settings, version_of("pandas"), quality=pandas_quality(frame))

    return run


def job_categories(job):
    return job.shape["categorical"]


def polars_tool(settings, categories):
    def run(job):
        os.environ["POLARS_MAX_THREADS"] = str(job.threads)
        import polars as pl

        schema = {c: pl.Categorical for c in job_categories(job)} if categories else None
        seconds, frame = measure(
            job, lambda path: pl.read_csv(path, schema_overrides=schema))
        texts = [c for c in frame.columns if not frame.schema[c].is_numeric()]
        return Result(seconds, settings, version_of("polars"), quality={
            "rows": frame.height,
            "missing": int(sum(frame[c].null_count() for c in frame.columns)),
            "sum": float(sum(frame[c].sum() for c in frame.columns if c not in texts)),
            "levels": int(sum(frame[c].drop_nulls().n_unique() for c in texts)),
        })

    return run


def arrow_tool(settings, dictionary):
    def run(job):
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import csv

        pa.set_cpu_count(job.threads)
        convert = csv.ConvertOptions(
            auto_dict_encode=dictionary, strings_can_be_null=True, null_values=[""])
        seconds, table = measure(
            job, lambda path: csv.read_csv(path, convert_options=convert))
        missing, total, levels = 0, 0.0, 0
        for column in table.columns:
            missing += column.null_count
            if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
                total += float(pc.sum(column).as_py() or 0)
            else:
                plain = column.cast(pa.string()) if dictionary else column
                levels += pc.count_distinct(plain).as_py()
        return Result(seconds, settings, version_of("pyarrow"), quality={
            "rows": table.num_rows, "missing": missing, "sum": total, "levels": levels})

    return run


TOOLS = {
    "pandas-c": pandas_tool("C engine"),
    "pandas-c-category": pandas_tool("C engine, strings as category", categories=True),
    "pandas-pyarrow": pandas_tool("pyarrow engine", engine="pyarrow"),
    "pandas-pyarrow-arrow": pandas_tool(
        "pyarrow engine, Arrow types", engine="pyarrow", dtype_backend="pyarrow"),
    "polars": polars_tool("read_csv", categories=False),
    "polars-categorical": polars_tool("read_csv, strings as Categorical", categories=True),
    "pyarrow": arrow_tool("csv.read_csv", dictionary=False),
    "pyarrow-dictionary": arrow_tool("csv.read_csv, strings as dictionary", dictionary=True),
}

if __name__ == "__main__":
    main(TOOLS)
