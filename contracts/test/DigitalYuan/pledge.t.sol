// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DigitalYuan} from "../../src/DigitalYuan.sol";
import {WalletPurpose} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

/// @notice What lies in a deposit wallet: the owner's money in the hold of its bank (K17).
contract PledgeTest is Deal {
    uint48 internal constant UNTIL = START + 90 days;

    address internal pledged;

    function setUp() public override {
        super.setUp();
        pledged = registerWallet(bank, buyer.id, BANK_ID, WalletPurpose.DEPOSIT, 0);
        mandate(buyer, pledged, funder, 30_000_000, UNTIL);
        mandate(buyer, pledged, buyerGeneral, 30_000_000, UNTIL);
        mint(bank, buyerGeneral, 20_000_000);
        transfer(buyer, buyerGeneral, pledged, 20_000_000);
    }

    function test_the_bank_draws_for_itself_and_home() public {
        uint256 before = token.balanceOf(buyerGeneral);
        draw(bank, pledged, funder, 5_000_000);
        draw(bank, pledged, buyerGeneral, 15_000_000);
        assertEq(token.balanceOf(buyerGeneral), before + 15_000_000);
        assertEq(token.balanceOf(pledged), 0);
    }

    function test_the_owner_does_not_move_it() public {
        refuse(refusal());
        transfer(buyer, pledged, buyerGeneral, 1);
    }

    function test_the_owner_does_not_pay_own_funds_with_it() public {
        terms.ownPayer = pledged;
        terms.ownRefundTo = buyerGeneral;
        setTerms(terms);
        open();
        refuse(refusal());
        payOwnFunds();
    }

    function test_a_mandate_is_neither_lowered_nor_shortened_nor_ended() public {
        refuse(refusal());
        mandate(buyer, pledged, funder, 29_999_999, UNTIL);
        refuse(refusal());
        mandate(buyer, pledged, funder, 30_000_000, UNTIL - 1);
        refuse(refusal());
        mandate(buyer, pledged, funder, 0, 0);
    }

    function test_a_mandate_may_be_widened() public {
        mandate(buyer, pledged, funder, 30_000_001, UNTIL + 1);
        assertEq(token.mandateOf(pledged, funder).until, UNTIL + 1);
    }

    function test_an_empty_one_is_given_up_freely() public {
        draw(bank, pledged, buyerGeneral, 20_000_000);
        mandate(buyer, pledged, funder, 0, 0);
        assertEq(token.mandateOf(pledged, funder).cap, 0);
    }

    function test_it_goes_to_nobody_else() public {
        refuse(refusal());
        mandate(buyer, pledged, sellerWallet, 1, UNTIL);
        refuse(abi.encodeWithSelector(DigitalYuan.MandateLapsed.selector, pledged, sellerWallet, 0));
        draw(bank, pledged, sellerWallet, 1);
    }

    function refusal() internal view returns (bytes memory) {
        return abi.encodeWithSelector(DigitalYuan.Pledged.selector, pledged);
    }
}
