// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Instructed} from "../../src/Instructed.sol";
import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {
    Action,
    Approval,
    ConfirmMode,
    Instruction,
    LineStatus,
    ReleasePolicy,
    Status
} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

contract ConfirmTest is Deal {
    function setUp() public override {
        super.setUp();
        funded();
    }

    function test_buyer_and_bank_confirm_a_part() public {
        vm.expectEmit();
        emit IDirectedEscrow.LineConfirmed(agreementId, lineId(0), 1_000, 1_000, 0, "receipt", nextId());
        confirm(0, 1_000, LineStatus.OPEN);
        confirm(0, 2_000, LineStatus.OPEN);
        assertEq(line(0).confirmed, 3_000);
        assertEq(state().reserved, 3_000);
        assertEq(status(), Status.FUNDED);
    }

    function test_the_second_signature_may_be_the_warehouses() public {
        confirmBy(by(buyer, warehouse), 0, 1_000, LineStatus.OPEN);
        assertEq(line(0).confirmed, 1_000);
    }

    function test_the_buyer_alone_is_not_enough() public {
        refuse(notApproved(bank));
        confirmBy(by(buyer), 0, 1_000, LineStatus.OPEN);
        refuse(notApproved(bank));
        confirmBy(by(buyer, seller), 0, 1_000, LineStatus.OPEN);
        refuse(notApproved(bank));
        confirmBy(by(buyer, buyer), 0, 1_000, LineStatus.OPEN);
    }

    function test_evidence_without_the_buyer_is_not_enough() public {
        refuse(notApproved(buyer));
        confirmBy(by(warehouse, bank), 0, 1_000, LineStatus.OPEN);
    }

    function test_never_more_than_the_cap() public {
        confirm(0, caps[0] - 1, LineStatus.OPEN);
        refuse(abi.encodeWithSelector(IDirectedEscrow.OverRelease.selector, lineId(0), 1, 2));
        confirm(0, 2, LineStatus.OPEN);
        confirm(0, 1, LineStatus.OPEN);
        refuse(abi.encodeWithSelector(IDirectedEscrow.OverRelease.selector, lineId(0), 0, 1));
        confirm(0, 1, LineStatus.OPEN);
    }

    function test_the_same_acceptance_counts_once() public {
        bytes32 payload = keccak256(abi.encode(lineId(0), bytes32("receipt"), uint8(0)));
        Instruction memory i = instruct(agreementId, Action.CONFIRM, 100, sellerWallet, payload);
        Approval[] memory a = signAll(by(buyer, bank), address(core), i);
        core.confirm(terms, leafOf(0), proofOf(0), "receipt", 0, i, a);
        bytes32[] memory proof = proofOf(0);
        vm.expectRevert(abi.encodeWithSelector(Instructed.AlreadyExecuted.selector, i.instructionId));
        core.confirm(terms, leafOf(0), proof, "receipt", 0, i, a);
        assertEq(line(0).confirmed, 100);
    }

    function test_a_confirmation_signed_for_one_line_serves_no_other() public {
        bytes32 payload = keccak256(abi.encode(lineId(0), bytes32("receipt"), uint8(0)));
        Instruction memory i = instruct(agreementId, Action.CONFIRM, 100, sellerWallet, payload);
        Approval[] memory a = signAll(by(buyer, bank), address(core), i);
        bytes32[] memory proof = proofOf(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                Instructed.PayloadMismatch.selector,
                i.instructionId,
                payload,
                keccak256(abi.encode(lineId(1), bytes32("receipt"), uint8(0)))
            )
        );
        core.confirm(terms, leafOf(1), proof, "receipt", 0, i, a);
    }

    function test_a_line_with_another_cap_is_not_in_the_terms() public {
        caps[0] += 1;
        refuse(abi.encodeWithSelector(IDirectedEscrow.NotInTerms.selector, lineId(0)));
        confirm(0, 1, LineStatus.OPEN);
    }

    function test_expiry_is_an_instant() public {
        vm.warp(terms.expiry - 1);
        confirm(0, 1, LineStatus.OPEN);
        bytes memory past =
            abi.encodeWithSelector(IDirectedEscrow.PastClock.selector, agreementId, terms.expiry);
        vm.warp(terms.expiry);
        refuse(past);
        confirm(0, 1, LineStatus.OPEN);
        vm.warp(terms.expiry + 1);
        refuse(past);
        confirm(0, 1, LineStatus.OPEN);
    }

    function test_short_closed_means_within_the_tolerance() public {
        uint64 allowed = uint64(uint256(caps[0]) * 30_000 / 1_000_000) + 1;
        refuse(abi.encodeWithSelector(IDirectedEscrow.BeyondTolerance.selector, lineId(0), allowed + 1));
        confirm(0, caps[0] - allowed - 1, LineStatus.SHORT_CLOSED);
        confirm(0, caps[0] - allowed, LineStatus.SHORT_CLOSED);
        assertEq(line(0).status, LineStatus.SHORT_CLOSED);
    }

    function test_a_closed_line_takes_no_more() public {
        confirm(0, 0, LineStatus.REJECTED);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(0), LineStatus.REJECTED));
        confirm(0, 1, LineStatus.OPEN);
    }

    function test_nothing_accepted_and_nothing_ended_is_no_confirmation() public {
        refuse(abi.encodeWithSelector(IDirectedEscrow.NothingConfirmed.selector, agreementId, lineId(0)));
        confirm(0, 0, LineStatus.OPEN);
        refuse(abi.encodeWithSelector(IDirectedEscrow.BadLineState.selector, lineId(0), LineStatus.RETURNED));
        confirm(0, 0, LineStatus.RETURNED);
    }

    function test_an_agreement_not_funded_takes_no_confirmation() public {
        terms.salt = 2;
        setTerms(terms);
        open();
        refuse(badState(Status.OPEN, Status.FUNDED));
        confirm(0, 1, LineStatus.OPEN);
    }

    function test_lines_worth_more_than_the_deal_pay_no_more_than_the_deal() public {
        caps[2] += 10;
        terms.salt = 3;
        setTerms(terms);
        mint(bank, buyerGeneral, OWN);
        funded();
        confirm(0, caps[0], LineStatus.OPEN);
        confirm(1, caps[1], LineStatus.OPEN);
        refuse(
            abi.encodeWithSelector(IDirectedEscrow.OverRelease.selector, agreementId, caps[2] - 10, caps[2])
        );
        confirm(2, caps[2], LineStatus.OPEN);
    }
}

contract ConfirmModesTest is Deal {
    function test_below_the_evidence_amount_the_buyer_is_enough() public {
        terms.confirmMode = ConfirmMode.BUYER_ALONE;
        setTerms(terms);
        funded();
        confirmBy(by(buyer), 0, 1_000, LineStatus.OPEN);
        assertEq(line(0).confirmed, 1_000);
        refuse(notApproved(buyer));
        confirmBy(by(bank, warehouse), 0, 1_000, LineStatus.OPEN);
    }

    function test_a_shipment_is_confirmed_by_seller_and_bank() public {
        terms.releasePolicy = ReleasePolicy.PAY_ON_SHIPMENT;
        terms.confirmMode = ConfirmMode.SELLER_AND_BANK;
        setTerms(terms);
        funded();
        refuse(notApproved(seller));
        confirmBy(by(buyer, bank), 0, 1_000, LineStatus.OPEN);
        refuse(notApproved(bank));
        confirmBy(by(seller, buyer), 0, 1_000, LineStatus.OPEN);
        confirmBy(by(seller, bank), 0, 1_000, LineStatus.OPEN);
        release(0);
        assertEq(token.balanceOf(sellerWallet), 1_000);
    }

    function test_without_a_warehouse_in_the_terms_the_bank_is_the_second() public {
        terms.confirmers = 0;
        setTerms(terms);
        funded();
        refuse(notApproved(bank));
        confirmBy(by(buyer, warehouse), 0, 1_000, LineStatus.OPEN);
        confirm(0, 1_000, LineStatus.OPEN);
    }
}
