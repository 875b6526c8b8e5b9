// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The party that admits banks, code and vaults.
bytes32 constant GOVERNANCE = keccak256("scf.governance");

/// @notice What a party signs (EIP-712). Final: its hash is signed.
struct Instruction {
    bytes32 instructionId;
    bytes32 agreementId;
    uint8 action;
    uint64 amount;
    address payee;
    bytes32 payloadHash;
    uint48 notBefore;
    uint48 deadline;
    uint48 seq;
}

/// @notice One party's signatures under an instruction. `signers` are addresses of 20 bytes, ascending.
struct Approval {
    bytes32 partyId;
    bytes[] signers;
    bytes[] signatures;
}

/// @notice The deal. Final: the agreement id is its hash together with chain id and core address.
struct Terms {
    bytes32 templateId;
    bytes32 loanRef;
    address funder;
    address ownPayer;
    address ownRefundTo;
    address ownCollection;
    address[4] payees;
    uint16 bankId;
    uint64 total;
    uint64 ownFunds;
    uint48 fundBy;
    uint48 expiry;
    uint48 longStop;
    uint16 refundDays;
    uint16 disputeDays;
    uint16 arbiterDays;
    uint8 releasePolicy;
    uint8 confirmMode;
    bool returnShort;
    bytes32 confirmers;
    bytes32 arbiter;
    bytes32 linesRoot;
    address interestTo;
    uint256 salt;
}

/// @notice One line of the deal, proved against `Terms.linesRoot`. `payee` is an index into `Terms.payees`.
struct Leaf {
    bytes32 lineId;
    uint8 payee;
    uint64 cap;
    uint32 toleranceUnderPpm;
    uint32 toleranceOverPpm;
    uint32[4] stageSharesPpm;
}

/// @notice What an instruction asks for. One number over all contracts, never used twice.
library Action {
    uint8 internal constant REGISTER_BANK = 1;
    uint8 internal constant REGISTER_PARTY = 2;
    uint8 internal constant ROTATE_KEY = 3;
    uint8 internal constant REGISTER_WALLET = 11;
    uint8 internal constant REGISTER_CONTRACT = 12;
    uint8 internal constant FREEZE = 13;
    uint8 internal constant UNFREEZE = 14;
    uint8 internal constant MINT = 21;
    uint8 internal constant BURN = 22;
    uint8 internal constant TRANSFER = 23;
    uint8 internal constant MANDATE = 24;
    uint8 internal constant DRAW = 25;
    uint8 internal constant PAY_OWN_FUNDS = 26;
    uint8 internal constant FUND = 27;
    uint8 internal constant DEPLOY_VAULT = 41;
    uint8 internal constant OPEN = 42;
    uint8 internal constant CANCEL = 43;
    uint8 internal constant CONFIRM = 44;
    uint8 internal constant RETURN_LINE = 45;
    uint8 internal constant DISPUTE_LINE = 46;
    uint8 internal constant RESOLVE_LINE = 47;
    uint8 internal constant CLAIM = 48;
}

/// @notice Status of an agreement. FUNDED and PARTIAL are the running ones; the last three are terminal.
library Status {
    uint8 internal constant NONE = 0;
    uint8 internal constant OPEN = 1;
    uint8 internal constant OWN_FUNDS_IN = 2;
    uint8 internal constant FUNDED = 3;
    uint8 internal constant PARTIAL = 4;
    uint8 internal constant SETTLED = 5;
    uint8 internal constant RETURNED = 6;
    uint8 internal constant CANCELLED = 7;
}

/// @notice Status of a line: may it still be confirmed, and why not.
library LineStatus {
    uint8 internal constant OPEN = 0;
    uint8 internal constant SHORT_CLOSED = 1;
    uint8 internal constant REJECTED = 2;
    uint8 internal constant DISPUTED = 3;
    uint8 internal constant RESOLVED = 4;
    uint8 internal constant RETURNED = 5;
}

/// @notice When money leaves the escrow (K3).
library ReleasePolicy {
    uint8 internal constant PAY_ON_DRAWDOWN = 1;
    uint8 internal constant PAY_ON_SHIPMENT = 2;
    uint8 internal constant PAY_ON_ACCEPTANCE = 3;
}

/// @notice Who must sign a confirmation (K3, K20).
library ConfirmMode {
    uint8 internal constant NOT_NEEDED = 0;
    uint8 internal constant BUYER_AND_SECOND = 1;
    uint8 internal constant BUYER_ALONE = 2;
    uint8 internal constant SELLER_AND_BANK = 3;
}

/// @notice Kinds, statuses and purposes of wallets.
library WalletKind {
    uint8 internal constant PERSONAL = 1;
    uint8 internal constant CORPORATE = 2;
    uint8 internal constant SUB = 3;
    uint8 internal constant CONTRACT = 4;
}

library WalletStatus {
    uint8 internal constant NONE = 0;
    uint8 internal constant ACTIVE = 1;
    uint8 internal constant DEBIT_FROZEN = 2;
    uint8 internal constant FROZEN = 3;
    uint8 internal constant CLOSED = 4;
}

library WalletPurpose {
    uint8 internal constant GENERAL = 1;
    uint8 internal constant COLLECTION = 2;
    uint8 internal constant DEPOSIT = 3;
    uint8 internal constant ESCROW = 4;
}

/// @notice Answers of `detectRestriction`.
library Restriction {
    uint8 internal constant NONE = 0;
    uint8 internal constant SENDER_UNKNOWN = 1;
    uint8 internal constant RECEIVER_UNKNOWN = 2;
    uint8 internal constant SENDER_FROZEN = 3;
    uint8 internal constant SENDER_DEBIT_FROZEN = 4;
    uint8 internal constant RECEIVER_FROZEN = 5;
    uint8 internal constant SENDER_CLOSED = 6;
    uint8 internal constant RECEIVER_CLOSED = 7;
}
