// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Instructed} from "./Instructed.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IWalletRegistry, Wallet} from "./interfaces/IWalletRegistry.sol";
import {
    Action,
    Approval,
    GOVERNANCE,
    Instruction,
    Restriction,
    WalletKind,
    WalletPurpose,
    WalletStatus
} from "./interfaces/Types.sol";

/// @title Wallets: who owns them, which bank runs them, whether they are frozen
/// @notice A wallet's address is computed from its owner, bank, purpose and number: no key exists for it.
contract WalletRegistry is Instructed, IWalletRegistry {
    IPartyRegistry public immutable parties;

    mapping(address wallet => Wallet) private _wallets;
    mapping(address wallet => bytes32 orderId) private _orders;

    event WalletRegistered(
        address indexed wallet,
        bytes32 indexed owner,
        uint16 indexed bankId,
        uint8 kind,
        uint8 purpose,
        uint8 tier,
        uint32 number
    );
    event WalletStatusChanged(address indexed wallet, uint8 status, bytes32 orderId, bytes32 instructionId);

    error WalletExists(address wallet);
    error UnknownWallet(address wallet);
    error WalletFrozen(address wallet, bytes32 orderId);
    error WalletClosed(address wallet);
    error BadWallet(bytes32 owner, uint8 kind, uint8 purpose);
    error BadFreeze(address wallet, uint8 status, bytes32 orderId);
    error UnknownParty(bytes32 partyId);
    error UnknownBank(uint16 bankId);

    constructor(IPartyRegistry parties_) EIP712("scf.WalletRegistry", "1") {
        parties = parties_;
    }

    /// @notice Opens a wallet for a registered party. Approved by the bank that will run it.
    function registerWallet(
        Instruction calldata instruction,
        Approval calldata approval,
        bytes32 owner,
        uint16 bankId,
        uint8 kind,
        uint8 purpose,
        uint8 tier,
        uint32 number
    ) external {
        if (!parties.isRegistered(owner)) revert UnknownParty(owner);
        if (kind < WalletKind.PERSONAL || kind > WalletKind.SUB) revert BadWallet(owner, kind, purpose);
        if (purpose < WalletPurpose.GENERAL || purpose > WalletPurpose.DEPOSIT) {
            revert BadWallet(owner, kind, purpose);
        }
        address wallet = walletAddress(owner, bankId, purpose, number);
        _requirePlain(instruction, wallet);
        bytes32 payload = keccak256(abi.encode(owner, bankId, kind, purpose, tier, number));
        bytes32 digest = _execute(instruction, Action.REGISTER_WALLET, _scope(wallet), payload);
        _requireBank(bankId, digest, approval);

        _add(wallet, Wallet(owner, bankId, kind, WalletStatus.ACTIVE, purpose, tier), number);
    }

    /// @notice Lets a contract hold and send its own money. Approved by governance, which has read its code.
    function registerContract(
        Instruction calldata instruction,
        Approval calldata approval,
        address wallet,
        uint16 bankId
    ) external {
        bytes32 owner = parties.bankParty(bankId);
        if (owner == 0) revert UnknownBank(bankId);
        if (wallet.code.length == 0) revert BadWallet(owner, WalletKind.CONTRACT, WalletPurpose.ESCROW);
        _requirePlain(instruction, wallet);
        _requireParty(approval, GOVERNANCE);
        bytes32 payload = keccak256(abi.encode(wallet, bankId));
        bytes32 digest = _execute(instruction, Action.REGISTER_CONTRACT, _scope(wallet), payload);
        parties.requireApproval(digest, approval);

        _add(
            wallet,
            Wallet(owner, bankId, WalletKind.CONTRACT, WalletStatus.ACTIVE, WalletPurpose.ESCROW, 0),
            0
        );
    }

    /// @notice Freezes a wallet (or its outgoing side) under an order. Approved by the wallet's bank.
    /// @dev `orderId` is the hash of the court's or regulator's document. A vault cannot be frozen: an
    ///      order against one party must not hold the others' agreements.
    function freeze(
        Instruction calldata instruction,
        Approval calldata approval,
        address wallet,
        uint8 status,
        bytes32 orderId
    ) external {
        Wallet storage known = _known(wallet);
        _requirePlain(instruction, wallet);
        bytes32 payload = keccak256(abi.encode(wallet, status, orderId));
        bytes32 digest = _execute(instruction, Action.FREEZE, _scope(wallet), payload);
        _requireBank(known.bankId, digest, approval);
        bool isFreeze = status == WalletStatus.FROZEN || status == WalletStatus.DEBIT_FROZEN;
        if (!isFreeze || orderId == 0 || known.kind == WalletKind.CONTRACT || known.status == status) {
            revert BadFreeze(wallet, status, orderId);
        }

        _setStatus(wallet, status, orderId, instruction.instructionId);
    }

    /// @notice Lifts a freeze. `orderId` names the order that is lifted. Approved by the wallet's bank.
    function unfreeze(
        Instruction calldata instruction,
        Approval calldata approval,
        address wallet,
        bytes32 orderId
    ) external {
        Wallet storage known = _known(wallet);
        _requirePlain(instruction, wallet);
        bytes32 payload = keccak256(abi.encode(wallet, orderId));
        bytes32 digest = _execute(instruction, Action.UNFREEZE, _scope(wallet), payload);
        _requireBank(known.bankId, digest, approval);
        if (orderId == 0 || _orders[wallet] != orderId) revert BadFreeze(wallet, known.status, orderId);

        _setStatus(wallet, WalletStatus.ACTIVE, 0, instruction.instructionId);
    }

    function walletOf(address wallet) external view returns (Wallet memory) {
        return _wallets[wallet];
    }

    function ownerOf(address wallet) external view returns (bytes32) {
        return _wallets[wallet].owner;
    }

    /// @notice The order under which the wallet is frozen, zero when it is not.
    function orderOf(address wallet) external view returns (bytes32) {
        return _orders[wallet];
    }

    function detectRestriction(address from, address to, uint256) public view returns (uint8) {
        uint8 answer = _restrictionOut(_wallets[from].status);
        return answer == Restriction.NONE ? _restrictionIn(_wallets[to].status) : answer;
    }

    function requireMove(address from, address to, uint256) external view {
        if (from != address(0)) _requireFree(from, _restrictionOut(_wallets[from].status));
        if (to != address(0)) _requireFree(to, _restrictionIn(_wallets[to].status));
    }

    /// @notice The address of a wallet. Nobody holds a key for it.
    function walletAddress(bytes32 owner, uint16 bankId, uint8 purpose, uint32 number)
        public
        pure
        returns (address)
    {
        bytes32 hash = keccak256(abi.encode("scf.wallet", owner, bankId, purpose, number));
        return address(uint160(uint256(hash)));
    }

    function _add(address wallet, Wallet memory given, uint32 number) private {
        if (_wallets[wallet].owner != 0) revert WalletExists(wallet);
        _wallets[wallet] = given;
        emit WalletRegistered(
            wallet, given.owner, given.bankId, given.kind, given.purpose, given.tier, number
        );
    }

    function _setStatus(address wallet, uint8 status, bytes32 orderId, bytes32 instructionId) private {
        _wallets[wallet].status = status;
        _orders[wallet] = orderId;
        emit WalletStatusChanged(wallet, status, orderId, instructionId);
    }

    function _requireBank(uint16 bankId, bytes32 digest, Approval calldata approval) private view {
        bytes32 bank = parties.bankParty(bankId);
        if (bank == 0) revert UnknownBank(bankId);
        _requireParty(approval, bank);
        parties.requireApproval(digest, approval);
    }

    function _requireFree(address wallet, uint8 restriction) private view {
        if (restriction == Restriction.NONE) return;
        uint8 status = _wallets[wallet].status;
        if (status == WalletStatus.NONE) revert UnknownWallet(wallet);
        if (status == WalletStatus.CLOSED) revert WalletClosed(wallet);
        revert WalletFrozen(wallet, _orders[wallet]);
    }

    function _known(address wallet) private view returns (Wallet storage known) {
        known = _wallets[wallet];
        if (known.owner == 0) revert UnknownWallet(wallet);
    }

    /// @dev The instruction names the wallet as its payee, so that the signer's screen shows it.
    function _requirePlain(Instruction calldata instruction, address wallet) private pure {
        _requireAmount(instruction, 0);
        _requirePayee(instruction, wallet);
    }

    function _scope(address wallet) private pure returns (bytes32) {
        return bytes32(uint256(uint160(wallet)));
    }

    function _restrictionOut(uint8 status) private pure returns (uint8) {
        if (status == WalletStatus.ACTIVE) return Restriction.NONE;
        if (status == WalletStatus.DEBIT_FROZEN) return Restriction.SENDER_DEBIT_FROZEN;
        if (status == WalletStatus.FROZEN) return Restriction.SENDER_FROZEN;
        return status == WalletStatus.CLOSED ? Restriction.SENDER_CLOSED : Restriction.SENDER_UNKNOWN;
    }

    function _restrictionIn(uint8 status) private pure returns (uint8) {
        if (status == WalletStatus.ACTIVE || status == WalletStatus.DEBIT_FROZEN) return Restriction.NONE;
        if (status == WalletStatus.FROZEN) return Restriction.RECEIVER_FROZEN;
        return status == WalletStatus.CLOSED ? Restriction.RECEIVER_CLOSED : Restriction.RECEIVER_UNKNOWN;
    }
}
