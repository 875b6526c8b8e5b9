// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Hashes} from "./Hashes.sol";
import {Approval, Instruction} from "./interfaces/Types.sol";

/// @title Acts by signed instruction
/// @notice Authority is in signatures, never in `msg.sender`: anyone may relay, nobody may alter.
/// @dev Ids are remembered per scope (the agreement, wallet or party acted on), so that a stranger cannot
///      burn the id of another's instruction by using it first in a matter of his own.
abstract contract Instructed is EIP712 {
    mapping(bytes32 scope => mapping(bytes32 instructionId => bytes32 digest)) private _executed;
    mapping(bytes32 scope => uint48) private _seqs;

    error AlreadyExecuted(bytes32 instructionId);
    error IdCollision(bytes32 instructionId);
    error WrongAction(bytes32 instructionId, uint8 have, uint8 want);
    error WrongAgreement(bytes32 instructionId, bytes32 have, bytes32 want);
    error WrongAmount(bytes32 instructionId, uint64 have, uint64 want);
    error PayeeNotAllowed(bytes32 id, address payee);
    error PayloadMismatch(bytes32 instructionId, bytes32 have, bytes32 want);
    error TooEarly(bytes32 instructionId, uint48 notBefore);
    error TooLate(bytes32 instructionId, uint48 deadline);
    error StaleSeq(bytes32 scope, uint48 have, uint48 last);
    error NotApproved(bytes32 partyId);

    /// @notice The digest executed under this id in this scope, zero when none was.
    function executed(bytes32 scope, bytes32 instructionId) external view returns (bytes32 digest) {
        return _executed[scope][instructionId];
    }

    /// @notice Reverts when this id was used in this scope: for the same digest (done already) or another.
    function requireFresh(bytes32 scope, Instruction calldata instruction)
        public
        view
        virtual
        returns (bytes32 digest)
    {
        bytes32 id = instruction.instructionId;
        digest = digestOf(instruction);
        bytes32 before = _executed[scope][id];
        if (before == digest) revert AlreadyExecuted(id);
        if (before != 0) revert IdCollision(id);
    }

    /// @notice The highest sequence number used in this scope.
    function lastSeq(bytes32 scope) external view returns (uint48) {
        return _seqs[scope];
    }

    /// @notice The digest a party signs for `instruction` in this contract on this chain.
    function digestOf(Instruction calldata instruction) public view returns (bytes32) {
        return _hashTypedDataV4(Hashes.ofInstruction(instruction));
    }

    /// @dev Every check on an instruction but its signatures, which the caller asks for with the digest.
    function _execute(Instruction calldata instruction, uint8 action, bytes32 scope, bytes32 payloadHash)
        internal
        returns (bytes32 digest)
    {
        bytes32 id = instruction.instructionId;
        digest = requireFresh(scope, instruction);
        if (instruction.action != action) revert WrongAction(id, instruction.action, action);
        if (instruction.payloadHash != payloadHash) {
            revert PayloadMismatch(id, instruction.payloadHash, payloadHash);
        }
        if (block.timestamp < instruction.notBefore) revert TooEarly(id, instruction.notBefore);
        if (block.timestamp > instruction.deadline) revert TooLate(id, instruction.deadline);
        _executed[scope][id] = digest;
        if (instruction.seq != 0) _rise(scope, instruction.seq);
    }

    /// @dev An act that moves no money names neither amount nor payee.
    function _requireBare(Instruction calldata instruction) internal pure {
        _requireAmount(instruction, 0);
        _requirePayee(instruction, address(0));
    }

    function _requireAmount(Instruction calldata instruction, uint64 amount) internal pure {
        if (instruction.amount != amount) {
            revert WrongAmount(instruction.instructionId, instruction.amount, amount);
        }
    }

    function _requirePayee(Instruction calldata instruction, address payee) internal pure {
        if (instruction.payee != payee) revert PayeeNotAllowed(instruction.instructionId, instruction.payee);
    }

    function _requireParty(Approval calldata approval, bytes32 partyId) internal pure {
        if (approval.partyId != partyId) revert NotApproved(partyId);
    }

    function _rise(bytes32 scope, uint48 seq) private {
        uint48 last = _seqs[scope];
        if (seq <= last) revert StaleSeq(scope, seq, last);
        _seqs[scope] = seq;
    }
}
