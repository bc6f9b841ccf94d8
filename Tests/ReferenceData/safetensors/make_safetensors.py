"""A file in the safetensors layout, written by hand with NumPy and the layout's description alone.

Run from this folder. The header's order differs from that of the data, it has spaces, escapes and
padding of another width than ours, so that a reader cannot pass by knowing its own writer.
"""

import json
import struct

import numpy as np

arrays = {
    "weights": np.array([[0.1, -2.5e-300, np.inf], [-0.0, 5e-324, 1.7976931348623157e308]]),
    "single": np.array([[1.5], [-3.4e38]], dtype="<f4"),
    "long": np.array([-(2**63), 2**63 - 1, 0], dtype="<i8"),
    "int": np.array(-7, dtype="<i4"),
    "bytes": np.arange(5, dtype="u1"),
    "empty": np.zeros((0, 3)),
    "Größe \"快\"\n😀": np.array([2.0**-1074 * 3]),
}
names = {"float64": "F64", "float32": "F32", "int64": "I64", "int32": "I32", "uint8": "U8"}
order = ["long", "weights", "Größe \"快\"\n😀", "empty", "single", "int", "bytes"]
data, places = b"", {}
for name in order:
    raw = arrays[name].astype(arrays[name].dtype.newbyteorder("<")).tobytes()
    places[name] = [len(data), len(data) + len(raw)]
    data += raw
header = {name: {"shape": list(arrays[name].shape), "data_offsets": places[name],
                 "dtype": names[arrays[name].dtype.name]} for name in arrays}
header["__metadata__"] = {"author": "NumPy " + np.__version__, "quote\\\"": "naïve\t模型"}
text = json.dumps(header, ensure_ascii=True, indent=1).encode()
text += b" " * (-len(text) % 32)
with open("numpy.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
bits = {"float64": "<u8", "float32": "<u4", "int64": "<u8", "int32": "<u4", "uint8": "u1"}
expected = [{"name": name, "shape": list(arrays[name].shape), "type": names[arrays[name].dtype.name],
             "bits": [str(int(b)) for b in np.atleast_1d(arrays[name]).ravel()
                      .view(bits[arrays[name].dtype.name])]} for name in order]
with open("numpy.json", "w") as file:
    json.dump({"versions": {"numpy": np.__version__}, "tensors": expected,
               "metadata": header["__metadata__"]}, file, indent=1, ensure_ascii=False)
    file.write("\n")
