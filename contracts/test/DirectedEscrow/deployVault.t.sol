// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {World} from "../World.sol";

contract DeployVaultTest is World {
    Who internal newBank = Who(keccak256("new bank"), 0xD1);

    function test_governance_gives_a_bank_its_vault() public {
        registerBank(governance, 11, newBank);
        deployVault(governance, 11);
        assertEq(core.vaultOf(11).core(), address(core));
        assertEq(core.vaultOf(11).bankId(), 11);
    }

    function test_a_bank_cannot_make_it_itself() public {
        registerBank(governance, 11, newBank);
        refuse(notApproved(governance));
        deployVault(newBank, 11);
    }

    function test_a_bank_has_one_vault() public {
        refuse(abi.encodeWithSelector(IDirectedEscrow.VaultExists.selector, BANK_ID));
        deployVault(governance, BANK_ID);
    }

    function test_an_unknown_bank_has_none() public {
        refuse(abi.encodeWithSelector(IDirectedEscrow.UnknownBank.selector, 99));
        deployVault(governance, 99);
    }
}
