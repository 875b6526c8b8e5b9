// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DigitalYuan} from "../../src/DigitalYuan.sol";
import {Instructed} from "../../src/Instructed.sol";
import {World} from "../World.sol";

contract MintAndBurnTest is World {
    function test_the_wallets_bank_issues_and_redeems() public {
        vm.expectEmit();
        emit DigitalYuan.Minted(buyerGeneral, BANK_ID, 500, nextId(), 0, "reference");
        mint(bank, buyerGeneral, 500);
        vm.expectEmit();
        emit DigitalYuan.Burned(buyerGeneral, BANK_ID, 200, nextId(), 0, "reference");
        burn(bank, buyerGeneral, 200);
        assertEq(token.balanceOf(buyerGeneral), 300);
        assertEq(token.totalSupply(), 300);
        assertEq(token.decimals(), 2);
    }

    function test_another_bank_does_neither() public {
        mint(bank, buyerGeneral, 500);
        refuse(notApproved(bank));
        mint(otherBank, buyerGeneral, 500);
        refuse(notApproved(bank));
        burn(otherBank, buyerGeneral, 500);
    }

    function test_the_owner_cannot_issue_to_himself() public {
        refuse(notApproved(bank));
        mint(buyer, buyerGeneral, 500);
    }

    function test_nothing_is_issued_to_an_unknown_wallet() public {
        refuse(abi.encodeWithSelector(Instructed.NotApproved.selector, bytes32(0)));
        mint(bank, address(0xDEAD), 500);
    }

    function test_nothing_is_issued_into_a_vault() public {
        bytes32 id = nextId();
        refuse(abi.encodeWithSelector(Instructed.PayeeNotAllowed.selector, id, address(vault)));
        mint(bank, address(vault), 500);
    }

    function test_zero_is_no_amount() public {
        bytes32 id = nextId();
        refuse(abi.encodeWithSelector(DigitalYuan.ZeroAmount.selector, id));
        mint(bank, buyerGeneral, 0);
    }

    function test_no_more_is_redeemed_than_there_is() public {
        mint(bank, buyerGeneral, 500);
        refuse(
            abi.encodeWithSignature(
                "ERC20InsufficientBalance(address,uint256,uint256)", buyerGeneral, 500, 501
            )
        );
        burn(bank, buyerGeneral, 501);
    }
}
