// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The loan part of money that leaves an escrow (rule K6)
library Shares {
    /// @notice Loan part of the first `out` fen of an agreement of `total` fen, `loan` of them lent; half-up.
    function loanPart(uint256 out, uint256 loan, uint256 total) internal pure returns (uint256) {
        return (out * loan * 2 + total) / (2 * total);
    }

    /// @notice Splits the next `amount` fen after `before` fen already left: cumulative, so nothing is lost.
    function split(uint64 before, uint64 amount, uint64 loan, uint64 total)
        internal
        pure
        returns (uint64 loanShare, uint64 ownShare)
    {
        uint256 booked = loanPart(before, loan, total);
        // Casts are safe: the formula never exceeds `loan`, and rises by no more than `amount`.
        loanShare = uint64(loanPart(uint256(before) + amount, loan, total) - booked);
        ownShare = amount - loanShare;
    }
}
