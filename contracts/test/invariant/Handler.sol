// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IDirectedEscrow} from "../../src/interfaces/IDirectedEscrow.sol";
import {
    Action,
    Approval,
    Instruction,
    Leaf,
    LineStatus,
    Status,
    Terms,
    WalletStatus
} from "../../src/interfaces/Types.sol";
import {Deal} from "../Deal.sol";
import {Donor} from "../World.sol";

/// @notice Lives three deals in any order of acts, with freezes, donations, replays and forgeries between.
/// @dev Each act is tried in a call of its own: a refused one leaves no trace, here or in the ghosts.
contract Handler is Deal {
    uint256 public constant DEALS = 3;

    Terms[DEALS] internal deals;
    bytes32[DEALS] internal ids;
    Donor internal donor;
    address[8] internal everyWallet;

    // Ghosts: what must have happened, told without asking the contracts.
    mapping(uint16 => uint256) public minted;
    mapping(uint16 => uint256) public burned;
    mapping(uint16 => int256) public movedIn;
    uint256 public donated;
    uint256[DEALS] public paidIn;
    uint8[DEALS] public lastStatus;
    bool[DEALS] public isLongStopped; // the disputed went back at long stop; its lines stay disputed
    bytes[] internal sent;
    address[] internal sentTo;
    mapping(bytes32 => uint256) public done;
    string[] public wrongs;

    mapping(address => uint256) private _before;

    function setUp() public override {
        super.setUp();
        donor = new Donor();
        registerContract(governance, address(donor), BANK_ID);
        everyWallet = [
            funder,
            buyerGeneral,
            buyerCollection,
            sellerWallet,
            supplierWallet,
            slyWallet,
            address(vault),
            address(donor)
        ];
        minted[BANK_ID] = 225_000_000;
        _mint(buyerGeneral, 100_000_000);
        _mint(funder, 200_000_000);
        uint64[DEALS] memory own = [OWN, uint64(33_333_333), uint64(0)];
        for (uint256 k = 0; k < DEALS; ++k) {
            Terms memory t = goldenTerms();
            (t.ownFunds, t.salt, t.returnShort) = (own[k], k + 10, k == 1);
            t.payees[1] = supplierWallet;
            payeeOf = [0, 1, 0];
            setTerms(t);
            (deals[k], ids[k]) = (t, agreementId);
            _openDeal();
        }
        for (uint256 k = 0; k < 2; ++k) {
            _pick(k);
            payOwnFunds();
            fund();
            paidIn[k] = TOTAL;
        }
        for (uint256 k = 0; k < DEALS; ++k) {
            lastStatus[k] = core.agreementOf(ids[k]).status;
        }
        vm.stopPrank();
    }

    // ---- the deal's own acts ----

    function payIn(uint256 k) external watched(k) {
        try this.payOwnFundsNow() {
            paidIn[_k(k)] += terms.ownFunds;
            _count("payIn");
        } catch {}
    }

    function fundIt(uint256 k) external watched(k) {
        try this.fundNow() {
            paidIn[_k(k)] += terms.total - terms.ownFunds;
            _count("fund");
        } catch {}
    }

    function cancelIt(uint256 k, bool lapsed) external watched(k) {
        try this.cancelNow(lapsed) {
            _count("cancel");
            _onlyGivers();
        } catch {}
    }

    function confirmIt(uint256 k, uint256 n, uint64 amount, uint8 closing) external watched(k) {
        n %= 3;
        uint64 rest = caps[n] - line(n).confirmed;
        // Now and then everything, now and then one fen too much.
        amount = amount % 4 == 0 ? rest : uint64(bound(amount, 0, rest + 1));
        try this.confirmNow(n, amount, closing % 8 > 3 ? LineStatus.OPEN : closing % 8) {
            _count("confirm");
        } catch {}
    }

    function releaseIt(uint256 k, uint256 n) external watched(k) {
        try this.releaseNow(n % 3) {
            _count("release");
            _onlyGains(sellerWallet, supplierWallet);
        } catch {}
    }

    function returnIt(uint256 k, uint256 n, bool short) external watched(k) {
        try this.returnNow(n % 3, short) {
            _count("return");
            _onlyGivers();
        } catch {}
    }

    function disputeIt(uint256 k, uint256 n, bool byBuyer) external watched(k) {
        if (n % 3 != 1) return; // two lines in three stay free of disputes
        try this.disputeNow(n % 3, byBuyer) {
            _count("dispute");
        } catch {}
    }

    function resolveIt(uint256 k, uint256 n, uint64 amount, uint8 how) external watched(k) {
        try this.resolveNow(n % 3, uint64(bound(amount, 0, caps[n % 3] + 1)), how % 3) {
            _count("resolve");
        } catch {}
    }

    function reclaimIt(uint256 k) external watched(k) {
        try this.reclaimNow() {
            if (block.timestamp >= terms.longStop) isLongStopped[_k(k)] = true;
            _count("reclaim");
            _onlyGivers();
        } catch {}
    }

    function claimIt(uint256 k, uint256 w) external watched(k) {
        address wallet = everyWallet[w % 5];
        try this.claimNow(wallet) {
            _count("claim");
            _onlyGains(wallet, wallet);
        } catch {}
    }

    // ---- around it ----

    function freezeIt(uint256 k, uint256 w, uint8 level) external watched(k) {
        address wallet = everyWallet[w % 5];
        try this.freezeNow(wallet, level % 6) {
            _count("freeze");
        } catch {}
    }

    function mintOrBurn(uint256 k, uint256 w, uint64 amount, bool isBurn) external watched(k) {
        try this.mintNow(everyWallet[w % 5], uint64(bound(amount, 1, 1_000_000)), isBurn) {
            _count("mint");
        } catch {}
    }

    function pay(uint256 k, uint256 from, uint256 to, uint64 amount) external watched(k) {
        try this.payNow(everyWallet[from % 6], everyWallet[to % 7], uint64(bound(amount, 1, 1_000_000))) {
            _count("pay");
        } catch {}
    }

    function wait(uint256 k, uint256 time) external watched(k) {
        // Mostly hours or days, now and then so long that expiry and long stop are reached.
        vm.warp(block.timestamp + (time % 7 == 0 ? 33 days : bound(time, 1, 2 days)));
    }

    // ---- the attacker ----

    function donate(uint256 k, uint64 amount) external watched(k) {
        amount = uint64(bound(amount, 1, 1_000));
        deal(address(token), address(donor), amount, true);
        minted[BANK_ID] += amount;
        donated += amount;
        donor.give(IERC20(address(token)), address(vault), amount);
    }

    function replay(uint256 k, uint256 n) external watched(k) {
        if (sent.length == 0) return;
        n %= sent.length;
        (bool again,) = sentTo[n].call(sent[n]);
        if (again) wrongs.push("an instruction took effect twice");
    }

    function forge(uint256 k, uint256 n, uint64 amount) external watched(k) {
        Who memory thief = Who(buyer.id, relayer.key);
        try this.forgeNow(thief, n % 3, uint64(bound(amount, 1, caps[n % 3]))) {
            wrongs.push("a forged approval was taken");
        } catch {}
        try this.stealNow(thief, uint64(bound(amount, 1, 1_000))) {
            wrongs.push("a forged transfer was taken");
        } catch {}
    }

    // ---- calls of their own, so that a refusal can be caught ----

    function payOwnFundsNow() external {
        payOwnFunds();
    }

    function fundNow() external {
        fund();
    }

    function cancelNow(bool lapsed) external {
        if (lapsed) core.cancelLapsed(terms);
        else cancel(bank);
    }

    function confirmNow(uint256 n, uint64 amount, uint8 closing) external {
        Leaf memory leaf = leafOf(n);
        bytes32 payload = keccak256(abi.encode(leaf.lineId, bytes32("receipt"), closing));
        Instruction memory i =
            instruct(agreementId, Action.CONFIRM, amount, terms.payees[leaf.payee], payload);
        Approval[] memory a = signAll(by(buyer, warehouse), address(core), i);
        _send(
            address(core), abi.encodeCall(core.confirm, (terms, leaf, proofOf(n), "receipt", closing, i, a))
        );
    }

    function releaseNow(uint256 n) external {
        release(n);
    }

    function returnNow(uint256 n, bool short) external {
        if (short) {
            returnShortLine(n);
        } else {
            returnLine(
                by(buyer, Who(_sellerOf(n).id, _sellerOf(n).key)),
                n,
                caps[n] - line(n).confirmed - line(n).returned
            );
        }
    }

    function disputeNow(uint256 n, bool byBuyer) external {
        dispute(byBuyer ? buyer : _sellerOf(n), n);
    }

    function resolveNow(uint256 n, uint64 amount, uint8 how) external {
        if (how == 0) resolve(by(arbiter), n, amount);
        else if (how == 1) resolve(by(buyer, _sellerOf(n)), n, amount);
        else lapse(n);
    }

    function reclaimNow() external {
        reclaim();
    }

    function claimNow(address wallet) external {
        Who memory owner = wallet == funder
            ? bank
            : wallet == sellerWallet ? seller : wallet == supplierWallet ? supplier : buyer;
        claim(by(bank, owner), wallet, wallet, core.claimableOf(agreementId, wallet));
    }

    function freezeNow(address wallet, uint8 level) external {
        // More lifted than laid, or soon nothing would move.
        if (level > 1) unfreeze(bank, wallet, "order");
        else freeze(bank, wallet, level == 1 ? WalletStatus.DEBIT_FROZEN : WalletStatus.FROZEN, "order");
    }

    function mintNow(address wallet, uint64 amount, bool isBurn) external {
        uint8 action = isBurn ? Action.BURN : Action.MINT;
        Instruction memory i = instruct(0, action, amount, wallet, "reference");
        Approval memory a = sign(bank, address(token), i);
        _send(
            address(token), isBurn ? abi.encodeCall(token.burn, (i, a)) : abi.encodeCall(token.mint, (i, a))
        );
        if (isBurn) burned[BANK_ID] += amount;
        else minted[BANK_ID] += amount;
    }

    function payNow(address from, address to, uint64 amount) external {
        Who memory owner = from == funder
            ? bank
            : from == sellerWallet
                ? seller
                : from == supplierWallet ? supplier : from == slyWallet ? sly : buyer;
        Instruction memory i = instruct(0, Action.TRANSFER, amount, to, keccak256(abi.encode(from)));
        Approval memory a = sign(owner, address(token), i);
        _send(address(token), abi.encodeCall(token.transferBySignature, (i, a, from)));
        int256 change = int256(uint256(amount));
        if (from == slyWallet) (movedIn[OTHER_BANK_ID] -= change, movedIn[BANK_ID] += change);
        if (to == slyWallet) (movedIn[OTHER_BANK_ID] += change, movedIn[BANK_ID] -= change);
    }

    function forgeNow(Who calldata thief, uint256 n, uint64 amount) external {
        confirmBy(by(thief, bank), n, amount, LineStatus.OPEN);
    }

    function stealNow(Who calldata thief, uint64 amount) external {
        transfer(thief, buyerGeneral, slyWallet, amount);
    }

    // ---- what the invariants ask ----

    function wrongCount() external view returns (uint256) {
        return wrongs.length;
    }

    function sumOfBalances(uint16 bankId) external view returns (uint256 sum) {
        for (uint256 w = 0; w < everyWallet.length; ++w) {
            bool isOther = everyWallet[w] == slyWallet;
            if (isOther == (bankId == OTHER_BANK_ID)) sum += token.balanceOf(everyWallet[w]);
        }
    }

    function supply() external view returns (uint256) {
        return token.totalSupply();
    }

    function inVault() external view returns (uint256) {
        return token.balanceOf(address(vault));
    }

    /// @dev What the vault owes for deal k, from what was paid in and what the core says left.
    function owed(uint256 k) external view returns (uint256 sum) {
        IDirectedEscrow.Agreement memory a = core.agreementOf(ids[k]);
        sum = paidIn[k] - a.released - a.returned;
        for (uint256 w = 0; w < 5; ++w) {
            sum += core.claimableOf(ids[k], everyWallet[w]);
        }
    }

    function agreement(uint256 k) external view returns (IDirectedEscrow.Agreement memory) {
        return core.agreementOf(ids[k]);
    }

    function lineOfDeal(uint256 k, uint256 n) external view returns (IDirectedEscrow.Line memory) {
        return core.lineOf(ids[k], lineId(n));
    }

    function capOf(uint256 n) external view returns (uint64) {
        return caps[n];
    }

    // ---- watching ----

    /// @dev Chooses the deal, and checks what must hold of every single act: freezes (8), edges (10).
    modifier watched(uint256 k) {
        _pick(_k(k));
        for (uint256 w = 0; w < everyWallet.length; ++w) {
            _before[everyWallet[w]] = token.balanceOf(everyWallet[w]);
        }
        uint8[8] memory frozen;
        for (uint256 w = 0; w < 5; ++w) {
            frozen[w] = wallets.walletOf(everyWallet[w]).status;
        }
        _;
        for (uint256 w = 0; w < 5; ++w) {
            uint256 balance = token.balanceOf(everyWallet[w]);
            bool isStuck = frozen[w] != WalletStatus.ACTIVE;
            if (isStuck && balance < _before[everyWallet[w]]) wrongs.push("a frozen wallet paid");
            if (frozen[w] == WalletStatus.FROZEN && balance > _before[everyWallet[w]]) {
                wrongs.push("a frozen wallet received");
            }
        }
        _checkEdge(_k(k));
    }

    function _checkEdge(uint256 k) private {
        uint8 have = core.agreementOf(ids[k]).status;
        uint8 last = lastStatus[k];
        bool isTerminal = last >= Status.SETTLED;
        bool isBack = have < last && !(last == Status.SETTLED);
        bool isJump = last < Status.FUNDED && have > last + 1 && have != Status.CANCELLED;
        bool isLateCancel = have == Status.CANCELLED && last >= Status.FUNDED && last != have;
        if ((isTerminal && have != last) || isBack || isJump || isLateCancel) {
            wrongs.push("a status moved off the machine's edges");
        }
        lastStatus[k] = have;
    }

    /// @dev Invariants 4 and 5: of all wallets, only these two may have gained in this act.
    function _onlyGains(address one, address two) private {
        for (uint256 w = 0; w < everyWallet.length; ++w) {
            address wallet = everyWallet[w];
            if (wallet == one || wallet == two) continue;
            if (token.balanceOf(wallet) > _before[wallet]) wrongs.push("somebody else gained");
        }
    }

    function _onlyGivers() private {
        _onlyGains(funder, buyerGeneral);
    }

    function _send(address to, bytes memory data) private {
        (bool ok,) = to.call(data);
        require(ok, "refused");
        sent.push(data);
        sentTo.push(to);
    }

    function _pick(uint256 k) private {
        terms = deals[k];
        agreementId = ids[k];
    }

    function _k(uint256 k) private pure returns (uint256) {
        return k % DEALS;
    }

    function _count(bytes32 act) private {
        ++done[act];
    }

    function _sellerOf(uint256 n) private view returns (Who memory) {
        return payeeOf[n] == 1 ? supplier : seller;
    }

    function _mint(address wallet, uint64 amount) private {
        mint(bank, wallet, amount);
        minted[BANK_ID] += amount;
    }

    function _openDeal() private {
        Who[] memory all = new Who[](4);
        (all[0], all[1], all[2], all[3]) = (bank, buyer, seller, supplier);
        openBy(all);
    }
}
