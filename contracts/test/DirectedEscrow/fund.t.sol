// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Instructed} from "../../src/Instructed.sol";
import {WalletRegistry} from "../../src/WalletRegistry.sol";
import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {
    Action,
    Approval,
    ConfirmMode,
    Instruction,
    Leaf,
    ReleasePolicy,
    Status,
    WalletStatus
} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

contract FundTest is Deal {
    function setUp() public override {
        super.setUp();
        open();
    }

    function test_own_funds_then_the_banks_part() public {
        vm.expectEmit();
        emit IDirectedEscrow.OwnFundsPaid(agreementId, buyerGeneral, OWN, Status.OWN_FUNDS_IN, nextId());
        payOwnFunds();
        vm.expectEmit();
        emit IDirectedEscrow.AgreementFunded(agreementId, funder, LOAN, Status.FUNDED, nextId());
        fund();
        assertEq(token.balanceOf(address(vault)), TOTAL);
        assertEq(status(), Status.FUNDED);
    }

    function test_the_bank_waits_for_the_own_funds() public {
        refuse(badState(Status.OPEN, Status.OWN_FUNDS_IN));
        fund();
    }

    function test_each_is_paid_once() public {
        payOwnFunds();
        refuse(badState(Status.OWN_FUNDS_IN, Status.OPEN));
        payOwnFunds();
        fund();
        refuse(badState(Status.FUNDED, Status.OWN_FUNDS_IN));
        fund();
    }

    function test_the_same_instruction_is_known_before_the_state_is_looked_at() public {
        Instruction memory i = depositInstruction(Action.PAY_OWN_FUNDS, OWN, buyerGeneral);
        Approval memory a = sign(buyer, address(token), i);
        core.payOwnFunds(terms, i, a);
        vm.expectRevert(abi.encodeWithSelector(Instructed.AlreadyExecuted.selector, i.instructionId));
        core.payOwnFunds(terms, i, a);
    }

    function test_fundBy_is_an_instant() public {
        vm.warp(terms.fundBy);
        bytes memory past =
            abi.encodeWithSelector(IDirectedEscrow.PastClock.selector, agreementId, terms.fundBy);
        refuse(past);
        payOwnFunds();
        vm.warp(terms.fundBy - 1);
        payOwnFunds();
        vm.warp(terms.fundBy);
        refuse(past);
        fund();
        vm.warp(terms.fundBy - 1);
        fund();
        assertEq(status(), Status.FUNDED);
    }

    function test_a_strangers_signature_pays_nothing() public {
        Instruction memory i = depositInstruction(Action.PAY_OWN_FUNDS, OWN, buyerGeneral);
        vm.expectRevert(notApproved(buyer));
        core.payOwnFunds(terms, i, sign(bank, address(token), i));
    }

    function test_neither_more_nor_less_than_the_terms_say() public {
        Instruction memory i = depositInstruction(Action.PAY_OWN_FUNDS, OWN - 1, buyerGeneral);
        Approval memory a = sign(buyer, address(token), i);
        vm.expectRevert(
            abi.encodeWithSelector(Instructed.WrongAmount.selector, i.instructionId, OWN - 1, OWN)
        );
        core.payOwnFunds(terms, i, a);
    }

    function test_a_deposit_signed_for_one_deal_serves_no_other() public {
        Instruction memory i = depositInstruction(Action.PAY_OWN_FUNDS, OWN, buyerGeneral);
        Approval memory a = sign(buyer, address(token), i);
        bytes32 first = agreementId;
        terms.salt = 2;
        setTerms(terms);
        open();
        vm.expectRevert(
            abi.encodeWithSelector(Instructed.WrongAgreement.selector, i.instructionId, first, agreementId)
        );
        core.payOwnFunds(terms, i, a);
    }

    function test_a_deposit_signed_for_one_purpose_serves_no_other() public {
        Instruction memory i = depositInstruction(Action.FUND, OWN, buyerGeneral);
        Approval memory a = sign(buyer, address(token), i);
        vm.expectRevert(
            abi.encodeWithSelector(
                Instructed.WrongAction.selector, i.instructionId, Action.FUND, Action.PAY_OWN_FUNDS
            )
        );
        core.payOwnFunds(terms, i, a);
    }

    function test_a_deposit_goes_to_the_banks_own_vault() public {
        Instruction memory i = depositInstruction(Action.PAY_OWN_FUNDS, OWN, buyerGeneral);
        i.payee = address(otherVault);
        Approval memory a = sign(buyer, address(token), i);
        vm.expectRevert(
            abi.encodeWithSelector(Instructed.PayeeNotAllowed.selector, i.instructionId, address(otherVault))
        );
        core.payOwnFunds(terms, i, a);
    }

    function test_a_frozen_buyer_cannot_pay_in() public {
        freeze(bank, buyerGeneral, WalletStatus.DEBIT_FROZEN, "order");
        refuse(abi.encodeWithSelector(WalletRegistry.WalletFrozen.selector, buyerGeneral, bytes32("order")));
        payOwnFunds();
        assertEq(status(), Status.OPEN);
    }

    function test_lines_belong_to_a_drawdown_only() public {
        payOwnFunds();
        (Leaf[] memory leaves, bytes32[][] memory proofs) = everyLine();
        refuse(
            abi.encodeWithSelector(
                IDirectedEscrow.LinesDoNotAddUp.selector, agreementId, uint64(0), uint64(0)
            )
        );
        fundWith(leaves, proofs);
    }
}

contract FundOnDrawdownTest is Deal {
    function setUp() public override {
        super.setUp();
        terms.releasePolicy = ReleasePolicy.PAY_ON_DRAWDOWN;
        terms.confirmMode = ConfirmMode.NOT_NEEDED;
        terms.payees[1] = supplierWallet;
        payeeOf[1] = 1;
        setTerms(terms);
        Who[] memory all = new Who[](4);
        (all[0], all[1], all[2], all[3]) = (bank, buyer, seller, supplier);
        openBy(all);
        payOwnFunds();
    }

    function test_every_line_is_paid_at_its_cap_in_the_same_act() public {
        vm.expectEmit();
        emit IDirectedEscrow.LineReleased(
            agreementId, lineId(2), sellerWallet, caps[2], 16_384_000, 4_096_000, Status.SETTLED
        );
        fund();
        assertEq(token.balanceOf(sellerWallet), uint256(caps[0]) + caps[2]);
        assertEq(token.balanceOf(supplierWallet), caps[1]);
        assertEq(status(), Status.SETTLED);
        assertEq(line(1).released, caps[1]);
    }

    function test_a_missing_line_is_refused() public {
        (Leaf[] memory leaves, bytes32[][] memory proofs) = everyLine();
        assembly ("memory-safe") {
            mstore(leaves, 2)
            mstore(proofs, 2)
        }
        refuse(
            abi.encodeWithSelector(
                IDirectedEscrow.LinesDoNotAddUp.selector, agreementId, TOTAL - caps[2], TOTAL
            )
        );
        fundWith(leaves, proofs);
    }

    function test_no_line_at_all_is_refused() public {
        refuse(
            abi.encodeWithSelector(IDirectedEscrow.LinesDoNotAddUp.selector, agreementId, uint64(0), TOTAL)
        );
        fundWith(new Leaf[](0), new bytes32[][](0));
    }

    function test_one_line_twice_is_refused() public {
        (Leaf[] memory leaves, bytes32[][] memory proofs) = everyLine();
        (leaves[1], proofs[1]) = (leaves[0], proofs[0]);
        refuse(abi.encodeWithSelector(IDirectedEscrow.NotInTerms.selector, lineId(0)));
        fundWith(leaves, proofs);
    }

    function test_a_raised_cap_is_refused() public {
        (Leaf[] memory leaves, bytes32[][] memory proofs) = everyLine();
        leaves[0].cap += 1;
        refuse(abi.encodeWithSelector(IDirectedEscrow.NotInTerms.selector, lineId(0)));
        fundWith(leaves, proofs);
    }

    function test_a_frozen_payee_stops_nobody() public {
        freeze(bank, supplierWallet, WalletStatus.FROZEN, "order");
        fund();
        assertEq(core.claimableOf(agreementId, supplierWallet), caps[1]);
        assertEq(token.balanceOf(sellerWallet), uint256(caps[0]) + caps[2]);
    }

    function test_nothing_is_confirmed_afterwards() public {
        fund();
        refuse(notApproved(buyer));
        confirmBy(by(seller, bank), 0, 1, 0);
        refuse(badState(Status.SETTLED, Status.FUNDED));
        confirm(0, 1, 0);
    }
}
