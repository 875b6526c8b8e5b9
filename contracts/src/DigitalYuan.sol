// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {EscrowVault} from "./EscrowVault.sol";
import {Instructed} from "./Instructed.sol";
import {IDigitalYuan} from "./interfaces/IDigitalYuan.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IWalletRegistry, Wallet} from "./interfaces/IWalletRegistry.sol";
// ERC-20 has an event of the same name.
import {
    Action,
    Approval as PartyApproval,
    Instruction,
    WalletKind,
    WalletPurpose
} from "./interfaces/Types.sol";

/// @title Simulated digital yuan, in fen
/// @notice Plain money without conditions. It moves by the signature of the wallet's owner, or by a
///         mandate he signed; the bank that runs a wallet issues and redeems. A contract wallet moves
///         its own money and nothing else. What lies in a deposit wallet is pledged to its bank.
contract DigitalYuan is ERC20, Instructed, IDigitalYuan {
    struct Mandate {
        uint64 cap;
        uint48 until;
    }

    IPartyRegistry public immutable parties;
    IWalletRegistry public immutable wallets;

    mapping(address from => mapping(address payee => Mandate)) private _mandates;

    event Minted(
        address indexed wallet,
        uint16 indexed bankId,
        uint64 amount,
        bytes32 indexed instructionId,
        bytes32 agreementId,
        bytes32 payloadHash
    );
    event Burned(
        address indexed wallet,
        uint16 indexed bankId,
        uint64 amount,
        bytes32 indexed instructionId,
        bytes32 agreementId,
        bytes32 payloadHash
    );
    event TransferredBySignature(
        address indexed from,
        address indexed to,
        uint64 amount,
        bytes32 indexed instructionId,
        bytes32 agreementId
    );
    event MandateSet(
        address indexed from, address indexed payee, uint64 cap, uint48 until, bytes32 indexed instructionId
    );
    event Drawn(
        address indexed from,
        address indexed payee,
        uint64 amount,
        bytes32 indexed instructionId,
        bytes32 agreementId
    );
    event Deposited(
        address indexed from,
        address indexed vault,
        bytes32 indexed agreementId,
        uint64 amount,
        uint8 action,
        bytes32 instructionId
    );

    error NotByCall();
    error NotTheCore(address vault, address caller);
    error ZeroAmount(bytes32 instructionId);
    error MandateExceeded(address from, address payee, uint64 cap, uint64 asked);
    error MandateLapsed(address from, address payee, uint48 until);
    error Pledged(address wallet);

    constructor(IPartyRegistry parties_, IWalletRegistry wallets_)
        ERC20("Simulated Digital Yuan", "SDY")
        EIP712("scf.DigitalYuan", "1")
    {
        parties = parties_;
        wallets = wallets_;
    }

    /// @notice Issues money into a wallet against the bank's deposit. Approved by the wallet's bank.
    /// @dev `payloadHash` is the bank's own reference; it is only recorded.
    function mint(Instruction calldata instruction, PartyApproval calldata approval) external {
        uint16 bankId = _bankAct(instruction, approval, Action.MINT);
        emit Minted(
            instruction.payee,
            bankId,
            instruction.amount,
            instruction.instructionId,
            instruction.agreementId,
            instruction.payloadHash
        );
        _mint(instruction.payee, instruction.amount);
    }

    /// @notice Redeems money out of the wallet named as payee. Approved by the wallet's bank.
    function burn(Instruction calldata instruction, PartyApproval calldata approval) external {
        uint16 bankId = _bankAct(instruction, approval, Action.BURN);
        emit Burned(
            instruction.payee,
            bankId,
            instruction.amount,
            instruction.instructionId,
            instruction.agreementId,
            instruction.payloadHash
        );
        _burn(instruction.payee, instruction.amount);
    }

    /// @notice Moves a wallet's money. Approved by the wallet's owner. Never into a contract wallet,
    ///         never out of a deposit wallet.
    function transferBySignature(
        Instruction calldata instruction,
        PartyApproval calldata approval,
        address from
    ) external {
        _refuseContract(instruction);
        _ownerAct(instruction, approval, Action.TRANSFER, from, keccak256(abi.encode(from)));
        emit TransferredBySignature(
            from, instruction.payee, instruction.amount, instruction.instructionId, instruction.agreementId
        );
        _transfer(from, instruction.payee, _positive(instruction));
    }

    /// @notice Lets the wallet's bank draw up to `instruction.amount` an act for the named payee, before `until`.
    /// @dev Approved by the wallet's owner. A later mandate for the same payee replaces it; amount 0 ends it,
    ///      which a deposit wallet that holds money does not allow (`_keepPledge`).
    function mandate(
        Instruction calldata instruction,
        PartyApproval calldata approval,
        address from,
        uint48 until
    ) external {
        _refuseContract(instruction);
        _ownerAct(instruction, approval, Action.MANDATE, from, keccak256(abi.encode(from, until)));
        _keepPledge(instruction, from, until);
        _mandates[from][instruction.payee] = Mandate({cap: instruction.amount, until: until});
        emit MandateSet(from, instruction.payee, instruction.amount, until, instruction.instructionId);
    }

    /// @notice Draws under a mandate. Approved by the bank that runs `from`.
    function draw(Instruction calldata instruction, PartyApproval calldata approval, address from) external {
        _refuseContract(instruction);
        _requireParty(approval, parties.bankParty(wallets.walletOf(from).bankId));
        bytes32 payload = keccak256(abi.encode(from));
        parties.requireApproval(_execute(instruction, Action.DRAW, _scope(from), payload), approval);
        Mandate memory given = _mandates[from][instruction.payee];
        if (block.timestamp >= given.until) revert MandateLapsed(from, instruction.payee, given.until);
        if (instruction.amount > given.cap) {
            revert MandateExceeded(from, instruction.payee, given.cap, instruction.amount);
        }
        emit Drawn(
            from, instruction.payee, instruction.amount, instruction.instructionId, instruction.agreementId
        );
        _transfer(from, instruction.payee, _positive(instruction));
    }

    /// @inheritdoc IDigitalYuan
    /// @dev The caller gives no authority, only the route: a signed deposit that anybody could execute by
    ///      itself would lie in the vault as a donation.
    function depositBySignature(
        Instruction calldata instruction,
        PartyApproval calldata approval,
        address from
    ) external {
        address vault = instruction.payee;
        if (wallets.walletOf(vault).kind != WalletKind.CONTRACT) {
            revert PayeeNotAllowed(instruction.instructionId, vault);
        }
        if (EscrowVault(vault).core() != msg.sender) revert NotTheCore(vault, msg.sender);
        bool isOwnFunds = instruction.action == Action.PAY_OWN_FUNDS;
        uint8 action = isOwnFunds ? Action.PAY_OWN_FUNDS : Action.FUND;
        _ownerAct(instruction, approval, action, from, keccak256(abi.encode(from)));
        emit Deposited(
            from, vault, instruction.agreementId, instruction.amount, action, instruction.instructionId
        );
        _transfer(from, vault, _positive(instruction));
    }

    /// @notice A contract wallet moves its own money; nobody else moves anything by a call.
    function transfer(address to, uint256 amount) public override returns (bool) {
        if (wallets.walletOf(msg.sender).kind != WalletKind.CONTRACT) revert NotByCall();
        return super.transfer(to, amount);
    }

    function approve(address, uint256) public pure override returns (bool) {
        revert NotByCall();
    }

    function transferFrom(address, address, uint256) public pure override returns (bool) {
        revert NotByCall();
    }

    /// @notice What the bank may draw from `from` for `payee`: fen an act, and until when.
    function mandateOf(address from, address payee) external view returns (Mandate memory) {
        return _mandates[from][payee];
    }

    function requireFresh(bytes32 scope, Instruction calldata instruction)
        public
        view
        override(Instructed, IDigitalYuan)
        returns (bytes32)
    {
        return Instructed.requireFresh(scope, instruction);
    }

    function decimals() public pure override returns (uint8) {
        return 2;
    }

    /// @dev Every move asks the registry, also mint and burn.
    function _update(address from, address to, uint256 amount) internal override {
        wallets.requireMove(from, to, amount);
        super._update(from, to, amount);
    }

    function _bankAct(Instruction calldata instruction, PartyApproval calldata approval, uint8 action)
        private
        returns (uint16 bankId)
    {
        _positive(instruction);
        _refuseContract(instruction);
        address wallet = instruction.payee;
        bankId = wallets.walletOf(wallet).bankId;
        _requireParty(approval, parties.bankParty(bankId));
        bytes32 digest = _execute(instruction, action, _scope(wallet), instruction.payloadHash);
        parties.requireApproval(digest, approval);
    }

    function _ownerAct(
        Instruction calldata instruction,
        PartyApproval calldata approval,
        uint8 action,
        address from,
        bytes32 payload
    ) private {
        Wallet memory wallet = wallets.walletOf(from);
        _requireParty(approval, wallet.owner);
        // The owner of pledged money cannot move it by himself; he can only widen its mandates.
        if (wallet.purpose == WalletPurpose.DEPOSIT && action != Action.MANDATE) revert Pledged(from);
        parties.requireApproval(_execute(instruction, action, _scope(from), payload), approval);
    }

    /// @dev Money enters a vault only through its core, and only for the agreement it is signed for.
    function _refuseContract(Instruction calldata instruction) private view {
        if (wallets.walletOf(instruction.payee).kind == WalletKind.CONTRACT) {
            revert PayeeNotAllowed(instruction.instructionId, instruction.payee);
        }
    }

    /// @dev Pledged money goes to the bank or home to its owner, nowhere else; and while there is any, its
    ///      owner may widen a mandate but neither lower nor shorten it: the bank keeps hold of the pledge.
    function _keepPledge(Instruction calldata instruction, address from, uint48 until) private view {
        Wallet memory wallet = wallets.walletOf(from);
        if (wallet.purpose != WalletPurpose.DEPOSIT) return;
        bytes32 to = wallets.ownerOf(instruction.payee);
        Mandate memory given = _mandates[from][instruction.payee];
        bool isLess = instruction.amount < given.cap || until < given.until;
        bool isAllowed = to == wallet.owner || to == parties.bankParty(wallet.bankId);
        if (!isAllowed || (isLess && balanceOf(from) != 0)) revert Pledged(from);
    }

    function _positive(Instruction calldata instruction) private pure returns (uint64) {
        if (instruction.amount == 0) revert ZeroAmount(instruction.instructionId);
        return instruction.amount;
    }

    function _scope(address wallet) private pure returns (bytes32) {
        return bytes32(uint256(uint160(wallet)));
    }
}
