// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {LineStatus, Status, WalletStatus} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

/// @notice Golden deal 1 and the variants that concern the escrow, to the fen.
contract GoldenDealTest is Deal {
    function setUp() public override {
        super.setUp();
        funded();
    }

    function test_golden_deal_pays_and_returns_to_the_fen() public {
        assertEq(token.balanceOf(funder), 120_000_000);
        assertEq(token.balanceOf(address(vault)), TOTAL);
        _release(0, 37_260_237, LineStatus.SHORT_CLOSED, 29_808_190, 7_452_047);
        assertEq(token.balanceOf(address(vault)), 62_739_763);
        _release(1, 20_749_675, LineStatus.REJECTED, 16_599_740, 4_149_935);
        _release(2, 20_480_000, LineStatus.OPEN, 16_384_000, 4_096_000);
        assertEq(token.balanceOf(sellerWallet), 78_489_912);
        assertEq(status(), Status.PARTIAL);

        vm.warp(terms.expiry);
        vm.expectEmit();
        emit IDirectedEscrow.AgreementReclaimed(
            agreementId, 21_510_088, 17_208_070, 4_302_018, 0, Status.RETURNED
        );
        reclaim();
        assertEq(token.balanceOf(funder), 137_208_070);
        assertEq(token.balanceOf(buyerGeneral), 5_000_000 + 4_302_018);
        assertEq(token.balanceOf(address(vault)), 0);
        assertEq(status(), Status.RETURNED);
    }

    function test_v3_the_short_rest_goes_back_at_once() public {
        accept(0, 37_260_237, LineStatus.SHORT_CLOSED);
        vm.expectEmit();
        emit IDirectedEscrow.LineReturned(
            agreementId, lineId(0), 760_413, 608_330, 152_083, Status.PARTIAL, nextId()
        );
        returnLine(by(buyer, seller), 0, 760_413);
        accept(1, 41_499_350, LineStatus.OPEN);
        accept(2, 20_480_000, LineStatus.OPEN);
        assertEq(status(), Status.SETTLED);
    }

    function test_v10_the_arbiter_gives_sixty_percent() public {
        accept(0, 37_260_237, LineStatus.SHORT_CLOSED);
        accept(1, 20_749_675, LineStatus.REJECTED);
        dispute(seller, 1);
        accept(2, 20_480_000, LineStatus.OPEN);
        resolve(by(arbiter), 1, 12_449_805);
        release(1);
        vm.warp(terms.expiry);
        uint256 bankBefore = token.balanceOf(funder);
        uint256 buyerBefore = token.balanceOf(buyerGeneral);
        reclaim();
        assertEq(token.balanceOf(funder) - bankBefore, 7_248_226);
        assertEq(token.balanceOf(buyerGeneral) - buyerBefore, 1_812_057);
        assertEq(status(), Status.RETURNED);
    }

    function test_v11_the_seller_withdraws_and_all_goes_back() public {
        for (uint256 n = 0; n < 3; ++n) {
            returnLine(by(buyer, seller), n, caps[n]);
        }
        assertEq(token.balanceOf(funder), 200_000_000);
        assertEq(token.balanceOf(buyerGeneral), 25_000_000);
        assertEq(status(), Status.RETURNED);
    }

    function test_v12_a_frozen_seller_stops_nobody() public {
        accept(0, 37_260_237, LineStatus.SHORT_CLOSED);
        freeze(bank, sellerWallet, WalletStatus.FROZEN, "order");
        accept(1, 20_749_675, LineStatus.REJECTED);
        assertEq(core.claimableOf(agreementId, sellerWallet), 20_749_675);
        unfreeze(bank, sellerWallet, "order");
        accept(2, 20_480_000, LineStatus.OPEN);
        assertEq(token.balanceOf(sellerWallet), 37_260_237 + 20_480_000);
        claim(by(bank, seller), sellerWallet, sellerWallet, 20_749_675);
        assertEq(token.balanceOf(sellerWallet), 78_489_912);
    }

    function _release(uint256 n, uint64 amount, uint8 closing, uint64 loanPart, uint64 ownPart) private {
        confirm(n, amount, closing);
        vm.expectEmit();
        emit IDirectedEscrow.LineReleased(
            agreementId, lineId(n), sellerWallet, amount, loanPart, ownPart, Status.PARTIAL
        );
        release(n);
    }
}
