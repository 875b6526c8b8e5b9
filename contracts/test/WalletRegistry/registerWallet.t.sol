// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {WalletRegistry} from "../../src/WalletRegistry.sol";
import {Wallet} from "../../src/interfaces/IWalletRegistry.sol";
import {WalletKind, WalletPurpose, WalletStatus} from "../../src/interfaces/Types.sol";
import {World} from "../World.sol";

contract RegisterWalletTest is World {
    function test_the_bank_opens_a_wallet_at_the_computed_address() public {
        address wallet = registerWallet(bank, buyer.id, BANK_ID, WalletPurpose.DEPOSIT, 3);
        assertEq(wallets.walletAddress(buyer.id, BANK_ID, WalletPurpose.DEPOSIT, 3), wallet);
        Wallet memory made = wallets.walletOf(wallet);
        assertEq(made.owner, buyer.id);
        assertEq(made.bankId, BANK_ID);
        assertEq(made.kind, WalletKind.CORPORATE);
        assertEq(made.status, WalletStatus.ACTIVE);
        assertEq(made.purpose, WalletPurpose.DEPOSIT);
    }

    function test_no_other_bank_opens_it() public {
        refuse(notApproved(bank));
        registerWallet(otherBank, buyer.id, BANK_ID, WalletPurpose.DEPOSIT, 3);
    }

    function test_a_customer_may_have_a_wallet_at_another_bank() public {
        address wallet = registerWallet(otherBank, buyer.id, OTHER_BANK_ID, WalletPurpose.GENERAL, 0);
        assertEq(wallets.walletOf(wallet).bankId, OTHER_BANK_ID);
    }

    function test_a_wallet_is_opened_once() public {
        refuse(abi.encodeWithSelector(WalletRegistry.WalletExists.selector, buyerGeneral));
        registerWallet(bank, buyer.id, BANK_ID, WalletPurpose.GENERAL, 0);
    }

    function test_its_owner_must_be_known() public {
        refuse(abi.encodeWithSelector(WalletRegistry.UnknownParty.selector, relayer.id));
        registerWallet(bank, relayer.id, BANK_ID, WalletPurpose.GENERAL, 0);
    }

    function test_an_escrow_purpose_is_for_contracts() public {
        refuse(
            abi.encodeWithSelector(
                WalletRegistry.BadWallet.selector, buyer.id, WalletKind.CORPORATE, WalletPurpose.ESCROW
            )
        );
        registerWallet(bank, buyer.id, BANK_ID, WalletPurpose.ESCROW, 0);
    }
}
