"""Six-number matrices as PDF writes them: a point (x, y) becomes (a*x + c*y + e, b*x + d*y + f)."""

from __future__ import annotations

from redactor.model import Box
from redactor.redact.surgery.unsupported import Unsupported

Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_SINGULAR = 1e-12


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that applies the first and then the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def move(tx: float, ty: float, then: Matrix) -> Matrix:
    """Return a matrix with its origin moved in its own space."""
    a, b, c, d, e, f = then
    return (a, b, c, d, tx * a + ty * c + e, tx * b + ty * d + f)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return where a point goes."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def unapply_vector(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return the vector that the matrix turns into this one.

    Raises:
        Unsupported: if the matrix flattens everything.
    """
    a, b, c, d, _, _ = matrix
    whole = a * d - b * c
    if abs(whole) < _SINGULAR:
        raise Unsupported("flat matrix")
    return (d * x - c * y) / whole, (a * y - b * x) / whole


def box_through(matrix: Matrix, left: float, bottom: float, right: float, top: float) -> Box:
    """Return the upright box around a box after the matrix."""
    corners = [apply(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(up), max(across), max(up)
