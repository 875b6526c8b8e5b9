// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Approval, Instruction} from "./Types.sol";

interface IDigitalYuan {
    /// @notice Moves money into an escrow vault; only that vault's core may call, with the owner's signature.
    function depositBySignature(Instruction calldata instruction, Approval calldata approval, address from)
        external;

    /// @notice Reverts when the instruction was executed, or its id used otherwise, for this wallet.
    function requireFresh(bytes32 scope, Instruction calldata instruction)
        external
        view
        returns (bytes32 digest);
}
