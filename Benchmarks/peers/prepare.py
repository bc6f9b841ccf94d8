"""Writes the data of one size as all tools read them; see «The work directory» in README.md."""

import argparse
import json
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

TARGETS = ["default", "bad", "target", "defaulted"]


def split_lines(source, rows, folder):
    """Cuts one simulated file into `train.csv` and `test.csv`, byte for byte."""
    with open(source, "rb") as lines:
        header = next(lines)
        with open(folder / "train.csv", "wb") as train:
            train.write(header)
            for _ in range(rows):
                train.write(next(lines))
        with open(folder / "test.csv", "wb") as test:
            test.write(header)
            test.writelines(lines)


def encode(train, test, numeric, categorical, folder):
    """The shared encoding of the linear models and nets."""
    folder.mkdir(exist_ok=True)
    imputer, scaler = SimpleImputer(strategy="median"), StandardScaler()
    scaler.fit(imputer.fit_transform(train.select(numeric).to_numpy().astype(np.float64)))
    places, columns = [], list(numeric)
    for name in categorical:
        levels = sorted(train[name].fill_null("").unique().to_list())
        if len(levels) > 255:
            raise SystemExit(f"{name} has {len(levels)} levels; one byte holds 255.")
        places.append({"name": name, "levels": levels, "first": len(columns)})
        columns += [f"{name}={level}" for level in levels]
    for part, table in (("", train), ("-test", test)):
        numbers = scaler.transform(
            imputer.transform(table.select(numeric).to_numpy().astype(np.float64)))
        codes = np.full((table.height, len(places)), 255, np.uint8)
        for j, place in enumerate(places):
            position = {level: code for code, level in enumerate(place["levels"])}
            codes[:, j] = table[place["name"]].fill_null("").replace_strict(
                position, default=255, return_dtype=pl.UInt8).to_numpy()
        dense = np.zeros((table.height, len(columns)))
        dense[:, : len(numeric)] = numbers
        for j, place in enumerate(places):
            known = np.flatnonzero(codes[:, j] != 255)
            dense[known, place["first"] + codes[known, j].astype(np.int64)] = 1
        numbers.astype("<f8").tofile(folder / f"numeric{part}.f64")
        codes.tofile(folder / f"codes{part}.u8")
        dense.astype("<f8", copy=False).tofile(folder / f"dense{part}.f64")
    (folder / "layout.json").write_text(json.dumps({
        "rows": train.height, "test_rows": test.height, "width": len(columns),
        "columns": columns, "numeric": numeric, "categorical": places}, indent=1))


def ordinal(train, test, numeric, categorical, folder):
    """The matrix of the tree tools: numbers and ordinal codes, NaN for missing cells."""
    levels = {c: sorted(train[c].drop_nulls().unique().to_list()) for c in categorical}
    for part, table in (("", train), ("-test", test)):
        matrix = np.empty((table.height, len(numeric) + len(categorical)), np.float32)
        matrix[:, : len(numeric)] = table.select(
            pl.col(numeric).cast(pl.Float32).fill_null(float("nan"))).to_numpy()
        for j, name in enumerate(categorical):
            codes = {level: float(code) for code, level in enumerate(levels[name])}
            matrix[:, len(numeric) + j] = table[name].replace_strict(
                codes, default=None, return_dtype=pl.Float32).fill_null(float("nan")).to_numpy()
        matrix.astype("<f4", copy=False).tofile(folder / f"trees{part}.f32")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--csv", type=Path, required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--score-rows", type=int, required=True)
    chosen = parser.parse_args()
    folder = chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    split_lines(chosen.csv, chosen.rows, folder)
    train = pl.read_csv(folder / "train.csv", infer_schema_length=None)
    test = pl.read_csv(folder / "test.csv", schema_overrides=train.schema)
    target = next((name for name in TARGETS if name in train.columns), None)
    if target is None:
        raise SystemExit(f"None of {TARGETS} is a column of {chosen.csv}: {train.columns}")
    features = [name for name in train.columns if name != target]
    categorical = [name for name in features if train.schema[name] == pl.String]
    numeric = [name for name in features if name not in categorical]
    texts = sorted(str(value) for value in train[target].unique())
    bad, good = next(
        ((b, g) for b, g in (("1", "0"), ("bad", "good"), ("yes", "no"), ("true", "false"))
         if {b, g} == set(texts)), (None, None))
    if bad is None:
        raise SystemExit(f"{target} has the values {texts}; two known names are wanted.")
    for part, table in (("", train), ("-test", test)):
        (table[target].cast(pl.String) == bad).cast(pl.UInt8).to_numpy().tofile(
            folder / f"labels{part}.u8")
    ordinal(train, test, numeric, categorical, folder)
    encode(train, test, numeric, categorical, folder / "encoded")
    (folder / "shape.json").write_text(json.dumps({
        "rows": train.height, "test_rows": test.height, "target": target, "bad": bad,
        "good": good, "numeric": numeric, "categorical": categorical,
        "epochs": chosen.epochs, "score_rows": chosen.score_rows}, indent=1))


if __name__ == "__main__":
    main()
