// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {LineStatus, Status, WalletStatus} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

/// @notice Whoever folds the events by the rules of docs/contracts.md has the state of the views.
contract FoldTest is Deal {
    mapping(bytes32 => IDirectedEscrow.Agreement) private _agreements;
    mapping(bytes32 => mapping(bytes32 => IDirectedEscrow.Line)) private _lines;
    mapping(bytes32 => mapping(address => uint64)) private _claimable;
    mapping(address => uint256) private _balances;
    uint256 private _loanOut;
    uint256 private _ownOut;

    function setUp() public override {
        vm.recordLogs();
        super.setUp();
        funded();
    }

    function test_a_deal_with_everything_in_it() public {
        accept(0, 37_260_237, LineStatus.SHORT_CLOSED);
        returnLine(by(buyer, seller), 0, 760_413);
        confirm(1, 20_749_675, LineStatus.OPEN);
        dispute(buyer, 1);
        _same();
        resolve(by(arbiter), 1, 12_449_805);
        freeze(bank, sellerWallet, WalletStatus.FROZEN, "order");
        release(1);
        _same();
        unfreeze(bank, sellerWallet, "order");
        claim(by(bank, seller), sellerWallet, sellerWallet, 12_449_805);
        confirm(2, 1_000, LineStatus.REJECTED);
        vm.warp(terms.expiry - 1);
        dispute(seller, 2);
        _same();
        vm.warp(terms.expiry);
        reclaim();
        _same();
        lapseAndEnd();
        assertEq(_loanOut, LOAN);
        assertEq(_ownOut, OWN);
    }

    function test_a_deal_that_ends_at_the_long_stop() public {
        dispute(seller, 1);
        vm.warp(terms.longStop);
        reclaim();
        _same();
        assertEq(status(), Status.RETURNED);
    }

    function test_a_deal_that_was_cancelled() public {
        terms.salt = 2;
        setTerms(terms);
        mint(bank, buyerGeneral, OWN);
        open();
        payOwnFunds();
        freeze(bank, buyerGeneral, WalletStatus.FROZEN, "order");
        cancel(bank);
        _same();
        assertEq(status(), Status.CANCELLED);
    }

    function lapseAndEnd() private {
        vm.warp(terms.expiry + 20 days);
        lapse(2);
        release(2);
        reclaim();
        _same();
        assertEq(status(), Status.RETURNED);
    }

    function _same() private {
        _foldNew();
        assertEq(abi.encode(_agreements[agreementId]), abi.encode(state()));
        for (uint256 n = 0; n < 3; ++n) {
            IDirectedEscrow.Line memory told = _lines[agreementId][lineId(n)];
            assertEq(abi.encode(told), abi.encode(line(n)));
        }
        address[5] memory all = [funder, buyerGeneral, sellerWallet, supplierWallet, address(vault)];
        for (uint256 w = 0; w < 5; ++w) {
            assertEq(_claimable[agreementId][all[w]], core.claimableOf(agreementId, all[w]));
            assertEq(_balances[all[w]], token.balanceOf(all[w]));
        }
    }

    function _foldNew() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 n = 0; n < logs.length; ++n) {
            if (logs[n].emitter == address(token)) _foldMoney(logs[n]);
            if (logs[n].emitter != address(core)) continue;
            _foldAgreement(logs[n].topics[0], logs[n].topics[1], logs[n].data);
            if (logs[n].topics.length > 2) _foldLine(logs[n]);
        }
    }

    function _foldMoney(Vm.Log memory log) private {
        if (log.topics[0] != keccak256("Transfer(address,address,uint256)")) return;
        uint256 amount = abi.decode(log.data, (uint256));
        address from = address(uint160(uint256(log.topics[1])));
        if (from != address(0)) _balances[from] -= amount;
        _balances[address(uint160(uint256(log.topics[2])))] += amount;
    }

    function _foldAgreement(bytes32 name, bytes32 id, bytes memory data) private {
        IDirectedEscrow.Agreement storage a = _agreements[id];
        if (name == IDirectedEscrow.AgreementOpened.selector) {
            (,,,,,, a.status,) =
                abi.decode(data, (uint64, uint64, uint48, uint48, uint48, bytes32, uint8, bytes32));
        } else if (
            name == IDirectedEscrow.OwnFundsPaid.selector || name == IDirectedEscrow.AgreementFunded.selector
        ) {
            (, a.status,) = abi.decode(data, (uint64, uint8, bytes32));
        } else if (name == IDirectedEscrow.AgreementCancelled.selector) {
            (uint64 amount, uint64 loanPart, uint64 ownPart,) =
                abi.decode(data, (uint64, uint64, uint64, bytes32));
            (a.returned, a.status) = (amount, Status.CANCELLED);
            (_loanOut, _ownOut) = (_loanOut + loanPart, _ownOut + ownPart);
        } else if (name == IDirectedEscrow.AgreementReclaimed.selector) {
            (uint64 amount, uint64 loanPart, uint64 ownPart, uint64 disputed, uint8 status_) =
                abi.decode(data, (uint64, uint64, uint64, uint64, uint8));
            (a.returned, a.disputed, a.status) = (a.returned + amount, disputed, status_);
            (_loanOut, _ownOut) = (_loanOut + loanPart, _ownOut + ownPart);
        }
    }

    function _foldLine(Vm.Log memory log) private {
        (bytes32 name, bytes32 id) = (log.topics[0], log.topics[1]);
        IDirectedEscrow.Agreement storage a = _agreements[id];
        IDirectedEscrow.Line storage l = _lines[id][log.topics[2]];
        if (name == IDirectedEscrow.LineConfirmed.selector) {
            uint64 amount;
            (amount, l.confirmed, l.status,,) =
                abi.decode(log.data, (uint64, uint64, uint8, bytes32, bytes32));
            a.reserved += amount;
        } else if (name == IDirectedEscrow.LineReleased.selector) {
            (uint64 amount, uint64 loanPart, uint64 ownPart, uint8 status_) =
                abi.decode(log.data, (uint64, uint64, uint64, uint8));
            (a.released, a.reserved, a.status) = (a.released + amount, a.reserved - amount, status_);
            l.released += amount;
            (_loanOut, _ownOut) = (_loanOut + loanPart, _ownOut + ownPart);
        } else if (name == IDirectedEscrow.LineReturned.selector) {
            (uint64 amount, uint64 loanPart, uint64 ownPart, uint8 status_,) =
                abi.decode(log.data, (uint64, uint64, uint64, uint8, bytes32));
            (a.returned, a.status) = (a.returned + amount, status_);
            (l.returned, l.status) = (l.returned + amount, LineStatus.RETURNED);
            (_loanOut, _ownOut) = (_loanOut + loanPart, _ownOut + ownPart);
        } else if (name == IDirectedEscrow.BecameClaimable.selector) {
            _claimable[id][address(uint160(uint256(log.topics[2])))] += abi.decode(log.data, (uint64));
        } else if (name == IDirectedEscrow.Claimed.selector) {
            (uint64 amount,) = abi.decode(log.data, (uint64, bytes32));
            _claimable[id][address(uint160(uint256(log.topics[2])))] -= amount;
        } else {
            _foldDispute(name, a, l, log.data);
        }
    }

    function _foldDispute(
        bytes32 name,
        IDirectedEscrow.Agreement storage a,
        IDirectedEscrow.Line storage l,
        bytes memory data
    ) private {
        if (name == IDirectedEscrow.LineDisputed.selector) {
            (uint64 held, uint48 disputedAt,,) = abi.decode(data, (uint64, uint48, bytes32, bytes32));
            (a.reserved, a.disputed) = (a.reserved - (l.confirmed - l.released), a.disputed + held);
            (l.disputedAt, l.status) = (disputedAt, LineStatus.DISPUTED);
        } else if (name == IDirectedEscrow.LineResolved.selector) {
            (uint64 gets, uint64 rest,,) = abi.decode(data, (uint64, uint64, bytes32, bytes32));
            (a.disputed, a.reserved) = (a.disputed - gets - rest, a.reserved + gets);
            (l.confirmed, l.status) = (l.released + gets, LineStatus.RESOLVED);
        }
    }
}
