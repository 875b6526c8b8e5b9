// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Test} from "forge-std/Test.sol";

import {DigitalYuan} from "../src/DigitalYuan.sol";
import {DirectedEscrow} from "../src/DirectedEscrow.sol";
import {EscrowVault} from "../src/EscrowVault.sol";
import {PartyRegistry} from "../src/PartyRegistry.sol";
import {WalletRegistry} from "../src/WalletRegistry.sol";
import {
    Action,
    Approval,
    GOVERNANCE,
    Instruction,
    WalletKind,
    WalletPurpose
} from "../src/interfaces/Types.sol";

/// @notice The cast on a fresh chain: two banks, a buyer, a seller, a supplier, a warehouse, an arbiter, a
///         stranger of the other bank, and a relayer whose key is registered nowhere.
/// @dev Digests are computed here, from docs/contracts.md alone, and never asked of the contracts.
abstract contract World is Test {
    /// @dev A party of the cast: its id and its only key.
    struct Who {
        bytes32 id;
        uint256 key;
    }

    uint16 internal constant BANK_ID = 7;
    uint16 internal constant OTHER_BANK_ID = 9;
    uint48 internal constant START = 1_773_021_600; // 2026-03-09 10:00 Asia/Shanghai

    Who internal governance = Who(GOVERNANCE, 0xA1);
    Who internal bank = Who(keccak256("bank"), 0xA2);
    Who internal otherBank = Who(keccak256("other bank"), 0xA3);
    Who internal buyer = Who(keccak256("buyer"), 0xB1);
    Who internal seller = Who(keccak256("seller"), 0xB2);
    Who internal supplier = Who(keccak256("supplier"), 0xB3);
    Who internal warehouse = Who(keccak256("warehouse"), 0xB4);
    Who internal arbiter = Who(keccak256("arbiter"), 0xB5);
    Who internal sly = Who(keccak256("sly"), 0xC1);
    Who internal relayer = Who(keccak256("relayer"), 0xEE);

    PartyRegistry internal parties;
    WalletRegistry internal wallets;
    DigitalYuan internal token;
    DirectedEscrow internal core;
    EscrowVault internal vault;
    EscrowVault internal otherVault;

    address internal funder;
    address internal buyerGeneral;
    address internal buyerCollection;
    address internal sellerWallet;
    address internal supplierWallet;
    address internal slyWallet;
    address internal otherFunder;

    uint256 private _ids;
    bytes private _refusal;
    mapping(address => string) private _domainNames;

    function setUp() public virtual {
        vm.warp(START);
        vm.startPrank(vm.addr(relayer.key)); // everything is relayed by a key without authority
        _deploy();
        _admit();
        _openWallets();
    }

    // ---- signing ----

    /// @dev The next call of an act must be refused with exactly this error.
    function refuse(bytes memory refusal) internal {
        _refusal = refusal;
    }

    /// @dev Stands right before the call of each act.
    function brace() internal {
        if (_refusal.length == 0) return;
        vm.expectRevert(_refusal);
        delete _refusal;
    }

    function notApproved(Who memory who) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("NotApproved(bytes32)", who.id);
    }

    function instruct(bytes32 agreementId, uint8 action, uint64 amount, address payee, bytes32 payload)
        internal
        returns (Instruction memory)
    {
        bytes32 id = nextId();
        ++_ids;
        return
            Instruction(
                id, agreementId, action, amount, payee, payload, 0, uint48(block.timestamp + 1 days), 0
            );
    }

    /// @dev The id the next instruction will have.
    function nextId() internal view returns (bytes32) {
        return keccak256(abi.encode("instruction", _ids));
    }

    function digestFor(address target, Instruction memory i) internal view returns (bytes32) {
        bytes32 typehash = keccak256(
            "Instruction(bytes32 instructionId,bytes32 agreementId,uint8 action,uint64 amount,address payee,bytes32 payloadHash,uint48 notBefore,uint48 deadline,uint48 seq)"
        );
        bytes32 structHash = keccak256(abi.encode(typehash, i));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256(bytes(_domainNames[target])),
                keccak256("1"),
                block.chainid,
                target
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function sign(Who memory who, address target, Instruction memory i)
        internal
        view
        returns (Approval memory)
    {
        return signDigest(who, digestFor(target, i));
    }

    function signDigest(Who memory who, bytes32 digest) internal pure returns (Approval memory approval) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(who.key, digest);
        approval = Approval(who.id, new bytes[](1), new bytes[](1));
        approval.signers[0] = abi.encodePacked(vm.addr(who.key));
        approval.signatures[0] = abi.encodePacked(r, s, v);
    }

    function signAll(Who[] memory all, address target, Instruction memory i)
        internal
        view
        returns (Approval[] memory approvals)
    {
        approvals = new Approval[](all.length);
        for (uint256 n = 0; n < all.length; ++n) {
            approvals[n] = sign(all[n], target, i);
        }
    }

    function by(Who memory one) internal pure returns (Who[] memory all) {
        all = new Who[](1);
        all[0] = one;
    }

    function by(Who memory one, Who memory two) internal pure returns (Who[] memory all) {
        all = new Who[](2);
        (all[0], all[1]) = (one, two);
    }

    function by(Who memory one, Who memory two, Who memory three) internal pure returns (Who[] memory all) {
        all = new Who[](3);
        (all[0], all[1], all[2]) = (one, two, three);
    }

    function scopeOf(address wallet) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(wallet)));
    }

    // ---- acts of registries and money ----

    function registerBank(Who memory by_, uint16 bankId, Who memory party) internal {
        address[] memory keys = keysOf(party);
        Instruction memory i = instruct(
            0, Action.REGISTER_BANK, 0, address(0), keccak256(abi.encode(bankId, party.id, keys, uint8(1)))
        );
        Approval memory a = sign(by_, address(parties), i);
        brace();
        parties.registerBank(i, a, bankId, party.id, keys, 1);
    }

    function registerParty(Who memory by_, uint16 bankId, Who memory party) internal {
        address[] memory keys = keysOf(party);
        Instruction memory i = instruct(
            0, Action.REGISTER_PARTY, 0, address(0), keccak256(abi.encode(bankId, party.id, keys, uint8(1)))
        );
        Approval memory a = sign(by_, address(parties), i);
        brace();
        parties.registerParty(i, a, bankId, party.id, keys, 1);
    }

    function rotateKey(Who memory by_, Who memory party, address newKey) internal {
        address oldKey = vm.addr(party.key);
        Instruction memory i =
            instruct(0, Action.ROTATE_KEY, 0, address(0), keccak256(abi.encode(party.id, oldKey, newKey)));
        Approval memory a = sign(by_, address(parties), i);
        brace();
        parties.rotateKey(i, a, party.id, oldKey, newKey);
    }

    function registerWallet(Who memory by_, bytes32 owner, uint16 bankId, uint8 purpose, uint32 number)
        internal
        returns (address wallet)
    {
        wallet =
            address(uint160(uint256(keccak256(abi.encode("scf.wallet", owner, bankId, purpose, number)))));
        uint8 kind = WalletKind.CORPORATE;
        Instruction memory i = instruct(
            0,
            Action.REGISTER_WALLET,
            0,
            wallet,
            keccak256(abi.encode(owner, bankId, kind, purpose, uint8(1), number))
        );
        Approval memory a = sign(by_, address(wallets), i);
        brace();
        wallets.registerWallet(i, a, owner, bankId, kind, purpose, 1, number);
    }

    function registerContract(Who memory by_, address wallet, uint16 bankId) internal {
        Instruction memory i =
            instruct(0, Action.REGISTER_CONTRACT, 0, wallet, keccak256(abi.encode(wallet, bankId)));
        Approval memory a = sign(by_, address(wallets), i);
        brace();
        wallets.registerContract(i, a, wallet, bankId);
    }

    function freeze(Who memory by_, address wallet, uint8 status, bytes32 orderId) internal {
        Instruction memory i =
            instruct(0, Action.FREEZE, 0, wallet, keccak256(abi.encode(wallet, status, orderId)));
        Approval memory a = sign(by_, address(wallets), i);
        brace();
        wallets.freeze(i, a, wallet, status, orderId);
    }

    function unfreeze(Who memory by_, address wallet, bytes32 orderId) internal {
        Instruction memory i = instruct(0, Action.UNFREEZE, 0, wallet, keccak256(abi.encode(wallet, orderId)));
        Approval memory a = sign(by_, address(wallets), i);
        brace();
        wallets.unfreeze(i, a, wallet, orderId);
    }

    function mint(Who memory by_, address wallet, uint64 amount) internal {
        Instruction memory i = instruct(0, Action.MINT, amount, wallet, "reference");
        Approval memory a = sign(by_, address(token), i);
        brace();
        token.mint(i, a);
    }

    function burn(Who memory by_, address wallet, uint64 amount) internal {
        Instruction memory i = instruct(0, Action.BURN, amount, wallet, "reference");
        Approval memory a = sign(by_, address(token), i);
        brace();
        token.burn(i, a);
    }

    function transfer(Who memory by_, address from, address to, uint64 amount) internal {
        Instruction memory i = instruct(0, Action.TRANSFER, amount, to, keccak256(abi.encode(from)));
        Approval memory a = sign(by_, address(token), i);
        brace();
        token.transferBySignature(i, a, from);
    }

    function mandate(Who memory by_, address from, address payee, uint64 cap, uint48 until) internal {
        Instruction memory i = instruct(0, Action.MANDATE, cap, payee, keccak256(abi.encode(from, until)));
        Approval memory a = sign(by_, address(token), i);
        brace();
        token.mandate(i, a, from, until);
    }

    function draw(Who memory by_, address from, address payee, uint64 amount) internal {
        Instruction memory i = instruct(0, Action.DRAW, amount, payee, keccak256(abi.encode(from)));
        Approval memory a = sign(by_, address(token), i);
        brace();
        token.draw(i, a, from);
    }

    function deployVault(Who memory by_, uint16 bankId) internal {
        Instruction memory i = instruct(0, Action.DEPLOY_VAULT, 0, address(0), keccak256(abi.encode(bankId)));
        Approval memory a = sign(by_, address(core), i);
        brace();
        core.deployVault(i, a, bankId);
    }

    function keysOf(Who memory party) internal pure returns (address[] memory keys) {
        keys = new address[](1);
        keys[0] = vm.addr(party.key);
    }

    // ---- building the world ----

    function _deploy() private {
        parties = PartyRegistry(_create("PartyRegistry", abi.encode(vm.addr(governance.key))));
        wallets = WalletRegistry(_create("WalletRegistry", abi.encode(parties)));
        token = DigitalYuan(_create("DigitalYuan", abi.encode(parties, wallets)));
        core = DirectedEscrow(_create("DirectedEscrow", abi.encode(parties, wallets, token)));
        _domainNames[address(parties)] = "scf.PartyRegistry";
        _domainNames[address(wallets)] = "scf.WalletRegistry";
        _domainNames[address(token)] = "scf.DigitalYuan";
        _domainNames[address(core)] = "scf.DirectedEscrow";
    }

    /// @dev Deploys the committed bytes, not a second compilation of the sources.
    function _create(string memory name, bytes memory arguments) private returns (address made) {
        string memory artefact = vm.readFile(string.concat("abi/", name, ".json"));
        bytes memory code = bytes.concat(vm.parseJsonBytes(artefact, ".bytecode"), arguments);
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), "not deployed");
    }

    function _admit() private {
        registerBank(governance, BANK_ID, bank);
        registerBank(governance, OTHER_BANK_ID, otherBank);
        registerParty(bank, BANK_ID, buyer);
        registerParty(bank, BANK_ID, seller);
        registerParty(bank, BANK_ID, supplier);
        registerParty(bank, BANK_ID, warehouse);
        registerParty(bank, BANK_ID, arbiter);
        registerParty(otherBank, OTHER_BANK_ID, sly);
    }

    function _openWallets() private {
        deployVault(governance, BANK_ID);
        deployVault(governance, OTHER_BANK_ID);
        vault = core.vaultOf(BANK_ID);
        otherVault = core.vaultOf(OTHER_BANK_ID);
        registerContract(governance, address(vault), BANK_ID);
        registerContract(governance, address(otherVault), OTHER_BANK_ID);
        funder = registerWallet(bank, bank.id, BANK_ID, WalletPurpose.GENERAL, 0);
        buyerGeneral = registerWallet(bank, buyer.id, BANK_ID, WalletPurpose.GENERAL, 0);
        buyerCollection = registerWallet(bank, buyer.id, BANK_ID, WalletPurpose.COLLECTION, 0);
        sellerWallet = registerWallet(bank, seller.id, BANK_ID, WalletPurpose.GENERAL, 0);
        supplierWallet = registerWallet(bank, supplier.id, BANK_ID, WalletPurpose.GENERAL, 0);
        slyWallet = registerWallet(otherBank, sly.id, OTHER_BANK_ID, WalletPurpose.GENERAL, 0);
        otherFunder = registerWallet(otherBank, otherBank.id, OTHER_BANK_ID, WalletPurpose.GENERAL, 0);
    }
}

/// @notice A contract wallet that gives its own money away: the only way to donate to a vault.
contract Donor {
    function give(IERC20 token, address to, uint256 amount) external {
        require(token.transfer(to, amount), "refused");
    }
}
