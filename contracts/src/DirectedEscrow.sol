// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Disputes} from "./Disputes.sol";
import {EscrowVault} from "./EscrowVault.sol";
import {IDigitalYuan} from "./interfaces/IDigitalYuan.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IWalletRegistry, Wallet} from "./interfaces/IWalletRegistry.sol";
import {
    Action,
    Approval,
    GOVERNANCE,
    Instruction,
    Leaf,
    LineStatus,
    ReleasePolicy,
    Status,
    Terms,
    WalletKind
} from "./interfaces/Types.sol";

/// @title Money that can only go where the deal says
/// @notice One agreement per financing, whose terms bank, buyer and payee signed. Released money goes to
///         the payee of the line, returned money to the funder and to the buyer's wallet of the terms.
contract DirectedEscrow is Disputes {
    constructor(IPartyRegistry parties_, IWalletRegistry wallets_, IDigitalYuan token_)
        EIP712("scf.DirectedEscrow", "1")
    {
        parties = parties_;
        wallets = wallets_;
        token = token_;
    }

    /// @notice Makes the vault of a bank. Approved by governance, which then registers it as a wallet.
    function deployVault(Instruction calldata instruction, Approval calldata approval, uint16 bankId)
        external
    {
        _requireBare(instruction);
        _requireParty(approval, GOVERNANCE);
        bytes32 scope = bytes32(uint256(bankId));
        bytes32 payload = keccak256(abi.encode(bankId));
        parties.requireApproval(_execute(instruction, Action.DEPLOY_VAULT, scope, payload), approval);
        if (parties.bankParty(bankId) == 0) revert UnknownBank(bankId);
        if (address(_vaults[bankId]) != address(0)) revert VaultExists(bankId);
        EscrowVault vault = new EscrowVault(IERC20(address(token)), bankId);
        _vaults[bankId] = vault;
        emit VaultDeployed(bankId, address(vault));
    }

    /// @notice Opens the agreement. Approved by the bank, the buyer and the owner of every payee wallet.
    function open(Terms calldata terms, Instruction calldata instruction, Approval[] calldata approvals)
        external
    {
        bytes32 agreementId = agreementIdOf(terms);
        bytes32 digest = _instruct(agreementId, instruction, Action.OPEN, termsHashOf(terms));
        _requireAmount(instruction, terms.total);
        _requirePayee(instruction, terms.payees[0]);
        Agreement storage agreement = _require(agreementId, Status.NONE);
        _checkTerms(terms);
        _requireFrom(_bank(terms), digest, approvals);
        _requireFrom(_buyer(terms), digest, approvals);
        for (uint256 i = 0; i < 4; ++i) {
            if (terms.payees[i] == address(0)) continue;
            _requireFrom(wallets.ownerOf(terms.payees[i]), digest, approvals);
        }

        agreement.status = terms.ownFunds == 0 ? Status.OWN_FUNDS_IN : Status.OPEN;
        _tellOpened(agreementId, terms, instruction.instructionId);
    }

    /// @notice The buyer's part of the price. The instruction is the token's, by the owner of `ownPayer`.
    function payOwnFunds(Terms calldata terms, Instruction calldata instruction, Approval calldata approval)
        external
        nonReentrant
    {
        bytes32 agreementId =
            _checkDeposit(terms, instruction, terms.ownPayer, Action.PAY_OWN_FUNDS, terms.ownFunds);
        Agreement storage agreement = _require(agreementId, Status.OPEN);
        _requireBefore(agreementId, terms.fundBy);

        agreement.status = Status.OWN_FUNDS_IN;
        emit OwnFundsPaid(
            agreementId, terms.ownPayer, terms.ownFunds, Status.OWN_FUNDS_IN, instruction.instructionId
        );

        token.depositBySignature(instruction, approval, terms.ownPayer);
    }

    /// @notice The bank's part. The instruction is the token's, by the bank that owns `funder`.
    /// @dev Under PAY_ON_DRAWDOWN every line is paid here at its cap: all leaves, ascending by line id, with
    ///      their proofs. Under the other policies both lists are empty.
    function fund(
        Terms calldata terms,
        Instruction calldata instruction,
        Approval calldata approval,
        Leaf[] calldata leaves,
        bytes32[][] calldata proofs
    ) external nonReentrant {
        bytes32 agreementId = _checkDeposit(terms, instruction, terms.funder, Action.FUND, _loan(terms));
        Agreement storage agreement = _require(agreementId, Status.OWN_FUNDS_IN);
        _requireBefore(agreementId, terms.fundBy);

        agreement.status = Status.FUNDED;
        emit AgreementFunded(
            agreementId, terms.funder, _loan(terms), Status.FUNDED, instruction.instructionId
        );

        token.depositBySignature(instruction, approval, terms.funder);
        bool isDrawdown = terms.releasePolicy == ReleasePolicy.PAY_ON_DRAWDOWN;
        if (leaves.length != proofs.length || (leaves.length != 0) != isDrawdown) {
            revert LinesDoNotAddUp(agreementId, 0, isDrawdown ? terms.total : 0);
        }
        if (isDrawdown) _payEveryLine(agreementId, terms, leaves, proofs, instruction.instructionId);
    }

    /// @notice Gives the own part back before the bank has paid. Approved by the bank.
    function cancel(Terms calldata terms, Instruction calldata instruction, Approval calldata approval)
        external
        nonReentrant
    {
        bytes32 agreementId = agreementIdOf(terms);
        _requireBare(instruction);
        _requireParty(approval, _bank(terms));
        parties.requireApproval(_instruct(agreementId, instruction, Action.CANCEL, 0), approval);
        _cancel(agreementId, terms, instruction.instructionId);
    }

    /// @notice The same once `fundBy` has passed: nobody's approval, anyone may relay it.
    function cancelLapsed(Terms calldata terms) external nonReentrant {
        bytes32 agreementId = agreementIdOf(terms);
        _requireFromOn(agreementId, terms.fundBy);
        _cancel(agreementId, terms, 0);
    }

    /// @notice Records that goods worth `instruction.amount` fen of the line were accepted (or shipped).
    /// @dev `closing` ends the line: SHORT_CLOSED within its tolerance, or REJECTED. Who must approve is the
    ///      `confirmMode` of the terms. The instruction names the line's payee.
    function confirm(
        Terms calldata terms,
        Leaf calldata leaf,
        bytes32[] calldata proof,
        bytes32 evidenceHash,
        uint8 closing,
        Instruction calldata instruction,
        Approval[] calldata approvals
    ) external {
        bytes32 agreementId = agreementIdOf(terms);
        bytes32 payload = keccak256(abi.encode(leaf.lineId, evidenceHash, closing));
        bytes32 digest = _instruct(agreementId, instruction, Action.CONFIRM, payload);
        Line storage line = _line(agreementId, terms, leaf, proof);
        _requirePayee(instruction, terms.payees[leaf.payee]);
        _requireConfirmers(terms, leaf, digest, approvals);
        _confirm(agreementId, terms, leaf, line, closing, instruction.amount);
        emit LineConfirmed(
            agreementId,
            leaf.lineId,
            instruction.amount,
            line.confirmed,
            closing,
            evidenceHash,
            instruction.instructionId
        );
    }

    /// @notice Pays the line's payee what was confirmed and not yet paid.
    /// @dev Anyone may relay it: the recipient comes from the hashed terms, the amount from storage.
    function release(Terms calldata terms, Leaf calldata leaf, bytes32[] calldata proof)
        external
        nonReentrant
    {
        bytes32 agreementId = agreementIdOf(terms);
        Agreement storage agreement = _requireRunning(agreementId);
        Line storage line = _line(agreementId, terms, leaf, proof);
        if (line.status == LineStatus.DISPUTED) revert BadLineState(leaf.lineId, line.status);
        uint64 due = line.confirmed - line.released;
        if (due == 0) revert NothingToRelease(agreementId, leaf.lineId);

        agreement.reserved -= due;
        _release(agreementId, terms, leaf, due);
    }

    /// @notice Gives the rest of a line back before expiry. Approved by the buyer and the line's payee (K9).
    /// @dev `instruction.amount` is the whole rest: cap less confirmed. What was confirmed is still paid.
    function returnLine(
        Terms calldata terms,
        Leaf calldata leaf,
        bytes32[] calldata proof,
        Instruction calldata instruction,
        Approval[] calldata approvals
    ) external nonReentrant {
        bytes32 agreementId = agreementIdOf(terms);
        bytes32 payload = keccak256(abi.encode(leaf.lineId));
        bytes32 digest = _instruct(agreementId, instruction, Action.RETURN_LINE, payload);
        Line storage line = _line(agreementId, terms, leaf, proof);
        _requirePayee(instruction, address(0));
        _requireFrom(_buyer(terms), digest, approvals);
        _requireFrom(_seller(terms, leaf), digest, approvals);
        if (line.status == LineStatus.DISPUTED) revert BadLineState(leaf.lineId, line.status);
        _requireAmount(instruction, _restOf(leaf, line));
        _returnRest(agreementId, terms, leaf, line, instruction.instructionId);
    }

    /// @notice The same for a short-closed line, without approval, when the terms say so (K9).
    function returnShortLine(Terms calldata terms, Leaf calldata leaf, bytes32[] calldata proof)
        external
        nonReentrant
    {
        bytes32 agreementId = agreementIdOf(terms);
        Line storage line = _line(agreementId, terms, leaf, proof);
        if (!terms.returnShort || line.status != LineStatus.SHORT_CLOSED) {
            revert BadLineState(leaf.lineId, line.status);
        }
        _returnRest(agreementId, terms, leaf, line, 0);
    }

    /// @notice From `expiry` on gives back all that is neither confirmed nor disputed; from `longStop` on the
    ///         disputed too. Nobody's approval, anyone may relay it; only a lawful hold could stop it.
    function reclaim(Terms calldata terms) external nonReentrant {
        bytes32 agreementId = agreementIdOf(terms);
        Agreement storage agreement = _requireRunning(agreementId);
        _requireFromOn(agreementId, terms.expiry);
        if (block.timestamp >= terms.longStop) agreement.disputed = 0;
        uint64 amount = _free(terms, agreement);
        if (amount == 0) revert NothingToReclaim(agreementId);

        (uint64 loanPart, uint64 ownPart) = _bookReturn(terms, agreement, amount);
        emit AgreementReclaimed(agreementId, amount, loanPart, ownPart, agreement.disputed, agreement.status);

        _giveBack(agreementId, terms, loanPart, ownPart);
    }

    /// @notice Pays out what waited for a wallet that could not receive. Approved by the bank and its owner.
    /// @dev To the same wallet or to another one of the same owner, run by any bank.
    function claim(
        Terms calldata terms,
        address wallet,
        Instruction calldata instruction,
        Approval[] calldata approvals
    ) external nonReentrant {
        bytes32 agreementId = agreementIdOf(terms);
        bytes32 payload = keccak256(abi.encode(wallet));
        bytes32 digest = _instruct(agreementId, instruction, Action.CLAIM, payload);
        bytes32 owner = wallets.ownerOf(wallet);
        _requireFrom(_bank(terms), digest, approvals);
        _requireFrom(owner, digest, approvals);
        uint64 amount = _claimable[agreementId][wallet];
        if (amount == 0) revert NothingToClaim(agreementId, wallet);
        _requireAmount(instruction, amount);
        Wallet memory to = wallets.walletOf(instruction.payee);
        if (to.owner != owner || to.kind == WalletKind.CONTRACT) {
            revert PayeeNotAllowed(agreementId, instruction.payee);
        }

        _claimable[agreementId][wallet] = 0;
        emit Claimed(agreementId, wallet, instruction.payee, amount, instruction.instructionId);

        _vaults[terms.bankId].send(instruction.payee, amount);
    }

    /// @dev The token checks clocks, payload and signature; here: that it is this agreement's money.
    function _checkDeposit(
        Terms calldata terms,
        Instruction calldata instruction,
        address from,
        uint8 action,
        uint64 amount
    ) private view returns (bytes32 agreementId) {
        agreementId = agreementIdOf(terms);
        bytes32 id = instruction.instructionId;
        token.requireFresh(bytes32(uint256(uint160(from))), instruction);
        if (instruction.agreementId != agreementId) {
            revert WrongAgreement(id, instruction.agreementId, agreementId);
        }
        if (instruction.action != action) revert WrongAction(id, instruction.action, action);
        _requireAmount(instruction, amount);
        _requirePayee(instruction, address(_vaults[terms.bankId]));
    }

    function _tellOpened(bytes32 agreementId, Terms calldata terms, bytes32 instructionId) private {
        emit AgreementOpened(
            agreementId,
            terms.loanRef,
            terms.bankId,
            terms.total,
            terms.ownFunds,
            terms.fundBy,
            terms.expiry,
            terms.longStop,
            terms.linesRoot,
            _agreements[agreementId].status,
            instructionId
        );
    }

    function _payEveryLine(
        bytes32 agreementId,
        Terms calldata terms,
        Leaf[] calldata leaves,
        bytes32[][] calldata proofs,
        bytes32 instructionId
    ) private {
        uint64 sum = 0;
        bytes32 last = 0;
        for (uint256 i = 0; i < leaves.length; ++i) {
            Leaf calldata leaf = leaves[i];
            // Ascending ids make the lines distinct.
            if (i != 0 && leaf.lineId <= last) revert NotInTerms(leaf.lineId);
            last = leaf.lineId;
            sum += leaf.cap;
            if (sum > terms.total) revert LinesDoNotAddUp(agreementId, sum, terms.total);
            _line(agreementId, terms, leaf, proofs[i]).confirmed = leaf.cap;
            emit LineConfirmed(
                agreementId, leaf.lineId, leaf.cap, leaf.cap, LineStatus.OPEN, 0, instructionId
            );
            _release(agreementId, terms, leaf, leaf.cap);
        }
        if (sum != terms.total) revert LinesDoNotAddUp(agreementId, sum, terms.total);
    }

    function _cancel(bytes32 agreementId, Terms calldata terms, bytes32 instructionId) private {
        Agreement storage agreement = _agreements[agreementId];
        uint8 have = agreement.status;
        if (have != Status.OPEN && have != Status.OWN_FUNDS_IN) {
            revert BadState(agreementId, have, Status.OPEN);
        }
        uint64 amount = have == Status.OWN_FUNDS_IN ? terms.ownFunds : 0;
        agreement.status = Status.CANCELLED;
        agreement.returned = amount;
        emit AgreementCancelled(agreementId, amount, 0, amount, instructionId);
        _giveBack(agreementId, terms, 0, amount);
    }

    function _confirm(
        bytes32 agreementId,
        Terms calldata terms,
        Leaf calldata leaf,
        Line storage line,
        uint8 closing,
        uint64 amount
    ) private {
        Agreement storage agreement = _requireRunning(agreementId);
        _requireBefore(agreementId, terms.expiry);
        if (line.status != LineStatus.OPEN) revert BadLineState(leaf.lineId, line.status);
        uint64 rest = leaf.cap - line.confirmed;
        if (amount > rest) revert OverRelease(leaf.lineId, rest, amount);
        _requireFree(agreementId, terms, agreement, amount);
        _checkClosing(agreementId, leaf, closing, amount, rest - amount);

        line.confirmed += amount;
        line.status = closing;
        agreement.reserved += amount;
    }

    function _release(bytes32 agreementId, Terms calldata terms, Leaf calldata leaf, uint64 amount) private {
        Agreement storage agreement = _agreements[agreementId];
        address payee = terms.payees[leaf.payee];
        _lines[agreementId][leaf.lineId].released += amount;
        (uint64 loanPart, uint64 ownPart) = _bookRelease(terms, agreement, amount);
        emit LineReleased(agreementId, leaf.lineId, payee, amount, loanPart, ownPart, agreement.status);
        _payOrKeepClaimable(agreementId, terms.bankId, payee, amount);
    }

    function _returnRest(
        bytes32 agreementId,
        Terms calldata terms,
        Leaf calldata leaf,
        Line storage line,
        bytes32 instructionId
    ) private {
        Agreement storage agreement = _requireRunning(agreementId);
        _requireBefore(agreementId, terms.expiry);
        uint64 rest = _restOf(leaf, line);
        if (rest == 0) revert NothingToReturn(agreementId, leaf.lineId);
        _requireFree(agreementId, terms, agreement, rest);

        line.returned += rest;
        line.status = LineStatus.RETURNED;
        (uint64 loanPart, uint64 ownPart) = _bookReturn(terms, agreement, rest);
        emit LineReturned(agreementId, leaf.lineId, rest, loanPart, ownPart, agreement.status, instructionId);

        _giveBack(agreementId, terms, loanPart, ownPart);
    }

    function _restOf(Leaf calldata leaf, Line storage line) private view returns (uint64) {
        return leaf.cap - line.confirmed - line.returned;
    }

    /// @dev K8: short-closed means short within the tolerance, one fen of rounding aside.
    function _checkClosing(bytes32 agreementId, Leaf calldata leaf, uint8 closing, uint64 amount, uint64 rest)
        private
        pure
    {
        if (closing == LineStatus.OPEN) {
            if (amount == 0) revert NothingConfirmed(agreementId, leaf.lineId);
        } else if (closing == LineStatus.SHORT_CLOSED) {
            uint256 allowed = uint256(leaf.cap) * leaf.toleranceUnderPpm + PPM;
            if (uint256(rest) * PPM > allowed) revert BeyondTolerance(leaf.lineId, rest);
        } else if (closing != LineStatus.REJECTED) {
            revert BadLineState(leaf.lineId, closing);
        }
    }
}
