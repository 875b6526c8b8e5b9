// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Instruction, Leaf, Terms} from "./interfaces/Types.sol";

/// @title Hashes of the three signed structures
/// @dev They are static, so their calldata already is their ABI encoding: copying it is `abi.encode` without
///      the cost. Unclean high bits give another hash than the signed one, hence nothing but a refusal.
library Hashes {
    bytes32 internal constant INSTRUCTION_TYPEHASH = keccak256(
        "Instruction(bytes32 instructionId,bytes32 agreementId,uint8 action,uint64 amount,address payee,"
        "bytes32 payloadHash,uint48 notBefore,uint48 deadline,uint48 seq)"
    );

    /// @notice EIP-712 `hashStruct`: type hash and 9 words.
    function ofInstruction(Instruction calldata instruction) internal pure returns (bytes32 hash) {
        bytes32 typehash = INSTRUCTION_TYPEHASH;
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            mstore(pointer, typehash)
            calldatacopy(add(pointer, 32), instruction, 288)
            hash := keccak256(pointer, 320)
        }
    }

    /// @notice `keccak256(abi.encode(terms))`: 27 words.
    function ofTerms(Terms calldata terms) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            calldatacopy(pointer, terms, 864)
            hash := keccak256(pointer, 864)
        }
    }

    /// @notice A leaf of `linesRoot`: 9 words hashed twice, so that no inner node can pass for a leaf.
    function ofLeaf(Leaf calldata leaf) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            calldatacopy(pointer, leaf, 288)
            mstore(0, keccak256(pointer, 288))
            hash := keccak256(0, 32)
        }
    }
}
