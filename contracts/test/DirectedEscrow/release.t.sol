// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Shares} from "../../src/Shares.sol";
import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {Leaf, LineStatus, Status, WalletStatus} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";
import {Donor} from "../World.sol";

contract ReleaseTest is Deal {
    function setUp() public override {
        super.setUp();
        funded();
    }

    function test_anybody_relays_and_the_payee_of_the_terms_is_paid() public {
        confirm(0, 1_000, LineStatus.OPEN);
        vm.stopPrank();
        vm.prank(address(0xBEEF));
        release(0);
        assertEq(token.balanceOf(sellerWallet), 1_000);
        assertEq(status(), Status.PARTIAL);
    }

    function test_nothing_is_paid_twice() public {
        accept(0, 1_000, LineStatus.OPEN);
        refuse(abi.encodeWithSelector(IDirectedEscrow.NothingToRelease.selector, agreementId, lineId(0)));
        release(0);
        confirm(0, 500, LineStatus.OPEN);
        release(0);
        assertEq(token.balanceOf(sellerWallet), 1_500);
    }

    function test_nothing_is_paid_that_nobody_confirmed() public {
        refuse(abi.encodeWithSelector(IDirectedEscrow.NothingToRelease.selector, agreementId, lineId(0)));
        release(0);
    }

    function test_the_last_release_settles() public {
        for (uint256 n = 0; n < 3; ++n) {
            accept(n, caps[n], LineStatus.OPEN);
        }
        assertEq(status(), Status.SETTLED);
        assertEq(token.balanceOf(sellerWallet), TOTAL);
        refuse(badState(Status.SETTLED, Status.FUNDED));
        release(0);
    }

    function test_a_line_cannot_be_forged() public {
        confirm(0, 1_000, LineStatus.OPEN);
        Leaf memory forged = leafOf(0);
        forged.payee = 1;
        bytes32[] memory proof = proofOf(0);
        vm.expectRevert(abi.encodeWithSelector(IDirectedEscrow.NotInTerms.selector, lineId(0)));
        core.release(terms, forged, proof);
    }

    function test_confirmed_money_is_paid_after_expiry_too() public {
        confirm(0, 1_000, LineStatus.OPEN);
        vm.warp(terms.expiry + 1);
        reclaim();
        assertEq(status(), Status.FUNDED);
        release(0);
        assertEq(token.balanceOf(sellerWallet), 1_000);
        assertEq(status(), Status.SETTLED);
    }

    function test_a_frozen_payee_does_not_block() public {
        confirm(0, 1_000, LineStatus.OPEN);
        freeze(bank, sellerWallet, WalletStatus.FROZEN, "order");
        vm.expectEmit();
        emit IDirectedEscrow.BecameClaimable(agreementId, sellerWallet, 1_000);
        release(0);
        assertEq(line(0).released, 1_000);
        assertEq(token.balanceOf(address(vault)), TOTAL);
    }

    function test_a_debit_frozen_payee_is_paid() public {
        freeze(bank, sellerWallet, WalletStatus.DEBIT_FROZEN, "order");
        accept(0, 1_000, LineStatus.OPEN);
        assertEq(token.balanceOf(sellerWallet), 1_000);
    }

    function test_a_donation_changes_nothing_that_is_owed() public {
        Donor donor = new Donor();
        registerContract(governance, address(donor), BANK_ID);
        deal(address(token), address(donor), 777);
        donor.give(IERC20(address(token)), address(vault), 777);
        for (uint256 n = 0; n < 3; ++n) {
            accept(n, caps[n] - 1, LineStatus.OPEN);
        }
        vm.warp(terms.expiry);
        reclaim();
        assertEq(token.balanceOf(sellerWallet), TOTAL - 3);
        assertEq(token.balanceOf(funder), 120_000_000 + 2);
        assertEq(token.balanceOf(buyerGeneral), 5_000_000 + 1);
        assertEq(token.balanceOf(address(vault)), 777);
    }

    function testFuzz_parts_add_up_and_never_exceed_the_amount(uint64 total, uint64 loan, uint64 a, uint64 b)
        public
        pure
    {
        total = uint64(bound(total, 1, type(uint64).max));
        loan = uint64(bound(loan, 0, total));
        a = uint64(bound(a, 0, total));
        b = uint64(bound(b, 0, total - a));
        (uint64 loanA, uint64 ownA) = Shares.split(0, a, loan, total);
        (uint64 loanB, uint64 ownB) = Shares.split(a, b, loan, total);
        (uint64 loanC, uint64 ownC) = Shares.split(a + b, total - a - b, loan, total);
        assertEq(loanA + ownA, a);
        assertEq(loanB + ownB, b);
        assertEq(uint256(loanA) + loanB + loanC, loan);
        assertEq(uint256(ownA) + ownB + ownC, total - loan);
    }
}
