// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDirectedEscrow} from "../src/interfaces/IDirectedEscrow.sol";
import {
    Action,
    Approval,
    ConfirmMode,
    Instruction,
    Leaf,
    ReleasePolicy,
    Terms
} from "../src/interfaces/Types.sol";
import {World} from "./World.sol";

/// @notice Golden deal 1: 1,000,000.00 in three lines, 200,000.00 of it the buyer's own, and its acts.
abstract contract Deal is World {
    uint64 internal constant TOTAL = 100_000_000;
    uint64 internal constant OWN = 20_000_000;
    uint64 internal constant LOAN = 80_000_000;
    uint64[3] internal caps = [uint64(38_020_650), 41_499_350, 20_480_000];
    uint8[3] internal payeeOf = [0, 0, 0];

    Terms internal terms;
    bytes32 internal agreementId;

    function setUp() public virtual override {
        super.setUp();
        mint(bank, funder, 200_000_000);
        mint(bank, buyerGeneral, 25_000_000);
        terms = goldenTerms();
        setTerms(terms);
    }

    function goldenTerms() internal view returns (Terms memory given) {
        given.templateId = "directed-purchase-1";
        given.loanRef = "loan";
        given.funder = funder;
        given.ownPayer = buyerGeneral;
        given.ownRefundTo = buyerGeneral;
        given.ownCollection = buyerCollection;
        given.payees[0] = sellerWallet;
        given.bankId = BANK_ID;
        given.total = TOTAL;
        given.ownFunds = OWN;
        given.fundBy = START + 5 days;
        given.expiry = START + 63 days;
        given.longStop = START + 123 days;
        (given.refundDays, given.disputeDays, given.arbiterDays) = (30, 10, 10);
        given.releasePolicy = ReleasePolicy.PAY_ON_ACCEPTANCE;
        given.confirmMode = ConfirmMode.BUYER_AND_SECOND;
        given.confirmers = warehouse.id;
        given.arbiter = arbiter.id;
        given.salt = 1;
    }

    /// @dev Takes the terms with the lines' root filled in; the id follows docs/contracts.md.
    function setTerms(Terms memory given) internal {
        given.linesRoot = linesRoot();
        terms = given;
        agreementId = keccak256(abi.encode(block.chainid, address(core), keccak256(abi.encode(given))));
    }

    // ---- lines: root = pair(pair(L0, L1), L2) ----

    function leafOf(uint256 n) internal view returns (Leaf memory) {
        return Leaf(bytes32(n + 1), payeeOf[n], caps[n], 30_000, 0, [uint32(1_000_000), 0, 0, 0]);
    }

    function lineId(uint256 n) internal pure returns (bytes32) {
        return bytes32(n + 1);
    }

    function proofOf(uint256 n) internal view returns (bytes32[] memory proof) {
        if (n == 2) {
            proof = new bytes32[](1);
            proof[0] = _pair(_leafHash(0), _leafHash(1));
            return proof;
        }
        proof = new bytes32[](2);
        (proof[0], proof[1]) = (_leafHash(1 - n), _leafHash(2));
    }

    function linesRoot() internal view returns (bytes32) {
        return _pair(_pair(_leafHash(0), _leafHash(1)), _leafHash(2));
    }

    function everyLine() internal view returns (Leaf[] memory leaves, bytes32[][] memory proofs) {
        (leaves, proofs) = (new Leaf[](3), new bytes32[][](3));
        for (uint256 n = 0; n < 3; ++n) {
            (leaves[n], proofs[n]) = (leafOf(n), proofOf(n));
        }
    }

    // ---- acts ----

    function open() internal {
        openBy(by(bank, buyer, seller));
    }

    function openBy(Who[] memory who) internal {
        Instruction memory i =
            instruct(agreementId, Action.OPEN, terms.total, terms.payees[0], keccak256(abi.encode(terms)));
        Approval[] memory a = signAll(who, address(core), i);
        brace();
        core.open(terms, i, a);
    }

    function payOwnFunds() internal {
        Instruction memory i = depositInstruction(Action.PAY_OWN_FUNDS, terms.ownFunds, terms.ownPayer);
        Approval memory a = sign(buyer, address(token), i);
        brace();
        core.payOwnFunds(terms, i, a);
    }

    function fund() internal {
        Leaf[] memory leaves;
        bytes32[][] memory proofs;
        if (terms.releasePolicy == ReleasePolicy.PAY_ON_DRAWDOWN) (leaves, proofs) = everyLine();
        fundWith(leaves, proofs);
    }

    function fundWith(Leaf[] memory leaves, bytes32[][] memory proofs) internal {
        Instruction memory i = depositInstruction(Action.FUND, terms.total - terms.ownFunds, terms.funder);
        Approval memory a = sign(bank, address(token), i);
        brace();
        core.fund(terms, i, a, leaves, proofs);
    }

    function depositInstruction(uint8 action, uint64 amount, address from)
        internal
        returns (Instruction memory)
    {
        return instruct(agreementId, action, amount, address(vault), keccak256(abi.encode(from)));
    }

    function funded() internal {
        open();
        payOwnFunds();
        fund();
    }

    function cancel(Who memory who) internal {
        Instruction memory i = instruct(agreementId, Action.CANCEL, 0, address(0), 0);
        Approval memory a = sign(who, address(core), i);
        brace();
        core.cancel(terms, i, a);
    }

    function confirm(uint256 n, uint64 amount, uint8 closing) internal {
        confirmBy(by(buyer, bank), n, amount, closing);
    }

    function confirmBy(Who[] memory who, uint256 n, uint64 amount, uint8 closing) internal {
        Leaf memory leaf = leafOf(n);
        bytes32 payload = keccak256(abi.encode(leaf.lineId, bytes32("receipt"), closing));
        Instruction memory i =
            instruct(agreementId, Action.CONFIRM, amount, terms.payees[leaf.payee], payload);
        Approval[] memory a = signAll(who, address(core), i);
        bytes32[] memory proof = proofOf(n);
        brace();
        core.confirm(terms, leaf, proof, "receipt", closing, i, a);
    }

    function release(uint256 n) internal {
        (Leaf memory leaf, bytes32[] memory proof) = (leafOf(n), proofOf(n));
        brace();
        core.release(terms, leaf, proof);
    }

    function accept(uint256 n, uint64 amount, uint8 closing) internal {
        confirm(n, amount, closing);
        release(n);
    }

    function returnLine(Who[] memory who, uint256 n, uint64 amount) internal {
        (Leaf memory leaf, bytes32[] memory proof) = (leafOf(n), proofOf(n));
        Instruction memory i =
            instruct(agreementId, Action.RETURN_LINE, amount, address(0), keccak256(abi.encode(leaf.lineId)));
        Approval[] memory a = signAll(who, address(core), i);
        brace();
        core.returnLine(terms, leaf, proof, i, a);
    }

    function returnShortLine(uint256 n) internal {
        (Leaf memory leaf, bytes32[] memory proof) = (leafOf(n), proofOf(n));
        brace();
        core.returnShortLine(terms, leaf, proof);
    }

    function dispute(Who memory who, uint256 n) internal {
        (Leaf memory leaf, bytes32[] memory proof) = (leafOf(n), proofOf(n));
        bytes32 payload = keccak256(abi.encode(leaf.lineId, bytes32("reason")));
        Instruction memory i =
            instruct(agreementId, Action.DISPUTE_LINE, 0, terms.payees[leaf.payee], payload);
        Approval memory a = sign(who, address(core), i);
        brace();
        core.disputeLine(terms, leaf, proof, "reason", i, a);
    }

    function resolve(Who[] memory who, uint256 n, uint64 payeeGets) internal {
        (Leaf memory leaf, bytes32[] memory proof) = (leafOf(n), proofOf(n));
        bytes32 payload = keccak256(abi.encode(leaf.lineId, bytes32("decision")));
        Instruction memory i =
            instruct(agreementId, Action.RESOLVE_LINE, payeeGets, terms.payees[leaf.payee], payload);
        Approval[] memory a = signAll(who, address(core), i);
        brace();
        core.resolveLine(terms, leaf, proof, "decision", i, a);
    }

    function lapse(uint256 n) internal {
        (Leaf memory leaf, bytes32[] memory proof) = (leafOf(n), proofOf(n));
        brace();
        core.lapseDispute(terms, leaf, proof);
    }

    function reclaim() internal {
        brace();
        core.reclaim(terms);
    }

    function claim(Who[] memory who, address wallet, address to, uint64 amount) internal {
        Instruction memory i = instruct(agreementId, Action.CLAIM, amount, to, keccak256(abi.encode(wallet)));
        Approval[] memory a = signAll(who, address(core), i);
        brace();
        core.claim(terms, wallet, i, a);
    }

    // ---- what is ----

    function status() internal view returns (uint8) {
        return core.agreementOf(agreementId).status;
    }

    function state() internal view returns (IDirectedEscrow.Agreement memory) {
        return core.agreementOf(agreementId);
    }

    function line(uint256 n) internal view returns (IDirectedEscrow.Line memory) {
        return core.lineOf(agreementId, lineId(n));
    }

    function badState(uint8 have, uint8 want) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IDirectedEscrow.BadState.selector, agreementId, have, want);
    }

    function _leafHash(uint256 n) private view returns (bytes32) {
        Leaf memory leaf = leafOf(n);
        bytes32 inner = keccak256(
            abi.encode(
                leaf.lineId,
                leaf.payee,
                leaf.cap,
                leaf.toleranceUnderPpm,
                leaf.toleranceOverPpm,
                uint32(1_000_000),
                uint32(0),
                uint32(0),
                uint32(0)
            )
        );
        return keccak256(abi.encode(inner));
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }
}
