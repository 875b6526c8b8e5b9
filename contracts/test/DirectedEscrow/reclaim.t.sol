// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {LineStatus, Status, WalletStatus} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

contract ReclaimTest is Deal {
    function setUp() public override {
        super.setUp();
        funded();
    }

    function test_expiry_is_an_instant() public {
        vm.warp(terms.expiry - 1);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BeforeClock.selector, agreementId, terms.expiry));
        reclaim();
        vm.warp(terms.expiry);
        reclaim();
        assertEq(status(), Status.RETURNED);
        vm.warp(terms.expiry + 1);
        refuse(badState(Status.RETURNED, Status.FUNDED));
        reclaim();
    }

    function test_anybody_relays_and_only_funder_and_buyer_gain() public {
        vm.warp(terms.expiry);
        vm.stopPrank();
        vm.prank(address(0xBEEF));
        reclaim();
        assertEq(token.balanceOf(funder), 200_000_000);
        assertEq(token.balanceOf(buyerGeneral), 25_000_000);
        assertEq(token.balanceOf(address(0xBEEF)), 0);
    }

    function test_confirmed_money_stays_its_payees() public {
        confirm(0, 1_000, LineStatus.OPEN);
        vm.warp(terms.longStop);
        reclaim();
        assertEq(state().returned, TOTAL - 1_000);
        refuse(abi.encodeWithSelector(IDirectedEscrow.NothingToReclaim.selector, agreementId));
        reclaim();
        release(0);
        assertEq(token.balanceOf(sellerWallet), 1_000);
        assertEq(token.balanceOf(address(vault)), 0);
    }

    function test_whoever_is_frozen_it_succeeds() public {
        freeze(bank, funder, WalletStatus.FROZEN, "order");
        freeze(bank, buyerGeneral, WalletStatus.FROZEN, "order");
        freeze(bank, sellerWallet, WalletStatus.FROZEN, "order");
        vm.warp(terms.expiry);
        reclaim();
        assertEq(status(), Status.RETURNED);
        assertEq(core.claimableOf(agreementId, funder), LOAN);
        assertEq(core.claimableOf(agreementId, buyerGeneral), OWN);
        unfreeze(bank, funder, "order");
        claim(by(bank), funder, funder, LOAN);
        assertEq(token.balanceOf(funder), 200_000_000);
    }

    function test_an_agreement_that_was_never_funded_is_not_reclaimed() public {
        terms.salt = 2;
        setTerms(terms);
        open();
        vm.warp(terms.expiry);
        refuse(badState(Status.OPEN, Status.FUNDED));
        reclaim();
    }
}
