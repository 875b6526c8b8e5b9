// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyRegistry} from "../../src/PartyRegistry.sol";
import {World} from "../World.sol";

contract RegisterBankTest is World {
    Who internal newBank = Who(keccak256("new bank"), 0xD1);

    function test_governance_admits_a_bank() public {
        vm.expectEmit();
        emit PartyRegistry.PartyRegistered(newBank.id, 11, true, 1);
        registerBank(governance, 11, newBank);
        assertEq(parties.bankParty(11), newBank.id);
        assertTrue(parties.isKey(newBank.id, vm.addr(newBank.key)));
    }

    function test_a_bank_cannot_admit_a_bank() public {
        refuse(notApproved(governance));
        registerBank(bank, 11, newBank);
    }

    function test_a_number_is_given_once() public {
        refuse(abi.encodeWithSelector(PartyRegistry.BankExists.selector, BANK_ID));
        registerBank(governance, BANK_ID, newBank);
    }

    function test_number_zero_is_no_bank() public {
        refuse(abi.encodeWithSelector(PartyRegistry.UnknownBank.selector, 0));
        registerBank(governance, 0, newBank);
    }

    function test_a_party_is_registered_once() public {
        refuse(abi.encodeWithSelector(PartyRegistry.PartyExists.selector, buyer.id));
        registerBank(governance, 11, Who(buyer.id, 0xD1));
    }
}
