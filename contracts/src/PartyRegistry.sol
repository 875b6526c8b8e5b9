// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Instructed} from "./Instructed.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {Action, Approval, GOVERNANCE, Instruction} from "./interfaces/Types.sol";

/// @title Parties and the keys that sign for them
/// @notice A party id is a salted hash of the company's registration number; keys stay with the party.
///         A key serves one party, once: a key that was replaced never signs again for anybody.
contract PartyRegistry is Instructed, IPartyRegistry {
    struct Party {
        uint16 bankId;
        uint8 threshold;
        bool isBank;
    }

    mapping(bytes32 partyId => Party) private _parties;
    mapping(bytes32 partyId => mapping(address key => bool)) private _isKey;
    mapping(address key => bytes32 partyId) private _usedBy;
    mapping(uint16 bankId => bytes32 partyId) private _banks;

    event PartyRegistered(bytes32 indexed partyId, uint16 indexed bankId, bool isBank, uint8 threshold);
    event KeyAdded(bytes32 indexed partyId, address indexed key);
    event KeyRevoked(bytes32 indexed partyId, address indexed key);

    error PartyExists(bytes32 partyId);
    error UnknownParty(bytes32 partyId);
    error BankExists(uint16 bankId);
    error UnknownBank(uint16 bankId);
    error BadThreshold(uint8 threshold, uint256 keys);
    error KeyTaken(address key);
    error UnknownKey(bytes32 partyId, address key);

    constructor(address governanceKey) EIP712("scf.PartyRegistry", "1") {
        _add(GOVERNANCE, Party({bankId: 0, threshold: 1, isBank: false}));
        _addKey(GOVERNANCE, governanceKey);
    }

    /// @notice Admits a bank. Approved by governance.
    function registerBank(
        Instruction calldata instruction,
        Approval calldata approval,
        uint16 bankId,
        bytes32 partyId,
        address[] calldata keys,
        uint8 threshold
    ) external {
        _requireBare(instruction);
        _requireParty(approval, GOVERNANCE);
        bytes32 payload = keccak256(abi.encode(bankId, partyId, keys, threshold));
        requireApproval(_execute(instruction, Action.REGISTER_BANK, partyId, payload), approval);
        if (bankId == 0) revert UnknownBank(bankId);
        if (_banks[bankId] != 0) revert BankExists(bankId);

        _banks[bankId] = partyId;
        _register(partyId, Party({bankId: bankId, threshold: threshold, isBank: true}), keys);
    }

    /// @notice Registers a bank's customer, carrier, warehouse or arbiter. Approved by that bank or governance.
    function registerParty(
        Instruction calldata instruction,
        Approval calldata approval,
        uint16 bankId,
        bytes32 partyId,
        address[] calldata keys,
        uint8 threshold
    ) external {
        bytes32 bank = _banks[bankId];
        if (bank == 0) revert UnknownBank(bankId);
        _requireBare(instruction);
        if (approval.partyId != GOVERNANCE) _requireParty(approval, bank);
        bytes32 payload = keccak256(abi.encode(bankId, partyId, keys, threshold));
        requireApproval(_execute(instruction, Action.REGISTER_PARTY, partyId, payload), approval);

        _register(partyId, Party({bankId: bankId, threshold: threshold, isBank: false}), keys);
    }

    /// @notice Replaces a key. Approved by the party itself or by its bank (a bank's key: by governance).
    /// @dev The old key is dead from this block on, also for instructions it signed before.
    function rotateKey(
        Instruction calldata instruction,
        Approval calldata approval,
        bytes32 partyId,
        address oldKey,
        address newKey
    ) external {
        _requireBare(instruction);
        if (approval.partyId != partyId) _requireParty(approval, _guardianOf(partyId));
        bytes32 payload = keccak256(abi.encode(partyId, oldKey, newKey));
        requireApproval(_execute(instruction, Action.ROTATE_KEY, partyId, payload), approval);
        if (!_isKey[partyId][oldKey]) revert UnknownKey(partyId, oldKey);

        _isKey[partyId][oldKey] = false;
        emit KeyRevoked(partyId, oldKey);
        _addKey(partyId, newKey);
    }

    function requireApproval(bytes32 digest, Approval calldata approval) public view {
        bytes32 partyId = approval.partyId;
        uint256 count = approval.signers.length;
        uint8 threshold = _parties[partyId].threshold;
        if (threshold == 0 || count < threshold || count != approval.signatures.length) {
            revert NotApproved(partyId);
        }
        address last = address(0);
        for (uint256 i = 0; i < count; ++i) {
            address signer = _signer(partyId, approval.signers[i]);
            // Ascending order makes the signers distinct.
            if (signer <= last || !_isKey[partyId][signer]) revert NotApproved(partyId);
            if (!SignatureChecker.isValidSignatureNow(signer, digest, approval.signatures[i])) {
                revert NotApproved(partyId);
            }
            last = signer;
        }
    }

    function bankParty(uint16 bankId) external view returns (bytes32) {
        return _banks[bankId];
    }

    function bankOf(bytes32 partyId) external view returns (uint16) {
        return _parties[partyId].bankId;
    }

    function isRegistered(bytes32 partyId) external view returns (bool) {
        return _parties[partyId].threshold != 0;
    }

    function partyOf(bytes32 partyId) external view returns (Party memory) {
        return _parties[partyId];
    }

    /// @notice May this key sign for this party now?
    function isKey(bytes32 partyId, address key) external view returns (bool) {
        return _isKey[partyId][key];
    }

    function _register(bytes32 partyId, Party memory party, address[] calldata keys) private {
        if (party.threshold == 0 || party.threshold > keys.length) {
            revert BadThreshold(party.threshold, keys.length);
        }
        _add(partyId, party);
        for (uint256 i = 0; i < keys.length; ++i) {
            _addKey(partyId, keys[i]);
        }
    }

    function _add(bytes32 partyId, Party memory party) private {
        if (partyId == 0) revert UnknownParty(partyId);
        if (_parties[partyId].threshold != 0) revert PartyExists(partyId);
        _parties[partyId] = party;
        emit PartyRegistered(partyId, party.bankId, party.isBank, party.threshold);
    }

    function _addKey(bytes32 partyId, address key) private {
        if (key == address(0) || _usedBy[key] != 0) revert KeyTaken(key);
        _usedBy[key] = partyId;
        _isKey[partyId][key] = true;
        emit KeyAdded(partyId, key);
    }

    /// @dev Who may replace a party's lost key: its bank; governance for a bank.
    function _guardianOf(bytes32 partyId) private view returns (bytes32) {
        Party storage party = _parties[partyId];
        return party.isBank || party.bankId == 0 ? GOVERNANCE : _banks[party.bankId];
    }

    function _signer(bytes32 partyId, bytes calldata raw) private pure returns (address) {
        if (raw.length != 20) revert NotApproved(partyId);
        return address(bytes20(raw));
    }
}
