// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LineStatus} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";

/// @notice What each act costs as a whole transaction, cold. The figures only fall: who raises one says why.
/// An owner's act reads one word more of his wallet since deposits are pledged: some 1,270 gas.
/// forge-config: default.isolate = true
contract GasTest is Deal {
    function test_no_act_costs_more_than_it_did() public {
        open();
        _atMost("open", 175_200);
        payOwnFunds();
        _atMost("payOwnFunds", 146_500);
        fund();
        _atMost("fund", 130_600);
        confirm(0, 1_000, LineStatus.OPEN);
        _atMost("confirm", 142_800);
        release(0);
        _atMost("release", 101_800);
        confirm(0, 1_000, LineStatus.OPEN);
        _atMost("confirm again", 125_700);
        release(0);
        _atMost("release again", 84_700);
        returnLine(by(buyer, seller), 1, caps[1]);
        _atMost("returnLine", 193_000);
        vm.warp(terms.expiry);
        reclaim();
        _atMost("reclaim", 88_200);
        transfer(buyer, buyerGeneral, sellerWallet, 1);
        _atMost("transferBySignature", 100_300);
    }

    function _atMost(string memory act, uint256 ceiling) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        emit log_named_uint(act, used);
        assertLe(used, ceiling, act);
    }
}
