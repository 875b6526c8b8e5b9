// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {Action, Approval, Instruction} from "../../src/interfaces/Types.sol";
import {World} from "../World.sol";

/// @notice A signer that is a contract: says yes to one digest.
contract ContractSigner is IERC1271 {
    bytes32 private immutable _digest;

    constructor(bytes32 digest) {
        _digest = digest;
    }

    function isValidSignature(bytes32 digest, bytes memory) external view returns (bytes4) {
        return digest == _digest ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract RequireApprovalTest is World {
    bytes32 internal constant DIGEST = keccak256("digest");
    Who internal firm = Who(keccak256("firm"), 0);
    uint256[3] internal keys = [uint256(0x11), 0x12, 0x13];

    function setUp() public override {
        super.setUp();
        if (vm.addr(keys[0]) > vm.addr(keys[1])) (keys[0], keys[1]) = (keys[1], keys[0]);
        address[] memory given = new address[](2);
        (given[0], given[1]) = (vm.addr(keys[0]), vm.addr(keys[1]));
        _registerFirm(given, 2);
    }

    function test_two_of_two_sign() public view {
        parties.requireApproval(DIGEST, _approval(keys[0], keys[1]));
    }

    function test_one_of_two_is_not_enough() public {
        _refused(signDigest(Who(firm.id, keys[0]), DIGEST));
    }

    function test_one_key_twice_is_not_two() public {
        _refused(_approval(keys[0], keys[0]));
    }

    function test_signers_out_of_order_are_refused() public {
        _refused(_approval(keys[1], keys[0]));
    }

    function test_a_strangers_key_is_refused() public {
        _refused(_approval(keys[0], keys[2]));
    }

    function test_a_signature_under_another_name_is_refused() public {
        Approval memory approval = _approval(keys[0], keys[1]);
        approval.signatures[1] = approval.signatures[0];
        _refused(approval);
    }

    function test_signatures_and_signers_must_be_as_many() public {
        Approval memory approval = _approval(keys[0], keys[1]);
        approval.signatures = new bytes[](1);
        _refused(approval);
    }

    function test_a_signer_that_is_no_address_is_refused() public {
        Approval memory approval = _approval(keys[0], keys[1]);
        approval.signers[0] = abi.encode(vm.addr(keys[0]));
        _refused(approval);
    }

    function test_the_high_twin_of_a_signature_is_refused() public {
        Approval memory approval = _approval(keys[0], keys[1]);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], DIGEST);
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        approval.signatures[0] = abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? 28 : 27);
        _refused(approval);
    }

    function test_an_unknown_party_approves_nothing() public {
        vm.expectRevert(notApproved(relayer));
        parties.requireApproval(DIGEST, signDigest(relayer, DIGEST));
    }

    function test_no_signer_at_all_is_no_approval() public {
        _refused(Approval(firm.id, new bytes[](0), new bytes[](0)));
    }

    function test_a_contract_may_be_a_signer() public {
        address signer = address(new ContractSigner(DIGEST));
        firm.id = keccak256("firm with a contract");
        address[] memory given = new address[](1);
        given[0] = signer;
        _registerFirm(given, 1);
        Approval memory approval = Approval(firm.id, new bytes[](1), new bytes[](1));
        approval.signers[0] = abi.encodePacked(signer);
        parties.requireApproval(DIGEST, approval);
        vm.expectRevert(notApproved(firm));
        parties.requireApproval(keccak256("another digest"), approval);
    }

    function _registerFirm(address[] memory given, uint8 threshold) private {
        Instruction memory i = instruct(
            0, Action.REGISTER_PARTY, 0, address(0), keccak256(abi.encode(BANK_ID, firm.id, given, threshold))
        );
        parties.registerParty(i, sign(bank, address(parties), i), BANK_ID, firm.id, given, threshold);
    }

    function _approval(uint256 one, uint256 two) private view returns (Approval memory approval) {
        approval = Approval(firm.id, new bytes[](2), new bytes[](2));
        Approval memory first = signDigest(Who(firm.id, one), DIGEST);
        Approval memory second = signDigest(Who(firm.id, two), DIGEST);
        (approval.signers[0], approval.signers[1]) = (first.signers[0], second.signers[0]);
        (approval.signatures[0], approval.signatures[1]) = (first.signatures[0], second.signatures[0]);
    }

    function _refused(Approval memory approval) private {
        vm.expectRevert(notApproved(firm));
        parties.requireApproval(DIGEST, approval);
    }
}
