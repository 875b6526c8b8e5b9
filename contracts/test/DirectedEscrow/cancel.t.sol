// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {Status, WalletStatus} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

contract CancelTest is Deal {
    function setUp() public override {
        super.setUp();
        open();
    }

    function test_the_bank_cancels_and_the_own_funds_go_back() public {
        payOwnFunds();
        vm.expectEmit();
        emit IDirectedEscrow.AgreementCancelled(agreementId, OWN, 0, OWN, nextId());
        cancel(bank);
        assertEq(token.balanceOf(buyerGeneral), 25_000_000);
        assertEq(status(), Status.CANCELLED);
        assertEq(state().returned, OWN);
    }

    function test_before_the_own_funds_nothing_moves() public {
        cancel(bank);
        assertEq(state().returned, 0);
        refuse(badState(Status.CANCELLED, Status.OPEN));
        payOwnFunds();
    }

    function test_the_buyer_cannot_cancel() public {
        refuse(notApproved(bank));
        cancel(buyer);
    }

    function test_a_loan_paid_out_is_never_cancelled() public {
        payOwnFunds();
        fund();
        refuse(badState(Status.FUNDED, Status.OPEN));
        cancel(bank);
        vm.warp(terms.fundBy);
        vm.expectRevert(badState(Status.FUNDED, Status.OPEN));
        core.cancelLapsed(terms);
    }

    function test_from_fundBy_on_anybody_sends_the_own_funds_back() public {
        payOwnFunds();
        vm.warp(terms.fundBy - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDirectedEscrow.BeforeClock.selector, agreementId, terms.fundBy)
        );
        core.cancelLapsed(terms);
        vm.warp(terms.fundBy);
        core.cancelLapsed(terms);
        assertEq(token.balanceOf(buyerGeneral), 25_000_000);
        vm.warp(terms.fundBy + 1);
        vm.expectRevert(badState(Status.CANCELLED, Status.OPEN));
        core.cancelLapsed(terms);
    }

    function test_a_frozen_buyer_finds_his_money_later() public {
        payOwnFunds();
        freeze(bank, buyerGeneral, WalletStatus.FROZEN, "order");
        cancel(bank);
        assertEq(core.claimableOf(agreementId, buyerGeneral), OWN);
        unfreeze(bank, buyerGeneral, "order");
        claim(by(bank, buyer), buyerGeneral, buyerGeneral, OWN);
        assertEq(token.balanceOf(buyerGeneral), 25_000_000);
    }
}
