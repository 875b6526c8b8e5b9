// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Instructed} from "../../src/Instructed.sol";
import {WalletRegistry} from "../../src/WalletRegistry.sol";
import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {LineStatus, WalletPurpose, WalletStatus} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

contract ClaimTest is Deal {
    function setUp() public override {
        super.setUp();
        funded();
        freeze(bank, sellerWallet, WalletStatus.FROZEN, "order");
        accept(0, 1_000, LineStatus.OPEN);
    }

    function test_bank_and_payee_send_it_to_another_wallet_of_the_payee() public {
        address other = registerWallet(bank, seller.id, BANK_ID, WalletPurpose.GENERAL, 1);
        vm.expectEmit();
        emit IDirectedEscrow.Claimed(agreementId, sellerWallet, other, 1_000, nextId());
        claim(by(bank, seller), sellerWallet, other, 1_000);
        assertEq(token.balanceOf(other), 1_000);
        assertEq(core.claimableOf(agreementId, sellerWallet), 0);
        refuse(abi.encodeWithSelector(IDirectedEscrow.NothingToClaim.selector, agreementId, sellerWallet));
        claim(by(bank, seller), sellerWallet, other, 1_000);
    }

    function test_each_must_sign() public {
        refuse(notApproved(seller));
        claim(by(bank), sellerWallet, sellerWallet, 1_000);
        refuse(notApproved(bank));
        claim(by(seller), sellerWallet, sellerWallet, 1_000);
    }

    function test_never_to_somebody_else() public {
        refuse(abi.encodeWithSelector(Instructed.PayeeNotAllowed.selector, agreementId, supplierWallet));
        claim(by(bank, seller), sellerWallet, supplierWallet, 1_000);
        refuse(abi.encodeWithSelector(Instructed.PayeeNotAllowed.selector, agreementId, funder));
        claim(by(bank, seller), sellerWallet, funder, 1_000);
    }

    function test_not_while_the_wallet_is_frozen() public {
        refuse(abi.encodeWithSelector(WalletRegistry.WalletFrozen.selector, sellerWallet, bytes32("order")));
        claim(by(bank, seller), sellerWallet, sellerWallet, 1_000);
        assertEq(core.claimableOf(agreementId, sellerWallet), 1_000);
    }

    function test_neither_more_nor_less_than_waits() public {
        bytes32 id = nextId();
        refuse(abi.encodeWithSelector(Instructed.WrongAmount.selector, id, 999, 1_000));
        claim(by(bank, seller), sellerWallet, sellerWallet, 999);
    }

    function test_the_deal_goes_on_and_later_payments_arrive() public {
        unfreeze(bank, sellerWallet, "order");
        accept(0, 500, LineStatus.OPEN);
        assertEq(token.balanceOf(sellerWallet), 500);
        assertEq(core.claimableOf(agreementId, sellerWallet), 1_000);
    }
}
