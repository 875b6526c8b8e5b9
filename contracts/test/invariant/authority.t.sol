// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DigitalYuan} from "../../src/DigitalYuan.sol";
import {EscrowVault} from "../../src/EscrowVault.sol";
import {Instructed} from "../../src/Instructed.sol";
import {
    Action,
    Approval,
    Instruction,
    LineStatus,
    WalletPurpose,
    WalletStatus
} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

/// @notice The platform's own key relays everything and can do nothing: every function that changes state is
///         called by it, with approvals it signed in everybody's name and in its own.
/// @dev tests/contracts/test_authority.py sees to it that no function is missing here.
contract AuthorityTest is Deal {
    Who internal me;

    function setUp() public override {
        super.setUp();
        me = relayer;
        me.id = keccak256("platform");
        funded();
        mint(bank, buyerCollection, 1_000);
        mandate(buyer, buyerCollection, funder, 1_000, START + 90 days);
    }

    /// @dev A party's name over the relayer's signature.
    function forged(Who memory who) private view returns (Who memory) {
        return Who(who.id, me.key);
    }

    function test_parties_registerBank() public {
        refuse(notApproved(governance));
        registerBank(forged(governance), 11, me);
        refuse(notApproved(governance));
        registerBank(me, 11, me);
    }

    function test_parties_registerParty() public {
        refuse(notApproved(governance));
        registerParty(forged(governance), BANK_ID, me);
        refuse(notApproved(bank));
        registerParty(forged(bank), BANK_ID, me);
        refuse(notApproved(bank));
        registerParty(me, BANK_ID, me);
    }

    function test_parties_rotateKey() public {
        refuse(notApproved(buyer));
        rotateKey(forged(buyer), buyer, vm.addr(me.key));
        refuse(notApproved(bank));
        rotateKey(forged(bank), buyer, vm.addr(me.key));
        refuse(notApproved(governance));
        rotateKey(forged(governance), bank, vm.addr(me.key));
    }

    function test_wallets_registerWallet() public {
        refuse(notApproved(bank));
        registerWallet(forged(bank), buyer.id, BANK_ID, WalletPurpose.GENERAL, 9);
    }

    function test_wallets_registerContract() public {
        refuse(notApproved(governance));
        registerContract(forged(governance), address(this), BANK_ID);
    }

    function test_wallets_freeze() public {
        refuse(notApproved(bank));
        freeze(forged(bank), buyerGeneral, WalletStatus.FROZEN, "order");
    }

    function test_wallets_unfreeze() public {
        freeze(bank, buyerGeneral, WalletStatus.FROZEN, "order");
        refuse(notApproved(bank));
        unfreeze(forged(bank), buyerGeneral, "order");
    }

    function test_token_mint() public {
        refuse(notApproved(bank));
        mint(forged(bank), buyerGeneral, 1);
    }

    function test_token_burn() public {
        refuse(notApproved(bank));
        burn(forged(bank), buyerGeneral, 1);
    }

    function test_token_transferBySignature() public {
        refuse(notApproved(buyer));
        transfer(forged(buyer), buyerGeneral, slyWallet, 1);
        refuse(notApproved(buyer));
        transfer(me, buyerGeneral, slyWallet, 1);
    }

    function test_token_mandate() public {
        refuse(notApproved(buyer));
        mandate(forged(buyer), buyerGeneral, slyWallet, 1, START + 1 days);
    }

    function test_token_draw() public {
        refuse(notApproved(bank));
        draw(forged(bank), buyerCollection, funder, 1);
    }

    function test_token_depositBySignature() public {
        Instruction memory i = depositInstruction(Action.FUND, 1, buyerGeneral);
        Approval memory a = sign(buyer, address(token), i);
        vm.expectRevert(
            abi.encodeWithSelector(DigitalYuan.NotTheCore.selector, address(vault), vm.addr(me.key))
        );
        token.depositBySignature(i, a, buyerGeneral);
    }

    function test_token_transfer_approve_transferFrom() public {
        vm.expectRevert(DigitalYuan.NotByCall.selector);
        token.transfer(slyWallet, 1);
        vm.expectRevert(DigitalYuan.NotByCall.selector);
        token.approve(vm.addr(me.key), 1);
        vm.expectRevert(DigitalYuan.NotByCall.selector);
        token.transferFrom(buyerGeneral, slyWallet, 1);
    }

    function test_vault_send() public {
        vm.expectRevert(EscrowVault.OnlyCore.selector);
        vault.send(slyWallet, 1);
    }

    function test_core_deployVault() public {
        refuse(notApproved(governance));
        deployVault(forged(governance), BANK_ID);
    }

    function test_core_open() public {
        terms.salt = 2;
        setTerms(terms);
        refuse(notApproved(bank));
        openBy(by(forged(bank), buyer, seller));
        refuse(notApproved(buyer));
        openBy(by(bank, forged(buyer), seller));
        refuse(notApproved(seller));
        openBy(by(bank, buyer, forged(seller)));
    }

    function test_core_payOwnFunds_and_fund() public {
        terms.salt = 2;
        setTerms(terms);
        open();
        mint(bank, buyerGeneral, OWN);
        Who memory realBuyer = buyer;
        buyer = forged(buyer);
        refuse(notApproved(buyer));
        payOwnFunds();
        buyer = realBuyer;
        payOwnFunds();
        bank = forged(bank);
        refuse(notApproved(bank));
        fund();
    }

    function test_core_cancel() public {
        terms.salt = 2;
        setTerms(terms);
        open();
        refuse(notApproved(bank));
        cancel(forged(bank));
    }

    function test_core_confirm() public {
        refuse(notApproved(buyer));
        confirmBy(by(forged(buyer), bank), 0, 1, LineStatus.OPEN);
        refuse(notApproved(bank));
        confirmBy(by(buyer, forged(bank)), 0, 1, LineStatus.OPEN);
        refuse(notApproved(warehouse));
        confirmBy(by(buyer, forged(warehouse)), 0, 1, LineStatus.OPEN);
    }

    function test_core_returnLine() public {
        refuse(notApproved(buyer));
        returnLine(by(forged(buyer), seller), 0, caps[0]);
        refuse(notApproved(seller));
        returnLine(by(buyer, forged(seller)), 0, caps[0]);
    }

    function test_core_disputeLine() public {
        refuse(notApproved(buyer));
        dispute(forged(buyer), 0);
        refuse(notApproved(seller));
        dispute(forged(seller), 0);
    }

    function test_core_resolveLine() public {
        dispute(buyer, 0);
        refuse(notApproved(arbiter));
        resolve(by(forged(arbiter)), 0, 1);
        refuse(notApproved(buyer));
        resolve(by(forged(buyer), forged(seller)), 0, 1);
    }

    function test_core_claim() public {
        freeze(bank, sellerWallet, WalletStatus.FROZEN, "order");
        accept(0, 1_000, LineStatus.OPEN);
        refuse(notApproved(bank));
        claim(by(forged(bank), forged(seller)), sellerWallet, sellerWallet, 1_000);
        refuse(notApproved(seller));
        claim(by(bank, forged(seller)), sellerWallet, sellerWallet, 1_000);
    }

    /// @dev The acts that need nobody's approval do what the conditions say, and nothing for the relayer.
    function test_core_release_returnShortLine_lapseDispute_reclaim_cancelLapsed() public {
        bytes memory any = "";
        bytes[5] memory acts = [
            abi.encodeCall(core.release, (terms, leafOf(0), proofOf(0))),
            abi.encodeCall(core.returnShortLine, (terms, leafOf(0), proofOf(0))),
            abi.encodeCall(core.lapseDispute, (terms, leafOf(0), proofOf(0))),
            abi.encodeCall(core.reclaim, (terms)),
            abi.encodeCall(core.cancelLapsed, (terms))
        ];
        for (uint256 n = 0; n < acts.length; ++n) {
            bool done;
            (done, any) = address(core).call(acts[n]);
            assertFalse(done, "no condition is met, so nothing moves");
        }
        assertEq(token.balanceOf(address(vault)), TOTAL);
    }

    function test_an_approval_of_the_relayer_counts_nowhere() public {
        Instruction memory i = instruct(agreementId, Action.CONFIRM, 1, sellerWallet, "x");
        Approval memory a = sign(me, address(core), i);
        bytes32 digest = digestFor(address(core), i);
        vm.expectRevert(abi.encodeWithSelector(Instructed.NotApproved.selector, me.id));
        parties.requireApproval(digest, a);
    }
}
