// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Approval} from "./Types.sol";

interface IPartyRegistry {
    /// @notice Reverts with `NotApproved(partyId)` unless enough of the party's live keys signed `digest`.
    function requireApproval(bytes32 digest, Approval calldata approval) external view;

    /// @notice The party that is bank number `bankId`; zero when there is none.
    function bankParty(uint16 bankId) external view returns (bytes32);

    /// @notice The bank a party belongs to; zero when the party is unknown (or is governance).
    function bankOf(bytes32 partyId) external view returns (uint16);

    function isRegistered(bytes32 partyId) external view returns (bool);
}
