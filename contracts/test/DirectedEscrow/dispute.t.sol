// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {LineStatus, Status} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

contract DisputeTest is Deal {
    uint48 internal constant SECOND_CLOCK = START + 20 days;

    function setUp() public override {
        super.setUp();
        funded();
    }

    function test_buyer_or_seller_dispute_a_line_and_nobody_else() public {
        refuse(notApproved(buyer));
        dispute(bank, 1);
        refuse(notApproved(buyer));
        dispute(arbiter, 1);
        dispute(buyer, 1);
        dispute(seller, 2);
        assertEq(state().disputed, uint256(caps[1]) + caps[2]);
    }

    function test_a_disputed_line_is_frozen_while_the_others_pay() public {
        confirm(1, 1_000, LineStatus.OPEN);
        vm.expectEmit();
        emit IDirectedEscrow.LineDisputed(
            agreementId, lineId(1), buyer.id, caps[1], START, "reason", nextId()
        );
        dispute(buyer, 1);
        bytes memory disputed =
            abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(1), LineStatus.DISPUTED);
        refuse(disputed);
        release(1);
        refuse(disputed);
        confirm(1, 1, LineStatus.OPEN);
        refuse(disputed);
        returnLine(by(buyer, seller), 1, caps[1] - 1_000);
        refuse(disputed);
        dispute(seller, 1);
        accept(0, 500, LineStatus.OPEN);
        assertEq(token.balanceOf(sellerWallet), 500);
        assertEq(state().reserved, 0);
    }

    function test_the_arbiter_decides_and_the_rest_waits() public {
        dispute(buyer, 1);
        vm.expectEmit();
        emit IDirectedEscrow.LineResolved(
            agreementId, lineId(1), 1_000, caps[1] - 1_000, "decision", nextId()
        );
        resolve(by(arbiter), 1, 1_000);
        release(1);
        returnLine(by(buyer, seller), 1, caps[1] - 1_000);
        assertEq(token.balanceOf(sellerWallet), 1_000);
        assertEq(token.balanceOf(vm.addr(arbiter.key)), 0);
    }

    function test_the_arbiter_gives_no_more_than_is_held() public {
        dispute(buyer, 1);
        refuse(abi.encodeWithSelector(IDirectedEscrow.OverRelease.selector, lineId(1), caps[1], caps[1] + 1));
        resolve(by(arbiter), 1, caps[1] + 1);
    }

    function test_buyer_and_seller_settle_it_themselves() public {
        dispute(buyer, 1);
        refuse(notApproved(seller));
        resolve(by(buyer, bank), 1, 5);
        refuse(notApproved(buyer));
        resolve(by(seller), 1, 5);
        resolve(by(buyer, seller), 1, 5);
        assertEq(line(1).confirmed, 5);
        assertEq(line(1).status, LineStatus.RESOLVED);
    }

    function test_what_is_resolved_is_not_disputed_again() public {
        dispute(buyer, 1);
        resolve(by(arbiter), 1, 5);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(1), LineStatus.RESOLVED));
        dispute(seller, 1);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(1), LineStatus.RESOLVED));
        resolve(by(arbiter), 1, 6);
    }

    function test_nothing_left_is_nothing_to_dispute() public {
        accept(1, caps[1], LineStatus.OPEN);
        refuse(abi.encodeWithSelector(IDirectedEscrow.NothingToDispute.selector, agreementId, lineId(1)));
        dispute(seller, 1);
    }

    function test_no_dispute_from_expiry_on() public {
        vm.warp(terms.expiry);
        refuse(abi.encodeWithSelector(IDirectedEscrow.PastClock.selector, agreementId, terms.expiry));
        dispute(seller, 1);
        vm.warp(terms.expiry - 1);
        dispute(seller, 1);
    }

    function test_the_arbiters_clock_at_the_second() public {
        dispute(buyer, 1);
        dispute(buyer, 2);
        vm.warp(SECOND_CLOCK - 1);
        resolve(by(arbiter), 1, 5);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BeforeClock.selector, lineId(2), SECOND_CLOCK));
        lapse(2);
        vm.warp(SECOND_CLOCK);
        refuse(abi.encodeWithSelector(IDirectedEscrow.PastClock.selector, lineId(2), SECOND_CLOCK));
        resolve(by(arbiter), 2, 5);
        lapse(2);
        assertEq(line(2).status, LineStatus.RESOLVED);
    }

    function test_a_silent_arbiter_leaves_the_line_to_the_evidence() public {
        confirmBy(by(buyer, warehouse), 1, 1_000, LineStatus.OPEN);
        dispute(buyer, 1);
        vm.warp(SECOND_CLOCK);
        lapse(1);
        release(1);
        assertEq(token.balanceOf(sellerWallet), 1_000);
        assertEq(line(1).confirmed, 1_000);
        assertEq(state().disputed, 0);
    }

    function test_without_evidence_all_of_it_waits_for_the_funder() public {
        dispute(buyer, 1);
        vm.warp(SECOND_CLOCK);
        lapse(1);
        vm.warp(terms.expiry);
        reclaim();
        assertEq(token.balanceOf(funder), 200_000_000);
        assertEq(status(), Status.RETURNED);
    }

    function test_a_line_that_is_not_disputed_does_not_lapse() public {
        vm.warp(SECOND_CLOCK);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(1), LineStatus.OPEN));
        lapse(1);
    }

    function test_after_expiry_a_dispute_can_still_end() public {
        vm.warp(terms.expiry - 1);
        dispute(seller, 1);
        vm.warp(terms.expiry);
        reclaim();
        assertEq(state().returned, TOTAL - caps[1]);
        assertEq(status(), Status.FUNDED);
        resolve(by(arbiter), 1, 1_000);
        release(1);
        reclaim();
        assertEq(token.balanceOf(sellerWallet), 1_000);
        assertEq(status(), Status.RETURNED);
    }

    function test_longStop_ends_every_dispute() public {
        vm.warp(terms.expiry - 1);
        dispute(seller, 1);
        vm.warp(terms.longStop - 1);
        reclaim();
        refuse(abi.encodeWithSelector(IDirectedEscrow.NothingToReclaim.selector, agreementId));
        reclaim();
        vm.warp(terms.longStop);
        refuse(abi.encodeWithSelector(IDirectedEscrow.PastClock.selector, agreementId, terms.longStop));
        resolve(by(buyer, seller), 1, 1_000);
        reclaim();
        assertEq(token.balanceOf(funder), 200_000_000);
        assertEq(token.balanceOf(buyerGeneral), 25_000_000);
        assertEq(status(), Status.RETURNED);
    }
}
