// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Agreements} from "./Agreements.sol";
import {Action, Approval, Instruction, Leaf, LineStatus, Terms} from "./interfaces/Types.sol";

/// @title Disputed lines
/// @notice A disputed line is held while the others go on paying. Buyer and payee settle it, or the arbiter
///         decides; when he stays silent past the second clock, rule K21 does. No money leaves here.
abstract contract Disputes is Agreements, ReentrancyGuardTransient {
    /// @notice Holds all that is left of a line. Approved by the buyer or the line's payee, before expiry.
    function disputeLine(
        Terms calldata terms,
        Leaf calldata leaf,
        bytes32[] calldata proof,
        bytes32 reasonHash,
        Instruction calldata instruction,
        Approval calldata approval
    ) external {
        bytes32 agreementId = agreementIdOf(terms);
        bytes32 payload = keccak256(abi.encode(leaf.lineId, reasonHash));
        bytes32 digest = _instruct(agreementId, instruction, Action.DISPUTE_LINE, payload);
        Line storage line = _line(agreementId, terms, leaf, proof);
        _requireAmount(instruction, 0);
        _requirePayee(instruction, terms.payees[leaf.payee]);
        if (approval.partyId != _seller(terms, leaf)) _requireParty(approval, _buyer(terms));
        parties.requireApproval(digest, approval);
        Agreement storage agreement = _requireRunning(agreementId);
        _requireBefore(agreementId, terms.expiry);
        if (line.status == LineStatus.DISPUTED || line.status == LineStatus.RESOLVED) {
            revert BadLineState(leaf.lineId, line.status);
        }
        uint64 held = leaf.cap - line.released - line.returned;
        if (held == 0) revert NothingToDispute(agreementId, leaf.lineId);
        uint64 owed = line.confirmed - line.released;
        _requireFree(agreementId, terms, agreement, held - owed);

        agreement.reserved -= owed;
        agreement.disputed += held;
        line.status = LineStatus.DISPUTED;
        line.disputedAt = uint48(block.timestamp);
        emit LineDisputed(
            agreementId,
            leaf.lineId,
            approval.partyId,
            held,
            line.disputedAt,
            reasonHash,
            instruction.instructionId
        );
    }

    /// @notice Says how much of what is held the payee gets (`instruction.amount`). Approved by the arbiter
    ///         before his clock ends, or by buyer and payee together.
    /// @dev The amount is then paid by `release`; the rest waits for `returnLine` or `reclaim`.
    function resolveLine(
        Terms calldata terms,
        Leaf calldata leaf,
        bytes32[] calldata proof,
        bytes32 decisionHash,
        Instruction calldata instruction,
        Approval[] calldata approvals
    ) external {
        bytes32 agreementId = agreementIdOf(terms);
        bytes32 payload = keccak256(abi.encode(leaf.lineId, decisionHash));
        bytes32 digest = _instruct(agreementId, instruction, Action.RESOLVE_LINE, payload);
        Line storage line = _line(agreementId, terms, leaf, proof);
        _requirePayee(instruction, terms.payees[leaf.payee]);
        if (terms.arbiter != 0 && _isAmong(terms.arbiter, approvals)) {
            _requireFrom(terms.arbiter, digest, approvals);
            _requireBefore(leaf.lineId, _arbiterEnd(terms, line));
        } else {
            _requireFrom(_buyer(terms), digest, approvals);
            _requireFrom(_seller(terms, leaf), digest, approvals);
        }
        _resolve(agreementId, terms, leaf, line, instruction.amount, decisionHash, instruction.instructionId);
    }

    /// @notice K21, once the arbiter has been silent past his clock: what independent evidence confirmed goes
    ///         to the payee, the rest back to the funder. Nobody's approval, anyone may relay it.
    function lapseDispute(Terms calldata terms, Leaf calldata leaf, bytes32[] calldata proof) external {
        bytes32 agreementId = agreementIdOf(terms);
        Line storage line = _line(agreementId, terms, leaf, proof);
        _requireFromOn(leaf.lineId, _arbiterEnd(terms, line));
        _resolve(agreementId, terms, leaf, line, line.confirmed - line.released, 0, 0);
    }

    function _resolve(
        bytes32 agreementId,
        Terms calldata terms,
        Leaf calldata leaf,
        Line storage line,
        uint64 payeeGets,
        bytes32 decisionHash,
        bytes32 instructionId
    ) private {
        Agreement storage agreement = _requireRunning(agreementId);
        _requireBefore(agreementId, terms.longStop);
        if (line.status != LineStatus.DISPUTED) revert BadLineState(leaf.lineId, line.status);
        uint64 held = leaf.cap - line.released - line.returned;
        if (payeeGets > held) revert OverRelease(leaf.lineId, held, payeeGets);

        agreement.disputed -= held;
        agreement.reserved += payeeGets;
        line.confirmed = line.released + payeeGets;
        line.status = LineStatus.RESOLVED;
        emit LineResolved(agreementId, leaf.lineId, payeeGets, held - payeeGets, decisionHash, instructionId);
    }

    /// @dev End of the second clock; the first one is for the parties alone to settle.
    function _arbiterEnd(Terms calldata terms, Line storage line) private view returns (uint48) {
        return line.disputedAt + (uint48(terms.disputeDays) + terms.arbiterDays) * 1 days;
    }
}
