// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DigitalYuan} from "../../src/DigitalYuan.sol";
import {Instructed} from "../../src/Instructed.sol";
import {World} from "../World.sol";

contract MandateTest is World {
    uint48 internal constant UNTIL = START + 90 days;

    function setUp() public override {
        super.setUp();
        mint(bank, buyerCollection, 40_000_000);
        mandate(buyer, buyerCollection, funder, 30_000_000, UNTIL);
    }

    function test_the_bank_draws_for_the_named_payee() public {
        vm.expectEmit();
        emit DigitalYuan.Drawn(buyerCollection, funder, 30_000_000, nextId(), 0);
        draw(bank, buyerCollection, funder, 30_000_000);
        draw(bank, buyerCollection, funder, 10_000_000);
        assertEq(token.balanceOf(funder), 40_000_000);
    }

    function test_not_more_an_act_than_the_cap() public {
        refuse(
            abi.encodeWithSelector(
                DigitalYuan.MandateExceeded.selector, buyerCollection, funder, 30_000_000, 30_000_001
            )
        );
        draw(bank, buyerCollection, funder, 30_000_001);
    }

    function test_not_for_another_payee() public {
        refuse(abi.encodeWithSelector(DigitalYuan.MandateLapsed.selector, buyerCollection, sellerWallet, 0));
        draw(bank, buyerCollection, sellerWallet, 1);
    }

    function test_not_out_of_another_wallet() public {
        mint(bank, buyerGeneral, 1);
        refuse(abi.encodeWithSelector(DigitalYuan.MandateLapsed.selector, buyerGeneral, funder, 0));
        draw(bank, buyerGeneral, funder, 1);
    }

    function test_not_by_another_bank() public {
        refuse(notApproved(bank));
        draw(otherBank, buyerCollection, funder, 1);
    }

    function test_until_is_an_instant() public {
        vm.warp(UNTIL - 1);
        draw(bank, buyerCollection, funder, 1);
        vm.warp(UNTIL);
        refuse(abi.encodeWithSelector(DigitalYuan.MandateLapsed.selector, buyerCollection, funder, UNTIL));
        draw(bank, buyerCollection, funder, 1);
    }

    function test_the_owner_ends_it() public {
        mandate(buyer, buyerCollection, funder, 0, 0);
        refuse(abi.encodeWithSelector(DigitalYuan.MandateLapsed.selector, buyerCollection, funder, 0));
        draw(bank, buyerCollection, funder, 1);
    }

    function test_only_the_owner_gives_it() public {
        refuse(notApproved(buyer));
        mandate(bank, buyerCollection, funder, 40_000_000, UNTIL);
    }

    function test_never_into_a_vault() public {
        bytes32 id = nextId();
        refuse(abi.encodeWithSelector(Instructed.PayeeNotAllowed.selector, id, address(vault)));
        mandate(buyer, buyerCollection, address(vault), 1, UNTIL);
    }

    function test_it_can_be_read() public view {
        assertEq(token.mandateOf(buyerCollection, funder).cap, 30_000_000);
        assertEq(token.mandateOf(buyerCollection, funder).until, UNTIL);
    }
}
