// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Instructed} from "../../src/Instructed.sol";
import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {Action, Approval, Instruction, Status, Terms} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

contract OpenTest is Deal {
    function test_bank_buyer_and_seller_open_it() public {
        vm.expectEmit();
        emit IDirectedEscrow.AgreementOpened(
            agreementId,
            "loan",
            BANK_ID,
            TOTAL,
            OWN,
            terms.fundBy,
            terms.expiry,
            terms.longStop,
            terms.linesRoot,
            Status.OPEN,
            nextId()
        );
        open();
        assertEq(status(), Status.OPEN);
        assertEq(core.agreementIdOf(terms), agreementId);
        assertEq(core.termsHashOf(terms), keccak256(abi.encode(terms)));
    }

    function test_each_of_the_three_must_sign() public {
        refuse(notApproved(bank));
        openBy(by(buyer, seller));
        refuse(notApproved(buyer));
        openBy(by(bank, seller));
        refuse(notApproved(seller));
        openBy(by(bank, buyer));
    }

    function test_every_payee_must_sign() public {
        terms.payees[1] = supplierWallet;
        setTerms(terms);
        refuse(notApproved(supplier));
        open();
        Who[] memory all = new Who[](4);
        (all[0], all[1], all[2], all[3]) = (bank, buyer, seller, supplier);
        openBy(all);
        assertEq(status(), Status.OPEN);
    }

    function test_the_same_terms_open_once() public {
        open();
        refuse(badState(Status.OPEN, Status.NONE));
        open();
    }

    function test_without_own_funds_it_opens_ready_for_the_bank() public {
        terms.ownFunds = 0;
        setTerms(terms);
        open();
        assertEq(status(), Status.OWN_FUNDS_IN);
    }

    function test_the_signature_is_for_these_terms_only() public {
        Instruction memory i =
            instruct(agreementId, Action.OPEN, TOTAL, sellerWallet, keccak256(abi.encode(terms)));
        Approval[] memory a = signAll(by(bank, buyer, seller), address(core), i);
        bytes32 signed = agreementId;
        terms.salt = 2;
        setTerms(terms);
        vm.expectRevert(
            abi.encodeWithSelector(Instructed.WrongAgreement.selector, i.instructionId, signed, agreementId)
        );
        core.open(terms, i, a);
    }

    function test_terms_that_make_no_sense_are_refused() public {
        Terms memory t = goldenTerms();
        t.ownFunds = TOTAL;
        _refused(t, "total");
        t = goldenTerms();
        t.fundBy = START;
        _refused(t, "fundBy");
        t = goldenTerms();
        t.expiry = t.fundBy;
        _refused(t, "expiry");
        t = goldenTerms();
        t.longStop = t.expiry - 1;
        _refused(t, "longStop");
        t = goldenTerms();
        t.releasePolicy = 4;
        _refused(t, "releasePolicy");
        t = goldenTerms();
        t.confirmMode = 0;
        _refused(t, "releasePolicy");
        t = goldenTerms();
        t.bankId = 99;
        _refusedWith(t, abi.encodeWithSelector(IDirectedEscrow.UnknownBank.selector, 99));
    }

    function test_wallets_must_be_whose_they_should_be() public {
        Terms memory t = goldenTerms();
        t.funder = otherFunder;
        _refused(t, "funder");
        t = goldenTerms();
        t.funder = address(vault);
        _refused(t, "funder");
        t = goldenTerms();
        t.ownPayer = funder;
        _refused(t, "ownPayer");
        t = goldenTerms();
        t.ownRefundTo = slyWallet;
        _refused(t, "ownRefundTo");
        t = goldenTerms();
        t.ownCollection = sellerWallet;
        _refused(t, "ownCollection");
        t = goldenTerms();
        t.payees[0] = address(0);
        _refused(t, "payees");
        t = goldenTerms();
        t.payees[1] = buyerCollection;
        _refused(t, "payees");
        t = goldenTerms();
        t.payees[2] = address(vault);
        _refused(t, "payees");
        t = goldenTerms();
        t.payees[3] = address(0xDEAD);
        _refused(t, "payees");
    }

    function test_nobody_confirms_or_judges_his_own_case() public {
        Terms memory t = goldenTerms();
        t.confirmers = buyer.id;
        _refused(t, "confirmers");
        t = goldenTerms();
        t.confirmers = seller.id;
        _refused(t, "confirmers");
        t = goldenTerms();
        t.arbiter = seller.id;
        _refused(t, "confirmers");
        t = goldenTerms();
        t.arbiter = buyer.id;
        _refused(t, "confirmers");
    }

    function test_digests_agree_with_the_written_rules() public {
        Instruction memory i = instruct(agreementId, Action.OPEN, 1, sellerWallet, "x");
        assertEq(core.digestOf(i), digestFor(address(core), i));
    }

    function _refused(Terms memory given, bytes32 field) private {
        _refusedWith(given, abi.encodeWithSelector(IDirectedEscrow.BadTerms.selector, field));
    }

    function _refusedWith(Terms memory given, bytes memory refusal) private {
        setTerms(given);
        refuse(refusal);
        openBy(by(bank, buyer, seller));
    }
}
