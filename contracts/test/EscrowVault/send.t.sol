// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EscrowVault} from "../../src/EscrowVault.sol";
import {Deal} from "../Deal.sol";

contract SendTest is Deal {
    function test_only_the_core_moves_a_vaults_money() public {
        funded();
        vm.expectRevert(EscrowVault.OnlyCore.selector);
        vault.send(sellerWallet, 1);
        assertEq(vault.core(), address(core));
        assertEq(address(vault.token()), address(token));
        assertEq(vault.bankId(), BANK_ID);
    }
}
