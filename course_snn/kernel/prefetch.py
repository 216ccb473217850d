"""Asking for memory ahead of its use, in the compiled loops."""

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic


@intrinsic
def prefetch(context, address):
    """Ask for the cache line at ``address`` (LLVM's llvm.prefetch), which numba has no name for."""

    def generate(context, builder, signature, arguments):
        i32 = ir.IntType(32)
        pointer = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, i32, i32, i32])
        instruction = builder.module.declare_intrinsic("llvm.prefetch", [pointer.type], kind)
        builder.call(instruction, [pointer, i32(0), i32(3), i32(1)])  # to read, soon, data
        return context.get_dummy_value()

    return types.void(types.int64), generate


@njit(error_model="numpy", nogil=True)
def announce(values, first, n):
    """Fetch the beginning of each page of values[first : first + n] ahead of its use.

    The processor itself fetches ahead along a row, but not from row to row and not across pages of 4 KiB.
    """
    address = values.ctypes.data + 4 * first
    end = address + 4 * n
    while address < end:
        for line in range(4):
            prefetch(address + 64 * line)
        address = (address // 4096 + 1) * 4096
