"""Which faults are put in: those of cosmic-ray that a person might make, and some that it does not know."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from cosmic_ray.ast import get_ast
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from parso.python.tree import Name, String

# `+` may become eleven other operators, most of which fail at once; these give a number that is merely wrong.
_BINARY: Final = (
    "Add_Sub", "Add_Mul", "Sub_Add", "Mul_Add", "Mul_FloorDiv", "Div_Mul", "Div_FloorDiv", "FloorDiv_Mul", "Mod_FloorDiv",
    "Pow_Mul", "BitOr_BitAnd", "BitOr_BitXor", "BitAnd_BitOr",
)  # fmt: skip
_ORDER: Final = ("Lt", "LtE", "Gt", "GtE")
_COMPARISON: Final = (
    "Eq_NotEq", "Eq_LtE", "Eq_GtE", "NotEq_Eq", "NotEq_Lt", "NotEq_Gt", "Is_IsNot", "IsNot_Is",
    *(f"{one}_{other}" for one in _ORDER for other in _ORDER if one != other),
)  # fmt: skip
_UNARY: Final = ("USub_UAdd", "Delete_Not")
_OTHER: Final = (
    "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer", "ZeroIterationForLoop",
)  # fmt: skip


def operators() -> dict[str, Operator]:
    """Every operator by its name."""
    names = (
        *(f"ReplaceBinaryOperator_{name}" for name in _BINARY),
        *(f"ReplaceComparisonOperator_{name}" for name in _COMPARISON),
        *(f"ReplaceUnaryOperator_{name}" for name in _UNARY),
        *_OTHER,
    )
    known = {name: get_operator(f"core/{name}")() for name in names}
    return known | {own.__name__: own() for own in (SwapEnds, DropOperand, DropStatement, LoosenSql)}


class SwapEnds(Operator):  # type: ignore[misc]  # cosmic-ray is not typed
    """`min` for `max`, `any` for `all`, `first` for `last`."""

    _CALLED: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
    _READ: Final = {"first": "last", "last": "first", "since": "until", "until": "since"}

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Where a call or an attribute has such a name."""
        if isinstance(node, Name) and self._other(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002  the interface
        """The node with the other name."""
        node.value = self._other(node)
        return node

    def _other(self, node: Any) -> str | None:
        behind, before = node.get_next_leaf(), node.get_previous_leaf()
        if node.value in self._CALLED and behind is not None and behind.value == "(":
            return self._CALLED[node.value]
        read = before is not None and before.value == "."
        return self._READ.get(node.value) if read else None

    @classmethod
    def examples(cls) -> Iterable[Any]:
        """None: ours are tested in tests/contract/test_mutants.py."""
        return ()


class DropOperand(Operator):  # type: ignore[misc]  # likewise
    """`a` for `a or b` and for `a and b`."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Where two or more conditions are joined."""
        if node.type in ("or_test", "and_test"):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002  the interface
        """The node without its last operand."""
        node.children = node.children[:-2]
        return node

    @classmethod
    def examples(cls) -> Iterable[Any]:
        """None."""
        return ()


class DropStatement(Operator):  # type: ignore[misc]  # likewise
    """`pass` for a call whose result nobody takes, and for an assignment that adds to a name."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Where such a statement stands."""
        if node.type == "simple_stmt" and self._droppable(node.children[0]):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002  the interface
        """The line with `pass` in the statement's place."""
        before = node.get_first_leaf().prefix
        return get_ast(f"{before}pass\n")

    def _droppable(self, statement: Any) -> bool:
        if statement.type in ("atom_expr", "power"):
            return bool(statement.children[-1].type == "trailer" and statement.children[-1].children[0].value == "(")
        return statement.type == "expr_stmt" and statement.children[1].type == "operator" and self._adds(statement)

    @staticmethod
    def _adds(statement: Any) -> bool:
        return len(statement.children[1].value) > 1

    @classmethod
    def examples(cls) -> Iterable[Any]:
        """None."""
        return ()


class LoosenSql(Operator):  # type: ignore[misc]  # likewise
    """In a text of SQL `<` for `<=`, `or` for `and`, `max` for `min`…"""

    _SQL: Final = re.compile(r"\b(?:select|update|where|delete)\b", re.IGNORECASE)
    _SIGN: Final = re.compile(r" (?:<=|>=|<|>|and|or|is not|is) |\b(?:min|max)(?=\()| desc\b")
    _OTHER: Final = {
        " <= ": " < ", " >= ": " > ", " < ": " <= ", " > ": " >= ", " and ": " or ", " or ": " and ", " is ": " is not ",
        " is not ": " is ", "min": "max", "max": "min", " desc": "",
    }  # fmt: skip

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Every such sign of a text that is SQL."""
        for found in self._signs(node):
            at = (node.start_pos[0] + node.value.count("\n", 0, found.start()), found.start())
            yield at, at

    def mutate(self, node: Any, index: int) -> Any:
        """The text with one sign changed."""
        found = self._signs(node)[index]
        node.value = node.value[: found.start()] + self._OTHER[found[0]] + node.value[found.end() :]
        return node

    def _signs(self, node: Any) -> list[re.Match[str]]:
        if not (isinstance(node, String) or node.type == "fstring_string") or not self._is_sql(node):
            return []
        return list(self._SIGN.finditer(node.value))

    def _is_sql(self, node: Any) -> bool:
        whole = node.parent if node.type == "fstring_string" else node
        docstring = whole.parent is not None and whole.parent.type == "simple_stmt"
        return not docstring and bool(self._SQL.search(whole.get_code()))

    @classmethod
    def examples(cls) -> Iterable[Any]:
        """None."""
        return ()
