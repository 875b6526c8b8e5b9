// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {WalletRegistry} from "../../src/WalletRegistry.sol";
import {WalletKind, WalletPurpose} from "../../src/interfaces/Types.sol";
import {Donor, World} from "../World.sol";

contract RegisterContractTest is World {
    function test_governance_registers_a_contract_for_a_bank() public {
        address donor = address(new Donor());
        registerContract(governance, donor, BANK_ID);
        assertEq(wallets.walletOf(donor).kind, WalletKind.CONTRACT);
        assertEq(wallets.ownerOf(donor), bank.id);
    }

    function test_a_bank_cannot() public {
        address donor = address(new Donor());
        refuse(notApproved(governance));
        registerContract(bank, donor, BANK_ID);
    }

    function test_an_address_without_code_is_no_contract() public {
        refuse(
            abi.encodeWithSelector(
                WalletRegistry.BadWallet.selector, bank.id, WalletKind.CONTRACT, WalletPurpose.ESCROW
            )
        );
        registerContract(governance, vm.addr(relayer.key), BANK_ID);
    }

    function test_its_bank_must_exist() public {
        address donor = address(new Donor());
        refuse(abi.encodeWithSelector(WalletRegistry.UnknownBank.selector, 99));
        registerContract(governance, donor, 99);
    }
}
