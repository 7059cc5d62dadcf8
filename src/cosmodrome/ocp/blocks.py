"""A sparse programme as the sum of small functions repeated over index lists.

constraints(w) = linear w + sum over blocks of F(w[columns], q) put into rows.
Each small function is differentiated once, symbolically, and mapped over its
instances, so that building costs the same however fine the mesh is and
evaluation runs without interpretation overhead per node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import casadi as ca
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["FEW_SOLVES", "MANY_SOLVES", "Abreast", "Block", "Kernel", "assemble"]

Index = NDArray[np.int64]


_SHARED = 3  # the argument of a kernel that all instances share


@dataclass(frozen=True, slots=True)
class Abreast:
    """From how many instances, and operations in each, a kernel is evaluated abreast.

    It costs 10 microseconds per operation to build and saves up to 7 nanoseconds per
    operation and instance: with fewer instances it takes many solves to pay, with
    fewer operations there is nothing to save.
    """

    instances: int
    operations: int


FEW_SOLVES = Abreast(40, 1500)
MANY_SOLVES = Abreast(10, 1500)
"""For a hundred solves and more: coasts in orbit, few instances of very many operations,
take two seconds more to build, and an evaluation with them a third less."""


class Kernel:
    """A small function rows = F(z, q, c, p) with its Jacobian and Hessian.

    Parameters
    ----------
    z, q, c, p : SX columns
        Unknowns, parameters per instance, constants per instance, parameters
        shared by all instances.
    rows : SX column
    """

    def __init__(self, z: Any, q: Any, c: Any, p: Any, rows: Any) -> None:
        rows = ca.cse(ca.densify(ca.SX(rows)))
        multipliers = ca.SX.sym("multipliers", rows.numel())
        jacobian = ca.jacobian(rows, z)
        hessian = ca.triu(ca.hessian(ca.dot(multipliers, rows), z)[0])
        self.value = ca.Function("value", [z, q, c, p], [rows])
        self.jacobian_rows, self.jacobian_columns = _places(jacobian)
        self.hessian_rows, self.hessian_columns = _places(hessian)
        column = jacobian.nz[:] if jacobian.nnz() else ca.SX(0, 1)
        self.jacobian = ca.Function("jacobian", [z, q, c, p], [column])
        column = hessian.nz[:] if hessian.nnz() else ca.SX(0, 1)
        self.hessian = ca.Function("hessian", [z, q, c, p, multipliers], [column])


def _places(matrix: Any) -> tuple[Index, Index]:
    rows, columns = matrix.sparsity().get_triplet()
    return np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)


def _abreast(function: Any, n: int) -> Any:
    """A kernel's function at n instances at once, operation by operation.

    Each operation runs over all instances before the next one, which shares what
    it costs to dispatch it: five to eight times faster than instance by instance
    from some twenty instances on, with the same roundings.

    Parameters
    ----------
    function : Function of columns with one column as output, scalar operations
    n : int

    Returns
    -------
    Function
        Takes a row per instance (the shared argument stays a column) and
        returns a row per instance.
    """
    shapes = [
        (size, 1) if k == _SHARED else (n, size)
        for k, size in enumerate(function.numel_in(i) for i in range(function.n_in()))
    ]
    inputs = [ca.MX.sym(f"a{k}", *shape) for k, shape in enumerate(shapes)]
    entries = [
        ca.vertsplit(each) if k == _SHARED else ca.horzsplit(each) if each.numel() else []
        for k, each in enumerate(inputs)
    ]
    work: dict[int, Any] = {}
    found: dict[int, Any] = {}
    for k in range(function.n_instructions()):
        operation = function.instruction_id(k)
        came, went = function.instruction_input(k), function.instruction_output(k)
        if operation == ca.OP_CONST:
            work[went[0]] = ca.MX(function.instruction_constant(k))
        elif operation == ca.OP_INPUT:
            work[went[0]] = entries[came[0]][came[1]]
        elif operation == ca.OP_OUTPUT:
            found[went[1]] = work[came[0]]
        elif len(came) == 1:
            work[went[0]] = ca.MX.unary(operation, work[came[0]])
        else:
            work[went[0]] = ca.MX.binary(operation, work[came[0]], work[came[1]])
    rows = [ca.densify(found[k]) for k in range(function.nnz_out(0))]
    rows = [row if row.shape[0] == n else ca.repmat(row, n, 1) for row in rows]
    return ca.Function("abreast", inputs, [ca.horzcat(*rows)])


@dataclass(frozen=True, slots=True)
class Block:
    """One kernel at many places.

    Parameters
    ----------
    kernel : Kernel
    columns : array of int, shape (instances, size of z), into the unknowns
    numbers : array of int, shape (instances, size of q), into the parameters
    constants : array of float, shape (instances, size of c)
    rows : array of int, shape (instances, rows); -1 stands for the objective
    """

    kernel: Kernel
    columns: Index
    numbers: Index
    constants: NDArray[np.float64]
    rows: Index

    def _mapped(self, function: Any, arguments: list[Any], pays: Abreast) -> Any:
        n = len(self.columns)
        if n >= pays.instances and function.n_instructions() >= pays.operations:
            rows = [each if k == _SHARED else each.T for k, each in enumerate(arguments)]
            return ca.vec(_abreast(function, n)(*rows).T)
        mapped = function.map("mapped", "serial", n, [_SHARED], [])
        return ca.vec(mapped(*arguments))

    def _gather(self, vector: Any, where: Index) -> Any:
        if where.size == 0:
            return ca.DM(where.shape[1], where.shape[0])
        return ca.reshape(vector[where.ravel().tolist()], where.shape[1], where.shape[0])

    def arguments(self, w: Any, parameters: Any, p: Any) -> list[Any]:
        """Mapped arguments: unknowns and parameters, constants per instance, shared."""
        numbers = self._gather(parameters, self.numbers)
        return [self._gather(w, self.columns), numbers, ca.DM(self.constants.T), p]

    def value(self, arguments: list[Any], pays: Abreast) -> Any:
        """All rows of all instances, in the order of `rows.ravel()`."""
        return self._mapped(self.kernel.value, arguments, pays)

    def jacobian(self, arguments: list[Any], pays: Abreast) -> tuple[Any, Index, Index]:
        """Nonzeros with their global rows and columns."""
        kernel = self.kernel
        values = self._mapped(kernel.jacobian, arguments, pays)
        rows = self.rows[:, kernel.jacobian_rows]
        columns = self.columns[:, kernel.jacobian_columns]
        return values, rows.ravel(), columns.ravel()

    def hessian(
        self, arguments: list[Any], multipliers: Any, pays: Abreast
    ) -> tuple[Any, Index, Index]:
        """Nonzeros of the Hessian of multipliers times rows, both triangles folded up."""
        kernel = self.kernel
        own = self._gather(multipliers, self.rows + 1)
        values = self._mapped(kernel.hessian, [*arguments, own], pays)
        rows = self.columns[:, kernel.hessian_rows].ravel()
        columns = self.columns[:, kernel.hessian_columns].ravel()
        return values, np.minimum(rows, columns), np.maximum(rows, columns)


def _scatter(
    values: list[Any], rows: list[Index], columns: list[Index], shape: tuple[int, int]
) -> Any:
    """A sparse MX matrix from coordinate lists; repeated places add up."""
    row, column = np.concatenate(rows), np.concatenate(columns)
    key = column * shape[0] + row
    unique, where = np.unique(key, return_inverse=True)
    pattern = ca.Sparsity.triplet(
        shape[0], shape[1], (unique % shape[0]).tolist(), (unique // shape[0]).tolist()
    )
    stacked = ca.vertcat(*values)
    if unique.size == key.size:
        order = np.argsort(where)
        return ca.MX(pattern, stacked[order.tolist()])
    adder = sparse.csc_matrix((np.ones(key.size), (where, np.arange(key.size))))
    return ca.MX(pattern, _constant(adder) @ stacked)


def _is_cost(rows: Index) -> bool:
    return bool(rows.size) and int(rows.min()) < 0


def _constant(matrix: Any) -> Any:
    matrix = sparse.csc_matrix(matrix)
    matrix.sort_indices()
    pattern = ca.Sparsity(
        matrix.shape[0], matrix.shape[1], matrix.indptr.tolist(), matrix.indices.tolist()
    )
    return ca.DM(pattern, matrix.data)


def assemble(
    blocks: list[Block],
    linear: sparse.csc_matrix,
    n_parameters: int,
    shared: slice,
    pays: Abreast = FEW_SOLVES,
) -> dict[str, Any]:
    """The whole programme with its exact derivatives.

    Parameters
    ----------
    blocks : list of Block; rows of -1 belong to the objective
    linear : sparse matrix, shape (constraints, unknowns)
    n_parameters : int, length of all parameters
    shared : slice of the parameters that every kernel sees as `p`
    pays : Abreast, from where evaluating abreast pays; no number depends on it

    Returns
    -------
    dict
        "nlp" (x, p, f, g), and Functions "jac_g", "grad_f", "hess_lag" in the
        form that CasADi's solvers take.
    """
    m, n = linear.shape
    w, parameters = ca.MX.sym("w", n), ca.MX.sym("p", n_parameters)
    lam_f, lam_g = ca.MX.sym("lam_f"), ca.MX.sym("lam_g", m)
    multipliers = ca.vertcat(lam_f, lam_g)
    p = parameters[shared]
    values, targets = [], []
    jacobians: list[tuple[Any, Index, Index]] = []
    hessians: list[tuple[Any, Index, Index]] = []
    for block in blocks:
        arguments = block.arguments(w, parameters, p)
        values.append(block.value(arguments, pays))
        targets.append(block.rows.ravel())
        jacobians.append(block.jacobian(arguments, pays))
        hessians.append(block.hessian(arguments, multipliers, pays))
    target = np.concatenate(targets)
    adder = sparse.csc_matrix(
        (np.ones(target.size), (target + 1, np.arange(target.size))), shape=(m + 1, target.size)
    )
    g = (_constant(adder) @ ca.vertcat(*values))[1:] + _constant(linear) @ w
    costs = [k for k, block in enumerate(blocks) if _is_cost(block.rows)]
    f = ca.sum1(ca.vertcat(*[values[k] for k in costs]))
    lin = linear.tocoo()
    pieces = [(ca.DM(lin.data), lin.row.astype(np.int64), lin.col.astype(np.int64))]
    pieces += [entry for entry in jacobians if not _is_cost(entry[1])]
    jacobian = _scatter(
        [piece[0] for piece in pieces],
        [piece[1] for piece in pieces],
        [piece[2] for piece in pieces],
        (m, n),
    )
    slopes = [(values, columns) for values, rows, columns in jacobians if _is_cost(rows)]
    gradient = _scatter(
        [value for value, _ in slopes],
        [columns for _, columns in slopes],
        [0 * columns for _, columns in slopes],
        (n, 1),
    )
    hessian = _scatter(
        [h[0] for h in hessians], [h[1] for h in hessians], [h[2] for h in hessians], (n, n)
    )
    inputs = ["x", "p", "lam_f", "lam_g"]
    return {
        "nlp": {"x": w, "p": parameters, "f": f, "g": g},
        "jac_g": ca.Function("nlp_jac_g", [w, parameters], [g, jacobian]),
        "grad_f": ca.Function("nlp_grad_f", [w, parameters], [f, ca.densify(gradient)]),
        "hess_lag": ca.Function(
            "nlp_hess_l", [w, parameters, lam_f, lam_g], [hessian], inputs, ["hessian"]
        ),
    }
