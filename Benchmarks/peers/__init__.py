"""The peers of Candor: one module a kind of work, one function a tool."""
