// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyRegistry} from "../../src/PartyRegistry.sol";
import {Action, Approval, Instruction} from "../../src/interfaces/Types.sol";
import {World} from "../World.sol";

contract RotateKeyTest is World {
    uint256 internal constant NEW_KEY = 0xF1;

    function test_the_party_replaces_its_own_key() public {
        rotateKey(buyer, buyer, vm.addr(NEW_KEY));
        assertTrue(parties.isKey(buyer.id, vm.addr(NEW_KEY)));
        assertFalse(parties.isKey(buyer.id, vm.addr(buyer.key)));
    }

    function test_the_bank_replaces_a_lost_key() public {
        rotateKey(bank, buyer, vm.addr(NEW_KEY));
        assertTrue(parties.isKey(buyer.id, vm.addr(NEW_KEY)));
    }

    function test_another_bank_replaces_nothing() public {
        refuse(notApproved(bank));
        rotateKey(otherBank, buyer, vm.addr(NEW_KEY));
    }

    function test_a_bank_key_is_replaced_by_governance() public {
        rotateKey(governance, bank, vm.addr(NEW_KEY));
        assertTrue(parties.isKey(bank.id, vm.addr(NEW_KEY)));
    }

    function test_governance_replaces_its_own_key() public {
        rotateKey(governance, governance, vm.addr(NEW_KEY));
        assertTrue(parties.isKey(governance.id, vm.addr(NEW_KEY)));
    }

    function test_the_old_key_is_dead_at_once_also_for_what_it_signed_before() public {
        mint(bank, buyerGeneral, 100);
        Instruction memory i =
            instruct(0, Action.TRANSFER, 100, sellerWallet, keccak256(abi.encode(buyerGeneral)));
        Approval memory a = sign(buyer, address(token), i);
        rotateKey(buyer, buyer, vm.addr(NEW_KEY));
        vm.expectRevert(notApproved(buyer));
        token.transferBySignature(i, a, buyerGeneral);

        a = sign(Who(buyer.id, NEW_KEY), address(token), i);
        token.transferBySignature(i, a, buyerGeneral);
        assertEq(token.balanceOf(sellerWallet), 100);
    }

    function test_a_dead_key_never_comes_back() public {
        rotateKey(buyer, buyer, vm.addr(NEW_KEY));
        refuse(abi.encodeWithSelector(PartyRegistry.KeyTaken.selector, vm.addr(buyer.key)));
        rotateKey(Who(buyer.id, NEW_KEY), Who(buyer.id, NEW_KEY), vm.addr(buyer.key));
    }

    function test_only_a_live_key_is_replaced() public {
        refuse(abi.encodeWithSelector(PartyRegistry.UnknownKey.selector, buyer.id, vm.addr(0xF9)));
        rotateKey(bank, Who(buyer.id, 0xF9), vm.addr(NEW_KEY));
    }
}
