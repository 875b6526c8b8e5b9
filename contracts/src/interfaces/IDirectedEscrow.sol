// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What the escrow stores, tells and refuses. Folding the events gives the stored state.
interface IDirectedEscrow {
    /// @dev `reserved` is confirmed and not yet paid, `disputed` is held in disputed lines.
    struct Agreement {
        uint8 status;
        uint64 released;
        uint64 returned;
        uint64 reserved;
        uint64 disputed;
    }

    struct Line {
        uint64 confirmed;
        uint64 released;
        uint64 returned;
        uint48 disputedAt;
        uint8 status;
    }

    event VaultDeployed(uint16 indexed bankId, address indexed vault);
    event AgreementOpened(
        bytes32 indexed agreementId,
        bytes32 indexed loanRef,
        uint16 indexed bankId,
        uint64 total,
        uint64 ownFunds,
        uint48 fundBy,
        uint48 expiry,
        uint48 longStop,
        bytes32 linesRoot,
        uint8 status,
        bytes32 instructionId
    );
    event OwnFundsPaid(
        bytes32 indexed agreementId, address indexed from, uint64 amount, uint8 status, bytes32 instructionId
    );
    event AgreementFunded(
        bytes32 indexed agreementId, address indexed from, uint64 amount, uint8 status, bytes32 instructionId
    );
    event AgreementCancelled(
        bytes32 indexed agreementId, uint64 amount, uint64 loanPart, uint64 ownPart, bytes32 instructionId
    );
    event LineConfirmed(
        bytes32 indexed agreementId,
        bytes32 indexed lineId,
        uint64 amount,
        uint64 confirmed,
        uint8 lineStatus,
        bytes32 evidenceHash,
        bytes32 instructionId
    );
    event LineReleased(
        bytes32 indexed agreementId,
        bytes32 indexed lineId,
        address indexed payee,
        uint64 amount,
        uint64 loanPart,
        uint64 ownPart,
        uint8 status
    );
    event LineReturned(
        bytes32 indexed agreementId,
        bytes32 indexed lineId,
        uint64 amount,
        uint64 loanPart,
        uint64 ownPart,
        uint8 status,
        bytes32 instructionId
    );
    event LineDisputed(
        bytes32 indexed agreementId,
        bytes32 indexed lineId,
        bytes32 indexed partyId,
        uint64 held,
        uint48 disputedAt,
        bytes32 reasonHash,
        bytes32 instructionId
    );
    event LineResolved(
        bytes32 indexed agreementId,
        bytes32 indexed lineId,
        uint64 payeeGets,
        uint64 rest,
        bytes32 decisionHash,
        bytes32 instructionId
    );
    event AgreementReclaimed(
        bytes32 indexed agreementId,
        uint64 amount,
        uint64 loanPart,
        uint64 ownPart,
        uint64 disputed,
        uint8 status
    );
    event Claimed(
        bytes32 indexed agreementId,
        address indexed wallet,
        address indexed to,
        uint64 amount,
        bytes32 instructionId
    );
    event BecameClaimable(bytes32 indexed agreementId, address indexed wallet, uint64 amount);

    error BadTerms(bytes32 field);
    error BadState(bytes32 id, uint8 have, uint8 want);
    error BadLineState(bytes32 lineId, uint8 have);
    error NotInTerms(bytes32 lineId);
    error BeforeClock(bytes32 id, uint48 clock);
    error PastClock(bytes32 id, uint48 clock);
    error OverRelease(bytes32 id, uint64 available, uint64 asked);
    error UnknownBank(uint16 bankId);
    error VaultExists(uint16 bankId);
    error NothingToRelease(bytes32 agreementId, bytes32 lineId);
    error NothingToReturn(bytes32 agreementId, bytes32 lineId);
    error NothingToDispute(bytes32 agreementId, bytes32 lineId);
    error NothingToReclaim(bytes32 agreementId);
    error NothingToClaim(bytes32 agreementId, address wallet);
    error NothingConfirmed(bytes32 agreementId, bytes32 lineId);
    error BeyondTolerance(bytes32 lineId, uint64 rest);
    error LinesDoNotAddUp(bytes32 agreementId, uint64 have, uint64 want);
}
