// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title The place where one bank's escrowed money lies
/// @notice Only the core that deployed it moves the money. Nothing in it can change.
contract EscrowVault {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    address public immutable core;
    uint16 public immutable bankId;

    error OnlyCore();

    constructor(IERC20 token_, uint16 bankId_) {
        token = token_;
        core = msg.sender;
        bankId = bankId_;
    }

    /// @notice Sends `amount` fen to `to`; only the core calls, with a recipient from hashed terms.
    function send(address to, uint64 amount) external {
        if (msg.sender != core) revert OnlyCore();
        token.safeTransfer(to, amount);
    }
}
