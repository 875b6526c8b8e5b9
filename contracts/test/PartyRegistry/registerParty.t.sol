// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyRegistry} from "../../src/PartyRegistry.sol";
import {Action, Approval, Instruction} from "../../src/interfaces/Types.sol";
import {World} from "../World.sol";

contract RegisterPartyTest is World {
    Who internal newcomer = Who(keccak256("newcomer"), 0xD2);

    function test_a_bank_registers_its_customer() public {
        registerParty(bank, BANK_ID, newcomer);
        assertEq(parties.bankOf(newcomer.id), BANK_ID);
        assertEq(parties.partyOf(newcomer.id).isBank, false);
    }

    function test_governance_may_register_a_party() public {
        registerParty(governance, BANK_ID, newcomer);
        assertTrue(parties.isRegistered(newcomer.id));
    }

    function test_another_bank_may_not() public {
        refuse(notApproved(bank));
        registerParty(otherBank, BANK_ID, newcomer);
    }

    function test_a_key_serves_one_party() public {
        address key = vm.addr(buyer.key);
        refuse(abi.encodeWithSelector(PartyRegistry.KeyTaken.selector, key));
        registerParty(bank, BANK_ID, Who(newcomer.id, buyer.key));
    }

    function test_a_bank_must_exist() public {
        refuse(abi.encodeWithSelector(PartyRegistry.UnknownBank.selector, 99));
        registerParty(governance, 99, newcomer);
    }

    function test_the_threshold_lies_within_the_keys() public {
        address[] memory keys = keysOf(newcomer);
        for (uint8 threshold = 0; threshold <= 2; threshold += 2) {
            Instruction memory i = instruct(
                0,
                Action.REGISTER_PARTY,
                0,
                address(0),
                keccak256(abi.encode(BANK_ID, newcomer.id, keys, threshold))
            );
            Approval memory a = sign(bank, address(parties), i);
            vm.expectRevert(abi.encodeWithSelector(PartyRegistry.BadThreshold.selector, threshold, 1));
            parties.registerParty(i, a, BANK_ID, newcomer.id, keys, threshold);
        }
    }
}
