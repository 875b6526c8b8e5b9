// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Instructed} from "../../src/Instructed.sol";
import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {LineStatus, Status} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

contract ReturnLineTest is Deal {
    function setUp() public override {
        super.setUp();
        terms.returnShort = true;
        setTerms(terms);
        funded();
    }

    function test_buyer_and_seller_give_a_line_back() public {
        returnLine(by(buyer, seller), 1, caps[1]);
        assertEq(token.balanceOf(funder), 120_000_000 + 33_199_480);
        assertEq(token.balanceOf(buyerGeneral), 5_000_000 + 8_299_870);
        assertEq(status(), Status.FUNDED);
        assertEq(line(1).status, LineStatus.RETURNED);
    }

    function test_both_must_sign() public {
        refuse(notApproved(seller));
        returnLine(by(buyer, bank), 1, caps[1]);
        refuse(notApproved(buyer));
        returnLine(by(seller, bank), 1, caps[1]);
    }

    function test_only_the_whole_rest_goes_back() public {
        confirm(1, 1_000, LineStatus.OPEN);
        bytes32 id = nextId();
        refuse(abi.encodeWithSelector(Instructed.WrongAmount.selector, id, caps[1], caps[1] - 1_000));
        returnLine(by(buyer, seller), 1, caps[1]);
    }

    function test_what_was_confirmed_is_still_paid() public {
        confirm(1, 1_000, LineStatus.OPEN);
        returnLine(by(buyer, seller), 1, caps[1] - 1_000);
        release(1);
        assertEq(token.balanceOf(sellerWallet), 1_000);
    }

    function test_a_returned_line_takes_no_more_and_returns_no_more() public {
        returnLine(by(buyer, seller), 1, caps[1]);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(1), LineStatus.RETURNED));
        confirm(1, 1, LineStatus.OPEN);
        refuse(abi.encodeWithSelector(IDirectedEscrow.NothingToReturn.selector, agreementId, lineId(1)));
        returnLine(by(buyer, seller), 1, 0);
    }

    function test_a_short_closed_line_needs_nobody_when_the_terms_say_so() public {
        accept(0, 37_260_237, LineStatus.SHORT_CLOSED);
        returnShortLine(0);
        assertEq(line(0).returned, 760_413);
        assertEq(state().returned, 760_413);
    }

    function test_an_open_or_rejected_line_needs_both() public {
        refuse(abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(0), LineStatus.OPEN));
        returnShortLine(0);
        confirm(0, 0, LineStatus.REJECTED);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(0), LineStatus.REJECTED));
        returnShortLine(0);
    }

    function test_from_expiry_on_it_is_reclaims_matter() public {
        confirm(0, caps[0] - 1, LineStatus.SHORT_CLOSED);
        bytes memory past =
            abi.encodeWithSelector(IDirectedEscrow.PastClock.selector, agreementId, terms.expiry);
        vm.warp(terms.expiry);
        refuse(past);
        returnLine(by(buyer, seller), 1, caps[1]);
        refuse(past);
        returnShortLine(0);
        vm.warp(terms.expiry - 1);
        returnShortLine(0);
        returnLine(by(buyer, seller), 1, caps[1]);
    }

    function test_the_last_return_ends_the_agreement() public {
        accept(0, caps[0], LineStatus.OPEN);
        accept(1, caps[1], LineStatus.OPEN);
        returnLine(by(buyer, seller), 2, caps[2]);
        assertEq(status(), Status.RETURNED);
        assertEq(token.balanceOf(address(vault)), 0);
    }
}

contract ReturnShortByAgreementTest is Deal {
    function test_without_the_terms_word_a_short_line_needs_both() public {
        funded();
        accept(0, 37_260_237, LineStatus.SHORT_CLOSED);
        refuse(
            abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(0), LineStatus.SHORT_CLOSED)
        );
        returnShortLine(0);
    }
}
