// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {WalletRegistry} from "../../src/WalletRegistry.sol";
import {Restriction, WalletStatus} from "../../src/interfaces/Types.sol";
import {World} from "../World.sol";

contract FreezeTest is World {
    bytes32 internal constant ORDER = "court order";

    function setUp() public override {
        super.setUp();
        mint(bank, buyerGeneral, 1_000);
    }

    function test_a_frozen_wallet_neither_sends_nor_receives() public {
        freeze(bank, buyerGeneral, WalletStatus.FROZEN, ORDER);
        bytes memory frozen =
            abi.encodeWithSelector(WalletRegistry.WalletFrozen.selector, buyerGeneral, ORDER);
        refuse(frozen);
        transfer(buyer, buyerGeneral, sellerWallet, 1);
        refuse(frozen);
        mint(bank, buyerGeneral, 1);
        refuse(frozen);
        burn(bank, buyerGeneral, 1);
        assertEq(token.balanceOf(buyerGeneral), 1_000);
    }

    function test_a_debit_frozen_wallet_receives_only() public {
        freeze(bank, buyerGeneral, WalletStatus.DEBIT_FROZEN, ORDER);
        mint(bank, buyerGeneral, 5);
        refuse(abi.encodeWithSelector(WalletRegistry.WalletFrozen.selector, buyerGeneral, ORDER));
        transfer(buyer, buyerGeneral, sellerWallet, 1);
        assertEq(token.balanceOf(buyerGeneral), 1_005);
    }

    function test_a_freeze_needs_an_order() public {
        refuse(_badFreeze(buyerGeneral, WalletStatus.FROZEN, 0));
        freeze(bank, buyerGeneral, WalletStatus.FROZEN, 0);
    }

    function test_only_the_wallets_bank_freezes() public {
        refuse(notApproved(bank));
        freeze(otherBank, buyerGeneral, WalletStatus.FROZEN, ORDER);
    }

    function test_a_freeze_is_no_other_status() public {
        refuse(_badFreeze(buyerGeneral, WalletStatus.CLOSED, ORDER));
        freeze(bank, buyerGeneral, WalletStatus.CLOSED, ORDER);
    }

    function test_a_vault_cannot_be_frozen() public {
        refuse(_badFreeze(address(vault), WalletStatus.FROZEN, ORDER));
        freeze(bank, address(vault), WalletStatus.FROZEN, ORDER);
    }

    function test_unfreeze_lifts_the_order_it_names() public {
        freeze(bank, buyerGeneral, WalletStatus.FROZEN, ORDER);
        assertEq(wallets.orderOf(buyerGeneral), ORDER);
        refuse(_badFreeze(buyerGeneral, WalletStatus.FROZEN, "other"));
        unfreeze(bank, buyerGeneral, "other");
        refuse(notApproved(bank));
        unfreeze(buyer, buyerGeneral, ORDER);
        unfreeze(bank, buyerGeneral, ORDER);
        transfer(buyer, buyerGeneral, sellerWallet, 1_000);
        assertEq(token.balanceOf(sellerWallet), 1_000);
    }

    function test_a_wallet_that_is_not_frozen_cannot_be_unfrozen() public {
        refuse(_badFreeze(buyerGeneral, WalletStatus.ACTIVE, ORDER));
        unfreeze(bank, buyerGeneral, ORDER);
    }

    function test_detectRestriction_tells_why() public {
        address nobody = address(0xDEAD);
        assertEq(wallets.detectRestriction(buyerGeneral, sellerWallet, 1), Restriction.NONE);
        assertEq(wallets.detectRestriction(nobody, sellerWallet, 1), Restriction.SENDER_UNKNOWN);
        assertEq(wallets.detectRestriction(buyerGeneral, nobody, 1), Restriction.RECEIVER_UNKNOWN);
        freeze(bank, buyerGeneral, WalletStatus.DEBIT_FROZEN, ORDER);
        assertEq(wallets.detectRestriction(buyerGeneral, sellerWallet, 1), Restriction.SENDER_DEBIT_FROZEN);
        assertEq(wallets.detectRestriction(sellerWallet, buyerGeneral, 1), Restriction.NONE);
        freeze(bank, buyerGeneral, WalletStatus.FROZEN, ORDER);
        assertEq(wallets.detectRestriction(buyerGeneral, sellerWallet, 1), Restriction.SENDER_FROZEN);
        assertEq(wallets.detectRestriction(sellerWallet, buyerGeneral, 1), Restriction.RECEIVER_FROZEN);
    }

    function _badFreeze(address wallet, uint8 status, bytes32 order) private pure returns (bytes memory) {
        return abi.encodeWithSelector(WalletRegistry.BadFreeze.selector, wallet, status, order);
    }
}
