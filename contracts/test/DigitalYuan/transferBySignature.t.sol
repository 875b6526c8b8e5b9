// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DigitalYuan} from "../../src/DigitalYuan.sol";
import {Instructed} from "../../src/Instructed.sol";
import {WalletRegistry} from "../../src/WalletRegistry.sol";
import {Action, Approval, Instruction} from "../../src/interfaces/Types.sol";
import {Donor, World} from "../World.sol";

contract TransferBySignatureTest is World {
    function setUp() public override {
        super.setUp();
        mint(bank, buyerGeneral, 1_000);
        mint(otherBank, slyWallet, 1_000);
    }

    function test_the_owner_moves_his_money() public {
        vm.expectEmit();
        emit DigitalYuan.TransferredBySignature(buyerGeneral, sellerWallet, 400, nextId(), 0);
        transfer(buyer, buyerGeneral, sellerWallet, 400);
        assertEq(token.balanceOf(sellerWallet), 400);
        assertEq(token.balanceOf(buyerGeneral), 600);
    }

    function test_nobody_else_moves_it_not_even_the_bank() public {
        refuse(notApproved(buyer));
        transfer(bank, buyerGeneral, sellerWallet, 400);
        refuse(notApproved(buyer));
        transfer(Who(buyer.id, sly.key), buyerGeneral, slyWallet, 400);
    }

    function test_not_into_a_vault() public {
        bytes32 id = nextId();
        refuse(abi.encodeWithSelector(Instructed.PayeeNotAllowed.selector, id, address(vault)));
        transfer(buyer, buyerGeneral, address(vault), 400);
    }

    function test_not_to_an_unknown_wallet() public {
        refuse(abi.encodeWithSelector(WalletRegistry.UnknownWallet.selector, address(0xDEAD)));
        transfer(buyer, buyerGeneral, address(0xDEAD), 400);
    }

    function test_not_more_than_there_is() public {
        refuse(
            abi.encodeWithSignature(
                "ERC20InsufficientBalance(address,uint256,uint256)", buyerGeneral, 1_000, 1_001
            )
        );
        transfer(buyer, buyerGeneral, sellerWallet, 1_001);
    }

    function test_the_same_instruction_takes_effect_once() public {
        (Instruction memory i, Approval memory a) = _signed(10);
        token.transferBySignature(i, a, buyerGeneral);
        assertEq(token.executed(scopeOf(buyerGeneral), i.instructionId), digestFor(address(token), i));
        vm.expectRevert(abi.encodeWithSelector(Instructed.AlreadyExecuted.selector, i.instructionId));
        token.transferBySignature(i, a, buyerGeneral);
        i.amount = 11;
        a = sign(buyer, address(token), i);
        vm.expectRevert(abi.encodeWithSelector(Instructed.IdCollision.selector, i.instructionId));
        token.transferBySignature(i, a, buyerGeneral);
        assertEq(token.balanceOf(sellerWallet), 10);
    }

    function test_a_stranger_cannot_burn_the_id_of_anothers_instruction() public {
        (Instruction memory i, Approval memory a) = _signed(10);
        Instruction memory copy =
            instruct(0, Action.TRANSFER, 1, otherFunder, keccak256(abi.encode(slyWallet)));
        copy.instructionId = i.instructionId;
        token.transferBySignature(copy, sign(sly, address(token), copy), slyWallet);
        token.transferBySignature(i, a, buyerGeneral);
        assertEq(token.balanceOf(sellerWallet), 10);
    }

    function test_what_was_signed_cannot_be_altered() public {
        (Instruction memory i, Approval memory a) = _signed(10);
        i.payee = slyWallet;
        vm.expectRevert(notApproved(buyer));
        token.transferBySignature(i, a, buyerGeneral);
    }

    function test_another_wallet_of_the_owner_cannot_be_debited() public {
        (Instruction memory i, Approval memory a) = _signed(10);
        vm.expectRevert(
            abi.encodeWithSelector(
                Instructed.PayloadMismatch.selector,
                i.instructionId,
                i.payloadHash,
                keccak256(abi.encode(buyerCollection))
            )
        );
        token.transferBySignature(i, a, buyerCollection);
    }

    function test_the_clocks_of_an_instruction_at_the_second() public {
        (Instruction memory i,) = _signed(10);
        (i.notBefore, i.deadline) = (uint48(START + 100), uint48(START + 200));
        Approval memory a = sign(buyer, address(token), i);
        vm.warp(START + 99);
        vm.expectRevert(abi.encodeWithSelector(Instructed.TooEarly.selector, i.instructionId, i.notBefore));
        token.transferBySignature(i, a, buyerGeneral);
        vm.warp(START + 201);
        vm.expectRevert(abi.encodeWithSelector(Instructed.TooLate.selector, i.instructionId, i.deadline));
        token.transferBySignature(i, a, buyerGeneral);
        vm.warp(START + 200);
        token.transferBySignature(i, a, buyerGeneral);
        assertEq(token.balanceOf(sellerWallet), 10);
    }

    function test_a_sequence_strictly_rises_and_zero_asks_for_none() public {
        bytes32 scope = scopeOf(buyerGeneral);
        _send(5);
        vm.expectRevert(abi.encodeWithSelector(Instructed.StaleSeq.selector, scope, 5, 5));
        this.sendInOrder(5);
        vm.expectRevert(abi.encodeWithSelector(Instructed.StaleSeq.selector, scope, 4, 5));
        this.sendInOrder(4);
        _send(0);
        _send(6);
        assertEq(token.lastSeq(scope), 6);
    }

    function test_digestOf_agrees_with_the_written_rule() public {
        (Instruction memory i,) = _signed(10);
        assertEq(token.digestOf(i), digestFor(address(token), i));
    }

    function test_a_digest_of_another_chain_is_worth_nothing() public {
        (Instruction memory i, Approval memory a) = _signed(10);
        vm.chainId(31_338);
        vm.expectRevert(notApproved(buyer));
        token.transferBySignature(i, a, buyerGeneral);
    }

    function test_a_digest_of_another_contract_is_worth_nothing() public {
        (Instruction memory i,) = _signed(10);
        Approval memory a = sign(buyer, address(core), i);
        vm.expectRevert(notApproved(buyer));
        token.transferBySignature(i, a, buyerGeneral);
    }

    function test_an_instruction_for_one_action_does_no_other() public {
        (Instruction memory i, Approval memory a) = _signed(10);
        vm.expectRevert(
            abi.encodeWithSelector(
                Instructed.WrongAction.selector, i.instructionId, Action.TRANSFER, Action.DRAW
            )
        );
        this.drawWith(i, sign(bank, address(token), i));
        i.action = Action.MANDATE;
        vm.expectRevert(
            abi.encodeWithSelector(
                Instructed.WrongAction.selector, i.instructionId, Action.MANDATE, Action.TRANSFER
            )
        );
        token.transferBySignature(i, a, buyerGeneral);
    }

    function test_plain_calls_move_nothing() public {
        vm.expectRevert(DigitalYuan.NotByCall.selector);
        token.transfer(sellerWallet, 1);
        vm.expectRevert(DigitalYuan.NotByCall.selector);
        token.approve(sellerWallet, 1);
        vm.expectRevert(DigitalYuan.NotByCall.selector);
        token.transferFrom(buyerGeneral, sellerWallet, 1);
        vm.stopPrank();
        vm.prank(buyerGeneral);
        vm.expectRevert(DigitalYuan.NotByCall.selector);
        token.transfer(sellerWallet, 1);
    }

    function test_a_deposit_needs_the_vaults_own_core() public {
        Instruction memory i =
            instruct("deal", Action.FUND, 10, address(vault), keccak256(abi.encode(buyerGeneral)));
        Approval memory a = sign(buyer, address(token), i);
        vm.expectRevert(
            abi.encodeWithSelector(DigitalYuan.NotTheCore.selector, address(vault), vm.addr(relayer.key))
        );
        token.depositBySignature(i, a, buyerGeneral);
        i.payee = sellerWallet;
        vm.expectRevert(
            abi.encodeWithSelector(Instructed.PayeeNotAllowed.selector, i.instructionId, sellerWallet)
        );
        token.depositBySignature(i, a, buyerGeneral);
    }

    function test_a_contract_wallet_moves_its_own_money_only() public {
        Donor donor = new Donor();
        registerContract(governance, address(donor), BANK_ID);
        deal(address(token), address(donor), 50);
        donor.give(token, sellerWallet, 50);
        assertEq(token.balanceOf(sellerWallet), 50);
    }

    function sendInOrder(uint48 seq) external {
        _send(seq);
    }

    function drawWith(Instruction calldata i, Approval calldata a) external {
        token.draw(i, a, buyerGeneral);
    }

    function _send(uint48 seq) private {
        (Instruction memory i,) = _signed(1);
        i.seq = seq;
        token.transferBySignature(i, sign(buyer, address(token), i), buyerGeneral);
    }

    function _signed(uint64 amount) private returns (Instruction memory i, Approval memory a) {
        i = instruct(0, Action.TRANSFER, amount, sellerWallet, keccak256(abi.encode(buyerGeneral)));
        a = sign(buyer, address(token), i);
    }
}
