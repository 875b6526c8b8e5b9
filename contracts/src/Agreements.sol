// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {EscrowVault} from "./EscrowVault.sol";
import {Hashes} from "./Hashes.sol";
import {Instructed} from "./Instructed.sol";
import {Shares} from "./Shares.sol";
import {IDirectedEscrow} from "./interfaces/IDirectedEscrow.sol";
import {IDigitalYuan} from "./interfaces/IDigitalYuan.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IWalletRegistry, Wallet} from "./interfaces/IWalletRegistry.sol";
import {
    Approval,
    ConfirmMode,
    Instruction,
    Leaf,
    LineStatus,
    ReleasePolicy,
    Restriction,
    Status,
    Terms,
    WalletKind
} from "./interfaces/Types.sol";

/// @title The book of agreements: what is stored, who is who in the terms, and the one way money leaves
/// @dev DirectedEscrow holds the acts. Nothing here takes a recipient that is not in hashed terms.
abstract contract Agreements is Instructed, IDirectedEscrow {
    uint32 internal constant PPM = 1_000_000;

    IPartyRegistry public immutable parties;
    IWalletRegistry public immutable wallets;
    IDigitalYuan public immutable token;

    mapping(bytes32 agreementId => Agreement) internal _agreements;
    mapping(bytes32 agreementId => mapping(bytes32 lineId => Line)) internal _lines;
    mapping(bytes32 agreementId => mapping(address wallet => uint64)) internal _claimable;
    mapping(uint16 bankId => EscrowVault) internal _vaults;

    /// @notice The id of the agreement that these terms make in this contract on this chain.
    function agreementIdOf(Terms calldata terms) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), termsHashOf(terms)));
    }

    function agreementOf(bytes32 agreementId) external view returns (Agreement memory) {
        return _agreements[agreementId];
    }

    function lineOf(bytes32 agreementId, bytes32 lineId) external view returns (Line memory) {
        return _lines[agreementId][lineId];
    }

    /// @notice Fen that wait for `wallet` because it could not receive them.
    function claimableOf(bytes32 agreementId, address wallet) external view returns (uint64) {
        return _claimable[agreementId][wallet];
    }

    function vaultOf(uint16 bankId) external view returns (EscrowVault) {
        return _vaults[bankId];
    }

    function termsHashOf(Terms calldata terms) public pure returns (bytes32) {
        return Hashes.ofTerms(terms);
    }

    /// @notice The leaf of `linesRoot` that proves this line.
    function leafHashOf(Leaf calldata leaf) public pure returns (bytes32) {
        return Hashes.ofLeaf(leaf);
    }

    // ---- who is who ----

    function _bank(Terms calldata terms) internal view returns (bytes32) {
        return parties.bankParty(terms.bankId);
    }

    function _buyer(Terms calldata terms) internal view returns (bytes32) {
        return wallets.ownerOf(terms.ownPayer);
    }

    function _seller(Terms calldata terms, Leaf calldata leaf) internal view returns (bytes32) {
        return wallets.ownerOf(terms.payees[leaf.payee]);
    }

    function _loan(Terms calldata terms) internal pure returns (uint64) {
        return terms.total - terms.ownFunds;
    }

    // ---- approvals ----

    /// @dev One instruction of this contract: id, action, agreement, clocks and payload. Signatures follow.
    function _instruct(bytes32 agreementId, Instruction calldata instruction, uint8 action, bytes32 payload)
        internal
        returns (bytes32 digest)
    {
        if (instruction.agreementId != agreementId) {
            revert WrongAgreement(instruction.instructionId, instruction.agreementId, agreementId);
        }
        return _execute(instruction, action, agreementId, payload);
    }

    function _requireFrom(bytes32 partyId, bytes32 digest, Approval[] calldata approvals) internal view {
        for (uint256 i = 0; i < approvals.length; ++i) {
            if (approvals[i].partyId != partyId) continue;
            parties.requireApproval(digest, approvals[i]);
            return;
        }
        revert NotApproved(partyId);
    }

    function _isAmong(bytes32 partyId, Approval[] calldata approvals) internal pure returns (bool) {
        for (uint256 i = 0; i < approvals.length; ++i) {
            if (approvals[i].partyId == partyId) return true;
        }
        return false;
    }

    /// @dev K3 and K20: the second signature is the bank's, or that of the warehouse named in the terms.
    function _requireConfirmers(
        Terms calldata terms,
        Leaf calldata leaf,
        bytes32 digest,
        Approval[] calldata approvals
    ) internal view {
        if (terms.confirmMode == ConfirmMode.SELLER_AND_BANK) {
            _requireFrom(_seller(terms, leaf), digest, approvals);
            _requireFrom(_bank(terms), digest, approvals);
            return;
        }
        _requireFrom(_buyer(terms), digest, approvals);
        if (terms.confirmMode == ConfirmMode.BUYER_ALONE) return;
        bool byWarehouse = terms.confirmers != 0 && _isAmong(terms.confirmers, approvals);
        _requireFrom(byWarehouse ? terms.confirmers : _bank(terms), digest, approvals);
    }

    // ---- states ----

    function _require(bytes32 agreementId, uint8 want) internal view returns (Agreement storage agreement) {
        agreement = _agreements[agreementId];
        if (agreement.status != want) revert BadState(agreementId, agreement.status, want);
    }

    function _requireRunning(bytes32 agreementId) internal view returns (Agreement storage agreement) {
        agreement = _agreements[agreementId];
        uint8 have = agreement.status;
        if (have != Status.FUNDED && have != Status.PARTIAL) {
            revert BadState(agreementId, have, Status.FUNDED);
        }
    }

    function _requireBefore(bytes32 id, uint48 clock) internal view {
        if (block.timestamp >= clock) revert PastClock(id, clock);
    }

    function _requireFromOn(bytes32 id, uint48 clock) internal view {
        if (block.timestamp < clock) revert BeforeClock(id, clock);
    }

    /// @dev The line as the signed terms have it; its status is the caller's matter.
    function _line(bytes32 agreementId, Terms calldata terms, Leaf calldata leaf, bytes32[] calldata proof)
        internal
        view
        returns (Line storage)
    {
        bool isProved = MerkleProof.verifyCalldata(proof, terms.linesRoot, leafHashOf(leaf));
        if (!isProved || leaf.payee >= 4 || terms.payees[leaf.payee] == address(0)) {
            revert NotInTerms(leaf.lineId);
        }
        // Payment by stages is another template: here a line is one stage.
        if (leaf.stageSharesPpm[0] != PPM) revert NotInTerms(leaf.lineId);
        return _lines[agreementId][leaf.lineId];
    }

    /// @dev What is neither gone, nor owed for a confirmation, nor held by a dispute.
    function _free(Terms calldata terms, Agreement storage agreement) internal view returns (uint64) {
        return terms.total - agreement.released - agreement.returned - agreement.reserved - agreement.disputed;
    }

    function _requireFree(
        bytes32 agreementId,
        Terms calldata terms,
        Agreement storage agreement,
        uint64 amount
    ) internal view {
        uint64 free = _free(terms, agreement);
        if (amount > free) revert OverRelease(agreementId, free, amount);
    }

    // ---- money ----

    function _bookRelease(Terms calldata terms, Agreement storage agreement, uint64 amount)
        internal
        returns (uint64 loanPart, uint64 ownPart)
    {
        uint64 before = agreement.released + agreement.returned;
        (loanPart, ownPart) = Shares.split(before, amount, _loan(terms), terms.total);
        agreement.released += amount;
        agreement.status = before + amount == terms.total ? Status.SETTLED : Status.PARTIAL;
    }

    function _bookReturn(Terms calldata terms, Agreement storage agreement, uint64 amount)
        internal
        returns (uint64 loanPart, uint64 ownPart)
    {
        uint64 before = agreement.released + agreement.returned;
        (loanPart, ownPart) = Shares.split(before, amount, _loan(terms), terms.total);
        agreement.returned += amount;
        if (before + amount == terms.total) agreement.status = Status.RETURNED;
    }

    /// @dev Loan part to the funder, own part to the buyer's wallet of the terms; nobody else (invariant 5).
    function _giveBack(bytes32 agreementId, Terms calldata terms, uint64 loanPart, uint64 ownPart) internal {
        _payOrKeepClaimable(agreementId, terms.bankId, terms.funder, loanPart);
        _payOrKeepClaimable(agreementId, terms.bankId, terms.ownRefundTo, ownPart);
    }

    /// @dev Asks first instead of catching a failure: a relayer could make a caught call fail by its gas.
    function _payOrKeepClaimable(bytes32 agreementId, uint16 bankId, address to, uint64 amount) internal {
        if (amount == 0) return;
        EscrowVault vault = _vaults[bankId];
        if (wallets.detectRestriction(address(vault), to, amount) == Restriction.NONE) {
            vault.send(to, amount);
            return;
        }
        _claimable[agreementId][to] += amount;
        emit BecameClaimable(agreementId, to, amount);
    }

    // ---- terms ----

    function _checkTerms(Terms calldata terms) internal view {
        if (address(_vaults[terms.bankId]) == address(0)) revert UnknownBank(terms.bankId);
        if (terms.total == 0 || terms.ownFunds >= terms.total) revert BadTerms("total");
        if (block.timestamp >= terms.fundBy) revert BadTerms("fundBy");
        if (terms.expiry <= terms.fundBy) revert BadTerms("expiry");
        if (terms.longStop < terms.expiry) revert BadTerms("longStop");
        _checkPolicy(terms.releasePolicy, terms.confirmMode);
        _checkWallets(terms);
    }

    function _checkWallets(Terms calldata terms) private view {
        bytes32 bank = _bank(terms);
        bytes32 buyer = _buyer(terms);
        if (buyer == 0 || buyer == bank) revert BadTerms("ownPayer");
        Wallet memory funder = wallets.walletOf(terms.funder);
        if (funder.owner != bank || funder.bankId != terms.bankId || funder.kind == WalletKind.CONTRACT) {
            revert BadTerms("funder");
        }
        if (wallets.ownerOf(terms.ownRefundTo) != buyer) revert BadTerms("ownRefundTo");
        if (terms.ownCollection != address(0) && wallets.ownerOf(terms.ownCollection) != buyer) {
            revert BadTerms("ownCollection");
        }
        if (terms.confirmers == buyer) revert BadTerms("confirmers");
        if (terms.payees[0] == address(0)) revert BadTerms("payees");
        for (uint256 i = 0; i < 4; ++i) {
            if (terms.payees[i] != address(0)) _checkPayee(terms, terms.payees[i], buyer, bank);
        }
    }

    function _checkPayee(Terms calldata terms, address payee, bytes32 buyer, bytes32 bank) private view {
        Wallet memory wallet = wallets.walletOf(payee);
        bool isOutsider = wallet.owner != 0 && wallet.owner != buyer && wallet.owner != bank;
        if (!isOutsider || wallet.kind == WalletKind.CONTRACT) revert BadTerms("payees");
        if (terms.confirmers == wallet.owner || terms.arbiter == wallet.owner || terms.arbiter == buyer) {
            revert BadTerms("confirmers");
        }
    }

    function _checkPolicy(uint8 policy, uint8 mode) private pure {
        if (policy == ReleasePolicy.PAY_ON_DRAWDOWN && mode == ConfirmMode.NOT_NEEDED) return;
        if (policy == ReleasePolicy.PAY_ON_SHIPMENT && mode == ConfirmMode.SELLER_AND_BANK) return;
        bool isAcceptance = mode == ConfirmMode.BUYER_AND_SECOND || mode == ConfirmMode.BUYER_ALONE;
        if (policy == ReleasePolicy.PAY_ON_ACCEPTANCE && isAcceptance) return;
        revert BadTerms("releasePolicy");
    }
}
