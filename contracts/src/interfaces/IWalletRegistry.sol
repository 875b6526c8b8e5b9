// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A wallet is an address without a key: its owner's party says who may approve.
struct Wallet {
    bytes32 owner;
    uint16 bankId;
    uint8 kind;
    uint8 status;
    uint8 purpose;
    uint8 tier;
}

interface IWalletRegistry {
    function walletOf(address wallet) external view returns (Wallet memory);

    function ownerOf(address wallet) external view returns (bytes32);

    /// @notice Why `amount` cannot move from `from` to `to`: a `Restriction`, 0 when it can.
    function detectRestriction(address from, address to, uint256 amount) external view returns (uint8);

    /// @notice Reverts with a named error when the move is restricted; a zero side is a mint or a burn.
    function requireMove(address from, address to, uint256 amount) external view;
}
